package pki

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Cluster says for whom certificates are made.
type Cluster struct {
	Dir          string
	ServerHosts  []string          // further names and addresses of the API server
	Inner, Outer string            // the API server's URL for components and for the administrator
	Nodes        map[string]string // node name to address
}

// Make writes all certificates, kubeconfigs and the service accounts' key into
// c.Dir, unless a complete set is there.
func (c Cluster) Make() error {
	done := filepath.Join(c.Dir, ".complete")
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return err
	}
	if err := errors.Join(c.makeKubernetes(), c.makeFrontProxy(), c.makeOutside(), c.makeServiceAccountKey()); err != nil {
		return fmt.Errorf("making certificates in %s: %w", c.Dir, err)
	}
	return os.WriteFile(done, nil, 0o644)
}

func (c Cluster) path(name string) string { return filepath.Join(c.Dir, name) }

func (c Cluster) authority(file, name string) (*Authority, error) {
	a, err := NewAuthority(name)
	if err != nil {
		return nil, err
	}
	p, err := a.Pair()
	if err != nil {
		return nil, err
	}
	return a, p.Write(c.path(file))
}

func (c Cluster) makeKubernetes() error {
	ca, err := c.authority("ca", "lab-ca")
	if err != nil {
		return err
	}
	hosts := append([]string{"127.0.0.1", "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}, c.ServerHosts...)
	subjects := map[string]Subject{
		"apiserver":                {Name: "kube-apiserver", Hosts: hosts},
		"apiserver-kubelet-client": {Name: "kube-apiserver-kubelet-client", Groups: []string{"system:masters"}},
		"admin":                    {Name: "kubernetes-admin", Groups: []string{"system:masters"}},
		"kcm":                      {Name: "system:kube-controller-manager"},
		"scheduler":                {Name: "system:kube-scheduler"},
		"proxy":                    {Name: "system:kube-proxy"},
	}
	servers := map[string]string{"admin": c.Outer, "kcm": c.Inner, "scheduler": c.Inner, "proxy": c.Inner}
	for name, ip := range c.Nodes {
		file := "node-" + name
		subjects[file] = Subject{Name: "system:node:" + name, Groups: []string{"system:nodes"}, Hosts: []string{name, ip, "127.0.0.1"}}
		servers[file] = c.Inner
	}
	for file, subject := range subjects {
		p, err := ca.Issue(subject)
		if err != nil {
			return err
		}
		if err := p.Write(c.path(file)); err != nil {
			return err
		}
		if server := servers[file]; server != "" {
			if err := c.writeKubeconfig(file, server, ca, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c Cluster) makeFrontProxy() error {
	ca, err := c.authority("front-proxy-ca", "lab-front-proxy-ca")
	if err != nil {
		return err
	}
	p, err := ca.Issue(Subject{Name: "front-proxy-client"})
	if err != nil {
		return err
	}
	return p.Write(c.path("front-proxy-client"))
}

// OutsideCA is the file name, without extension, of the authority that signs registries.
const OutsideCA = "outside-ca"

func (c Cluster) makeOutside() error {
	_, err := c.authority(OutsideCA, "Lab Public Root")
	return err
}

func (c Cluster) makeServiceAccountKey() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(c.path("sa.key"), private, 0o600); err != nil {
		return err
	}
	return os.WriteFile(c.path("sa.pub"), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}), 0o644)
}

func (c Cluster) writeKubeconfig(file, server string, ca *Authority, p Pair) error {
	authority, err := ca.Pair()
	if err != nil {
		return err
	}
	b64 := base64.StdEncoding.EncodeToString
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: %q, certificate-authority-data: %s}}]
users: [{name: %s, user: {client-certificate-data: %s, client-key-data: %s}}]
contexts: [{name: lab, context: {cluster: lab, user: %s}}]
current-context: lab
`, server, b64(authority.Cert), file, b64(p.Cert), b64(p.Key), file)
	return os.WriteFile(c.path(file+".kubeconfig"), []byte(text), 0o600)
}
