package playbook

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// edited is the catalogue with one text of one file replaced.
func edited(t *testing.T, name, from, to string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	if err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		if path == name {
			if !strings.Contains(string(b), from) {
				t.Fatalf("%s does not say %q", name, from)
			}
			b = []byte(strings.Replace(string(b), from, to, 1))
		}
		out[path] = &fstest.MapFile{Data: b}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// What names something that is not there is refused, in words that say where.
func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, from, to, want string }{
		"unknown fact of a cause":        {"causes/memory.yaml", "supports: [usage.near-limit]", "supports: [usage.near]", `cause memory.container-limit names the fact "usage.near"`},
		"unknown fact that refutes":      {"causes/memory.yaml", "limit.none, pod.evicted]", "limit.zero, pod.evicted]", `names the fact "limit.zero"`},
		"unknown cause that refutes":     {"causes/application.yaml", `"cause:dependency.dns"`, `"cause:dependency.name"`, `names "dependency.name", which is no cause`},
		"unknown group":                  {"causes/memory.yaml", `refutes: ["@not-oom", limit.none`, `refutes: ["@no-oom", limit.none`, `the group "no-oom"`},
		"group where facts are":          {"causes/memory.yaml", "decisive: [end.oom]", `decisive: ["@ended"]`, `the group "ended"`},
		"unknown rival":                  {"causes/memory.yaml", "confusion: [memory.node, memory.child-process]", "confusion: [memory.nodes]", `names "memory.nodes", which is no cause`},
		"depth":                          {"causes/memory.yaml", "depth: 1", "depth: 7", "depth 7"},
		"unknown misreading":             {"causes/entrypoint.yaml", "misreadings: [completed-is-fine]", "misreadings: [completed-is-bad]", `the misreading "completed-is-bad"`},
		"unknown fact of a misreading":   {"misreadings.yaml", "when: [end.sigkill]", "when: [end.137]", `misreading exit-137-is-oom names the fact "end.137"`},
		"unknown member of a group":      {"groups.yaml", "not-ran: [start.failed", "not-ran: [start.refused", `group not-ran names "start.refused"`},
		"unknown fact of a signature":    {"signatures/kubelet.yaml", "fact: mount.permission", "fact: mount.denied", `signature event-mount-permission names the fact "mount.denied"`},
		"a fact twice":                   {"facts.yaml", "- {id: end.zero,", "- {id: end.exit-code,", "fact end.exit-code is there twice"},
		"a cause twice":                  {"causes/memory.yaml", "- id: memory.node\n", "- id: memory.container-limit\n", "cause memory.container-limit is there twice"},
		"a field that there is not":      {"facts.yaml", "producer: runtime", "source: runtime", "facts.yaml"},
		"an expression that is not RE2":  {"signatures/kubelet.yaml", "match: 'permission denied'", "match: '(?=denied)'", "event-mount-permission"},
		"a signature of an unknown kind": {"signatures/kubelet.yaml", "cause: storage.mount-failed", "cause: storage.unmounted", "no cause"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(edited(t, c.file, c.from, c.to))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}
