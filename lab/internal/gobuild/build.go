package gobuild

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/filelock"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

// Built returns the path of the program in binDir and whether it is there.
func Built(binDir string, t Target) (string, bool) {
	key, err := t.Key()
	if err != nil {
		return "", false
	}
	out := filepath.Join(binDir, t.Name+"-"+key)
	_, err = os.Stat(out)
	return out, err == nil
}

// Build returns the path of the program in binDir and builds it if it is not there.
func Build(ctx context.Context, binDir string, t Target) (string, error) {
	key, err := t.Key()
	if err != nil {
		return "", err
	}
	out := filepath.Join(binDir, t.Name+"-"+key)
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	release, err := filelock.Take(ctx, filepath.Join(binDir, "."+t.Name+".lock"))
	if err != nil {
		return "", err
	}
	defer release()
	if _, err := os.Stat(out); err == nil { // another lab built it meanwhile
		return out, nil
	}
	began := time.Now()
	progress.Say("building %s", t.Name)
	if err := goBuild(ctx, t, out+".new"); err != nil {
		return "", err
	}
	if err := os.Rename(out+".new", out); err != nil {
		return "", err
	}
	progress.Say("built %s in %.0fs", t.Name, time.Since(began).Seconds())
	return out, nil
}

func goBuild(ctx context.Context, t Target, out string) error {
	ldflags := strings.TrimSpace("-s -w " + t.LDFlags)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", ldflags, "-o", out, t.Package)
	cmd.Dir = t.Dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if t.Arch != "" {
		cmd.Env = append(cmd.Env, "GOARCH="+t.Arch)
	}
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stderr, &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building %s (go build %s in %s): %w\n%s", t.Name, t.Package, t.Dir, err, tail(stderr.String(), 20))
	}
	return nil
}

func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
