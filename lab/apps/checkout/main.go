// Command checkout takes payments: it opens a session with the bank, starts its workers and queues, and takes
// everything down in order when one of its parts cannot go on.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

type component struct {
	name        string
	start, stop func(context.Context) error
}

// supervisor starts components in order and stops them in the opposite one.
type supervisor struct {
	log     *slog.Logger
	started []component
}

func (s *supervisor) start(ctx context.Context, c component) error {
	s.log.Info("component starting", "component", c.name)
	if err := c.start(ctx); err != nil {
		return fmt.Errorf("component %s: %w", c.name, err)
	}
	s.started = append(s.started, c)
	return nil
}

func (s *supervisor) shutdown(ctx context.Context) {
	for i := len(s.started) - 1; i >= 0; i-- {
		c := s.started[i]
		s.log.Info("component stopping", "component", c.name)
		if err := c.stop(ctx); err != nil {
			s.log.Error("component did not stop cleanly", "component", c.name, "error", err.Error())
		}
		s.log.Info("component stopped", "component", c.name)
	}
}

// workers is a pool whose members each say goodbye.
func workers(log *slog.Logger, n int) component {
	var group sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	return component{
		name: "payment-workers",
		start: func(context.Context) error {
			for i := range n {
				group.Go(func() {
					<-ctx.Done()
					log.Warn("worker interrupted, returning its jobs", "worker", i, "error", ctx.Err().Error())
					log.Info("worker drained", "worker", i, "jobs", 0)
				})
			}
			return nil
		},
		stop: func(context.Context) error { cancel(); group.Wait(); return nil },
	}
}

func web(log *slog.Logger, ready func() bool) component {
	server := &http.Server{Addr: ":8080", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ready" && !ready() {
			http.Error(w, "bank session not open", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})}
	return component{
		name: "http",
		start: func(context.Context) error {
			go func() {
				if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
					log.Error("http server", "error", err.Error())
				}
			}()
			return nil
		},
		stop: server.Shutdown,
	}
}

// bankSession keeps a session with the bank open; a session that cannot be opened ends the service.
func bankSession(ctx context.Context, log *slog.Logger, url string, opened func()) error {
	client := &http.Client{Timeout: 5 * time.Second}
	var last error
	for attempt := 1; attempt <= 3; attempt++ {
		response, err := client.Get(url)
		if err == nil {
			response.Body.Close()
			log.Info("bank session open", "url", url, "status", response.StatusCode)
			opened()
			<-ctx.Done()
			return nil
		}
		last = err
		log.Error("bank session refused", "attempt", attempt, "error", err.Error())
		time.Sleep(500 * time.Millisecond)
	}
	return last
}

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug}))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log.Info("checkout starting", "version", "11.0.3")
	var open bool
	var mu sync.Mutex
	ready := func() bool { mu.Lock(); defer mu.Unlock(); return open }
	s := &supervisor{log: log}
	noop := func(context.Context) error { return nil }
	for _, c := range []component{
		{name: "metrics", start: noop, stop: noop},
		{name: "outbox", start: noop, stop: func(context.Context) error { return errors.New("context canceled") }},
		workers(log, 24),
		web(log, ready),
	} {
		if err := s.start(ctx, c); err != nil {
			log.Error("start-up failed", "error", err.Error())
			os.Exit(1)
		}
	}
	failed := make(chan error, 1)
	go func() {
		failed <- bankSession(ctx, log, os.Getenv("BANK_URL"), func() { mu.Lock(); open = true; mu.Unlock() })
	}()
	code := 0
	select {
	case <-ctx.Done():
		log.Info("SIGTERM received")
	case err := <-failed:
		if err != nil {
			code = 1
		}
		log.Info("stop requested by component", "component", "bank-session")
	}
	drain, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s.shutdown(drain)
	for i := range 16 {
		log.Debug("flushing metrics buffer", "bucket", i, "points", 0)
	}
	log.Info("all components stopped, goodbye")
	os.Exit(code)
}
