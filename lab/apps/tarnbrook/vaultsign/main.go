// Payout-signer fetches its signing key at start and signs payout files.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

func out(level, logger, msg string, kv map[string]any) {
	m := map[string]any{"level": level, "ts": float64(time.Now().UnixMilli()) / 1000, "logger": logger, "msg": msg}
	for k, v := range kv {
		m[k] = v
	}
	b, _ := json.Marshal(m)
	fmt.Println(string(b))
}

func login(base string) error {
	token, err := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/token")
	if err != nil {
		return err
	}
	body, _ := json.Marshal(map[string]string{"role": "payout-signer", "jwt": string(token)})
	url := base + "/v1/auth/kubernetes/login"
	client := http.Client{Timeout: 5 * time.Second}
	res, err := client.Post(url, "application/json", strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode == 200 {
		return nil
	}
	var e struct{ Errors []string }
	b, _ := io.ReadAll(res.Body)
	_ = json.Unmarshal(b, &e)
	return fmt.Errorf("unable to log in with Kubernetes auth: Error making API request.\n\nURL: PUT %s\nCode: %d. Errors:\n\n* %s", url, res.StatusCode, strings.Join(e.Errors, "\n* "))
}

func main() {
	out("info", "setup", "payout-signer", map[string]any{"version": "1.22.0", "commit": "8d1f6c2"})
	out("info", "setup", "keys are fetched at start, rotation every 12h", nil)
	out("error", "audit", "previous audit segment has no trailer, sealed with 0 entries", map[string]any{"segment": "2026-11-22"})
	var err error
	for i := 0; i < 3; i++ {
		if err = login(os.Getenv("VAULT_ADDR")); err == nil {
			break
		}
		out("warn", "keys", "login attempt failed", map[string]any{"attempt": i + 1})
		time.Sleep(700 * time.Millisecond)
	}
	if err != nil {
		out("error", "keys", "no signing key", map[string]any{"error": err.Error()})
		out("info", "audit", "sealing segment", nil)
		out("info", "setup", "stopping and waiting for runnables", nil)
		out("error", "setup", "problem running signer", map[string]any{"error": "failed to start runnables: context canceled"})
		os.Exit(1)
	}
	select {}
}
