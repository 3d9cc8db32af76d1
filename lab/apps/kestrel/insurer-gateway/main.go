// Command insurer-gateway stands for an insurer's HTTPS endpoint. Its certificate is made at the start by the authority
// of the hospital group: CERT_NAMES says for whom, CERT_FROM and CERT_UNTIL from when until when, relative to now.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log"
	"math/big"
	"net/http"
	"os"
	"strings"
	"time"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func offset(name, fallback string) time.Duration {
	text := os.Getenv(name)
	if text == "" {
		text = fallback
	}
	d, err := time.ParseDuration(text)
	check(err)
	return d
}

func main() {
	// the authority is the same at every start, so its certificate can be handed out beforehand
	authorityKey := ed25519.NewKeyFromSeed(bytes.Repeat([]byte("kestrel."), 4))
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(11), Subject: pkix.Name{CommonName: "Kestrel Internal Root", Organization: []string{"Kestrel Care"}},
		NotBefore: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2045, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	check(err)
	if len(os.Args) > 1 && os.Args[1] == "authority" {
		check(pem.Encode(os.Stdout, &pem.Block{Type: "CERTIFICATE", Bytes: authorityDER}))
		return
	}
	now := time.Now().UTC()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	names := strings.Split(os.Getenv("CERT_NAMES"), ",")
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(now.Unix()), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: now.Add(offset("CERT_FROM", "-1h")), NotAfter: now.Add(offset("CERT_UNTIL", "2160h")),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, authority, public, authorityKey)
	check(err)
	fmt.Printf("%s gateway starting on :8443\n", now.Format(time.RFC3339))
	server := &http.Server{
		Addr:      ":8443",
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der, authorityDER}, PrivateKey: key}}},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintln(w, `{"status":"ok"}`)
		}),
	}
	check(server.ListenAndServeTLS("", ""))
}
