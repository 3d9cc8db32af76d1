package describe

import "strings"

var accessModes = map[string]string{"RWO": "ReadWriteOnce", "ROX": "ReadOnlyMany", "RWX": "ReadWriteMany", "RWOP": "ReadWriteOncePod"}

func modes(s string) []any {
	out := []any{}
	for _, m := range list(s) {
		if full := accessModes[m.(string)]; full != "" {
			out = append(out, full)
		}
	}
	return out
}

// claim reads what describePersistentVolumeClaim prints. Capacity and access modes are those of the bound volume; a
// claim that is not bound does not show what it asks for.
func (b *block) claim() {
	b.str("StorageClass", "spec", "storageClassName")
	b.phase()
	b.str("Volume", "spec", "volumeName")
	b.str("Capacity", "status", "capacity", "storage")
	if s, ok := b.take("Access Modes"); ok && s.val != "" {
		b.put(modes(s.val), "status", "accessModes")
	}
	b.str("VolumeMode", "spec", "volumeMode")
	if s, ok := b.take("DataSource"); ok {
		for _, f := range b.group(s.from, s.to, 2) {
			if field := map[string]string{"APIGroup": "apiGroup", "Kind": "kind", "Name": "name"}[f.key]; field != "" {
				b.use(f.line)
				b.put(f.val, "spec", "dataSource", field)
			}
		}
	}
	b.skip("Used By")
	b.skip("Mounted By")
	b.conditionTable(map[string]string{"Type": "type", "Status": "status", "Reason": "reason", "Message": "message",
		"LastProbeTime": "lastProbeTime", "LastTransitionTime": "lastTransitionTime"}, "status", "conditions")
}

// phase reads a status that deletion hides.
func (b *block) phase() {
	s, ok := b.take("Status")
	if !ok {
		return
	}
	if since, ok := strings.CutPrefix(s.val, "Terminating"); ok && since != "" {
		b.terminating(since)
	} else if !isNone(s.val) {
		b.put(s.val, "status", "phase")
	}
}

// volume reads what describePersistentVolume prints.
func (b *block) volume() {
	b.str("StorageClass", "spec", "storageClassName")
	b.phase()
	if s, ok := b.take("Claim"); ok && s.val != "" {
		ns, name, _ := strings.Cut(s.val, "/")
		b.put(ns, "spec", "claimRef", "namespace")
		b.put(name, "spec", "claimRef", "name")
	}
	b.str("Reclaim Policy", "spec", "persistentVolumeReclaimPolicy")
	if s, ok := b.take("Access Modes"); ok {
		b.put(modes(s.val), "spec", "accessModes")
	}
	b.str("VolumeMode", "spec", "volumeMode")
	b.str("Capacity", "spec", "capacity", "storage")
	b.nodeAffinity()
	if s, ok := b.take("Message"); ok && s.val != "" {
		b.put(b.text(s), "status", "message")
	}
	if s, ok := b.take("Source"); ok {
		if field, src := b.volumeSource(s.from, s.to, true); field != "" {
			b.put(src, "spec", field)
		}
	}
}

// nodeAffinity reads terms such as "Term 0:  zone in [a, b]", a requirement a line (printVolumeNodeAffinity).
func (b *block) nodeAffinity() {
	s, ok := b.take("Node Affinity")
	if !ok || s.val != "" {
		return
	}
	ops := map[string]string{"in": "In", "notin": "NotIn", "exists": "Exists", "doesnotexist": "DoesNotExist", "gt": "Gt", "lt": "Lt"}
	terms := []any{}
	for _, req := range b.group(s.from, s.to, 2) {
		b.use(req.line)
		for _, f := range b.group(req.from, req.to, 4) {
			term := map[string]any{}
			for _, e := range b.multi(f, func(s string) (map[string]any, bool) {
				p := strings.SplitN(s, " ", 3)
				if len(p) < 2 || ops[p[1]] == "" {
					return nil, false
				}
				e := map[string]any{"key": p[0], "operator": ops[p[1]]}
				if len(p) == 3 {
					e["values"] = list(strings.Trim(p[2], "[]"))
				}
				return e, true
			}) {
				appendTo(term, "matchExpressions", e.(map[string]any))
			}
			terms = append(terms, term)
		}
	}
	b.put(terms, "spec", "nodeAffinity", "required", "nodeSelectorTerms")
}
