package playbook

import "slices"

// Word is a name of the catalogue and what it means.
type Word struct {
	ID    string `json:"id"`
	Means string `json:"means"`
}

// Families are what causes belong to, in the order in which they are told.
var Families = []Word{
	{"startup-drift", "The image, the command or something around the container keeps the process from starting."},
	{"config", "Configuration, secrets or rights are missing or wrong."},
	{"application", "The process ends by itself: of its own fault, or of what it depends on."},
	{"oom", "Memory ran out: at the container's limit, on the node, or in the runtime's own heap."},
	{"liveness", "A probe has the container killed, or keeps traffic away from it."},
	{"node", "The node, its limits or its network."},
	{"capacity", "The pod is never placed, or never created."},
}

// Layers are where in the chain from symptom to origin a cause stands.
var Layers = []Word{
	{"mechanism", "what ended the process, or kept it from running"},
	{"cause", "why it ended"},
}

// Depths say how deep an explanation goes, by [Cause.Depth]. Of two causes of the same end the deeper one is the answer.
var Depths = []string{
	"that something ended, and no more",
	"what the platform did to the container",
	"what the process said, in general",
	"what the process said about something in particular",
	"what the platform and the process say together",
}

// Producers are whose words facts are, from the process outwards. Their ids are those of evidence.Producer.
var Producers = []Word{
	{"process", "the program's own output"},
	{"runtime", "the container runtime and the kernel"},
	{"kubelet", "the kubelet"},
	{"controller", "controllers of the cluster"},
	{"scheduler", "the scheduler"},
	{"spec", "what was declared"},
	{"metrics", "usage over time"},
	{"registry", "the image registry"},
	{"dependency", "another workload's state"},
	{"node", "the node's conditions and agents"},
	{"cloud", "the cloud's control plane"},
}

// Places are where signatures look, by [Signature.In].
var Places = []Word{
	{OnLog, "in the log or the termination message"},
	{OnStart, "in the runtime's message about a start that failed"},
	{OnWaiting, "in the kubelet's message about a container that it cannot create"},
	{OnEvent, "in an event"},
	{OnWords, "in the last words of a log that no other signature explains"},
}

// meaning looks a word up.
func meaning(words []Word, id string) string {
	i := slices.IndexFunc(words, func(w Word) bool { return w.ID == id })
	if i < 0 {
		return ""
	}
	return words[i].Means
}
