// Package product builds and calls crashproof as a person would: as a program.
package product

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Program is a crashproof binary and the cluster that it looks at.
type Program struct {
	Path       string
	Kubeconfig string
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
	report, err := p.run(ctx, append(question(namespace, target), "--kubeconfig", p.Kubeconfig))
	return report, time.Since(began), err
}

// Replay is Diagnose from a bundle instead of the cluster.
func (p Program) Replay(ctx context.Context, namespace, target, bundle string) ([]byte, time.Duration, error) {
	began := time.Now()
	report, err := p.run(ctx, append(question(namespace, target), "-f", bundle))
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
	_, err := p.run(ctx, append(append(args, within(namespace)...), "--output", file, "--kubeconfig", p.Kubeconfig))
	return err
}

func (p Program) run(ctx context.Context, args []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, p.Path, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("crashproof %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return stdout.Bytes(), nil
}
