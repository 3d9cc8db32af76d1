package image

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/gobuild"
)

// busybox is the statically linked one of the package busybox-static.
const busybox = "/bin/busybox"

func (b *Builder) addProgram(ctx context.Context, w *layerWriter, p *Program) error {
	source, err := b.program(ctx, p.Name)
	if err != nil {
		return err
	}
	if err := w.fromFile(p.Target, source, 0o755, 0, 0); err != nil {
		return err
	}
	if !p.Applets {
		return nil
	}
	out, err := exec.CommandContext(ctx, source, "--list").Output()
	if err != nil {
		return fmt.Errorf("listing the applets of %s: %w", source, err)
	}
	for _, applet := range strings.Fields(string(out)) {
		if applet == path.Base(p.Target) {
			continue
		}
		if err := w.link(path.Join(path.Dir(p.Target), applet), p.Target); err != nil {
			return err
		}
	}
	return nil
}

// program returns the path of a program, building it where it has to be built.
func (b *Builder) program(ctx context.Context, name string) (string, error) {
	if name == "busybox" {
		return busybox, nil
	}
	target, err := b.programTarget(name)
	if err != nil {
		return "", err
	}
	return gobuild.Build(ctx, b.Home.Bin(), target)
}

func (b *Builder) programTarget(name string) (gobuild.Target, error) {
	switch name {
	case "pause":
		return b.programs().Pause(), nil
	case "coredns":
		return b.programs().CoreDNS(), nil
	case "metrics-server":
		return b.programs().MetricsServer(), nil
	}
	return gobuild.Target{}, fmt.Errorf("program %q: use pause, busybox, coredns or metrics-server", name)
}
