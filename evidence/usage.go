package evidence

import "time"

// Usage is one container's resource usage at one moment.
type Usage struct {
	Namespace string        `json:"namespace"`
	Pod       string        `json:"pod"`
	Container string        `json:"container"`
	Time      time.Time     `json:"time"`
	Window    time.Duration `json:"window,omitempty"`
	// WorkingSet is memory in bytes that the kernel cannot reclaim under pressure (cAdvisor's working set), -1 where unknown.
	WorkingSet int64 `json:"workingSetBytes"`
	// CPU is in cores, -1 where unknown.
	CPU    float64 `json:"cpuCores"`
	Source string  `json:"source"` // metrics.k8s.io, kubelet summary, prometheus, Container Insights
}
