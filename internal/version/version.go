// Package version says which build this is.
package version

import (
	"runtime"
	"runtime/debug"
)

// number is set by release builds: -ldflags "-X …/internal/version.number=v1.2.3".
var number string

// String is the release, or the commit of a build from source.
func String() string {
	if number != "" {
		return number
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+changes"
		}
	}
	if commit == "" {
		return "built from source"
	}
	return "commit " + commit + dirty
}

// Platform is the operating system, the processor and Go's version.
func Platform() string { return runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version() }
