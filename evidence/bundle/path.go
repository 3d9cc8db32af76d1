package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// longestSegment leaves room for an ending below the 255 bytes that file systems allow.
const longestSegment = 200

// segment makes a name fit to be a part of a path on every system. Names of Kubernetes objects mostly are; RBAC's
// (system:node) and what was read from pasted text may not be. The object itself says its name, not its path.
func segment(name string) string {
	if name == "" {
		return "_"
	}
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		plain := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' && i > 0
		if plain {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	s := b.String()
	if len(s) > longestSegment {
		sum := sha256.Sum256([]byte(name))
		s = s[:longestSegment-10] + "~" + hex.EncodeToString(sum[:4])
	}
	return s
}

func objectPath(o evidence.Object) string {
	ns := "_cluster"
	if o.Namespace != "" {
		ns = segment(o.Namespace)
	}
	return "objects/" + ns + "/" + strings.ToLower(segment(o.Kind)) + "/" + segment(o.Name) + ".json"
}

func logPath(l evidence.Log) string {
	p := "logs/" + segment(l.Instance.Namespace) + "/" + segment(l.Instance.Pod) + "/" + segment(l.Instance.Container)
	if l.Previous {
		p += ".previous"
	}
	return p + ".log"
}

// paths gives each file a path of its own. Paths that differ in case only count as one, for some systems see it so.
type paths map[string]bool

func (p paths) take(path string) string {
	ext := path[strings.LastIndexByte(path, '.'):]
	base := strings.TrimSuffix(path, ext)
	for n := 2; p[strings.ToLower(path)]; n++ {
		path = fmt.Sprintf("%s~%d%s", base, n, ext)
	}
	p[strings.ToLower(path)] = true
	return path
}
