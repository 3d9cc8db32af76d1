package cli

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"slices"

	"golang.org/x/term"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer"
)

// given reads all that -f names into one snapshot.
func (l *look) given(ctx context.Context) (*evidence.Snapshot, error) {
	if i := slices.Index(l.from, "-"); i >= 0 && slices.Contains(l.from[i+1:], "-") {
		return nil, errors.New("standard input can be read once: give -f - once")
	}
	var sources []importer.Source
	for _, path := range l.from {
		if path != "-" {
			sources = append(sources, importer.Source{Path: path})
			continue
		}
		if f, ok := l.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			return nil, errors.New("-f - reads a bundle, objects, logs or the text of kubectl from standard input, and nothing is piped into it")
		}
		sources = append(sources, importer.Source{Path: "standard input", Stream: l.In})
	}
	// dumps of large clusters leave much garbage behind on the way to a report: rather collect it than let it double
	debug.SetGCPercent(30)
	return importer.Import(ctx, sources, importer.Options{Namespace: *l.config.Namespace})
}
