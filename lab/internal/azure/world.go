package azure

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// world is everything that Azure knows.
type world struct {
	estate   *Estate
	told     *Description
	tree     tree
	activity []object // newest first
	self     string   // the server's own URL
	now      time.Time
}

// newWorld makes the healthy cluster and changes what the description changes.
func newWorld(e *Estate, d *Description, now time.Time, self string) (*world, error) {
	w := &world{estate: e, told: d, tree: tree{}, self: self, now: now.Add(time.Duration(d.Skew))}
	w.subscription()
	w.network()
	for _, p := range e.Pools {
		w.pool(p)
	}
	w.monitoring()
	w.registries()
	w.changePools()
	w.cluster()
	w.detectors()
	err := w.change()
	w.repeatSubnets()
	for i := range d.Activity {
		w.activity = append(w.activity, w.event(&d.Activity[i], i))
	}
	slices.SortStableFunc(w.activity, func(a, b object) int {
		return strings.Compare(b["eventTimestamp"].(string), a["eventTimestamp"].(string))
	})
	return w, err
}

// changePools applies what is told of pools, scale sets and instances.
func (w *world) changePools() {
	e, d := w.estate, w.told
	for _, name := range slices.Sorted(maps.Keys(d.Pools)) {
		id, with := e.ClusterID()+"/agentPools/"+name, d.Pools[name]
		if with == nil {
			w.tree.remove(id)
			continue
		}
		if e.Pool(name) == nil {
			w.agentPool(&Pool{Name: name, Version: e.Pools[0].Version, Image: e.Pools[0].Image, Size: e.Pools[0].Size, MaxPods: e.Pools[0].MaxPods})
		}
		w.tree.patch(id, with)
	}
	for _, name := range slices.Sorted(maps.Keys(d.ScaleSets)) {
		p := e.Pool(name)
		if p == nil {
			p = &Pool{Name: name, ScaleSet: e.in(e.NodeGroup, "Microsoft.Compute/virtualMachineScaleSets/"+strings.Replace(lastOf(e.Pools[0].ScaleSet), e.Pools[0].Name, name, 1)), Size: e.Pools[0].Size}
			w.scaleSet(p)
		}
		w.set(p.ScaleSet, d.ScaleSets[name])
	}
	for _, alias := range slices.Sorted(maps.Keys(d.VMs)) {
		m, err := e.Machine(alias)
		if err != nil {
			continue // Parse refuses it
		}
		if name, _, _ := cutLast(alias); d.VMs[alias] != nil && e.Pool(name).machine(m.Node) == nil {
			w.instance(e.Pool(name), m)
		}
		w.set(m.ID, d.VMs[alias])
	}
}

// set merges into a resource; nil takes it away.
func (w *world) set(id string, with object) {
	if with == nil {
		w.tree.remove(id)
		return
	}
	w.tree.patch(id, with)
}

func (w *world) change() error {
	if w.told.Cluster != nil {
		w.tree.patch(w.estate.ClusterID(), w.told.Cluster)
	}
	var problems []error
	for _, r := range w.told.Resources {
		body, err := r.body()
		if err != nil {
			problems = append(problems, fmt.Errorf("resource %s: %w", r.ID, err))
			continue
		}
		w.set(r.ID, body)
	}
	return errors.Join(problems...)
}

// repeatSubnets writes the subnets into their networks, as Azure repeats them there.
func (w *world) repeatSubnets() {
	for _, n := range w.tree.ofType(w.estate.Subscription, "Microsoft.Network/virtualNetworks") {
		if field(n, "properties", "subnets") != nil {
			continue
		}
		subnets := []any{}
		for _, s := range w.tree.below(n["id"].(string) + "/subnets") {
			subnets = append(subnets, s)
		}
		w.tree.patch(n["id"].(string), object{"properties": object{"subnets": subnets}})
	}
}

// event is an entry of the activity log as EventData has it.
func (w *world) event(a *Activity, i int) object {
	resource := a.Resource
	if resource == "" {
		resource = w.estate.ClusterID()
	}
	category, level := a.Category, a.Level
	if category == "" {
		category = "Administrative"
	}
	if level == "" {
		level = map[bool]string{true: "Error", false: "Informational"}[strings.EqualFold(a.Status, "Failed")]
	}
	correlation := a.Correlation
	if correlation == "" {
		correlation = fmt.Sprint(i)
	}
	at := w.now.Add(-time.Duration(a.Ago))
	provider, _, _ := strings.Cut(typeOf(resource), "/")
	eventID := w.estate.id("event", fmt.Sprint(i))
	out := object{
		"eventTimestamp": stamp(at), "submissionTimestamp": stamp(at.Add(90 * time.Second)), "eventDataId": eventID, "operationId": w.estate.id("correlation", correlation),
		"correlationId": w.estate.id("correlation", correlation), "operationName": localized(a.Operation), "status": localized(a.Status), "subStatus": localized(a.SubStatus),
		"eventName": localized("EndRequest"), "category": localized(category), "level": level, "resourceId": resource, "resourceGroupName": groupOf(resource),
		"resourceProviderName": localized(provider), "resourceType": localized(typeOf(resource)), "subscriptionId": w.estate.Subscription, "tenantId": w.tenant(),
		"channels": "Operation", "description": a.Description, "id": resource + "/events/" + eventID + "/ticks/" + fmt.Sprint(at.UnixNano()/100+621355968000000000),
		"properties": a.Properties,
	}
	if a.Caller != "" {
		out["caller"] = a.Caller
	}
	if a.Properties == nil {
		out["properties"] = object{}
	}
	return out
}

func localized(value string) object { return object{"value": value, "localizedValue": value} }

func (w *world) tenant() string { return stable("tenant", w.estate.Subscription) }
