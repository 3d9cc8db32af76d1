package image

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"strings"
)

// addDeb puts the files of a Debian package into the layer. Its maintainer
// scripts are not run.
func (w *layerWriter) addDeb(ctx context.Context, file string, certs *bytes.Buffer) error {
	cmd := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("unpacking %s: %w", file, err)
	}
	addErr := w.addPackageFiles(tar.NewReader(out), certs)
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("unpacking %s: %w: %s", file, err, stderr.String())
	}
	if addErr != nil {
		return fmt.Errorf("unpacking %s: %w", file, addErr)
	}
	return nil
}

func (w *layerWriter) addPackageFiles(files *tar.Reader, certs *bytes.Buffer) error {
	for {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := merged(clean(h.Name))
		if name == "" || stripped(name) {
			continue
		}
		h.Name, h.Uname, h.Gname, h.Format = name, "", "", tar.FormatUnknown
		switch h.Typeflag {
		case tar.TypeDir:
			err = w.dir(h)
		case tar.TypeLink:
			h.Linkname = merged(clean(h.Linkname))
			err = w.entry(h, nil)
		case tar.TypeReg:
			err = w.addFile(h, files, certs)
		default:
			err = w.entry(h, nil)
		}
		if err != nil {
			return err
		}
	}
}

// addFile also collects certificates, for the bundle that ca-certificates' script would write.
func (w *layerWriter) addFile(h *tar.Header, body io.Reader, certs *bytes.Buffer) error {
	if certs != nil && path.Dir(h.Name) == "usr/share/ca-certificates/mozilla" {
		body = io.TeeReader(body, certs)
	}
	return w.entry(h, body)
}

// mergedDirs are the directories that Debian 12 has as links into /usr. Packages
// still ship files under the old names; debootstrap makes the links.
var mergedDirs = []string{"bin", "sbin", "lib", "lib32", "lib64", "libx32"}

func merged(name string) string {
	first, _, _ := strings.Cut(name, "/")
	for _, d := range mergedDirs {
		if first == d {
			return "usr/" + name
		}
	}
	return name
}

func (w *layerWriter) linkMergedDirs() error {
	for _, d := range []string{"bin", "sbin", "lib", "lib64"} {
		if err := w.dir(&tar.Header{Name: "usr/" + d, Mode: 0o755, ModTime: epoch}); err != nil {
			return err
		}
		if err := w.link(d, "usr/"+d); err != nil {
			return err
		}
	}
	return nil
}

// useless are the parts of packages that no program needs to run.
var useless = []string{
	"usr/share/doc/", "usr/share/man/", "usr/share/locale/", "usr/share/info/", "usr/share/lintian/",
	"usr/share/bug/", "usr/share/doc-base/", "usr/share/menu/", "usr/share/icons/", "usr/share/bash-completion/",
	"usr/share/postgresql/15/man/", "usr/lib/systemd/system/",
}

func stripped(name string) bool {
	for _, prefix := range useless {
		if strings.HasPrefix(name+"/", prefix) {
			return true
		}
	}
	return false
}
