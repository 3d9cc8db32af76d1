// Command nodeagent reports the load of its node once in a while.
package main

import (
	"log/slog"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	log := slog.New(slog.NewTextHandler(os.Stdout, nil))
	log.Info("node agent starting", "node", os.Getenv("NODE_NAME"), "arch", runtime.GOARCH)
	for {
		if load, err := os.ReadFile("/proc/loadavg"); err != nil {
			log.Error("reading the load", "error", err)
		} else {
			log.Info("load", "value", strings.TrimSpace(string(load)))
		}
		time.Sleep(10 * time.Second)
	}
}
