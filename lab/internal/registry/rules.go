package registry

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Answer is how the registry treats requests for a repository or a host.
type Answer string

// The answers. The first seven are HTTP's; the last three hit a whole host.
const (
	OK             Answer = "200"
	Unauthorized   Answer = "401" // no credentials, or wrong ones
	Forbidden      Answer = "403"
	NotFound       Answer = "404"
	TooMany        Answer = "429" // pull rate limit
	Broken         Answer = "500"
	Slow           Answer = "slow"        // some kilobytes a second
	UntrustedTLS   Answer = "tls"         // a certificate that nobody trusts
	ExpiredTLS     Answer = "tls-expired" // a certificate of yesterday
	UnknownHost    Answer = "dns"         // the host name does not exist
	hostAnswerHelp        = "tls, tls-expired and dns are for a whole host, such as acme.azurecr.io"
)

// Answers lists the valid ones.
var Answers = []Answer{OK, Unauthorized, Forbidden, NotFound, TooMany, Broken, Slow, UntrustedTLS, ExpiredTLS, UnknownHost}

func (a Answer) forHost() bool { return a == UntrustedTLS || a == ExpiredTLS || a == UnknownHost }

// standing are the rules that always hold, by the first element of a repository's path.
var standing = map[string]Answer{
	"private": Unauthorized, "denied": Forbidden, "limited": TooMany, "broken": Broken, "slow": Slow,
}

// Rules map repositories and hosts to answers. The zero value is ready to use.
type Rules struct {
	mu  sync.RWMutex
	set map[string]Answer
}

// Check says whether a rule can be set: repository is "path/of/repository",
// the same with a host before it, or a host alone.
func Check(repository string, a Answer) error {
	if repository == "" {
		return fmt.Errorf("registry rule without a repository")
	}
	if !slices.Contains(Answers, a) {
		return fmt.Errorf("registry answer %q: use one of %v", a, Answers)
	}
	isHost := !strings.Contains(repository, "/") && strings.Contains(repository, ".")
	if a.forHost() && !isHost {
		return fmt.Errorf("registry answer %q for %s: %s", a, repository, hostAnswerHelp)
	}
	return nil
}

// Set adds a rule, or removes it when the answer is empty.
func (r *Rules) Set(repository string, a Answer) error {
	if a != "" {
		if err := Check(repository, a); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.set == nil {
		r.set = map[string]Answer{}
	}
	if a == "" {
		delete(r.set, repository)
	} else {
		r.set[repository] = a
	}
	return nil
}

// All returns a copy of the rules that were set.
func (r *Rules) All() map[string]Answer {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return maps.Clone(r.set)
}

// ForHost is the answer for connections to a host.
func (r *Rules) ForHost(host string) Answer {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if a := r.set[host]; a.forHost() {
		return a
	}
	return OK
}

// ForRepository is the answer for requests about a repository: a rule for it
// on this host, on any host, for the host alone, or else the standing one.
func (r *Rules) ForRepository(host, repository string) Answer {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, key := range []string{host + "/" + repository, repository, host} {
		if a, ok := r.set[key]; ok && !a.forHost() {
			return a
		}
	}
	first, _, _ := strings.Cut(repository, "/")
	if a, ok := standing[first]; ok {
		return a
	}
	return OK
}
