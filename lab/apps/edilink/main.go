// Command edilink keeps a session with the customs office's EDI gateway and passes declarations on.
package main

import (
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC | log.Lmsgprefix)
	log.SetPrefix("edi-link ")
	gateway := os.Getenv("EDI_GATEWAY")
	log.Printf("[INFO] edi-link 1.15.2, gateway %s", gateway)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	failures := 0
	for n := 1; ; n++ {
		conn, err := net.DialTimeout("tcp", gateway, 4*time.Second)
		if err != nil {
			failures++
			log.Printf("[ERROR] session with the gateway could not be opened (%d of 4): %v", failures, err)
		} else {
			failures = 0
			log.Printf("[INFO] session %d open, local %s", n, conn.LocalAddr())
			_ = conn.Close()
		}
		if failures == 4 {
			log.Fatalf("[FATAL] gateway unavailable, declarations stay queued")
		}
		select {
		case <-stop:
			log.Printf("[INFO] SIGTERM, closing")
			return
		case <-time.After(2 * time.Second):
		}
	}
}
