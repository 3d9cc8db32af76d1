package kube

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Reason says why a collection could not be made at all.
type Reason string

// The reasons.
const (
	Unreachable   Reason = "unreachable"    // the API server does not answer
	Unauthorized  Reason = "unauthorized"   // it does not accept the credentials
	TargetMissing Reason = "target-missing" // the workload does not exist
	UnknownKind   Reason = "unknown-kind"   // the server has no such kind
	PodsHidden    Reason = "pods-hidden"    // pods cannot be listed anywhere
	BadRequest    Reason = "bad-request"    // the options make no sense
)

// Error ends a collection. Sentence says what was tried, what was answered, and what to do.
type Error struct {
	Reason   Reason
	Sentence string
	Err      error
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Sentence }

// Unwrap returns what the API answered.
func (e *Error) Unwrap() error { return e.Err }

// ends turns the two failures that make every further request pointless into the error that ends the collection.
func (c *Collector) ends(err error) *Error {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil
	case apierrors.IsUnauthorized(err):
		return &Error{Reason: Unauthorized, Err: err, Sentence: fmt.Sprintf(
			"the API server %s does not accept the credentials (%s); log in again, or name another context with --context", c.host, trim(err))}
	case unreachable(err):
		return &Error{Reason: Unreachable, Err: err, Sentence: fmt.Sprintf(
			"the API server %s does not answer (%s); check the network, the VPN and the kubeconfig's server address", c.host, rootCause(err))}
	}
	return nil
}

// unreachable: the request never got an HTTP answer.
func unreachable(err error) bool {
	var ue *url.Error
	if !errors.As(err, &ue) || errors.Is(err, errSecrets) {
		return false
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Op == "dial" || op.Op == "remote error" || op.Op == "proxyconnect"
	}
	s := err.Error()
	return strings.Contains(s, "tls: ") || strings.Contains(s, "x509: ") || strings.Contains(s, "getting credentials") ||
		strings.Contains(s, "server gave HTTP response to HTTPS client")
}

// rootCause is the innermost message: "dial tcp 127.0.0.1:6443: connect: connection refused".
func rootCause(err error) string {
	var ue *url.Error
	if errors.As(err, &ue) {
		return trim(ue.Err)
	}
	return trim(err)
}

// trim makes one line of an answer and bounds its length.
func trim(err error) string {
	s := strings.Join(strings.Fields(err.Error()), " ")
	if len(s) > 300 {
		s = s[:300] + "…"
	}
	return s
}

func quote(s string) string { return fmt.Sprintf("%q", s) }
