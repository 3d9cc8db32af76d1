// Package hostpackages installs the Debian packages that the lab's nodes use
// from this machine (runc, the CNI plugins, …) without starting any service.
package hostpackages

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

// Needed are the packages whose programs the lab calls or runs.
var Needed = []string{
	"runc", "containerd", "containernetworking-plugins", "iptables", "nftables",
	"conntrack", "ethtool", "busybox-static", "kmod", "ca-certificates", "xz-utils", "zstd",
}

// policyFile makes invoke-rc.d refuse to start services (Debian policy 9.3.3.3).
const policyFile = "/usr/sbin/policy-rc.d"

// Ensure installs what is missing.
func Ensure(ctx context.Context, logFile string) error {
	missing := missing(ctx)
	if len(missing) == 0 {
		return nil
	}
	progress.Say("installing %s from Debian; their services stay off", strings.Join(missing, " "))
	restore, err := forbidServices()
	if err != nil {
		return err
	}
	defer restore()
	if err := apt(ctx, logFile, append([]string{"install", "-y", "--no-install-recommends"}, missing...)...); err == nil {
		return nil
	}
	// The package lists may be missing or too old.
	if err := apt(ctx, logFile, "update"); err != nil {
		return err
	}
	return apt(ctx, logFile, append([]string{"install", "-y", "--no-install-recommends"}, missing...)...)
}

func missing(ctx context.Context) []string {
	var names []string
	for _, p := range Needed {
		out, err := exec.CommandContext(ctx, "dpkg-query", "-W", "-f", "${db:Status-Status}", p).Output()
		if err != nil || string(out) != "installed" {
			names = append(names, p)
		}
	}
	return names
}

func forbidServices() (restore func(), err error) {
	if _, err := os.Stat(policyFile); err == nil {
		return func() {}, nil // the machine has a policy of its own
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking at %s: %w", policyFile, err)
	}
	if err := os.WriteFile(policyFile, []byte("#!/bin/sh\nexit 101\n"), 0o755); err != nil {
		return nil, fmt.Errorf("forbidding packages to start services: %w", err)
	}
	return func() { _ = os.Remove(policyFile) }, nil
}

func apt(ctx context.Context, logFile string, args ...string) error {
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "apt-get", args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = log, &stderr
	err = cmd.Run()
	_, _ = log.Write(stderr.Bytes())
	if err != nil {
		return fmt.Errorf("apt-get %s: %w: %s (all of it in %s)", args[0], err, lastLine(stderr.String()), logFile)
	}
	return nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
