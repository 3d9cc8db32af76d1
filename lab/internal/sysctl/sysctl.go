// Package sysctl changes kernel settings of the machine and puts them back.
//
// Several labs of one machine share these settings, so the values found before
// the first change are kept in one file, and written back when the last lab
// goes down.
package sysctl

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Keeper remembers the first values in File.
type Keeper struct{ File string }

func path(key string) string { return "/proc/sys/" + strings.ReplaceAll(key, ".", "/") }

// Get reads one setting of the calling thread's namespaces.
func Get(key string) (string, error) {
	data, err := os.ReadFile(path(key))
	if err != nil {
		return "", fmt.Errorf("reading the kernel setting %s: %w", key, err)
	}
	return strings.TrimSpace(string(data)), nil
}

// Set writes one setting of the calling thread's namespaces.
func Set(key, value string) error {
	if err := os.WriteFile(path(key), []byte(value), 0o644); err != nil {
		return fmt.Errorf("setting the kernel's %s to %s: %w", key, value, err)
	}
	return nil
}

func (k Keeper) load() (map[string]string, error) {
	saved := map[string]string{}
	data, err := os.ReadFile(k.File)
	if errors.Is(err, fs.ErrNotExist) {
		return saved, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &saved)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the saved kernel settings: %w", err)
	}
	return saved, nil
}

// Save remembers the present values of keys that are not remembered yet.
func (k Keeper) Save(keys ...string) error {
	saved, err := k.load()
	if err != nil {
		return err
	}
	for _, key := range keys {
		if _, ok := saved[key]; ok {
			continue
		}
		if saved[key], err = Get(key); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(saved, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(k.File), 0o755); err != nil {
		return err
	}
	return os.WriteFile(k.File, data, 0o644)
}

// Restore writes the remembered values back and forgets them.
func (k Keeper) Restore() error {
	saved, err := k.load()
	if err != nil {
		return err
	}
	for key, value := range saved {
		if now, err := Get(key); err == nil && now == value {
			continue
		}
		if err := Set(key, value); err != nil {
			return err
		}
	}
	if err := os.Remove(k.File); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
