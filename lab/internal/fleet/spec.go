package fleet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// Fleet is a population. All times are ages: how long before the moment at which it is written.
type Fleet struct {
	Pools     []Pool     `json:"pools"`
	Workloads []Workload `json:"workloads"`
	Objects   []Object   `json:"objects,omitempty"`
}

// Pool is a node pool; its nodes are named POOL-0, POOL-1, … in a fleet.
type Pool struct {
	Name      string   `json:"name"`
	Nodes     int      `json:"nodes"`
	Zones     []string `json:"zones,omitempty"` // node i is in zone i modulo their number
	Age       Age      `json:"age,omitempty"`
	Size      string   `json:"size,omitempty"` // instance type
	Arch      string   `json:"arch,omitempty"`
	NodeImage string   `json:"nodeImage,omitempty"`
	OS        string   `json:"os,omitempty"`
	Kubelet   string   `json:"kubelet,omitempty"`
	Runtime   string   `json:"runtime,omitempty"`
	Spot      bool     `json:"spot,omitempty"`
	Except    []Node   `json:"except,omitempty"`
}

// Node is a node that differs from its pool.
type Node struct {
	Node          int                 `json:"node"` // index within the pool
	Age           Age                 `json:"age,omitempty"`
	NodeImage     string              `json:"nodeImage,omitempty"`
	OS            string              `json:"os,omitempty"`
	Kubelet       string              `json:"kubelet,omitempty"`
	Runtime       string              `json:"runtime,omitempty"`
	Unschedulable bool                `json:"unschedulable,omitempty"`
	Taints        []corev1.Taint      `json:"taints,omitempty"`
	Conditions    []Condition         `json:"conditions,omitempty"`
	Events        []Event             `json:"events,omitempty"`
	Labels        map[string]string   `json:"labels,omitempty"`
	Allocatable   corev1.ResourceList `json:"allocatable,omitempty"`
}

// Condition of a node, since when.
type Condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Since   Age    `json:"since,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Message string `json:"message,omitempty"`
}

// Event about a node or a pod.
type Event struct {
	Ago     Age    `json:"ago"`
	First   Age    `json:"first,omitempty"` // of the first one of a series; default: Ago
	Count   int32  `json:"count,omitempty"`
	Type    string `json:"type,omitempty"` // Warning, unless said otherwise
	Reason  string `json:"reason"`
	Message string `json:"message"`
	From    string `json:"from,omitempty"` // kubelet, unless said otherwise
}

// Workload is a controller with its pods.
type Workload struct {
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace"`
	Kind        string            `json:"kind,omitempty"` // Deployment, StatefulSet, DaemonSet; Pod is one without a controller
	Age         Age               `json:"age,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Manager     string            `json:"manager,omitempty"` // who applied it last
	Pool        string            `json:"pool,omitempty"`    // where its pods are; all pools where none is named. a,b names two
	Nodes       []string          `json:"nodes,omitempty"`   // or these nodes, one pod after the other
	Revisions   []Revision        `json:"revisions"`         // oldest first
	Sick        []Sick            `json:"sick,omitempty"`    // the first that fits a pod says how it is
}

// Revision is a pod template with the pods that it has.
type Revision struct {
	Age            Age               `json:"age,omitempty"`    // since when it is there; default: the workload's
	PodAge         Age               `json:"podAge,omitempty"` // of its pods; default: the revision's
	Pods           int               `json:"pods,omitempty"`   // a DaemonSet has one on each node
	Image          string            `json:"image,omitempty"`  // of the main container; what is left out is as in the revision before
	Command        []string          `json:"command,omitempty"`
	Args           []string          `json:"args,omitempty"`
	Env            map[string]string `json:"env,omitempty"`
	ConfigMaps     []string          `json:"configMaps,omitempty"` // by envFrom
	Secrets        []string          `json:"secrets,omitempty"`    // by envFrom
	Claims         []string          `json:"claims,omitempty"`
	ServiceAccount string            `json:"serviceAccount,omitempty"`
	PriorityClass  string            `json:"priorityClass,omitempty"`
	Sidecars       map[string]string `json:"sidecars,omitempty"` // name: image
	Injected       map[string]string `json:"injected,omitempty"` // sidecars that a webhook adds: in the pods, not in the template
	Memory         string            `json:"memory,omitempty"`   // limit
	Liveness       *corev1.Probe     `json:"liveness,omitempty"`
	Readiness      *corev1.Probe     `json:"readiness,omitempty"`
	Startup        *corev1.Probe     `json:"startup,omitempty"`
	Patch          *corev1.PodSpec   `json:"patch,omitempty"` // merged into the template's spec
	PodAnnotations map[string]string `json:"podAnnotations,omitempty"`
}

// Sick says how pods are that are not well.
type Sick struct {
	// Which pods; all conditions have to hold.
	Revision int      `json:"revision,omitempty"` // 1 is the oldest
	Pool     string   `json:"pool,omitempty"`
	Nodes    []string `json:"nodes,omitempty"`
	Zone     string   `json:"zone,omitempty"`
	First    int      `json:"first,omitempty"` // only so many, the oldest pods first

	How       How      `json:"how"`
	Container string   `json:"container,omitempty"` // default: the main one
	Since     Age      `json:"since"`               // of the first failure
	PodAge    Age      `json:"podAge,omitempty"`    // where it differs from the others
	Runs      Duration `json:"runs,omitempty"`      // how long each attempt lasts
	ExitCode  int32    `json:"exitCode,omitempty"`
	Message   string   `json:"message,omitempty"` // the waiting or termination message
	Reason    string   `json:"reason,omitempty"`  // waiting or termination reason in place of the usual one
	Log       string   `json:"log,omitempty"`     // what each run prints
	Restarts  *int32   `json:"restarts,omitempty"`
	Events    []Event  `json:"events,omitempty"`
}

// How is a way of being sick.
type How string

// The ways.
const (
	Exit       How = "exit"        // ends with exitCode, after printing the log
	OOM        How = "oom"         // is killed for its memory limit
	Liveness   How = "liveness"    // is killed by the liveness probe; message is the probe's failure
	StartError How = "start-error" // the runtime cannot start it; message is the runtime's
	Config     How = "config"      // CreateContainerConfigError
	Create     How = "create"      // CreateContainerError
	Pull       How = "pull"        // ImagePullBackOff; message is what the registry said
	Sandbox    How = "sandbox"     // FailedCreatePodSandBox
	Mount      How = "mount"       // FailedMount
	Pending    How = "pending"     // FailedScheduling
	NotReady   How = "not-ready"   // runs, and its readiness probe fails
	Recovered  How = "recovered"   // was like exit; runs well since `runs`
)

var hows = []How{Exit, OOM, Liveness, StartError, Config, Create, Pull, Sandbox, Mount, Pending, NotReady, Recovered}

// Object is any other object, with when it was made and edited.
type Object struct {
	Age    Age            `json:"age,omitempty"`
	Edits  []Edit         `json:"edits,omitempty"`
	Object map[string]any `json:"object"`
}

// Edit is what managedFields keep of an edit: the last one of each manager.
type Edit struct {
	Ago    Age      `json:"ago"`
	By     string   `json:"by"`
	Fields []string `json:"fields"` // as data.url
}

// Age is a duration that may be written in days: 90s, 20m, 5h, 30d.
type Age time.Duration

// UnmarshalJSON reads the text form.
func (a *Age) UnmarshalJSON(data []byte) error {
	text := strings.Trim(string(data), `"`)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		d, err := time.ParseDuration(days + "h")
		*a = Age(24 * d)
		return err
	}
	d, err := time.ParseDuration(text)
	*a = Age(d)
	return err
}

