package image

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// entries reads a layer back: name to "type mode content-or-target".
func entries(t *testing.T, l *Layer) map[string]string {
	t.Helper()
	r, err := l.Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	found := map[string]string{}
	for files := tar.NewReader(r); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := found[h.Name]; twice {
			t.Errorf("%s is in the layer twice", h.Name)
		}
		body, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		found[h.Name] = string(h.Typeflag) + " " + h.Linkname + string(body)
	}
}

func TestPackageFilesAreMergedAndStripped(t *testing.T) {
	var pack bytes.Buffer
	w := tar.NewWriter(&pack)
	put := func(h tar.Header, body string) {
		h.Size = int64(len(body))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	put(tar.Header{Typeflag: tar.TypeDir, Name: "./", Mode: 0o755}, "")
	put(tar.Header{Typeflag: tar.TypeDir, Name: "./bin/", Mode: 0o755}, "")
	put(tar.Header{Typeflag: tar.TypeReg, Name: "./bin/dash", Mode: 0o755}, "program")
	put(tar.Header{Typeflag: tar.TypeLink, Name: "./bin/dash2", Linkname: "./bin/dash"}, "")
	put(tar.Header{Typeflag: tar.TypeSymlink, Name: "./bin/sh", Linkname: "dash"}, "")
	put(tar.Header{Typeflag: tar.TypeReg, Name: "./usr/share/doc/dash/copyright", Mode: 0o644}, "text")
	put(tar.Header{Typeflag: tar.TypeReg, Name: "./usr/share/ca-certificates/mozilla/A.crt", Mode: 0o644}, "CERT A\n")
	put(tar.Header{Typeflag: tar.TypeReg, Name: "./usr/share/ca-certificates/mozilla/B.crt", Mode: 0o644}, "CERT B\n")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	lw, err := newLayerWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := lw.linkMergedDirs(); err != nil {
		t.Fatal(err)
	}
	var certs bytes.Buffer
	if err := lw.addPackageFiles(tar.NewReader(&pack), &certs); err != nil {
		t.Fatal(err)
	}
	layer, err := lw.finish(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"usr/": "5 ", "usr/bin/": "5 ", "usr/sbin/": "5 ", "usr/lib/": "5 ", "usr/lib64/": "5 ",
		"bin": "2 usr/bin", "sbin": "2 usr/sbin", "lib": "2 usr/lib", "lib64": "2 usr/lib64",
		"usr/bin/dash": "0 program", "usr/bin/dash2": "1 usr/bin/dash", "usr/bin/sh": "2 dash",
		"usr/share/": "5 ", "usr/share/ca-certificates/": "5 ", "usr/share/ca-certificates/mozilla/": "5 ",
		"usr/share/ca-certificates/mozilla/A.crt": "0 CERT A\n", "usr/share/ca-certificates/mozilla/B.crt": "0 CERT B\n",
	}
	if diff := cmp.Diff(want, entries(t, layer)); diff != "" {
		t.Errorf("layer (-want +got):\n%s", diff)
	}
	if certs.String() != "CERT A\nCERT B\n" {
		t.Errorf("certificates collected: %q", certs.String())
	}
}

func TestAddDebReadsARealPackage(t *testing.T) {
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		t.Skip("no dpkg-deb on this machine")
	}
	root := t.TempDir()
	for name, text := range map[string]string{
		"DEBIAN/control":       "Package: demo\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.com>\nDescription: demo\n",
		"opt/demo/hello":       "hello",
		"usr/share/man/x.1.gz": "manual",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	deb := filepath.Join(t.TempDir(), "demo.deb")
	if out, err := exec.Command("dpkg-deb", "--build", "--root-owner-group", root, deb).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dir := t.TempDir()
	lw, err := newLayerWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := lw.addDeb(context.Background(), deb, nil); err != nil {
		t.Fatal(err)
	}
	layer, err := lw.finish(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := entries(t, layer)
	if got["opt/demo/hello"] != "0 hello" {
		t.Errorf("opt/demo/hello is %q in the layer", got["opt/demo/hello"])
	}
	if _, ok := got["usr/share/man/x.1.gz"]; ok {
		t.Error("the manual page is in the layer")
	}
}

func TestAddDebFailsOnGarbage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.deb")
	if err := os.WriteFile(file, []byte("no package"), 0o644); err != nil {
		t.Fatal(err)
	}
	lw, err := newLayerWriter(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer lw.discard()
	if err := lw.addDeb(context.Background(), file, nil); err == nil {
		t.Error("a file that is no package gave no error")
	}
}
