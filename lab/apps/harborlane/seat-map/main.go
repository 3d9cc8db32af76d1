// Command seat-map keeps the seats of the next sailings and holds one while a passenger pays.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"
)

type deck struct {
	mu       sync.Mutex
	held     map[string]time.Time
	released chan string // one slot: the audit log reads it
}

func (d *deck) hold(seat string, until time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.held[seat] = until
}

// expire gives seats back whose time is over and tells the audit log of each.
func (d *deck) expire(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for seat, until := range d.held {
		if now.After(until) {
			delete(d.held, seat)
			d.released <- seat
		}
	}
}

func (d *deck) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.held)
}

// audit writes what was released, with how many are still held.
func (d *deck) audit(log *slog.Logger) {
	for seat := range d.released {
		log.Info("seat released", "seat", seat, "still_held", d.count())
	}
}

func main() {
	log := slog.New(slog.NewTextHandler(os.Stdout, nil))
	d := &deck{held: map[string]time.Time{}, released: make(chan string, 1)}
	log.Info("seat-map starting", "version", "1.31.0", "hold", "12s")
	go d.audit(log)
	go func() {
		for n := 0; ; n++ {
			d.hold(fmt.Sprintf("%d%c", 1+n%60, 'A'+n%6), time.Now().Add(12*time.Second))
			if n%10 == 0 {
				log.Info("seats held", "count", d.count())
			}
			time.Sleep(250 * time.Millisecond)
		}
	}()
	go func() {
		for now := range time.Tick(5 * time.Second) {
			log.Info("looking for holds that are over")
			d.expire(now)
		}
	}()
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"status": "ok", "held": d.count()})
	})
	log.Info("listening", "addr", ":8085")
	if err := http.ListenAndServe(":8085", nil); err != nil {
		log.Error("server ended", "error", err)
		os.Exit(1)
	}
}
