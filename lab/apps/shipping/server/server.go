// Package server is the shipping service: quotes parcels over HTTP and keeps them in PostgreSQL.
package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"sigs.k8s.io/yaml"
)

// Options is what the command line sets.
type Options struct {
	Listen      string
	ConfigFile  string
	DatabaseURL string
}

// Config is the content of the configuration file.
type Config struct {
	Carriers []struct {
		Name    string  `json:"name"`
		PerKilo float64 `json:"perKilo"`
		MaxKilo int     `json:"maxKilo"`
	} `json:"carriers"`
	DefaultCountry string `json:"defaultCountry"`
}

// Run serves until SIGTERM.
func Run(version string, o Options) error {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	slog.Info("shipping starting", "version", version, "listen", o.Listen)
	if os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") == "" {
		slog.Warn("tracing disabled", "error", "OTEL_EXPORTER_OTLP_ENDPOINT is empty")
	}
	var config Config
	if o.ConfigFile != "" {
		c, err := load(o.ConfigFile)
		if err != nil {
			return err
		}
		config = c
		slog.Info("configuration loaded", "file", o.ConfigFile, "carriers", len(config.Carriers))
	}
	if o.DatabaseURL != "" {
		if err := connect(ctx, o.DatabaseURL); err != nil {
			return fmt.Errorf("connecting to the database: %w", err)
		}
	}
	return serve(ctx, o.Listen, config)
}

func load(path string) (Config, error) {
	var c Config
	data, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("reading configuration: %w", err)
	}
	if err := yaml.UnmarshalStrict(data, &c); err != nil {
		return c, fmt.Errorf("parsing %s: %w", path, err)
	}
	return c, nil
}

func connect(ctx context.Context, url string) error {
	var last error
	for attempt := 1; attempt <= 3; attempt++ {
		dialCtx, cancel := context.WithTimeout(ctx, 3*time.Second)
		conn, err := pgx.Connect(dialCtx, url)
		cancel()
		if err == nil {
			slog.Info("database connected")
			return conn.Close(ctx)
		}
		slog.Error("database not reachable", "attempt", attempt, "error", err.Error())
		last = err
		time.Sleep(time.Second)
	}
	return last
}

func serve(ctx context.Context, listen string, config Config) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/quote", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(config.Carriers) })
	logged := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		mux.ServeHTTP(rec, r)
		if rec.status >= 400 {
			slog.Warn("request", "method", r.Method, "path", r.URL.Path, "status", rec.status, "agent", r.UserAgent())
		}
	})
	server := &http.Server{Addr: listen, Handler: logged}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	slog.Info("listening", "address", listen)
	select {
	case err := <-failed:
		return fmt.Errorf("serving HTTP: %w", err)
	case <-ctx.Done():
		slog.Info("signal received, shutting down")
		drain, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := server.Shutdown(drain); err != nil && !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		slog.Info("bye")
		return nil
	}
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}
