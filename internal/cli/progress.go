package cli

import (
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// patience is how long work may take before the user is told that it goes on.
const patience = time.Second

// progress keeps one line on a terminal up to date.
type progress struct {
	mu    sync.Mutex
	file  *os.File // nil: nobody looks
	start time.Time
	shown bool
	ended bool
}

func (l *look) progress() *progress {
	p := &progress{start: time.Now()}
	if f, ok := l.ErrOut.(*os.File); ok && !l.quiet && term.IsTerminal(int(f.Fd())) {
		p.file = f
	}
	return p
}

func (p *progress) step(done, total int, what string) {
	p.say(fmt.Sprintf("%d of %d: %s", done, total, what))
}

// say tells what is being done.
func (p *progress) say(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file == nil || p.ended || time.Since(p.start) < patience {
		return
	}
	p.shown = true
	fmt.Fprint(p.file, "\r\x1b[K"+what)
}

// end wipes the line.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.file, "\r\x1b[K")
	}
	p.ended = true
}
