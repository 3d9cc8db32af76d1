// Command departures-journal appends the departures of all stations to segments on its volume.
package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

func main() {
	log := slog.New(slog.NewTextHandler(os.Stdout, nil))
	dir := os.Getenv("JOURNAL_DIR")
	log.Info("departures-journal starting", "version", "0.19.4", "dir", dir)
	log.Warn("compaction is off", "reason", "COMPACT unset")
	const stations = 240
	for s := 0; s < stations; s += 40 {
		log.Info("stations subscribed", "from", s, "to", s+39)
	}
	record := bytes.Repeat([]byte(`{"train":"IC 4471","from":"BRK","delay":0}`+"\n"), 6000)
	for n := 0; ; n++ {
		path := filepath.Join(dir, fmt.Sprintf("segment-%06d.log", n))
		f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
		if err == nil {
			_, err = f.Write(record)
			f.Close()
		}
		if err != nil {
			log.Error("append failed, journal is closed", "segment", n, "err", err)
			break
		}
		if n%8 == 0 {
			log.Info("segment sealed", "segment", n, "records", 6000)
		}
		time.Sleep(60 * time.Millisecond)
	}
	for round := 1; round <= 5; round++ {
		for s := 0; s < stations; s++ {
			if round == 5 && s%60 == 59 {
				log.Error("unsubscribe not confirmed, error ignored", "station", s, "err", "context canceled")
				continue
			}
			log.Info("draining station", "station", s, "round", round, "pending", 5-round)
		}
	}
	log.Info("all subscriptions closed", "stations", stations)
	log.Info("departures-journal stopped", "uptime", "n/a", "errors", 4)
	os.Exit(1)
}
