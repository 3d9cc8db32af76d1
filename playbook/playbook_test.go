package playbook

import (
	"strings"
	"testing"
)

// Every signature matches each of its true messages and none of its false ones.
func TestSignaturesMatchTheirExamples(t *testing.T) {
	for _, s := range Default().Signatures {
		t.Run(s.ID, func(t *testing.T) {
			if len(s.Positives) == 0 {
				t.Error("a signature needs at least one message that it must match")
			}
			for _, m := range s.Positives {
				if _, ok := s.Find(m, strings.ToLower(m)); !ok {
					t.Errorf("does not match %q", m)
				}
			}
			for _, m := range s.Negatives {
				if a, ok := s.Find(m, strings.ToLower(m)); ok {
					t.Errorf("matches %q (%v)", m, a)
				}
			}
			for _, c := range s.Contains {
				if c != strings.ToLower(c) {
					t.Errorf("literal %q is not lower case", c)
				}
			}
			switch s.Provenance {
			case "observed", "source", "documented":
			default:
				t.Errorf("provenance %q", s.Provenance)
			}
		})
	}
}

// A message that one signature was written for must not be claimed by one of another cause, unless that cause
// explains or is explained by it.
func TestSignaturesDoNotClaimEachOthersMessages(t *testing.T) {
	p := Default()
	for _, s := range p.Signatures {
		if s.Cause == "" || s.In == OnWords { // these are tried in order
			continue
		}
		own, _ := p.Cause(s.Cause)
		for _, m := range s.Positives {
			for _, o := range p.Signatures {
				if o.Cause == "" || o.Cause == s.Cause || o.In != s.In || !sharesReason(s, o) {
					continue
				}
				if _, ok := o.Find(m, strings.ToLower(m)); !ok {
					continue
				}
				other, _ := p.Cause(o.Cause)
				if !contains(own.Explains, o.Cause) && !contains(other.Explains, s.Cause) {
					t.Errorf("%s (%s) also matches %q of %s (%s)", o.ID, o.Cause, m, s.ID, s.Cause)
				}
			}
		}
	}
}

func sharesReason(a, b Signature) bool {
	if len(a.Reasons) == 0 || len(b.Reasons) == 0 {
		return true
	}
	for _, r := range a.Reasons {
		if contains(b.Reasons, r) {
			return true
		}
	}
	return false
}

func contains(l []string, v string) bool {
	for _, x := range l {
		if x == v {
			return true
		}
	}
	return false
}
