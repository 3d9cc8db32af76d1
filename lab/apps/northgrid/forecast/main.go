// Command forecast computes the load of the next day again and again from the newest readings.
package main

import (
	"log/slog"
	"math"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
)

func round(n int) float64 {
	curve := make([]float64, 640*1024) // 5 MiB of intermediate results, not needed after the round
	for i := range curve {
		curve[i] = math.Sin(float64(i+n)) * 40
	}
	runtime.KeepAlive(curve)
	return curve[n%len(curve)]
}

func main() {
	log := slog.New(slog.NewTextHandler(os.Stdout, nil))
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() { <-stop; log.Info("shutting down"); os.Exit(0) }()
	log.Info("forecast 5.4.0", "gogc", os.Getenv("GOGC"), "memory_limit_mib", debug.SetMemoryLimit(-1)>>20, "cpus", runtime.NumCPU())
	go func() {
		_ = http.ListenAndServe(":8080", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }))
	}()
	for n := 1; ; n++ {
		peak := round(n)
		if n%4 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			log.Info("round done", "n", n, "peak_mw", math.Round(peak), "heap_mib", m.HeapAlloc>>20, "gc_runs", m.NumGC)
		}
		time.Sleep(700 * time.Millisecond)
	}
}
