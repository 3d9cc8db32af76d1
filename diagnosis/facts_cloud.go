package diagnosis

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// cloudFacts: what Azure's side says about the trouble at hand. Nothing there makes a case of its own.
func (c *sickCase) cloudFacts(m *member) {
	if _, read := c.s.CloudRead(); !read {
		return
	}
	switch c.symptom {
	case triage.Pending:
		c.poolFacts(m)
	case triage.Blocked, triage.InitStuck:
		c.addressFacts(m)
	}
	c.machineFacts(m)
	c.egressFacts(m)
	c.registryFacts(m)
	c.detectorFacts(m)
}

func (c *sickCase) cloud(id string, s strength, o evidence.Object, path, text string, attrs map[string]string) {
	for _, m := range c.s.OfKind(evidence.ManagedCluster, "") { // for the commands of remedies
		attrs["cluster"], attrs["resourceGroup"] = m.Name, groupOf(m.Raw.Str("id"))
	}
	c.facts.add(fact{id: id, strength: s, producer: evidence.Cloud, ref: o.Ref().At(path).String(), time: c.s.CapturedAt, text: text, attrs: attrs})
}

// groupOf is the resource group in a resource ID.
func groupOf(id string) string {
	parts := strings.Split(id, "/")
	if i := slices.IndexFunc(parts, func(p string) bool { return strings.EqualFold(p, "resourceGroups") }); i >= 0 && i+1 < len(parts) {
		return parts[i+1]
	}
	return ""
}

// batch is how many addresses of a pod subnet a node takes at once (Azure CNI, dynamic allocation: NodeNetworkConfig's
// scaler.batchSize).
const batch = 16

// addressFacts: a pod gets no network, and the subnet that gives pods their addresses is full. In overlay mode pods' addresses
// are of no subnet; in node subnet mode nodes took them when they were made, so that the subnet's state says nothing of pods.
func (c *sickCase) addressFacts(m *member) {
	if !slices.ContainsFunc(c.facts, func(f fact) bool {
		return f.cause == "network.address-exhausted" || f.cause == "network.sandbox" && handsOut.MatchString(f.text)
	}) {
		return
	}
	row, _ := c.s.Population.Node(m.pod.Node.Or(""))
	pool, ok := c.pool(row.Pool)
	if !ok {
		return
	}
	u, ok := c.subnet(pool, "podSubnetID")
	if !ok || pool.Raw.Str("properties", "podIPAllocationMode") == "StaticBlock" {
		return // blocks of a whole node each: what is left in the subnet says nothing
	}
	text := fmt.Sprintf("subnet %s, which gives the pods of pool %s their addresses, has %d of %d in use", u.Name, pool.Name, u.used, u.limit)
	attrs := map[string]string{"subnet": u.Name, "pool": pool.Name}
	if u.free() < batch {
		c.cloud("cloud.subnet-full", strong, u.Object, "currentValue", text, attrs)
	} else {
		c.cloud("cloud.subnet-free", weak, u.Object, "currentValue", text, attrs)
	}
}

// handsOut are words of the network plugin's part that hands out addresses (Azure CNI: IPAM, CNS).
var handsOut = regexp.MustCompile(`(?i)\b(?:IPAM|CNS|IP address(?:es)?|not enough IPs|AllocateIPConfig)\b`)

// mayPull are the built-in roles that include pulling from a registry: AcrPull, AcrPush, Owner, Contributor, Reader,
// Container Registry Repository Reader and Writer (built-in roles for containers, vendor's page).
var mayPull = []string{"7f951dda-4ed3-4680-a7ca-43fe172d538d", "8311e382-0749-4cb8-b61a-304f252e45ec", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
	"b24988ac-6180-42a0-ab88-20f7382dd24c", "acdd72a7-3385-48ef-bd42-f606fba81ae7", "b93aa761-3e63-49ed-ac28-beffa264f7ac", "2a1e307c-b015-4ebd-883e-5b7698a07328"}

// registryFacts: a registry of Azure refuses a pull, and the identity that pulls has no role there.
func (c *sickCase) registryFacts(m *member) {
	if m.c == nil || !slices.ContainsFunc(c.facts, func(f fact) bool { return f.cause == "image.pull-unauthorized" }) {
		return
	}
	server, _, _ := strings.Cut(m.c.Image, "/")
	a, ok := c.s.Object(evidence.RoleAssignments, "", server)
	if !ok {
		return
	}
	if len(m.pod.Spec.ImagePullSecrets) > 0 {
		return // it may pull with those, whatever the identity may
	}
	who, attrs := a.Raw.Str("principalId"), map[string]string{"registry": strings.Split(server, ".")[0]}
	list := a.Raw.List("value")
	for _, r := range list {
		role := r.Str("properties", "roleDefinitionId")
		if slices.Contains(mayPull, strings.ToLower(role[strings.LastIndexByte(role, '/')+1:])) {
			c.cloud("cloud.acr-role", weak, a, "value", "the kubelet identity "+who+" has a role on "+server+" that may pull", attrs)
			return
		}
	}
	if len(list) == 0 {
		c.cloud("cloud.acr-no-role", strong, a, "value", "the kubelet identity "+who+" has no role assignment on "+server, attrs)
	}
}

// detectorFacts: one of AKS' own detectors found something. An insight is a table of which the first row says how bad it is
// and what it is; statusId 0 is critical, 1 a warning.
func (c *sickCase) detectorFacts(m *member) {
	for _, d := range c.s.OfKind(evidence.Detector, "") {
		status, ok := number(d.Raw, "properties", "status", "statusId")
		if !ok || status > 1 {
			continue
		}
		text := cmp.Or(d.Raw.Str("properties", "metadata", "name"), d.Name)
		if said := insight(d.Raw); said != "" {
			text += ": " + said
		}
		c.cloud("cloud.detector", weak, d, "properties.dataset", "AKS detector "+text, map[string]string{"node": m.pod.Node.Or("")})
	}
}

// insight is the first message of a detector that is bad.
func insight(d evidence.Raw) string {
	for _, set := range d.List("properties", "dataset") {
		status, message := -1, -1
		for i, col := range set.List("table", "columns") {
			switch col.Str("columnName") {
			case "Status":
				status = i
			case "Message":
				message = i
			}
		}
		rows, _ := set.Get("table", "rows")
		list, _ := rows.([]any)
		if len(list) == 0 || status < 0 || message < 0 {
			continue
		}
		if row, _ := list[0].([]any); len(row) > max(status, message) && (row[status] == "Critical" || row[status] == "Warning") {
			return strings.Join(strings.Fields(fmt.Sprint(row[message])), " ")
		}
	}
	return ""
}
