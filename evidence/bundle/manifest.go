package bundle

import (
	"regexp"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// FormatVersion is raised when readers of an older version would misread a bundle.
const FormatVersion = 1

// kind marks manifests, so that another program's manifest.json is not taken for one.
const kind = "crashproof.dev/bundle"

// Manifest is manifest.json.
type Manifest struct {
	Kind          string            `json:"kind"`
	FormatVersion int               `json:"formatVersion"`
	ToolVersion   string            `json:"toolVersion,omitempty"`
	CapturedAt    time.Time         `json:"capturedAt"`
	Cluster       evidence.Cluster  `json:"cluster"`
	Target        evidence.Target   `json:"target"`
	Redacted      bool              `json:"redacted"`
	Calls         int               `json:"apiCalls"`
	LogReads      int               `json:"logReads"`
	EventsListed  []string          `json:"eventsListed"` // namespaces whose events were listed whole; "" is all of them
	Samples       []evidence.Sample `json:"samples"`
	Gaps          []evidence.Gap    `json:"gaps"`
	Files         []File            `json:"files"`
}

// File is one file of the bundle.
type File struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	// Source says where an object was read, see [evidence.Object].
	Source string `json:"source,omitempty"`
}

// LogEntry is an item of logs.json.
type LogEntry struct {
	Path string `json:"path"`
	evidence.Log
}

// manifestKind recognises a manifest by its start, which states its kind.
var manifestKind = regexp.MustCompile(`^\s*\{\s*"kind":\s*"` + regexp.QuoteMeta(kind) + `"`)

// IsManifest tells whether a file's first bytes are those of a bundle's manifest.json.
func IsManifest(start []byte) bool { return manifestKind.Match(start) }
