// Package outside is the world outside the cluster in one process: the image
// registries and the name server that nodes ask.
package outside

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/pki"
	"github.com/crashproof-dev/crashproof/lab/internal/registry"
	"github.com/crashproof-dev/crashproof/lab/internal/resolver"
)

// World says where it finds its things and where it listens.
type World struct {
	Images     string // OCI layout
	PKI        string
	Control    string // unix socket
	RegistryIP string
	ResolverIP string
}

// Serve runs until ctx ends or a part fails.
func (w World) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	authority, err := pki.LoadAuthority(filepath.Join(w.PKI, pki.OutsideCA))
	if err != nil {
		return err
	}
	rules := &registry.Rules{}
	certificates := &registry.Certificates{Trusted: authority, Rules: rules}
	listener, err := net.Listen("tcp", net.JoinHostPort(w.RegistryIP, "443"))
	if err != nil {
		return fmt.Errorf("opening the registry: %w", err)
	}
	server := &http.Server{
		Handler:           &registry.Server{Store: &registry.Store{Dir: w.Images}, Rules: rules},
		ReadHeaderTimeout: 10 * time.Second,
	}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	names := resolver.Server{
		Address: net.ParseIP(w.RegistryIP),
		Unknown: func(host string) bool { return rules.ForHost(host) == registry.UnknownHost },
	}
	go func() { cancel(server.Serve(tls.NewListener(listener, certificates.Config()))) }()
	go func() { cancel(names.Serve(ctx, net.JoinHostPort(w.ResolverIP, "53"))) }()
	go func() { cancel(registry.ServeControl(ctx, w.Control, rules)) }()
	<-ctx.Done()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
