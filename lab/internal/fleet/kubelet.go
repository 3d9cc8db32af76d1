package fleet

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Log is what a container printed, and when: its lines come shortly after one another from the start on, the last one at the
// end.
type Log struct {
	Text     string
	From, To time.Time
}

// Kubelet answers for the logs of all nodes, as the kubelet's endpoint /containerLogs does (kubelet, server/server.go).
type Kubelet struct {
	Port   int32
	server *http.Server
	logs   map[string]Log
}

// NewKubelet listens on a free port of loopback.
func NewKubelet() (*Kubelet, error) {
	cert, err := selfSigned()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for log requests: %w", err)
	}
	k := &Kubelet{Port: int32(l.Addr().(*net.TCPAddr).Port)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", k.log)
	k.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}}
	go func() { _ = k.server.ServeTLS(l, "", "") }()
	return k, nil
}

// Serve answers with these logs from now on.
func (k *Kubelet) Serve(logs map[string]Log) { k.logs = logs }

// Close ends it.
func (k *Kubelet) Close() error { return k.server.Close() }

func (k *Kubelet) log(out http.ResponseWriter, r *http.Request) {
	l, ok := k.logs[r.PathValue("namespace")+"/"+r.PathValue("pod")+"/"+r.PathValue("container")]
	if !ok {
		return // it runs, and has said nothing
	}
	q := r.URL.Query()
	lines := strings.SplitAfter(strings.TrimRight(l.Text, "\n")+"\n", "\n")
	lines = lines[:len(lines)-1]
	step := min(200*time.Millisecond, l.To.Sub(l.From)/time.Duration(len(lines)+1))
	var text strings.Builder
	from := 0
	if n, err := strconv.Atoi(q.Get("tailLines")); err == nil {
		from = max(0, len(lines)-n)
	}
	for i, line := range lines[from:] {
		if q.Get("timestamps") == "true" {
			at := l.From.Add(time.Duration(from+i+1) * step)
			if from+i == len(lines)-1 {
				at = l.To.Add(-step)
			}
			text.WriteString(at.UTC().Format("2006-01-02T15:04:05.000000000Z") + " ")
		}
		text.WriteString(line)
	}
	body := text.String()
	if n, err := strconv.Atoi(q.Get("limitBytes")); err == nil && n < len(body) {
		body = body[:n]
	}
	_, _ = out.Write([]byte(body))
}

func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kubelet"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
