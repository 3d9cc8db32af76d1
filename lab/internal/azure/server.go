package azure

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/crashproof-dev/crashproof/lab/internal/pki"
)

// Requests is how often the fake was asked, by class.
type Requests struct {
	ARM        int `json:"arm"`        // reads of Azure Resource Manager
	Queries    int `json:"queries"`    // of Log Analytics
	Prometheus int `json:"prometheus"` // of managed Prometheus
	Tokens     int `json:"tokens"`
	Faults     int `json:"faults,omitempty"` // of these, how many a fault of the scenario answered
	// Strange are paths that the fake has nothing for, and queries without a name, once each.
	Strange []string `json:"strange,omitempty"`
}

func (r Requests) String() string {
	text := fmt.Sprintf("Azure was asked %d times, Log Analytics %d, Prometheus %d, for tokens %d", r.ARM, r.Queries, r.Prometheus, r.Tokens)
	if r.Faults > 0 {
		text += fmt.Sprintf("; %d answers were faults of the scenario", r.Faults)
	}
	if len(r.Strange) > 0 {
		text += "; nothing is known of " + strings.Join(r.Strange, ", ")
	}
	return text
}

// Server answers for Azure on two ports of loopback: tokens by plain HTTP, as on a machine with a managed identity, and
// everything else by TLS.
type Server struct {
	url, identity, secret, dir string
	world                      *world
	servers                    []*http.Server

	mu     sync.Mutex
	asked  Requests
	tokens map[string]string // token to its audience
}

// Start serves an estate as a description says, until Close.
func Start(e *Estate, d *Description) (s *Server, err error) {
	s = &Server{secret: uuid.NewString(), tokens: map[string]string{}}
	if s.dir, err = os.MkdirTemp("", "crashlab-azure-"); err != nil {
		return nil, err
	}
	if err := s.start(e, d); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) start(e *Estate, d *Description) error {
	cert, err := s.certificate()
	if err != nil {
		return err
	}
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening for Azure: %w", err)
	}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(fmt.Errorf("listening for tokens: %w", err), secure.Close())
	}
	s.url, s.identity = "https://"+secure.Addr().String(), "http://"+plain.Addr().String()+"/token"
	world, err := newWorld(e, d, time.Now(), s.url)
	if err != nil {
		return errors.Join(err, secure.Close(), plain.Close())
	}
	s.world = world
	azure := &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second, TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /token", s.token)
	tokens := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.servers = []*http.Server{azure, tokens}
	go func() { _ = azure.ServeTLS(secure, "", "") }()
	go func() { _ = tokens.Serve(plain) }()
	return nil
}

// certificate makes an authority for this run, and the server's certificate.
func (s *Server) certificate() (tls.Certificate, error) {
	ca, err := pki.NewAuthority("Lab Azure Root")
	if err != nil {
		return tls.Certificate{}, err
	}
	pair, err := ca.Issue(pki.Subject{Name: "management.azure.com", Hosts: []string{"127.0.0.1", "localhost"}})
	if err != nil {
		return tls.Certificate{}, err
	}
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Cert.Raw})
	if err := os.WriteFile(s.CAFile(), root, 0o644); err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(pair.Cert, pair.Key)
}

// URL is where Azure Resource Manager, Log Analytics and Prometheus answer.
func (s *Server) URL() string { return s.url }

// CAFile holds the certificate of the authority to trust.
func (s *Server) CAFile() string { return filepath.Join(s.dir, "ca.crt") }

// Env is the environment in which crashproof finds the managed identity and trusts the server.
func (s *Server) Env() []string {
	return []string{"SSL_CERT_FILE=" + s.CAFile(), "IDENTITY_ENDPOINT=" + s.identity, "IDENTITY_HEADER=" + s.secret, "AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential"}
}

// Args are the flags that point crashproof at the server.
func (s *Server) Args() []string {
	return []string{"--azure=on", "--azure-resource-manager", s.url, "--azure-logs", s.url}
}

// Requests is how often it was asked so far.
func (s *Server) Requests() Requests {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	out.Strange = slices.Clone(s.asked.Strange)
	return out
}

// Close ends it and removes its files.
func (s *Server) Close() error {
	var failed []error
	for _, server := range s.servers {
		failed = append(failed, server.Close())
	}
	return errors.Join(append(failed, os.RemoveAll(s.dir))...)
}

// answer is a status with a JSON body.
type answer struct {
	status  int
	body    any
	headers map[string]string
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// failure is an error in ARM's form.
func failure(status int, code, format string, args ...any) answer {
	return answer{status: status, body: object{"error": object{"code": code, "message": fmt.Sprintf(format, args...)}}}
}

// serve sends a request to the service that it is for.
func (s *Server) serve(out http.ResponseWriter, r *http.Request) {
	if !s.linger(r.Context()) {
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/v1")
	switch {
	case strings.HasPrefix(path, "/workspaces/"), r.Method == http.MethodPost && strings.HasPrefix(path, "/subscriptions/") && strings.HasSuffix(path, "/query"):
		s.write(out, s.query(r, path))
	case strings.HasPrefix(r.URL.Path, "/api/v1/"):
		s.write(out, s.prometheus(r))
	default:
		s.write(out, s.arm(r))
	}
}

// linger waits as long as answers take; false when nobody waits for this one any more.
func (s *Server) linger(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Duration(s.world.told.Latency)):
		return true
	}
}

func (s *Server) write(out http.ResponseWriter, a answer) {
	h := out.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Date", s.clock().UTC().Format(http.TimeFormat))
	h.Set("Cache-Control", "no-cache")
	for k, v := range a.headers {
		h.Set(k, v)
	}
	out.WriteHeader(a.status)
	_ = json.NewEncoder(out).Encode(a.body)
}

// clock is Azure's.
func (s *Server) clock() time.Time { return time.Now().Add(time.Duration(s.world.told.Skew)) }

// count adds one to a class of requests.
func (s *Server) count(class *int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*class++
}

// strange remembers what the fake has nothing for.
func (s *Server) strange(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.asked.Strange) < 20 && !slices.Contains(s.asked.Strange, what) {
		s.asked.Strange = append(s.asked.Strange, what)
	}
}

// fault is the answer in place of the right one, if the scenario has one for this.
func (s *Server) fault(key string) (answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.world.told.Faults {
		if !f.pattern.MatchString(key) || f.Times > 0 && f.left == 0 {
			continue
		}
		f.left--
		s.asked.Faults++
		a := failure(f.Status, orElse(f.Code, strings.ReplaceAll(http.StatusText(f.Status), " ", "")), "%s", orElse(f.Message, http.StatusText(f.Status)))
		if f.RetryAfter > 0 {
			a.headers = map[string]string{"Retry-After": strconv.Itoa(f.RetryAfter)}
		}
		return a, true
	}
	return answer{}, false
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
