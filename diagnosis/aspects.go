package diagnosis

import (
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/playbook"
)

// fitting leaves out the remedies that mend nothing at the finding's scope.
func (in *input) fitting(f *Finding) {
	c, ok := in.pb.Cause(f.Cause)
	if !ok {
		return
	}
	no := f.Cause == "dependency.dns" && noSuchName(firstQuote(f))
	f.Remedies = slices.DeleteFunc(f.Remedies, func(r Remedy) bool {
		if no && !ofNodeLevel(f.Scope.Level) { // names are at fault, for they were looked up
			return strings.HasPrefix(r.ID, "name-server")
		}
		if !no && r.ID == "dependency-name" && (f.Scope.Level == ScopeNamespace || f.Scope.Level == ScopeCluster) {
			return true
		}
		i := slices.IndexFunc(c.Remedies, func(x playbook.Remedy) bool { return x.ID == r.ID })
		return i >= 0 && len(c.Remedies[i].Where) > 0 && !slices.Contains(c.Remedies[i].Where, string(f.Scope.Level))
	})
}

// broughtBy tells whether a change of an aspect can bring a cause about; of an unknown cause everything can.
func (in *input) broughtBy(cause, aspect string) bool {
	c, ok := in.pb.Cause(cause)
	return !ok || cause == unexplainedExit || slices.Contains(c.ChangedBy, aspect)
}

// aspectsOf are the aspects by which a shared attribute can make pods sick. A namespace is where quotas, policies and rights
// live.
func aspectsOf(v attribution.Value) []string {
	switch v.Attribute {
	case attribution.Image, attribution.Digest:
		return []string{"image", "lifecycle"}
	case attribution.Namespace:
		return []string{"network", "quota", "identity", "admission", "dependency"}
	case attribution.Reference:
		kind, _, _ := strings.Cut(v.Value, "/")
		return map[string][]string{"ConfigMap": {"config", "env"}, "Secret": {"secret"}, "SecretProviderClass": {"secret", "volumes"}, "PersistentVolumeClaim": {"volumes"},
			"StorageDriver": {"volumes"}, "ServiceAccount": {"identity"}, "Host": {"dependency", "network"}, "PriorityClass": {"placement"}, "RuntimeClass": {"node"}}[kind]
	}
	return []string{"node"}
}

func (in *input) carries(v attribution.Value, cause string) bool {
	return slices.ContainsFunc(aspectsOf(v), func(a string) bool { return in.broughtBy(cause, a) })
}
