package importer_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence/importer"
)

// BenchmarkImport prints the throughput of decoding, by form: what is kept of it is part of the work.
func BenchmarkImport(b *testing.B) {
	const size = 8 << 20
	pod := func(i int) string {
		return strings.NewReplacer("api-0", fmt.Sprintf("api-%d", i), `"u1"`, fmt.Sprintf(`"u%d"`, i), `"containers"`,
			`"volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"data"}},{"name":"conf","configMap":{"name":"api","defaultMode":420}}],"tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],"restartPolicy":"Always","containers"`).Replace(podJSON)
	}
	var list, yaml, table, described, cri bytes.Buffer
	list.WriteString(`{"apiVersion":"v1","kind":"List","items":[`)
	table.WriteString("NAMESPACE   NAME      READY   STATUS             RESTARTS       AGE\n")
	for i := 0; list.Len() < size; i++ {
		if i > 0 {
			list.WriteString(",")
		}
		list.WriteString(pod(i))
	}
	list.WriteString("]}")
	for i := 0; yaml.Len() < size/8; i++ {
		yaml.WriteString(yamlOf(fmt.Sprint("api-", i)) + "---\n")
	}
	for i := 0; table.Len() < size/8; i++ {
		fmt.Fprintf(&table, "shop        api-%d   0/1     CrashLoopBackOff   12 (3m ago)    40m\n", i)
	}
	for i := 0; described.Len() < size/8; i++ {
		fmt.Fprintf(&described, "Name:         api-%d\nNamespace:    shop\nStatus:       Running\nContainers:\n  api:\n    Image:  api:1\n    State:  Waiting\n      Reason:  CrashLoopBackOff\n    Last State:  Terminated\n      Reason:  Error\n      Exit Code:  1\n    Restart Count:  3\n    Environment:\n      DB_HOST:  db\nEvents:  <none>\n\n\n", i)
	}
	for i := 0; cri.Len() < size; i++ {
		fmt.Fprintf(&cri, "2026-11-23T02:59:29.%09dZ stdout F INFO request %d served in 12 ms by the worker, nothing to see\n", i, i)
	}
	for _, c := range []struct {
		name string
		data []byte
	}{{"JSON", list.Bytes()}, {"YAML", yaml.Bytes()}, {"Table", table.Bytes()}, {"Describe", described.Bytes()}, {"PipedLog", cri.Bytes()}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := importer.Import(b.Context(), []importer.Source{{Path: "input", Stream: bytes.NewReader(c.data)}}, importer.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("LogFile", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "app.previous.log")
		if err := os.WriteFile(path, cri.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(cri.Len()))
		for b.Loop() {
			if _, err := importer.Import(b.Context(), []importer.Source{{Path: path}}, importer.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
