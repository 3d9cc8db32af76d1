package redact

import (
	"maps"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Snapshot replaces the secrets in a snapshot, in place, and marks it as redacted.
func Snapshot(s *evidence.Snapshot, o Options) error {
	r, err := New(o)
	if err != nil {
		return err
	}
	r.Snapshot(s)
	return nil
}

// Snapshot is the same with a Redactor that serves several rounds.
func (r *Redactor) Snapshot(s *evidence.Snapshot) {
	for _, o := range s.Objects {
		r.learn(map[string]any(o.Raw))
	}
	for _, o := range s.Objects {
		if o.Raw == nil {
			continue
		}
		if o.Kind != "" && !o.Raw.Has("kind") { // lists leave it out of their items
			o.Raw["kind"] = o.Kind
			r.object(o.Raw)
			delete(o.Raw, "kind")
			continue
		}
		r.object(o.Raw)
	}
	for i := range s.Events {
		s.Events[i].Message = r.String(s.Events[i].Message)
	}
	for i := range s.Logs {
		r.log(&s.Logs[i])
	}
	for i := range s.Gaps {
		s.Gaps[i].Detail = r.String(s.Gaps[i].Detail)
	}
	for i := range s.Population.Nodes {
		n := &s.Population.Nodes[i]
		n.ReadyMessage = r.String(n.ReadyMessage)
	}
	r.population(s.Population.Rows)
	s.Redacted = true
}

// population redacts the hosts that rows name; rows share their lists.
func (r *Redactor) population(rows []evidence.Row) {
	seen := map[*string]bool{}
	for i := range rows {
		uses := rows[i].Uses
		if len(uses) == 0 || seen[&uses[0]] {
			continue
		}
		seen[&uses[0]] = true
		for k, u := range uses {
			if host, ok := strings.CutPrefix(u, "Host/"); ok {
				uses[k] = "Host/" + r.String(host)
			}
		}
	}
}

// log redacts a log's two parts apart, for Skip is the offset between them.
func (r *Redactor) log(l *evidence.Log) {
	if l.Skip <= 0 || l.Skip >= len(l.Text) {
		l.Text = r.Bytes(l.Text)
		return
	}
	head, tail := r.Bytes(l.Text[:l.Skip:l.Skip]), r.Bytes(l.Text[l.Skip:])
	l.Text, l.Skip = slices.Concat(head, tail), len(head)
}

// learn collects the secrets of environment variables before they are replaced: values of variables that are named
// like secrets, and what is secret within others, such as a URL's password.
func (r *Redactor) learn(v any) {
	switch t := v.(type) {
	case map[string]any:
		name, _ := t["name"].(string)
		if value, ok := t["value"].(string); ok {
			r.learnPair(name, value)
		}
		for _, key := range slices.Sorted(maps.Keys(t)) {
			r.learn(t[key])
		}
	case []any:
		for _, f := range t {
			r.learn(f)
		}
	}
}

func (r *Redactor) learnPair(name, value string) {
	if out, ok := r.byName(name, value); ok && out != value && placeholder.FindString(out) == out {
		r.known.learn(placeholderKind(out), value)
		return
	}
	for _, s := range r.find([]byte(value)) {
		r.known.learn(s.Kind, value[s.Start:s.End])
	}
}
