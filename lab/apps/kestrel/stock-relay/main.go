// Command stock-relay passes stock movements of the ward cupboards to the exchange, in batches.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func log(level, text string, pairs ...any) {
	line := fmt.Sprintf("ts=%s level=%s caller=relay msg=%q", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), level, text)
	for i := 0; i+1 < len(pairs); i += 2 {
		line += fmt.Sprintf(" %v=%v", pairs[i], pairs[i+1])
	}
	fmt.Println(line)
}

func send(client *http.Client, target string, batch []byte) error {
	response, err := client.Post(target, "application/json", bytes.NewReader(batch))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(response.Body, 200))
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("POST %s: unexpected status %s: %s", target, response.Status, bytes.TrimSpace(text))
	}
	return nil
}

func main() {
	target := os.Getenv("EXCHANGE_URL") + "/v2/movements"
	log("info", "stock-relay starting", "version", "1.44.0", "target", target)
	const queued = 1480
	log("info", "spool loaded", "movements", queued, "oldest", "37m12s")
	client := &http.Client{Timeout: 5 * time.Second}
	batch := []byte(`{"movements":[{"article":"0481-22","ward":"icu","delta":-4}]}`)
	var err error
	for attempt := 1; attempt <= 4; attempt++ {
		if err = send(client, target, batch); err == nil {
			log("info", "first batch delivered")
			for {
				time.Sleep(10 * time.Second)
				log("info", "batch delivered", "size", 1)
			}
		}
		log("warn", "batch not delivered", "attempt", attempt, "err", fmt.Sprintf("%q", err))
		time.Sleep(time.Duration(attempt) * time.Second)
	}
	log("error", "giving up on the exchange", "attempts", 4, "err", fmt.Sprintf("%q", err))
	log("info", "draining", "workers", 8)
	for n := range queued {
		log("info", "movement returned to the spool", "id", 730100+n, "worker", n%8, "ward", []string{"icu", "a", "c", "f"}[n%4])
		if n%90 == 89 {
			log("warn", "worker interrupted", "worker", n%8, "err", `"context canceled"`)
		}
	}
	for n := range 8 {
		log("info", "worker stopped", "worker", n)
	}
	log("info", "spool written", "movements", queued, "took", "212ms")
	log("info", "goodbye")
	os.Exit(1)
}
