package cluster

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/image"
	"github.com/crashproof-dev/crashproof/lab/internal/namespaces"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

// BuildImages makes the images with these names, or all, that are missing or
// changed. Nodes of running labs forget images that are not the present ones of
// their names, so that the next pod pulls anew.
func (l *Lab) BuildImages(ctx context.Context, names ...string) error {
	builder := image.Builder{LabDir: l.LabDir, Home: l.Home}
	if err := builder.Build(ctx, names...); err != nil {
		return err
	}
	present, err := builder.Digests()
	if err != nil {
		return err
	}
	instances, err := l.Home.Instances()
	if err != nil {
		return err
	}
	for _, name := range instances {
		other, started, err := Open(l.Home, name, l.LabDir)
		if err != nil || !started {
			continue // the API alone has no nodes
		}
		for _, n := range other.Settings.Nodes() {
			if err := other.forgetStale(n, present); err != nil {
				progress.Say("node %s of %s may keep images that it pulled before: %v", n.Alias, name, err)
			}
		}
	}
	return ctx.Err()
}

// imagesCommand calls Debian's client, which speaks with both generations of the daemon.
func imagesCommand(args ...string) *exec.Cmd {
	return &exec.Cmd{Path: "/usr/bin/ctr", Args: append([]string{"ctr", "--namespace", "k8s.io", "images"}, args...), Dir: "/"}
}

func (l *Lab) forgetStale(n Node, present map[string]string) error {
	rec, running := l.daemons.Book.Get(n.namespaces())
	if !running || !l.daemons.Running(n.containerd()) {
		return nil
	}
	out, err := namespaces.Output(rec.PID, imagesCommand("ls"))
	if err != nil {
		return fmt.Errorf("listing its images: %w: %s", err, out)
	}
	stale := staleImages(string(out), present)
	if len(stale) == 0 {
		return nil
	}
	progress.Say("%s of %s forgets %s", n.Alias, l.Dir.Name, strings.Join(stale, " "))
	if out, err := namespaces.Output(rec.PID, imagesCommand(append([]string{"rm"}, stale...)...)); err != nil {
		return fmt.Errorf("removing images: %w: %s", err, out)
	}
	return nil
}

// staleImages reads the list "REF TYPE DIGEST …" of `ctr images ls` and returns
// the names that stand for another digest now.
func staleImages(list string, present map[string]string) []string {
	var stale []string
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			continue
		}
		if now, known := present[fields[0]]; known && now != fields[2] {
			stale = append(stale, fields[0])
		}
	}
	return stale
}
