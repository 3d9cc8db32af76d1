// Package demo holds recorded incidents, so that crashproof can be tried where there is no cluster.
package demo

import (
	"embed"
	"fmt"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
)

//go:embed all:bundles
var files embed.FS

const ending = ".tar.gz"

// Names lists the incidents.
func Names() []string {
	entries, _ := files.ReadDir("bundles") // embedded: it is there
	var out []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ending); ok {
			out = append(out, name)
		}
	}
	return out
}

// Open reads the evidence of an incident.
func Open(name string) (*evidence.Snapshot, error) {
	f, err := files.Open("bundles/" + name + ending)
	if err != nil {
		return nil, fmt.Errorf("there is no recorded incident %q; `crashproof demo` lists them", name)
	}
	defer f.Close()
	return bundle.ReadFrom(f, "the recorded incident "+name)
}
