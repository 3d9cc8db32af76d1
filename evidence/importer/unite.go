package importer

import (
	"maps"
	"slices"

	"github.com/crashproof-dev/crashproof/evidence"
)

// unite joins what several texts, or several parts of one, tell of one pod: a table's row that does not name the
// namespace, a description, and a part of a description whose beginning was cut off.
func (b *builder) unite() {
	b.uniteNamespaces()
	b.nameFragment()
	b.nameContainers()
}

// uniteNamespaces joins a pod whose namespace is not known with the only one of its name.
func (b *builder) uniteNamespaces() {
	for _, key := range slices.Clone(b.order) {
		o := b.objects[key]
		if o == nil || o.Kind != "Pod" || o.Namespace != "" || o.Name == evidence.Unnamed {
			continue
		}
		var same []*object
		for _, k := range b.order {
			if p := b.objects[k]; p != nil && p.Kind == "Pod" && p.Name == o.Name && p.Namespace != "" {
				same = append(same, p)
			}
		}
		if len(same) == 1 {
			b.absorb(same[0], o)
		}
	}
}

// absorb takes what another form of the same pod tells beyond the first, and forgets it.
func (b *builder) absorb(into, from *object) {
	fill(into.Raw, from.Raw, into.rank >= from.rank)
	into.rank = max(into.rank, from.rank)
	key := from.Key()
	delete(b.objects, key)
	b.order = slices.DeleteFunc(b.order, func(k string) bool { return k == key })
	is := func(r evidence.Ref) bool {
		return r.Kind == "Pod" && r.Name == from.Name && (r.Namespace == from.Namespace || r.Namespace == "")
	}
	for i := range b.ages {
		if is(b.ages[i].About) {
			b.ages[i].About.Name, b.ages[i].About.Namespace, b.ages[i].Namespace = into.Name, into.Namespace, into.Namespace
		}
	}
	for i := range b.events {
		if is(b.events[i].About) && b.events[i].About.UID == "" {
			b.events[i].About.Name, b.events[i].About.Namespace = into.Name, into.Namespace
		}
	}
}

// nameFragment finds out whose a description without a beginning is: of the only pod that is talked about, or of the
// only one whose row says the same of its state and its restarts.
func (b *builder) nameFragment() {
	var fragment *object
	var pods []*object
	for _, k := range b.order {
		switch o := b.objects[k]; {
		case o == nil || o.Kind != "Pod":
		case o.Name == evidence.Unnamed:
			fragment = o
		default:
			pods = append(pods, o)
		}
	}
	if fragment == nil || len(b.rows) > 0 {
		return
	}
	if only, ok := b.onlyTold(pods); ok {
		if only == nil || agree(only.Raw, fragment.Raw) != contradicts {
			b.rename(fragment, only)
		}
		return
	}
	var like []*object
	for _, p := range pods {
		if p.rank == fromTable && agree(p.Raw, fragment.Raw) == tellsSame {
			like = append(like, p)
		}
	}
	if len(like) == 1 {
		b.rename(fragment, like[0])
	}
}

// onlyTold returns the one pod that objects, events and commands name, which may be one of which no object is there.
func (b *builder) onlyTold(pods []*object) (*object, bool) {
	names := map[string]string{} // namespaces by name
	add := func(ns, name string) {
		if name != "" && name != evidence.Unnamed && (names[name] == "" || ns != "") {
			names[name] = ns
		}
	}
	for _, p := range pods {
		add(p.Namespace, p.Name)
	}
	for _, e := range b.ages {
		if e.About.Kind == "Pod" {
			add(e.About.Namespace, e.About.Name)
		}
	}
	for _, e := range b.events {
		if e.About.Kind == "Pod" {
			add(e.About.Namespace, e.About.Name)
		}
	}
	for _, l := range b.logs {
		if !l.sure {
			add(l.namespace, l.pod)
		}
	}
	for _, l := range b.told {
		add(l.namespace, l.pod)
	}
	switch {
	case len(names) != 1 || len(pods) > 1:
		return nil, false
	case len(pods) == 1:
		return pods[0], true
	}
	for name, ns := range names {
		meta := map[string]any{"name": name}
		if ns != "" {
			meta["namespace"] = ns
		}
		b.keep(evidence.NewObject(evidence.Raw{"apiVersion": "v1", "kind": "Pod", "metadata": meta}, "v1", "Pod", "paste"), 0)
		return b.objects[(evidence.Object{Kind: "Pod", Namespace: ns, Name: name}).Key()], true
	}
	return nil, false
}

func (b *builder) rename(fragment, to *object) {
	if to != nil {
		b.absorb(to, fragment)
	}
}

// agreement is how two accounts of what may be one pod stand to each other.
type agreement int

const (
	tellsNothing agreement = iota
	tellsSame              // both name the same state and the same count of restarts
	contradicts
)

