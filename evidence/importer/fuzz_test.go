package importer_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence/bundle"
	"github.com/crashproof-dev/crashproof/evidence/importer"
)

// Whatever is piped in, there is a snapshot that can be written and read, or one clear error.
func FuzzImport(f *testing.F) {
	for _, s := range []string{podJSON, "[" + podJSON + "]", `{"kind":"PodList","items":[` + podJSON + `]}`, eventJSON, yamlOf("a") + "---\n" + yamlOf("b"), logText,
		"==== START logs for container api of pod shop/api-0 ====\n" + logText + "==== END logs for container api of pod shop/api-0 ====\n",
		"$ kubectl logs api-0 -c web -n shop --previous\nTraceback (most recent call last):\n", "NAME    READY   STATUS             RESTARTS   AGE\napi-0   0/1     CrashLoopBackOff   12 (3m ago)   40m\n",
		"Name:         api-0\nNamespace:    shop\nStatus:       Running\nContainers:\n  api:\n    State:  Waiting\n      Reason:  CrashLoopBackOff\n    Restart Count: 3\n",
		`{"log":"one\n","stream":"stdout","time":"2026-11-23T02:59:29.123456789Z"}` + "\n", "\x1f\x8b\x08\x00", "PK\x03\x04", "a: &a [*a]\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := importer.Import(t.Context(), []importer.Source{{Path: "input", Stream: bytes.NewReader(data)}}, importer.Options{})
		var own *importer.Error
		var theirs *bundle.Error
		if err != nil {
			if !errors.As(err, &own) && !errors.As(err, &theirs) {
				t.Fatalf("not one of ours: %v", err)
			}
			return
		}
		s.Redacted = true
		var b bytes.Buffer
		if err := bundle.WriteTo(&b, s, bundle.Options{}); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if _, err := bundle.ReadFrom(&b, "again"); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
	})
}
