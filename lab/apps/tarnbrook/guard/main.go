// Upload-guard checks uploads of policy documents.
package main

import (
	"fmt"
	"log"
	"os"
	"reflect"
	"strconv"
	"time"
)

type settings struct {
	ListenAddr     string `env:"GUARD_LISTEN_ADDR"`
	Workers        int64  `env:"GUARD_WORKERS"`
	MaxUploadBytes int64  `env:"GUARD_MAX_UPLOAD_BYTES"`
	ScanTimeout    int64  `env:"GUARD_SCAN_TIMEOUT_SECONDS"`
}

func load(s *settings) error {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		text, ok := os.LookupEnv(f.Tag.Get("env"))
		if !ok {
			log.Printf("settings: %s not given, keeping its default", f.Tag.Get("env"))
			continue
		}
		if v.Field(i).Kind() == reflect.String {
			v.Field(i).SetString(text)
			continue
		}
		n, err := strconv.ParseInt(text, 0, 64)
		if err != nil {
			return fmt.Errorf("settings: assigning %s to %s: converting '%s' to type %s. details: %w", f.Tag.Get("env"), f.Name, text, f.Type, err)
		}
		v.Field(i).SetInt(n)
	}
	return nil
}

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC | log.Lshortfile)
	log.Print("upload-guard 0.19.0 (go1.26)")
	log.Print("signatures: daily.cvd is 9 days old, update failed: lookup database.clamav.invalid: no such host")
	log.Print("signatures: 8712004 loaded")
	time.Sleep(300 * time.Millisecond)
	s := settings{ListenAddr: ":8080", Workers: 4}
	if err := load(&s); err != nil {
		log.Print("signatures: unloading")
		defer os.Exit(1)
		log.Print(err)
		for i := range s.Workers {
			log.Printf("worker %d: stopped before its first job", i)
		}
		log.Print("upload-guard: done")
		return
	}
	select {}
}
