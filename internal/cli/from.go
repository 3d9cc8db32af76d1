package cli

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"

	"golang.org/x/term"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
)

// bundles reads all that -f names into one snapshot. The newest wins where two know the same.
func (l *look) bundles() (*evidence.Snapshot, error) {
	if i := slices.Index(l.from, "-"); i >= 0 && slices.Contains(l.from[i+1:], "-") {
		return nil, errors.New("standard input can be read once: give -f - once")
	}
	var list []*evidence.Snapshot
	for _, path := range l.from {
		s, err := l.bundle(path)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 && s.Cluster.UID != list[0].Cluster.UID {
			return nil, fmt.Errorf("%s is of another cluster than %s; look at them one at a time", path, l.from[0])
		}
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(a, b *evidence.Snapshot) int { return cmp.Or(b.CapturedAt.Compare(a.CapturedAt)) })
	out := list[0]
	for _, s := range list[1:] {
		if s.Target != out.Target {
			out.Target = evidence.Target{}
		}
		out.Merge(s)
	}
	return out, nil
}

func (l *look) bundle(path string) (*evidence.Snapshot, error) {
	if path != "-" {
		return bundle.Read(path)
	}
	if f, ok := l.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return nil, errors.New("-f - reads a bundle from standard input, and nothing is piped into it")
	}
	return bundle.ReadFrom(l.In, "standard input")
}
