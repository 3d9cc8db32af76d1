package product

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// said is a program that prints how it was called.
func said(t *testing.T) Program {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho \"$@\"; echo \"$*\" > $0.called; env | grep -E '^(AZURE|IDENTITY)_'; true\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return Program{Path: path, Kubeconfig: "/k"}
}

func TestFurtherFlagsAndEnvironmentAreForTheCluster(t *testing.T) {
	t.Setenv("AZURE_CLIENT_ID", "somebody")
	p := said(t).With([]string{"IDENTITY_HEADER=x"}, []string{"--azure=on"})
	live, _, err := p.Diagnose(context.Background(), "shop", "Deployment/api")
	if want := "diagnose Deployment/api -o json --namespace shop --kubeconfig /k --azure=on\nIDENTITY_HEADER=x\n"; err != nil || string(live) != want {
		t.Errorf("diagnose: %v, %q; want %q", err, live, want)
	}
	replay, _, err := p.Replay(context.Background(), "", "", "b.tar.gz")
	if want := "scan -o json --all-namespaces -f b.tar.gz\nAZURE_CLIENT_ID=somebody\n"; err != nil || string(replay) != want {
		t.Errorf("replay: %v, %q; want %q", err, replay, want)
	}
	if err := p.Capture(context.Background(), "shop", "", filepath.Join(t.TempDir(), "b")); err != nil {
		t.Fatal(err)
	}
	called, err := os.ReadFile(p.Path + ".called")
	if err != nil || !strings.HasSuffix(string(called), "--kubeconfig /k --azure=on\n") {
		t.Errorf("capture: %v, %q", err, called)
	}
}
