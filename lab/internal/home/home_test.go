package home

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestDefaultPrefersTheVariable(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/cache")
	t.Setenv("CRASHPROOF_LAB_HOME", "")
	if h, err := Default(); err != nil || h.Root != "/cache/crashproof-lab" {
		t.Errorf("without the variable the home is %q, %v", h.Root, err)
	}
	t.Setenv("CRASHPROOF_LAB_HOME", "/elsewhere")
	if h, err := Default(); err != nil || h.Root != "/elsewhere" {
		t.Errorf("with the variable the home is %q, %v", h.Root, err)
	}
}

func TestInstanceNames(t *testing.T) {
	h := Home{Root: "/home"}
	for _, name := range []string{"fast", "a", "my-lab-2"} {
		if i, err := h.Instance(name); err != nil || i.Dir != filepath.Join("/home/instances", name) {
			t.Errorf("Instance(%q) = %+v, %v", name, i, err)
		}
	}
	for _, name := range []string{"", "../x", "-a", "a-", "A", "a b", strings.Repeat("x", 21)} {
		if _, err := h.Instance(name); err == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
}

func TestPlacesThatNodesCannotSeeAreRefused(t *testing.T) {
	for root, problem := range map[string]string{
		"/home/user/.cache/lab":       "",
		"/var/lib/lab":                "/var/lib/",
		"/var/library":                "",
		"/" + strings.Repeat("x", 90): "longer",
	} {
		i, err := Home{Root: root}.Instance("fast")
		if err != nil {
			t.Fatal(err)
		}
		err = i.VisibleInNodes()
		if (err == nil) != (problem == "") || err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: error is %v, want one that says %q", root, err, problem)
		}
	}
}
