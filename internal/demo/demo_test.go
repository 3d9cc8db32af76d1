package demo

import "testing"

func TestAllIncidentsCanBeRead(t *testing.T) {
	for _, name := range Names() {
		s, err := Open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if !s.Redacted {
			t.Errorf("%s is not redacted", name)
		}
	}
	if _, err := Open("../demo"); err == nil {
		t.Error("a name that is none was opened")
	}
}
