// Command docrender renders tickets and manifests as PDF. It is sold per site and looks at its licence when it starts.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"
)

type licence struct {
	Number  string    `json:"number"`
	Holder  string    `json:"holder"`
	Edition string    `json:"edition"`
	Workers int       `json:"workers"`
	Until   time.Time `json:"until"`
}

func say(level, format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s docrender[%s] %s\n", time.Now().UTC().Format("2006/01/02 15:04:05"), level, fmt.Sprintf(format, args...))
}

func main() {
	say("note", "Vellum DocRender 21.2 (build 7781), %d workers requested", 8)
	say("note", "font directory /usr/share/fonts: 0 families, using built-in fonts")
	say("warn", "no GPU found, raster operations use the CPU")
	data, err := os.ReadFile("/etc/docrender/licence.json")
	if err != nil {
		say("fail", "reading the licence: %v", err)
		os.Exit(2)
	}
	var l licence
	if err := json.Unmarshal(data, &l); err != nil {
		say("fail", "licence file: %v", err)
		os.Exit(2)
	}
	say("note", "licence %s, %s, %s edition, %d workers", l.Number, l.Holder, l.Edition, l.Workers)
	if time.Now().After(l.Until.Add(14 * 24 * time.Hour)) {
		say("fail", "subscription ended on %s and the 14 days of grace are over; rendering is disabled (E-LIC-0042)", l.Until.Format(time.DateOnly))
		say("note", "releasing worker slots")
		say("note", "bye")
		os.Exit(42)
	}
	say("note", "ready on :7070")
	_ = http.ListenAndServe(":7070", http.NotFoundHandler())
}
