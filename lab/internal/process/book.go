package process

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Record is what is remembered of a process that the lab started.
type Record struct {
	Identity
	Argv []string `json:"argv"`
	Log  string   `json:"log,omitempty"`
}

// Book keeps records as files NAME.json in a directory.
type Book struct{ Dir string }

const suffix = ".process.json"

func (b Book) path(name string) string { return filepath.Join(b.Dir, name+suffix) }

// Add records the process with this PID under a name.
func (b Book) Add(name string, pid int, argv []string, log string) error {
	id, err := Identify(pid)
	if err != nil {
		return fmt.Errorf("recording %s: %w", name, err)
	}
	data, err := json.MarshalIndent(Record{Identity: id, Argv: argv, Log: log}, "", "  ")
	if err != nil {
		return fmt.Errorf("recording %s: %w", name, err)
	}
	if err := os.MkdirAll(b.Dir, 0o755); err != nil {
		return fmt.Errorf("recording %s: %w", name, err)
	}
	return os.WriteFile(b.path(name), data, 0o644)
}

// Get returns the record of a name, and whether that process is running.
func (b Book) Get(name string) (Record, bool) {
	data, err := os.ReadFile(b.path(name))
	if err != nil {
		return Record{}, false
	}
	var r Record
	if json.Unmarshal(data, &r) != nil {
		return Record{}, false
	}
	return r, r.Running()
}

// Remove forgets a name.
func (b Book) Remove(name string) { _ = os.Remove(b.path(name)) }

// Names lists what is recorded, in order.
func (b Book) Names() []string {
	files, _ := filepath.Glob(filepath.Join(b.Dir, "*"+suffix))
	names := make([]string, 0, len(files))
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), suffix))
	}
	sort.Strings(names)
	return names
}
