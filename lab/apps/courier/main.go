// Command courier assigns parcels to drivers. It reloads its regions now and then and plans routes with them.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

type planner struct {
	routes map[string][]string
}

func (p *planner) reload(regions []string) {
	log.Printf("level=info msg=%q regions=%d", "regions reloaded", len(regions))
	*p = planner{} // the routes of the old regions are of no use any more
}

func (p *planner) assign(region, parcel string) {
	p.routes[region] = append(p.routes[region], parcel)
	log.Printf("level=info msg=assigned region=%s parcel=%s queue=%d", region, parcel, len(p.routes[region]))
}

func waitForRedis(ctx context.Context, addr string) {
	client := redis.NewClient(&redis.Options{Addr: addr, DialTimeout: 3 * time.Second, MaxRetries: 1})
	for attempt := 1; ; attempt++ {
		err := client.Ping(ctx).Err()
		if err == nil {
			log.Printf("level=info msg=%q addr=%s", "redis ready", addr)
			return
		}
		log.Printf("level=error msg=%q addr=%s attempt=%d err=%q", "redis ping failed", addr, attempt, err)
		if attempt == 3 {
			log.Fatalf("level=fatal msg=%q err=%q", "queue backend unavailable, giving up", err)
		}
		time.Sleep(time.Second)
	}
}

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log.Printf("level=info msg=%q version=0.31.0", "courier starting")
	if addr := os.Getenv("REDIS_ADDR"); addr != "" {
		waitForRedis(ctx, addr)
	}
	go func() {
		http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
		log.Fatal(http.ListenAndServe(":9000", nil))
	}()
	p := &planner{routes: map[string][]string{}}
	parcels := []string{"P-7710", "P-7711", "P-7712", "P-7713", "P-7714", "P-7715"}
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			log.Printf("level=info msg=%q", "shutting down")
			return
		case <-time.After(700 * time.Millisecond):
		}
		p.assign([]string{"north", "south"}[i%2], parcels[i%len(parcels)])
		if i == 5 && os.Getenv("REGION_RELOAD") != "off" {
			p.reload([]string{"north", "south", "east"})
		}
	}
}
