package evidence

// Producer says who made an observation, as opposed to how it reached us. An OOMKilled status and its event are one
// producer's word; one `kubectl describe` text holds the words of several. Corroboration counts producers.
type Producer string

// The producers.
const (
	Process    Producer = "process"    // the program's own output, its termination message included
	Runtime    Producer = "runtime"    // container runtime and kernel: exit codes, signals, OOM, runc's errors
	Kubelet    Producer = "kubelet"    // probes, kills, back-off, mounts, image pulls
	Controller Producer = "controller" // ReplicaSet, Job, node lifecycle and other controllers
	Scheduler  Producer = "scheduler"  // placement
	Spec       Producer = "spec"       // what people declared: pod templates, Services, ConfigMaps' metadata
	Metrics    Producer = "metrics"    // usage over time
	Registry   Producer = "registry"   // an image registry's answer, quoted by the runtime
	Dependency Producer = "dependency" // another workload's own state, as the API shows it
	Node       Producer = "node"       // node conditions and node agents
	Cloud      Producer = "cloud"      // the cloud provider's control plane
)
