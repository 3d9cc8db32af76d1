package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// rule is what travels over the control socket.
type rule struct {
	Repository string `json:"repository"`
	Answer     Answer `json:"answer"`
}

// ServeControl lets [Control] change rules over a unix socket.
func ServeControl(ctx context.Context, socket string, rules *Rules) error {
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return fmt.Errorf("opening the registry's control socket: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /rules", func(w http.ResponseWriter, r *http.Request) {
		var in rule
		err := json.NewDecoder(r.Body).Decode(&in)
		if err == nil {
			err = rules.Set(in.Repository, in.Answer)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	mux.HandleFunc("GET /rules", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(rules.All())
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { <-ctx.Done(); _ = server.Close() }()
	return server.Serve(listener)
}

// Control talks to a running registry.
type Control struct{ Socket string }

// Set makes the registry answer a repository in a way; an empty answer undoes it.
func (c Control) Set(ctx context.Context, repository string, a Answer) error {
	body, err := json.Marshal(rule{repository, a})
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodPut, body)
}

// Ready says whether the registry is there.
func (c Control) Ready(ctx context.Context) error { return c.do(ctx, http.MethodGet, nil) }

func (c Control) do(ctx context.Context, method string, body []byte) error {
	client := http.Client{
		Timeout: 5 * time.Second,
		Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, "unix", c.Socket)
			},
		},
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://registry/rules", bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("asking the lab's registry: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("asking the lab's registry: %s", strings.TrimSpace(string(said)))
	}
	return nil
}
