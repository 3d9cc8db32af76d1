package cli

import (
	"fmt"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// target reads TYPE/NAME or TYPE NAME. What the types are is the cluster's business.
func target(args []string) (evidence.Target, error) {
	var kind, name string
	switch len(args) {
	case 0:
		return evidence.Target{}, nil
	case 1:
		var ok bool
		if kind, name, ok = strings.Cut(args[0], "/"); !ok {
			return evidence.Target{}, fmt.Errorf("%q names no workload: give its type too, such as deployment/%s or pod/%s", args[0], args[0], args[0])
		}
	default:
		kind, name = args[0], args[1]
	}
	if kind == "" || name == "" || strings.Contains(name, "/") {
		return evidence.Target{}, fmt.Errorf("%q names no workload: give TYPE/NAME, such as deployment/payments", strings.Join(args, " "))
	}
	return evidence.Target{Kind: kind, Name: name}, nil
}
