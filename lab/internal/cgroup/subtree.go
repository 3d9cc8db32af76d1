package cgroup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Make creates subtree in every hierarchy.
func Make(subtree string) error {
	all, err := Hierarchies()
	if err != nil {
		return err
	}
	for _, h := range all {
		if err := os.MkdirAll(path(h, subtree), 0o755); err != nil {
			return fmt.Errorf("making control group %s: %w", path(h, subtree), err)
		}
		if contains(h.Controllers, "cpuset") {
			if err := fillCPUSet(filepath.Join(Root, h.Dir()), subtree); err != nil {
				return err
			}
		}
	}
	return nil
}

// fillCPUSet copies the processors and memory nodes down to subtree: a new
// cpuset of version 1 starts empty and takes no task until it is filled in
// (cpusets in the kernel's documentation).
func fillCPUSet(root, subtree string) error {
	dir := root
	for _, part := range strings.Split(subtree, "/") {
		parent := dir
		dir = filepath.Join(dir, part)
		for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
			if have, err := os.ReadFile(filepath.Join(dir, file)); err == nil && len(bytes.TrimSpace(have)) > 0 {
				continue
			}
			value, err := os.ReadFile(filepath.Join(parent, file))
			if err != nil {
				return fmt.Errorf("reading %s of control group %s: %w", file, parent, err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), value, 0o644); err != nil {
				return fmt.Errorf("filling in %s of control group %s: %w", file, dir, err)
			}
		}
	}
	return nil
}

// Join moves the calling process into subtree in every hierarchy.
func Join(subtree string) error {
	all, err := Hierarchies()
	if err != nil {
		return err
	}
	for _, h := range all {
		if err := os.WriteFile(filepath.Join(path(h, subtree), "cgroup.procs"), []byte("0"), 0o644); err != nil {
			return fmt.Errorf("joining control group %s: %w", path(h, subtree), err)
		}
	}
	return nil
}

// Remove takes subtree out of every hierarchy once the last task has left it.
func Remove(ctx context.Context, subtree string) error {
	all, err := Hierarchies()
	if err != nil {
		return err
	}
	deadline := time.Now().Add(15 * time.Second)
	for {
		var left error
		for _, h := range all {
			if err := removeTree(path(h, subtree)); err != nil {
				left = err
			}
		}
		if left == nil || ctx.Err() != nil || time.Now().After(deadline) {
			return left
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// removeTree removes directories from the deepest up; the files in them are the kernel's and go along.
func removeTree(root string) error {
	var dirs []string
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			dirs = append(dirs, p)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("listing control group %s: %w", root, err)
	}
	for i := len(dirs) - 1; i >= 0; i-- {
		if err := os.Remove(dirs[i]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing control group %s: %w", dirs[i], err)
		}
	}
	return nil
}
