// Package resolver is the name server that the lab's nodes use, in the place
// of Azure's. It knows the registries and no other name.
package resolver

import (
	"context"
	"fmt"
	"log"
	"net"
	"slices"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Hosts are names that resolve; those with a leading dot stand for all names below.
var Hosts = []string{
	".lab.local", ".azurecr.io", "registry-1.docker.io", "auth.docker.io", "docker.io",
	"registry.k8s.io", "mcr.microsoft.com", "ghcr.io", "quay.io",
}

// Server answers A questions about Hosts with Address.
type Server struct {
	Address net.IP
	// Unknown says that a name shall not exist for now.
	Unknown func(host string) bool
}

// Serve answers on the UDP address listen until ctx ends.
func (s Server) Serve(ctx context.Context, listen string) error {
	conn, err := net.ListenPacket("udp", listen)
	if err != nil {
		return fmt.Errorf("opening the name server: %w", err)
	}
	go func() { <-ctx.Done(); _ = conn.Close() }()
	buffer := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return err
		}
		reply, err := s.answer(buffer[:n])
		if err != nil {
			log.Printf("question from %s: %v", from, err)
			continue
		}
		if _, err := conn.WriteTo(reply, from); err != nil {
			log.Printf("answer to %s: %v", from, err)
		}
	}
}

func (s Server) answer(question []byte) ([]byte, error) {
	var parser dnsmessage.Parser
	header, err := parser.Start(question)
	if err != nil {
		return nil, err
	}
	q, err := parser.Question()
	if err != nil {
		return nil, err
	}
	known := s.knows(strings.TrimSuffix(strings.ToLower(q.Name.String()), "."))
	header.Response, header.Authoritative, header.RecursionAvailable = true, true, true
	if !known {
		header.RCode = dnsmessage.RCodeNameError
	}
	reply := dnsmessage.Message{Header: header, Questions: []dnsmessage.Question{q}}
	if known && q.Type == dnsmessage.TypeA {
		reply.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 1},
			Body:   &dnsmessage.AResource{A: [4]byte(s.Address.To4())},
		}}
	}
	return reply.Pack()
}

func (s Server) knows(host string) bool {
	if s.Unknown != nil && s.Unknown(host) {
		return false
	}
	return slices.ContainsFunc(Hosts, func(h string) bool {
		return h == host || strings.HasPrefix(h, ".") && strings.HasSuffix(host, h)
	})
}
