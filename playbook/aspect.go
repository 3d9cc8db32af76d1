package playbook

// Aspects are what can change about a workload and around it, with what each is. A cause says which of them bring it about
// ([Cause.ChangedBy]); a change says which of them it touches.
var Aspects = []Word{
	{"image", "the image of a container: its tag or digest"},
	{"command", "command, arguments or working directory"},
	{"env", "environment variables, and what they are taken from"},
	{"config", "the content of a ConfigMap that the pods use"},
	{"secret", "the content of a Secret that the pods use, which nothing here reads"},
	{"resources", "requests and limits"},
	{"probes", "startup, liveness and readiness probes"},
	{"ports", "the ports that containers name"},
	{"volumes", "volumes, where they are mounted, and claims"},
	{"security", "security contexts, capabilities, seccomp, sysctls"},
	{"identity", "the service account, its rights, the credentials for pulling images"},
	{"placement", "node selectors, affinity, tolerations, priority, the number of replicas"},
	{"lifecycle", "init containers, sidecars, hooks, the grace period, the restart policy"},
	{"network", "Services, network policies, routes, DNS settings, the host's network"},
	{"quota", "quotas and default limits of a namespace"},
	{"admission", "webhooks and policies that change or refuse pods"},
	{"api", "the kinds and versions that the API server serves"},
	{"node", "a node that came, went, restarted, was upgraded or got into trouble"},
	{"dependency", "another workload that this one needs"},
	{"load", "how much there is to do"},
	{"time", "nothing but the passing of time: a validity, a lease"},
}
