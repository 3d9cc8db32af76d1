package image

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func TestParseURIs(t *testing.T) {
	got := parseURIs(`Reading package lists...
'https://deb.example/libc6_2.36-9%2bdeb12u14_amd64.deb' libc6_2.36-9+deb12u14_amd64.deb 2758000 SHA256:aa
'https://deb.example/zlib1g.deb' zlib1g_1%3a1.2.13.dfsg-1_amd64.deb 86700 SHA256:bb
`)
	want := []string{"libc6_2.36-9+deb12u14_amd64.deb", "zlib1g_1%3a1.2.13.dfsg-1_amd64.deb"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestFullReferences(t *testing.T) {
	for ref, want := range map[string]string{
		"busybox":                        "docker.io/library/busybox:latest",
		"busybox:1.35":                   "docker.io/library/busybox:1.35",
		"acme/api:2":                     "docker.io/acme/api:2",
		"shop.azurecr.io/api":            "shop.azurecr.io/api:latest",
		"shop.azurecr.io/a/b:1@sha256:0": "shop.azurecr.io/a/b:1",
		"localhost/x:1":                  "localhost/x:1",
	} {
		if got := full(ref); got != want {
			t.Errorf("full(%q) = %q, want %q", ref, got, want)
		}
	}
}

func TestConfigOverridesTheBase(t *testing.T) {
	base := v1.Config{Env: []string{"PATH=/bin", "LANG=C"}, Cmd: []string{"bash"}}
	got := config(base, Config{Env: map[string]string{"PATH": "/opt/bin:/bin", "A": "1"}})
	if diff := cmp.Diff([]string{"LANG=C", "A=1", "PATH=/opt/bin:/bin"}, got.Env); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"bash"}, got.Cmd); diff != "" {
		t.Errorf("the base's command is lost:\n%s", diff)
	}
	if got := config(base, Config{Entrypoint: []string{"/app"}}); len(got.Cmd) != 0 {
		t.Errorf("an entrypoint of its own keeps the base's command %v", got.Cmd)
	}
}

func TestDefinitionsAreChecked(t *testing.T) {
	for name, c := range map[string]struct{ text, problem string }{
		"unknown field":   {"name: x\ncolour: red\n", "colour"},
		"other name":      {"name: y\n", `name it "x"`},
		"short reference": {"name: x\nrefs: [busybox]\n", "write it in full"},
		"go alone":        {"name: x\ngo: ./apps/x\n", "belong together"},
		"two sources":     {"name: x\nfiles: [{path: /a, from: b, content: c}]\n", "one of"},
		"bad mode":        {"name: x\ndirs: [{path: /a, mode: rwx}]\n", "octal"},
		"unknown base":    {"name: x\nbase: nothing\n", "not defined"},
	} {
		t.Run(name, func(t *testing.T) {
			lab := labWith(t, map[string]string{"images/x.yaml": c.text})
			if _, err := Load(lab); err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("error is %v; want one that says %q", err, c.problem)
			}
		})
	}
}

func TestTheLabsOwnDefinitionsAreValid(t *testing.T) {
	all, err := Load(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pause", "busybox", "coredns", "metrics-server", "debian-base"} {
		if all[name] == nil {
			t.Errorf("there is no image %s", name)
		}
	}
}

func TestKeyFollowsWhatAnImageIsMadeOf(t *testing.T) {
	files := map[string]string{
		"images/base.yaml": "name: base\ndebian: [libc6]\n",
		"images/x.yaml":    "name: x\nbase: base\nfiles: [{path: /a, from: apps/a.txt}]\n",
		"apps/a.txt":       "one",
	}
	key := func(t *testing.T, change map[string]string) string {
		t.Helper()
		lab := labWith(t, files)
		write(t, lab, change)
		definitions, err := Load(lab)
		if err != nil {
			t.Fatal(err)
		}
		b := &Builder{LabDir: lab, definitions: definitions, keys: map[string]string{}}
		k, err := b.key(definitions["x"])
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	same, first := key(t, nil), key(t, nil)
	if same != first {
		t.Errorf("equal definitions have the keys %s and %s", first, same)
	}
	for name, change := range map[string]map[string]string{
		"a file":         {"apps/a.txt": "two"},
		"the definition": {"images/x.yaml": "name: x\nbase: base\nfiles: [{path: /b, from: apps/a.txt}]\n"},
		"the base":       {"images/base.yaml": "name: base\ndebian: [libc6, bash]\n"},
	} {
		if key(t, change) == first {
			t.Errorf("changing %s leaves the key as it was", name)
		}
	}
}

func labWith(t *testing.T, files map[string]string) string {
	t.Helper()
	lab := t.TempDir()
	write(t, lab, files)
	return lab
}

func write(t *testing.T, lab string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(lab, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