// Duration is written as in Go.
type Duration = Age

// Parse reads a fleet and checks it.
func Parse(data []byte) (*Fleet, error) {
	f := &Fleet{}
	if err := yaml.UnmarshalStrict(data, f); err != nil {
		return nil, err
	}
	return f, f.check()
}

func (f *Fleet) check() error {
	var problems []error
	add := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	pools := map[string]int{}
	for _, p := range f.Pools {
		if p.Name == "" || p.Nodes < 1 {
			add("pool %q: it needs a name and nodes", p.Name)
		}
		for _, n := range p.Except {
			if n.Node < 0 || n.Node >= p.Nodes {
				add("pool %s: it has no node %d", p.Name, n.Node)
			}
		}
		pools[p.Name] = p.Nodes
	}
	if len(pools) == 0 {
		add("there are no pools")
	}
	for i := range f.Workloads {
		w := &f.Workloads[i]
		name := w.Namespace + "/" + w.Name
		if w.Name == "" || w.Namespace == "" || len(w.Revisions) == 0 {
			add("workload %s: it needs a name, a namespace and revisions", name)
		}
		if !slices.Contains([]string{"", "Deployment", "StatefulSet", "DaemonSet", "Pod"}, w.Kind) {
			add("workload %s: kind %q", name, w.Kind)
		}
		for _, p := range strings.Split(w.Pool, ",") {
			if _, ok := pools[p]; !ok && p != "" {
				add("workload %s: there is no pool %q", name, p)
			}
		}
		for _, s := range w.Sick {
			if !slices.Contains(hows, s.How) {
				add("workload %s: sick how %q: use one of %v", name, s.How, hows)
			}
			if s.Since == 0 {
				add("workload %s: sick since when?", name)
			}
			if s.Revision > len(w.Revisions) {
				add("workload %s: it has no revision %d", name, s.Revision)
			}
		}
	}
	return errors.Join(problems...)
}
