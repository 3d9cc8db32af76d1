// Command bankgateway stands for the bank's API inside the cluster: TLS with a certificate that it issues to
// itself when it starts, valid for CERT_VALID_FOR from CERT_AGE ago.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log"
	"math/big"
	"net/http"
	"os"
	"time"
)

func duration(name string, fallback time.Duration) time.Duration {
	if d, err := time.ParseDuration(os.Getenv(name)); err == nil {
		return d
	}
	return fallback
}

func main() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	from := time.Now().Add(-duration("CERT_AGE", time.Hour))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: os.Getenv("CERT_NAME")},
		DNSNames:     []string{os.Getenv("CERT_NAME")},
		NotBefore:    from,
		NotAfter:     from.Add(duration("CERT_VALID_FOR", 2160*time.Hour)),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, `{"status":"open"}`) })
	server := &http.Server{Addr: ":8443", Handler: mux, TLSConfig: &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}}
	log.Printf("bank gateway on :8443, certificate of %s valid until %s", os.Getenv("CERT_NAME"), template.NotAfter.UTC().Format(time.RFC3339))
	log.Fatal(server.ListenAndServeTLS("", ""))
}
