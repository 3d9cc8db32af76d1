// Package results keeps what runs of scenarios found, as a file that a later
// run can resume and that people can compare over time.
package results

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/azure"
	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/expect"
	"github.com/crashproof-dev/crashproof/lab/internal/observer"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// File is the results of one run.
type File struct {
	Date      time.Time        `json:"date"`
	Commit    string           `json:"commit"`
	Lab       cluster.Versions `json:"lab"`
	Scenarios []Result         `json:"scenarios"`

	path string
	mu   sync.Mutex
}

// Result is one scenario's.
type Result struct {
	Name         string          `json:"name"`
	Round        int             `json:"round"`
	OK           bool            `json:"ok"`
	Error        string          `json:"error,omitempty"` // the scenario could not be performed
	Expected     scenario.Expect `json:"expected"`
	Found        expect.Found    `json:"found"`
	Differences  []string        `json:"differences,omitempty"`
	Wrong        bool            `json:"wrong,omitempty"`   // the report claims what is not so, rather than too little
	Earlier      []string        `json:"earlier,omitempty"` // differences of a first attempt that was weaker than expected
	Seconds      float64         `json:"seconds"`
	DiagnoseMS   int64           `json:"diagnoseMilliseconds"`
	BundleSHA256 string          `json:"bundleSHA256,omitempty"`

	AzureOff bool            `json:"azureOff,omitempty"` // Azure was not asked: another expectation holds
	Azure    *azure.Requests `json:"azure,omitempty"`    // how often the fake Azure was asked

	Observations []observer.Observation `json:"observations,omitempty"` // what became of the commands of --observe
}

// Open reads the results of an earlier run, or starts new ones; with an empty path nothing is stored.
func Open(path string, resume bool) (*File, error) {
	f := &File{path: path, Date: time.Now().UTC().Truncate(time.Second)}
	if !resume || path == "" {
		return f, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err == nil {
		err = json.Unmarshal(data, f)
	}
	if err != nil {
		return nil, fmt.Errorf("resuming %s: %w", path, err)
	}
	return f, nil
}

// Done says whether a scenario was finished in a round; one that could not be performed was not. With again, one whose
// report was weaker than expected is to be done once more; one whose report was wrong stays as it is.
func (f *File) Done(name string, round int, again bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.find(name, round)
	if r == nil || r.Error != "" {
		return false
	}
	weak := !r.OK && !r.Wrong && len(r.Earlier) == 0
	return !again || !weak
}

func (f *File) find(name string, round int) *Result {
	for i := range f.Scenarios {
		if f.Scenarios[i].Name == name && f.Scenarios[i].Round == round {
			return &f.Scenarios[i]
		}
	}
	return nil
}

// Add stores a result at once, so that an interruption loses nothing.
func (f *File) Add(r Result) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if old := f.find(r.Name, r.Round); old != nil {
		r.Earlier = slices.Concat(old.Earlier, old.Differences)
	}
	f.Scenarios = slices.DeleteFunc(f.Scenarios, func(old Result) bool { return old.Name == r.Name && old.Round == r.Round })
	f.Scenarios = append(f.Scenarios, r)
	if f.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return fmt.Errorf("storing results: %w", err)
	}
	if err := os.WriteFile(f.path+".new", append(data, '\n'), 0o644); err != nil {
		return fmt.Errorf("storing results: %w", err)
	}
	return os.Rename(f.path+".new", f.path)
}

// Failed counts the scenarios that were not as expected.
func (f *File) Failed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, r := range f.Scenarios {
		if !r.OK {
			n++
		}
	}
	return n
}

// Checksum is what a result says of its bundle's content: SHA-256 in hex.
func Checksum(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", fmt.Errorf("reading the bundle: %w", err)
	}
	defer func() { _ = f.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("reading the bundle: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
