// Command tariff-sync copies tariffs to the partitions of the fare index. It needs one full snapshot to start with.
package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"
)

const partitions = 96

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("service", "tariff-sync", "version", "5.5.2")
	log.Info("starting", "partitions", partitions)
	for p := range partitions {
		log.Info("partition assigned", "partition", p, "offset", 88_000+p*17)
	}
	if err := snapshot(log, os.Getenv("TARIFF_URL")); err != nil {
		log.Error("initial snapshot failed", "attempts", 3, "error", err.Error())
		drain(log)
		log.Info("shutdown complete", "exit_code", 1)
		os.Exit(1)
	}
	log.Info("snapshot loaded, following changes")
	select {}
}

func snapshot(log *slog.Logger, url string) error {
	client := &http.Client{Timeout: 2 * time.Second}
	var err error
	for attempt := range 3 {
		log.Debug("requesting snapshot", "attempt", attempt+1)
		var response *http.Response
		if response, err = client.Get(url); err == nil {
			_, err = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if err == nil && response.StatusCode != http.StatusOK {
				err = fmt.Errorf("GET %s: %s", url, response.Status)
			}
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// drain hands every partition back in the order of the protocol.
func drain(log *slog.Logger) {
	log.Info("shutdown requested, draining")
	steps := []string{"pausing consumer", "waiting for in-flight batches", "flushing write buffer", "committing offset",
		"closing segment writer", "syncing checkpoint file", "releasing lease", "leaving group", "unassigning", "closing metrics reporter",
		"partition drained"}
	for p := range partitions {
		for i, step := range steps {
			switch {
			case i == 3 && p%12 == 0:
				log.Warn("commit skipped: nothing was read since the assignment", "partition", p)
			case i == 6 && p%32 == 5:
				log.Error("error releasing lease: lease is not held any more, ignoring", "partition", p)
			default:
				log.Info(step, "partition", p)
			}
		}
	}
	log.Info("all partitions drained", "partitions", partitions, "took_ms", 41)
}
