package registry

import (
	"crypto/tls"
	"sync"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/pki"
)

// Certificates makes a certificate for whatever host a client asks for.
type Certificates struct {
	Trusted *pki.Authority // the one that nodes trust
	Rules   *Rules

	mu        sync.Mutex
	untrusted *pki.Authority
	made      map[string]*tls.Certificate
}

// Config is for a TLS listener.
func (c *Certificates) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			return c.get(hello.ServerName)
		},
	}
}

func (c *Certificates) get(host string) (*tls.Certificate, error) {
	answer := c.Rules.ForHost(hostOf(host))
	c.mu.Lock()
	defer c.mu.Unlock()
	key := host + " " + string(answer)
	if cert, ok := c.made[key]; ok {
		return cert, nil
	}
	cert, err := c.issue(host, answer)
	if err != nil {
		return nil, err
	}
	if c.made == nil {
		c.made = map[string]*tls.Certificate{}
	}
	c.made[key] = cert
	return cert, nil
}

func (c *Certificates) issue(host string, answer Answer) (*tls.Certificate, error) {
	signer, subject := c.Trusted, pki.Subject{Name: host, Hosts: []string{host}}
	switch answer {
	case ExpiredTLS:
		subject.NotAfter = time.Now().AddDate(0, 0, -1)
	case UntrustedTLS:
		if c.untrusted == nil {
			var err error
			if c.untrusted, err = pki.NewAuthority("Corporate Internal Root"); err != nil {
				return nil, err
			}
		}
		signer = c.untrusted
	}
	pair, err := signer.Issue(subject)
	if err != nil {
		return nil, err
	}
	cert, err := tls.X509KeyPair(pair.Cert, pair.Key)
	return &cert, err
}
