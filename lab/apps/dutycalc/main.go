// Command dutycalc computes customs duties with the rates of the duty-rates service.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func say(level, msg string, more ...any) {
	line := map[string]any{"ts": time.Now().UTC().Format(time.RFC3339Nano), "level": level, "msg": msg, "app": "dutycalc"}
	for i := 0; i+1 < len(more); i += 2 {
		line[fmt.Sprint(more[i])] = more[i+1]
	}
	_ = json.NewEncoder(os.Stdout).Encode(line)
}

func rates(client *http.Client, url string) (int, error) {
	answer, err := client.Get(url)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("duty-rates answered %s", answer.Status)
	}
	var table []map[string]any
	return len(table), json.NewDecoder(answer.Body).Decode(&table)
}

func main() {
	say("info", "dutycalc starting", "version", "2.0.7", "node", os.Getenv("NODE_NAME"))
	go func() {
		say("error", "web server ended", "err", http.ListenAndServe(":8080", http.NotFoundHandler()).Error())
	}()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	client := &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	failed := 0
	for {
		if _, err := rates(client, os.Getenv("RATES_URL")); err != nil {
			failed++
			say("warn", "fetching duty rates failed", "attempt", failed, "err", err.Error())
		} else {
			if failed > 0 {
				say("info", "duty rates are back")
			}
			failed = 0
		}
		if failed == 3 {
			say("error", "no duty rates, giving up", "attempts", failed)
			os.Exit(1)
		}
		select {
		case <-stop:
			say("info", "stopping")
			return
		case <-time.After(2 * time.Second):
		}
	}
}
