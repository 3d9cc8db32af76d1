// Command webhooks takes the shops' notifications and forwards them to their tenants.
package main

import (
	"encoding/json"
	"log"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

type customer struct {
	ID    string `json:"id"`
	Email string `json:"email"`
}

type notification struct {
	Event    string    `json:"event"`
	Order    int       `json:"order"`
	Customer *customer `json:"customer"`
}

var taken atomic.Int64

// recipient is where a notification goes: guests have no account, and so no customer.
func recipient(n notification) string {
	return n.Customer.Email
}

func take(w http.ResponseWriter, r *http.Request) {
	var n notification
	if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
		slog.Warn("bad payload", "error", err.Error(), "remote", r.RemoteAddr)
		http.Error(w, "bad payload", http.StatusBadRequest)
		return
	}
	to := recipient(n)
	taken.Add(1)
	slog.Info("notification queued", "event", n.Event, "order", n.Order, "to", to)
	w.WriteHeader(http.StatusAccepted)
}

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	slog.Info("webhooks starting", "version", "2.9.4", "addr", ":8080")
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/notify", take)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	go func() {
		for range time.Tick(10 * time.Second) {
			slog.Info("statistics", "taken", taken.Load())
		}
	}()
	server := &http.Server{
		Addr: ":8080", Handler: mux, ReadHeaderTimeout: 5 * time.Second,
		ErrorLog: log.New(os.Stderr, "", log.LstdFlags|log.LUTC),
	}
	slog.Error("server ended", "error", server.ListenAndServe().Error())
	os.Exit(1)
}
