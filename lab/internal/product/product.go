// Package product builds and calls crashproof as a person would: as a program.
package product

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ErrGone is what crashproof says where what it was asked about does not exist and nothing else tells of it.
var ErrGone = errors.New("the target does not exist")

var gone = regexp.MustCompile(`there is no \S+/\S+ in namespace`)

// nothing is the report about what does not exist, with what crashproof said of it as a gap.
func nothing(said error) ([]byte, error) {
	return json.Marshal(map[string]any{"kind": "Report", "scope": map[string]any{"level": "none"}, "findings": []any{}, "gaps": []any{map[string]any{"what": said.Error()}}})
}

// Program is a crashproof binary and the cluster that it looks at.
type Program struct {
	Path       string
	Kubeconfig string
	// Env and Args are added when it looks at the cluster; a replay has neither.
	Env  []string
	Args []string
}

// With is the program with further environment and flags.
func (p Program) With(env, args []string) Program {
	p.Env, p.Args = slices.Concat(p.Env, env), slices.Concat(p.Args, args)
	return p
}

// Build compiles crashproof from the repository into dir.
func Build(ctx context.Context, repository, dir string) (string, error) {
	out := filepath.Join(dir, "crashproof")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", out, "./cmd/crashproof")
	cmd.Dir = repository
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building crashproof: %w\n%s", err, said)
	}
	return out, nil
}

// Diagnose returns the report about a target, or about the whole namespace when it is empty.
func (p Program) Diagnose(ctx context.Context, namespace, target string) ([]byte, time.Duration, error) {
	began := time.Now()
	report, err := p.run(ctx, p.live(question(namespace, target)), p.environment())
	if errors.Is(err, ErrGone) {
		report, err = nothing(err)
	}
	return report, time.Since(began), err
}

// Replay is Diagnose from a bundle instead of the cluster.
func (p Program) Replay(ctx context.Context, namespace, target, bundle string) ([]byte, time.Duration, error) {
	began := time.Now()
	report, err := p.run(ctx, append(question(namespace, target), "-f", bundle), nil)
	return report, time.Since(began), err
}

func question(namespace, target string) []string {
	args := []string{"scan", "-o", "json"}
	if target != "" {
		args = []string{"diagnose", target, "-o", "json"}
	}
	return append(args, within(namespace)...)
}

// within says which namespace is meant; none is all.
func within(namespace string) []string {
	if namespace == "" {
		return []string{"--all-namespaces"}
	}
	return []string{"--namespace", namespace}
}

// Capture writes the bundle of a target to file.
func (p Program) Capture(ctx context.Context, namespace, target, file string) error {
	args := []string{"capture"}
	if target != "" {
		args = append(args, target)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	_, err := p.run(ctx, p.live(append(append(args, within(namespace)...), "--output", file)), p.environment())
	return err
}

// live adds what every look at the cluster needs.
func (p Program) live(args []string) []string {
	return append(append(args, "--kubeconfig", p.Kubeconfig), p.Args...)
}

// foreign are the beginnings of variables that would point at another Azure than the one that is meant.
var foreign = []string{"AZURE_", "IDENTITY_", "MSI_", "IMDS_", "SSL_CERT_"}

// environment is this program's own with the further variables; nil is just its own.
func (p Program) environment() []string {
	if len(p.Env) == 0 {
		return nil
	}
	own := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return slices.ContainsFunc(foreign, func(f string) bool { return strings.HasPrefix(v, f) })
	})
	return append(own, p.Env...)
}

func (p Program) run(ctx context.Context, args, env []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, p.Path, args...)
	cmd.Env = env
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if gone.Match(stderr.Bytes()) {
			return nil, fmt.Errorf("%w: %s", ErrGone, strings.TrimSpace(stderr.String()))
		}
		return nil, fmt.Errorf("crashproof %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}
