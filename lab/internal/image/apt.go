package image

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

// apt resolves and downloads packages as if nothing were installed, with the
// sources and keys of this machine and without touching its state.
type apt struct{ dir string }

// prefer makes Debian's own package win over another source's of the same name.
const prefer = "Package: *\nPin: release o=Debian\nPin-Priority: 900\n"

func (a apt) prepare() error {
	for _, dir := range []string{"archives", "none"} {
		if err := os.MkdirAll(filepath.Join(a.dir, dir, "partial"), 0o755); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(a.dir, "status"), nil, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(a.dir, "preferences"), []byte(prefer), 0o644)
}

func (a apt) args(archives string, more ...string) []string {
	return append([]string{
		"-q", "-y", "--no-install-recommends",
		"-o", "Dir::State::status=" + filepath.Join(a.dir, "status"),
		"-o", "Dir::Cache::archives=" + filepath.Join(a.dir, archives),
		"-o", "Dir::Etc::preferences=" + filepath.Join(a.dir, "preferences"),
		"-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=root",
		"-o", "APT::Get::Assume-Yes=true",
	}, more...)
}

// resolve returns the files of the packages and of all they depend on. apt-get
// leaves out what is downloaded already, so it is shown an empty directory.
func (a apt) resolve(ctx context.Context, packages []string) ([]string, error) {
	out, err := a.run(ctx, append(a.args("none", "--print-uris", "install"), packages...))
	if err != nil {
		return nil, err
	}
	return parseURIs(string(out)), nil
}

// parseURIs reads lines "'http://…/x.deb' x_1%3a2_amd64.deb 1234 SHA256:…" (apt-get(8), --print-uris).
func parseURIs(text string) []string {
	var files []string
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) >= 3 && strings.HasPrefix(fields[0], "'") && strings.HasSuffix(fields[1], ".deb") {
			files = append(files, fields[1])
		}
	}
	return files
}

// download fetches the packages and all they depend on and returns the paths of the files named.
func (a apt) download(ctx context.Context, packages, files []string) ([]string, error) {
	paths := make([]string, len(files))
	complete := true
	for i, f := range files {
		paths[i] = filepath.Join(a.dir, "archives", f)
		if _, err := os.Stat(paths[i]); err != nil {
			complete = false
		}
	}
	if complete {
		return paths, nil
	}
	if _, err := a.run(ctx, append(a.args("archives", "--download-only", "install"), packages...)); err != nil {
		return nil, err
	}
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil {
			return nil, fmt.Errorf("apt-get downloaded no %s", filepath.Base(p))
		}
	}
	return paths, nil
}

func (a apt) run(ctx context.Context, args []string) ([]byte, error) {
	out, err := a.try(ctx, args)
	if err == nil || ctx.Err() != nil {
		return out, err
	}
	progress.Say("fetching Debian's package lists, after %v", err)
	if _, err := a.try(ctx, []string{"-q", "update"}); err != nil {
		return nil, err
	}
	return a.try(ctx, args)
}

func (a apt) try(ctx context.Context, args []string) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "apt-get", args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("apt-get %s: %w", args[len(args)-1], errors.Join(err, errors.New(strings.TrimSpace(stderr.String()))))
	}
	return stdout.Bytes(), nil
}
