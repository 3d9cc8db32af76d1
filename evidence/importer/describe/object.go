package describe

import (
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer/age"
)

// Object is one described object.
type Object struct {
	// Raw is the object in the API's own JSON shape (numbers are float64, as encoding/json reads them), with only what
	// the text shows. Kind and apiVersion are inferred, for describe does not print them; both are absent where the
	// text is too short to tell, as a lone Events section is.
	Raw evidence.Raw
	// Kind repeats Raw's kind, or is empty.
	Kind string
	// Complete is true where the block was read whole, from its Name line to its Events section (for kinds without
	// one, to its last section), with no line left over: what such an object does not have, describe did not show. Only whether the last events
	// were cut off cannot be told.
	Complete bool
	// Containers tells about each container of a pod or pod template how much of it was shown.
	Containers []Container
	// Deleted is how long ago the deletion timestamp passed, from "Terminating (lasts 5m)", which hides the phase.
	Deleted age.Age
	// Cut lists the paths of values that describe shortened to 140 bytes and an ellipsis (printAnnotationsMultiline).
	Cut []string

	Events []Event
	// EventsShown is true where an Events section was there, "Events: <none>" included.
	EventsShown bool

	// Start and End bound the object in the text, in bytes; Start is the beginning of a line.
	Start, End int
	// Headless is true where the block's beginning was cut off; as a rule it has no name.
	Headless bool
	// Ignored lists the lines within the range that were not understood.
	Ignored []Line
}

// Container tells how much of a container was shown.
type Container struct {
	// List is the name of its list in the pod's spec: initContainers, containers or ephemeralContainers.
	List string
	Name string
	// Complete is true where the container was shown from its name to its mounts. Then, for these fields of its spec,
	// absent means not set: ports, command, args, resources, livenessProbe, readinessProbe, startupProbe, envFrom, env,
	// volumeMounts, volumeDevices. The others (imagePullPolicy, lifecycle, restartPolicy, terminationMessagePolicy and
	// more) are never shown. Source: describeContainers.
	Complete bool
	// Status is true where its status was shown (describe prints State through Restart Count only where there is one).
	// In a Complete container without Status there was no status yet. Never shown are status.started, the message of a
	// waiting state, the last state's container ID, and the resources in force.
	Status bool
}

// Event is a row of an Events section.
type Event struct {
	Type    string
	Reason  string
	From    string // the component, in older versions with the host: "kubelet, node-1"
	Message string
	// Container is the field path where it is shown, such as spec.containers{api} (kubectl 1.32 and later prefix the
	// message with it, those before 1.9 have a column).
	Container string
	// Count is how often it happened; 1 where the text shows no count, for DescribeEvents prints those above 1.
	Count int
	// Last and First are how long ago. They are equal where Count is 1.
	Last, First age.Age
	Start, End  int // byte range
}

// Line is a line of the text.
type Line struct {
	Offset int
	Text   string
}