func agree(x, y evidence.Raw) agreement {
	a, c := x.List("status", "containerStatuses"), y.List("status", "containerStatuses")
	if len(a) != 1 || len(c) != 1 {
		return tellsNothing
	}
	same := 0
	for _, path := range [][]string{{"restartCount"}, {"state", "waiting", "reason"}, {"state", "terminated", "reason"}} {
		v, ok := a[0].Get(path...)
		w, also := c[0].Get(path...)
		switch {
		case !ok || !also:
		case v != w:
			return contradicts
		default:
			same++
		}
	}
	if same == 2 {
		return tellsSame
	}
	return tellsNothing
}

// fill adds to an account of a pod what another one tells beyond it. Of what both tell the first one's stays where it is
// the fuller source, else the other's.
func fill(into, from evidence.Raw, keep bool) {
	for _, part := range []string{"metadata", "spec", "status"} {
		src, _ := from[part].(map[string]any)
		dst, _ := into[part].(map[string]any)
		if src == nil {
			continue
		}
		if dst == nil {
			dst = map[string]any{}
			into[part] = dst
		}
		for k, v := range src {
			have, ok := dst[k]
			switch {
			case k == "name" || k == "namespace" && ok:
			case !ok:
				dst[k] = v
			case k == "annotations":
				a, _ := have.(map[string]any)
				c, _ := v.(map[string]any)
				both := maps.Clone(c)
				maps.Copy(both, a)
				dst[k] = both
			case k == "containerStatuses" || k == "initContainerStatuses" || k == "containers":
				dst[k] = fillContainers(have, v, keep)
			case !keep:
				dst[k] = v
			}
		}
	}
	nameAfterSpec(into)
}

// fillContainers joins two lists of containers by name; of two lists of one, of which one does not know the name, the
// containers are the same.
func fillContainers(into, from any, keep bool) any {
	a, _ := into.([]any)
	c, _ := from.([]any)
	one := len(a) == 1 && len(c) == 1
	for _, v := range c {
		w, _ := v.(map[string]any)
		at := slices.IndexFunc(a, func(x any) bool {
			m, _ := x.(map[string]any)
			return m["name"] == w["name"] || one && (m["name"] == evidence.Unnamed || w["name"] == evidence.Unnamed)
		})
		if at < 0 {
			if w["name"] != evidence.Unnamed {
				a = append(a, v)
			}
			continue
		}
		m, _ := a[at].(map[string]any)
		if m["name"] == evidence.Unnamed {
			m["name"] = w["name"]
		}
		for k, x := range w {
			if _, ok := m[k]; k != "name" && (!ok || !keep) {
				m[k] = x
			}
		}
	}
	return a
}

// nameAfterSpec names the one container whose status does not name it after the only one of the spec.
func nameAfterSpec(raw evidence.Raw) {
	spec, status := raw.List("spec", "containers"), raw.List("status", "containerStatuses")
	if len(spec) == 1 && len(status) == 1 {
		renameContainer(raw, evidence.Unnamed, cmpName(spec[0].Str("name"), status[0].Str("name")))
	}
}

func cmpName(a, b string) string {
	if a == evidence.Unnamed {
		return b
	}
	return a
}

func renameContainer(raw evidence.Raw, from, to string) {
	for _, path := range [][]string{{"spec", "containers"}, {"status", "containerStatuses"}} {
		for _, c := range raw.List(path...) {
			if c.Str("name") == from {
				c["name"] = to
			}
		}
	}
}

// nameContainers names the one container of a pod whose name is not known after the only one of which its events and the
// commands speak.
func (b *builder) nameContainers() {
	for _, k := range b.order {
		o := b.objects[k]
		if o.Kind != "Pod" || o.rank == fromAPI || len(o.Raw.List("status", "containerStatuses")) != 1 || o.Raw.List("status", "containerStatuses")[0].Str("name") != evidence.Unnamed {
			continue
		}
		if names := b.containersTold(o.Namespace, o.Name); len(names) == 1 {
			for name := range names {
				renameContainer(o.Raw, evidence.Unnamed, name)
			}
		}
	}
}

// containersTold are the containers that events and commands name of a pod.
func (b *builder) containersTold(ns, name string) map[string]bool {
	out := map[string]bool{}
	add := func(e *evidence.Event) {
		if e.About.Kind == "Pod" && e.About.Name == name && (e.About.Namespace == ns || e.About.Namespace == "" || ns == "") {
			if c := containerOf(e); c != "" {
				out[c] = true
			}
		}
	}
	for i := range b.ages {
		add(&b.ages[i].Event)
	}
	for i := range b.events {
		add(&b.events[i])
	}
	for _, l := range b.logs {
		if l.pod == name && l.container != "" && !l.sure {
			out[l.container] = true
		}
	}
	return out
}
