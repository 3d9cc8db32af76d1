package importer

import (
	"fmt"
	"strings"
	"testing"
)

// A list of YAML that is too long for memory gives the same objects item by item as at once.
func TestLongYAML(t *testing.T) {
	var list strings.Builder
	list.WriteString("apiVersion: v1\nitems:\n")
	for i := range 20 {
		fmt.Fprintf(&list, "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: api-%d\n    namespace: shop\n    annotations:\n      note: |\n        - a list\n        items:\n\n        - in a text\n  spec:\n    containers:\n    - name: api\n", i)
	}
	list.WriteString("kind: List\nmetadata:\n  resourceVersion: \"\"\n")
	kindless := strings.NewReplacer("  kind: Pod\n", "", "- apiVersion: v1\n", "- status: {}\n", "kind: List", "kind: PodList").Replace(list.String())
	for name, text := range map[string]string{"a list": list.String(), "two documents": list.String() + "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: last\n", "kind-less items in pods.yaml": kindless} {
		want, got := newBuilder(t.Context(), Options{}), newBuilder(t.Context(), Options{})
		want.yamlDocuments("pods.yaml", []byte(text))
		got.yamlItems("pods.yaml", strings.NewReader(text))
		if len(want.objects) < 20 || fmt.Sprint(want.order) != fmt.Sprint(got.order) || len(got.gaps) > 0 {
			t.Errorf("%s: %d objects at once, %d item by item %v", name, len(want.objects), len(got.objects), got.gaps)
		}
		for k, o := range want.objects {
			if g := got.objects[k]; g == nil || fmt.Sprint(g.Raw) != fmt.Sprint(o.Raw) {
				t.Errorf("%s: %s differs", name, k)
			}
		}
	}
}
