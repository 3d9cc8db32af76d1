// Package progress tells a person what the lab is doing and how long it took.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Out is where lines go.
var Out io.Writer = os.Stderr

var mu sync.Mutex

// Say prints one line with the time of day.
func Say(format string, args ...any) {
	mu.Lock()
	defer mu.Unlock()
	fmt.Fprintf(Out, "%s %s\n", time.Now().Format("15:04:05"), fmt.Sprintf(format, args...))
}

// Stages measures the parts of a longer work.
type Stages struct {
	began time.Time
	last  time.Time
}

// NewStages starts the clock.
func NewStages() *Stages {
	now := time.Now()
	return &Stages{began: now, last: now}
}

// Done says that a stage is over and how long it took since the one before.
func (s *Stages) Done(format string, args ...any) {
	now := time.Now()
	Say("%-44s %6.1fs", fmt.Sprintf(format, args...), now.Sub(s.last).Seconds())
	s.last = now
}

// Total is the time since the start.
func (s *Stages) Total() time.Duration { return time.Since(s.began) }
