package gobuild

import (
	"os"
	"path/filepath"
	"testing"
)

func module(t *testing.T, files map[string]string) Target {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{"go.mod": "module x\n\nrequire (\n\texample.com/y v1.2.3\n)\n", "cmd/main.go": "package main\n"}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Target{Name: "x", Dir: dir, Package: "./cmd", Sources: []string{"cmd"}}
}

func key(t *testing.T, target Target) string {
	t.Helper()
	k, err := target.Key()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeyFollowsTheSources(t *testing.T) {
	first := key(t, module(t, nil))
	if again := key(t, module(t, nil)); again != first {
		t.Errorf("equal sources have the keys %s and %s", first, again)
	}
	for name, files := range map[string]map[string]string{
		"a source":    {"cmd/main.go": "package main // changed\n"},
		"a new file":  {"cmd/more.go": "package main\n"},
		"the module":  {"go.mod": "module x\n\ngo 1.26\n"},
		"the go.sum":  {"go.sum": "example.com/y v1.2.3 h1:x\n"},
		"a sub-tree":  {"cmd/sub/a.go": "package sub\n"},
		"a data file": {"cmd/data.json": "{}"},
	} {
		if key(t, module(t, files)) == first {
			t.Errorf("changing %s leaves the key as it was", name)
		}
	}
	if key(t, module(t, map[string]string{"cmd/main_test.go": "package main\n"})) != first {
		t.Error("a test changes the key of the program")
	}
	flags := module(t, nil)
	flags.LDFlags = "-X a=b"
	if key(t, flags) == first {
		t.Error("other flags leave the key as it was")
	}
}

func TestKeyFailsWithoutSources(t *testing.T) {
	target := module(t, nil)
	target.Sources = []string{"nowhere"}
	if _, err := target.Key(); err == nil {
		t.Error("missing sources gave no error")
	}
}

func TestVersion(t *testing.T) {
	dir := module(t, nil).Dir
	if v, err := Version(dir, "example.com/y"); err != nil || v != "v1.2.3" {
		t.Errorf("Version = %q, %v; want v1.2.3", v, err)
	}
	if _, err := Version(dir, "example.com/z"); err == nil {
		t.Error("a module that is not required gave no error")
	}
}
