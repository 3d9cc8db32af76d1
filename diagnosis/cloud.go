package diagnosis

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// vm is what Azure says of a node's machine.
type vm struct {
	evidence.Object
	node string
}

// machineOf finds a node's instance. known tells whether all instances of its scale set were listed: only then it says something
// that it is not among them.
func (in *input) machineOf(node string) (m vm, known, ok bool) {
	if o, found := in.s.Object(evidence.ScaleSetVM, "", node); found {
		return vm{o, node}, true, true
	}
	row, _ := in.s.Population.Node(node)
	id := strings.ToLower(row.ProviderID)
	for _, o := range in.s.OfKind(evidence.ScaleSetVM, "") {
		if of := strings.ToLower(o.Raw.Str("id")); of != "" && strings.HasSuffix(id, of) {
			return vm{o, node}, true, true
		}
	}
	for _, set := range in.s.OfKind(evidence.ScaleSet, "") {
		if names := listOf(set.Raw, "instances"); set.Raw.Has("instances") && strings.Contains(id, "/virtualmachinescalesets/"+strings.ToLower(set.Name)+"/") {
			return vm{}, !slices.Contains(names, node), false
		}
	}
	return vm{}, false, false
}

// readSet: the pool's scale set was asked for already.
func (in *input) readSet(pool string) bool {
	return slices.ContainsFunc(in.s.OfKind(evidence.ScaleSet, ""), func(o evidence.Object) bool { return o.Raw.Str("pool") == pool })
}

// power is the machine's power state, such as running or deallocated (Virtual machine states and billing, vendor's page).
func (m vm) power() string {
	for _, st := range m.Raw.List("properties", "instanceView", "statuses") {
		if state, ok := strings.CutPrefix(st.Str("code"), "PowerState/"); ok {
			return state
		}
	}
	return ""
}

// failure is what the last operation on the machine, or an extension of it, failed for; "" where it succeeded.
func (m vm) failure() string {
	if m.Raw.Str("properties", "provisioningState") != "Failed" {
		return ""
	}
	text := "its provisioning failed"
	for _, st := range slices.Concat(m.Raw.List("properties", "instanceView", "statuses"), m.extensions()) {
		if strings.Contains(st.Str("code"), "/failed") {
			return text + ": " + cmp.Or(st.Str("message"), st.Str("displayStatus"), st.Str("code"))
		}
	}
	return text
}

func (m vm) extensions() []evidence.Raw {
	var out []evidence.Raw
	for _, e := range m.Raw.List("properties", "instanceView", "extensions") {
		out = append(out, e.List("statuses")...)
	}
	return out
}

// outdated tells whether the machine is not what its scale set would make today, while others of the set are.
func (in *input) outdated(m vm) bool {
	latest := func(o evidence.Object) (bool, bool) {
		v, _ := o.Raw.Get("properties", "latestModelApplied")
		b, ok := v.(bool)
		return b, ok
	}
	mine, ok := latest(m.Object)
	return ok && !mine && slices.ContainsFunc(in.s.OfKind(evidence.ScaleSetVM, ""), func(o evidence.Object) bool {
		v, ok := latest(o)
		return ok && v && o.Raw.Str("scaleSet") == m.Raw.Str("scaleSet")
	})
}

// pool finds what Azure says of a node pool.
func (in *input) pool(name string) (evidence.Object, bool) {
	for _, o := range in.s.OfKind(evidence.AgentPool, "") {
		if strings.EqualFold(o.Name, name) {
			return o, true
		}
	}
	return evidence.Object{}, false
}

// number reads a whole number of a resource.
func number(o evidence.Raw, path ...string) (int, bool) {
	v, _ := o.Get(path...)
	f, ok := v.(float64)
	return int(f), ok
}

// fullness is how full a subnet is.
type fullness struct {
	evidence.Object
	used, limit int
}

func (u fullness) free() int { return u.limit - u.used }

// subnet finds how full the subnet is that a field of a pool names.
func (in *input) subnet(pool evidence.Object, field string) (fullness, bool) {
	id := pool.Raw.Str("properties", field)
	if id == "" {
		return fullness{}, false
	}
	return in.usageOf(id)
}

func (in *input) usageOf(id string) (fullness, bool) {
	for _, o := range in.s.OfKind(evidence.SubnetUsage, "") {
		if !strings.EqualFold(o.Raw.Str("id"), id) {
			continue
		}
		used, ok := number(o.Raw, "currentValue")
		limit, ok2 := number(o.Raw, "limit")
		return fullness{o, used, limit}, ok && ok2 && limit > 0 && used >= 0 // -1 stands for unknown
	}
	return fullness{}, false
}

// network is the managed cluster's network profile.
func (in *input) network() evidence.Raw {
	for _, o := range in.s.OfKind(evidence.ManagedCluster, "") {
		return o.Raw.Map("properties", "networkProfile")
	}
	return nil
}

// cloudTime brings a time of Azure's clock to the cluster's.
func (in *input) cloudTime(t time.Time) time.Time {
	ahead, _ := in.s.CloudRead()
	if t.IsZero() {
		return t
	}
	return t.Add(-ahead)
}

// moment reads an RFC 3339 time of a resource.
func moment(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// historical tells whether a pod is known from a history only.
func historical(p *evidence.Pod) bool { return p.Annotations[evidence.HistoryAnnotation] != "" }
