package kube

import "sync"

// progress tells the caller how far the work is, one call at a time.
type progress struct {
	mu          sync.Mutex
	done, total int
	tell        func(done, total int, what string)
}

func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total += n
}

func (p *progress) did(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.tell != nil {
		p.tell(p.done, p.total, what)
	}
}
