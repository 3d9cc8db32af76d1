package importer

import (
	"encoding/json"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// agedEvent is an event of which only ages are known, until the moment of capture is.
type agedEvent struct {
	evidence.Event
	first, last time.Duration // before the capture; negative where unknown
}

// event takes an event of either API group. events.k8s.io names the fields of the same stored object anew
// (k8s.io/kubernetes pkg/apis/core/v1 and pkg/apis/events/v1, conversion.go).
func (b *builder) event(raw evidence.Raw) {
	for from, to := range map[string]string{"regarding": "involvedObject", "note": "message", "deprecatedSource": "source",
		"deprecatedFirstTimestamp": "firstTimestamp", "deprecatedLastTimestamp": "lastTimestamp", "deprecatedCount": "count", "reportingController": "reportingComponent"} {
		if v, ok := raw[from]; ok {
			if _, has := raw[to]; !has {
				raw[to] = v
			}
		}
	}
	data, err := json.Marshal(raw)
	var e corev1.Event
	if err == nil {
		err = json.Unmarshal(data, &e)
	}
	if err != nil || e.InvolvedObject.Kind == "" && e.Reason == "" {
		b.left++
		return
	}
	b.used++
	ev := evidence.EventFromAPI(&e)
	if ev.About.Namespace == "" && ev.About.Kind != "Node" {
		ev.About.Namespace = ev.Namespace
	}
	b.saw(ev.Last)
	b.events = append(b.events, ev)
	if ev.About.Kind == "Node" {
		b.listed[evidence.NodeEvents] = true
	} else if ev.Type == corev1.EventTypeNormal || ev.Type == "" { // the list was not narrowed to warnings
		b.listed[ev.About.Namespace] = true
	}
}

// podMetrics takes the usage of a pod's containers (metrics.k8s.io).
func (b *builder) podMetrics(raw evidence.Raw) {
	var m struct {
		Metadata   struct{ Namespace, Name string } `json:"metadata"`
		Timestamp  time.Time                        `json:"timestamp"`
		Containers []struct {
			Name  string              `json:"name"`
			Usage corev1.ResourceList `json:"usage"`
		} `json:"containers"`
	}
	if err := raw.Into(&m); err != nil {
		b.left++
		return
	}
	for _, c := range m.Containers {
		b.used++
		u := evidence.Usage{Namespace: m.Metadata.Namespace, Pod: m.Metadata.Name, Container: c.Name, Time: m.Timestamp.UTC(), WorkingSet: -1, CPU: -1, Source: "metrics.k8s.io"}
		if _, ok := c.Usage[corev1.ResourceMemory]; ok {
			u.WorkingSet = evidence.Quantity(c.Usage, corev1.ResourceMemory)
		}
		if cpu, ok := c.Usage[corev1.ResourceCPU]; ok {
			u.CPU = cpu.AsApproximateFloat64()
		}
		b.usage = append(b.usage, u)
	}
	b.saw(m.Timestamp)
}
