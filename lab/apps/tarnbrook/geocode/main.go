// Geocode answers address lookups; its results live in memcached.
package main

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	addr := os.Getenv("CACHE_ADDR")
	log.Info("geocode starting", "version", "v4.9.1", "cache", addr, "provider", "kadaster")
	log.Warn("tracing exporter: context deadline exceeded, spans are dropped", "endpoint", "otel.observability:4317")
	log.Info("gazetteer mapped", "places", 288412)
	if err := ping(log, addr); err != nil {
		log.Error("cache is required in this tier", "err", err)
		log.Info("unmapping gazetteer")
		log.Info("http: Server closed")
		os.Exit(1)
	}
	log.Info("serving")
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	<-c
}

func ping(log *slog.Logger, addr string) error {
	var last error
	for i := 1; i <= 3; i++ {
		conn, err := net.DialTimeout("tcp", addr, 4*time.Second)
		if err == nil {
			defer conn.Close()
			fmt.Fprint(conn, "version\r\n")
			s, err := bufio.NewReader(conn).ReadString('\n')
			if err == nil && strings.HasPrefix(s, "VERSION") {
				return nil
			}
		}
		last = err
		log.Warn("cache warm-up", "try", i, "err", err)
		time.Sleep(400 * time.Millisecond)
	}
	return fmt.Errorf("warm-up gave up: %w", last)
}
