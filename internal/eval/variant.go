package eval

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Shuffled is a copy with everything in another order.
func Shuffled(from *evidence.Snapshot) (*evidence.Snapshot, error) {
	s, err := Clone(from)
	if err != nil {
		return nil, err
	}
	slices.Reverse(s.Objects)
	slices.Reverse(s.Events)
	slices.Reverse(s.Logs)
	slices.Reverse(s.Usage)
	slices.Reverse(s.Gaps)
	slices.Reverse(s.Population.Rows)
	slices.Reverse(s.Population.Nodes)
	return s, nil
}

// Doubled is a copy in which everything was read twice.
func Doubled(from *evidence.Snapshot) (*evidence.Snapshot, error) {
	s, err := Clone(from)
	if err != nil {
		return nil, err
	}
	again, err := Clone(from)
	if err != nil {
		return nil, err
	}
	s.Merge(again)
	return s, nil
}

// Shifted is a copy of what would have been seen at another time.
func Shifted(from *evidence.Snapshot, by time.Duration) (*evidence.Snapshot, error) {
	s, err := Clone(from)
	if err != nil {
		return nil, err
	}
	rewrite(reflect.ValueOf(s).Elem(), func(t string) string { return shiftText(t, by) }, func(t time.Time) time.Time { return t.Add(by) })
	return s, nil
}

var rfc3339 = regexp.MustCompile(`\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`)

func shiftText(text string, by time.Duration) string {
	return rfc3339.ReplaceAllStringFunc(text, func(old string) string {
		t, err := time.Parse(time.RFC3339Nano, old)
		if err != nil {
			return old
		}
		layout := "2006-01-02T15:04:05Z"
		if i := strings.IndexByte(old, '.'); i >= 0 {
			layout = "2006-01-02T15:04:05." + strings.Repeat("0", len(old)-i-2) + "Z"
		}
		return t.Add(by).UTC().Format(layout)
	})
}

// Renamed is a copy in which the namespace, the nodes, the pods and those workloads whose names are no ordinary words
// are called otherwise, everywhere: in objects, events, logs and references.
func Renamed(from *evidence.Snapshot, namespace string) (*evidence.Snapshot, error) {
	s, err := Clone(from)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	add := func(old, prefix string) {
		if old != "" && names[old] == "" && strings.Contains(old, "-") {
			names[old] = fmt.Sprintf("%s-%c%d", prefix, 'a'+len(names)%26, len(names))
		}
	}
	add(namespace, "zone")
	for _, n := range s.Population.Nodes {
		add(n.Name, "machine")
	}
	for _, o := range s.Objects {
		if o.Namespace != namespace {
			continue
		}
		switch o.Kind {
		case "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ConfigMap", "PersistentVolumeClaim":
			add(o.Name, "thing")
		case "Pod":
			if i := strings.LastIndexByte(o.Name, '-'); i > 0 && len(o.Name)-i == 6 {
				names[o.Name[i+1:]] = "x" + o.Name[i+2:]
			}
		}
	}
	olds := make([]string, 0, len(names))
	for old := range names {
		olds = append(olds, regexp.QuoteMeta(old))
	}
	if len(olds) == 0 {
		return s, nil
	}
	slices.SortFunc(olds, func(a, b string) int { return len(b) - len(a) })
	known := regexp.MustCompile(`\b(?:` + strings.Join(olds, "|") + `)\b`)
	rewrite(reflect.ValueOf(s).Elem(), func(t string) string {
		return known.ReplaceAllStringFunc(t, func(old string) string { return names[old] })
	}, func(t time.Time) time.Time { return t })
	return s, nil
}

// Beside is a copy with the sick pods of another incident in its namespace, captured at the same moment.
func Beside(from, other *evidence.Snapshot, namespace string) (*evidence.Snapshot, error) {
	s, err := Clone(from)
	if err != nil {
		return nil, err
	}
	o, err := Shifted(other, from.CapturedAt.Sub(other.CapturedAt))
	if err != nil {
		return nil, err
	}
	for _, obj := range o.Objects {
		if obj.Namespace == namespace {
			s.Objects = append(s.Objects, obj)
		}
	}
	for _, e := range o.Events {
		if e.About.Namespace == namespace {
			s.Events = append(s.Events, e)
		}
	}
	for _, l := range o.Logs {
		if l.Instance.Namespace == namespace {
			s.Logs = append(s.Logs, l)
		}
	}
	for _, r := range o.Population.Rows {
		if r.Namespace == namespace {
			s.Population.Add(r)
		}
	}
	return s, nil
}

// rewrite applies functions to every string and time of a value, in maps and slices too.
func rewrite(v reflect.Value, text func(string) string, moment func(time.Time) time.Time) {
	switch v.Kind() {
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			if !t.IsZero() && v.CanSet() {
				v.Set(reflect.ValueOf(moment(t)))
			}
			return
		}
		if v.CanAddr() {
			if l, ok := v.Addr().Interface().(*evidence.Log); ok && l.Skip > 0 {
				l.Skip = len(text(string(l.Text[:l.Skip]))) // an offset into what is rewritten
			}
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				rewrite(v.Field(i), text, moment)
			}
		}
	case reflect.Slice:
		if b, ok := v.Interface().([]byte); ok {
			v.SetBytes([]byte(text(string(b))))
			return
		}
		if v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v)) // rows share interned lists
		}
		for i := range v.Len() {
			rewrite(v.Index(i), text, moment)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			val := reflect.New(v.Type().Elem()).Elem()
			val.Set(v.MapIndex(k))
			rewrite(val, text, moment)
			key := reflect.New(k.Type()).Elem()
			key.Set(k)
			rewrite(key, text, moment)
			if !key.Equal(k) {
				v.SetMapIndex(k, reflect.Value{})
			}
			v.SetMapIndex(key, val)
		}
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		val := reflect.New(v.Elem().Type()).Elem()
		val.Set(v.Elem())
		rewrite(val, text, moment)
		v.Set(val)
	case reflect.Pointer:
		if !v.IsNil() {
			rewrite(v.Elem(), text, moment)
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(text(v.String()))
		}
	}
}
