package describe

import (
	"regexp"
	"strings"
)

// counts reads "2 desired | 1 updated", "1 current / 2 desired" and "2 Active (1 Ready) / 0 Failed" into pairs of
// word and number.
var counts = regexp.MustCompile(`(\d+) ([A-Za-z]+)`)

func (b *block) counts(key string, fields map[string][]string) {
	s, ok := b.take(key)
	if !ok {
		return
	}
	for _, m := range counts.FindAllStringSubmatch(s.val, -1) {
		if path := fields[m[2]]; path != nil {
			if n, ok := number(m[1]); ok {
				b.put(n, path...)
			}
		}
	}
}

var (
	specReplicas   = []string{"spec", "replicas"}
	statusReplicas = []string{"status", "replicas"}
)

// reasonTable are the columns of a workload's conditions.
var reasonTable = map[string]string{"Type": "type", "Status": "status", "Reason": "reason", "Message": "message"}

// deployment reads what describeDeployment prints. The replica sets' names are not part of a deployment.
func (b *block) deployment() {
	b.selector("spec", "selector")
	b.counts("Replicas", map[string][]string{"desired": specReplicas, "total": statusReplicas,
		"updated": {"status", "updatedReplicas"}, "available": {"status", "availableReplicas"}, "unavailable": {"status", "unavailableReplicas"}})
	b.str("StrategyType", "spec", "strategy", "type")
	b.number("MinReadySeconds", "spec", "minReadySeconds")
	if s, ok := b.take("RollingUpdateStrategy"); ok {
		for _, part := range strings.Split(s.val, ", ") {
			if v, ok := strings.CutSuffix(part, " max unavailable"); ok {
				b.put(intOrString(v), "spec", "strategy", "rollingUpdate", "maxUnavailable")
			}
			if v, ok := strings.CutSuffix(part, " max surge"); ok {
				b.put(intOrString(v), "spec", "strategy", "rollingUpdate", "maxSurge")
			}
		}
	}
	b.podTemplate("spec", "template")
	b.conditionTable(reasonTable, "status", "conditions")
	b.take("OldReplicaSets")
	b.take("NewReplicaSet")
}

// replicaSet reads what describeReplicaSet and describeReplicationController print.
func (b *block) replicaSet() {
	if b.obj.Kind == "ReplicationController" {
		if s, ok := b.take("Selector"); ok {
			if m, ok := selector(s.val); ok {
				b.put(m, "spec", "selector")
			}
		}
	} else {
		b.selector("spec", "selector")
	}
	b.counts("Replicas", map[string][]string{"desired": specReplicas, "current": statusReplicas})
	b.take("Pods Status")
	b.podTemplate("spec", "template")
	b.conditionTable(reasonTable, "status", "conditions")
}

// daemonSet reads what describeDaemonSet prints.
func (b *block) daemonSet() {
	b.selector("spec", "selector")
	b.take("Node-Selector") // printed again in the template
	b.number("Desired Number of Nodes Scheduled", "status", "desiredNumberScheduled")
	b.number("Current Number of Nodes Scheduled", "status", "currentNumberScheduled")
	b.number("Number of Nodes Scheduled with Up-to-date Pods", "status", "updatedNumberScheduled")
	b.number("Number of Nodes Scheduled with Available Pods", "status", "numberAvailable")
	b.number("Number of Nodes Misscheduled", "status", "numberMisscheduled")
	b.take("Pods Status")
	b.podTemplate("spec", "template")
}

// statefulSet reads what describeStatefulSet prints.
func (b *block) statefulSet() {
	b.selector("spec", "selector")
	b.str("Service Name", "spec", "serviceName")
	b.str("Pod Management Policy", "spec", "podManagementPolicy")
	b.counts("Replicas", map[string][]string{"desired": specReplicas, "total": statusReplicas})
	b.str("Update Strategy", "spec", "updateStrategy", "type")
	if s := b.sections["Update Strategy"]; s != nil {
		for _, f := range b.group(s.from, s.to, 2) {
			switch n, ok := number(f.val); {
			case f.key == "Partition" && ok:
				b.put(n, "spec", "updateStrategy", "rollingUpdate", "partition")
			case f.key == "MaxUnavailable":
				b.put(intOrString(f.val), "spec", "updateStrategy", "rollingUpdate", "maxUnavailable")
			default:
				continue
			}
			b.use(f.line)
		}
	}
	if s, ok := b.take("Persistent Volume Claim Retention Policy"); ok {
		for _, f := range b.group(s.from, s.to, 2) {
			b.use(f.line)
			b.put(f.val, "spec", "persistentVolumeClaimRetentionPolicy", strings.ToLower(f.key[:1])+f.key[1:])
		}
	}
	b.take("Pods Status")
	b.podTemplate("spec", "template")
	b.volumeClaims()
}

// volumeClaims reads what describeVolumeClaimTemplates prints: a run of fields that begins anew at each Name.
func (b *block) volumeClaims() {
	s, ok := b.take("Volume Claims")
	if !ok {
		return
	}
	claims := []any{}
	var c map[string]any
	for _, f := range b.group(s.from, s.to, 2) {
		if f.key == "Name" {
			c = map[string]any{}
			claims = append(claims, c)
		}
		if c == nil {
			continue
		}
		b.use(f.line)
		switch f.key {
		case "Name":
			put(c, f.val, "metadata", "name")
		case "StorageClass":
			if !isNone(f.val) {
				put(c, f.val, "spec", "storageClassName")
			}
		case "Labels", "Annotations":
			if m := b.pairs(f); len(m) > 0 {
				put(c, m, "metadata", strings.ToLower(f.key))
			}
		case "Capacity":
			if f.val != "<default>" && !isNone(f.val) {
				put(c, f.val, "spec", "resources", "requests", "storage")
			}
		case "Access Modes":
			if l, ok := bracketed(f.val); ok {
				put(c, l, "spec", "accessModes")
			}
		}
	}
	b.put(claims, "spec", "volumeClaimTemplates")
}

// job reads what describeJob prints.
func (b *block) job() {
	b.selector("spec", "selector")
	b.number("Parallelism", "spec", "parallelism")
	b.number("Completions", "spec", "completions")
	b.str("Completion Mode", "spec", "completionMode")
	b.boolean("Suspend", "spec", "suspend")
	b.number("Backoff Limit", "spec", "backoffLimit")
	b.number("TTL Seconds After Finished", "spec", "ttlSecondsAfterFinished")
	b.time("Start Time", "status", "startTime")
	b.time("Completed At", "status", "completionTime")
	b.take("Duration")
	b.number("Active Deadline Seconds", "spec", "activeDeadlineSeconds")
	b.counts("Pods Statuses", map[string][]string{"Active": {"status", "active"}, "Ready": {"status", "ready"}, "Running": {"status", "active"},
		"Succeeded": {"status", "succeeded"}, "Failed": {"status", "failed"}})
	if s, ok := b.take("Completed Indexes"); ok && !isNone(s.val) {
		b.put(strings.TrimSuffix(s.val, "..."), "status", "completedIndexes")
		if strings.HasSuffix(s.val, "...") {
			b.obj.Cut = append(b.obj.Cut, "status.completedIndexes")
		}
	}
	b.podTemplate("spec", "template")
}

// cronJob reads what describeCronJob prints; selector, parallelism, completions and the deadline are the job's.
func (b *block) cronJob() {
	b.str("Schedule", "spec", "schedule")
	b.str("Concurrency Policy", "spec", "concurrencyPolicy")
	b.boolean("Suspend", "spec", "suspend")
	b.str("Time Zone", "spec", "timeZone")
	b.number("Successful Job History Limit", "spec", "successfulJobsHistoryLimit")
	b.number("Failed Job History Limit", "spec", "failedJobsHistoryLimit")
	b.number("Starting Deadline Seconds", "spec", "startingDeadlineSeconds")
	if s, ok := b.take("Selector"); ok && !isNone(s.val) {
		if sel := labelSelector(s.val); sel != nil {
			b.put(sel, "spec", "jobTemplate", "spec", "selector")
		}
	}
	b.number("Parallelism", "spec", "jobTemplate", "spec", "parallelism")
	b.number("Completions", "spec", "jobTemplate", "spec", "completions")
	b.number("Active Deadline Seconds", "spec", "jobTemplate", "spec", "activeDeadlineSeconds")
	b.podTemplate("spec", "jobTemplate", "spec", "template")
	b.time("Last Schedule Time", "status", "lastScheduleTime")
	if s, ok := b.take("Active Jobs"); ok {
		active := []any{}
		for _, name := range list(s.val) {
			active = append(active, map[string]any{"kind": "Job", "name": name})
		}
		b.put(active, "status", "active")
	}
}

// selector reads a selector in the form of labels.Selector.String.
func (b *block) selector(path ...string) {
	if s, ok := b.take("Selector"); ok && s.val != "<unset>" {
		if sel := labelSelector(s.val); sel != nil {
			b.put(sel, path...)
		}
	}
}

// podTemplate reads what DescribePodTemplate prints, two columns in.
func (b *block) podTemplate(path ...string) {
	s, ok := b.take("Pod Template")
	if !ok {
		return
	}
	template := map[string]any{}
	spec := map[string]any{}
	fields := map[string]section{}
	for _, f := range b.group(s.from, s.to, 2) {
		if _, ok := fields[f.key]; !ok {
			fields[f.key] = f
		}
	}
	get := func(key string) (section, bool) {
		f, ok := fields[key]
		if ok {
			b.use(f.line)
		}
		return f, ok
	}
	if f, ok := get("Labels"); ok {
		put(template, b.pairs(f), "metadata", "labels")
	}
	if f, ok := get("Annotations"); ok {
		put(template, b.annotations(f, strings.Join(path, ".")+".metadata.annotations"), "metadata", "annotations")
	}
	for key, field := range map[string]string{"Service Account": "serviceAccountName", "Priority Class Name": "priorityClassName"} {
		if f, ok := get(key); ok && !isNone(f.val) {
			spec[field] = f.val
		}
	}
	for _, l := range lists {
		if f, ok := get(l.heading); ok {
			b.containers(f, 3, l.spec, "", spec, nil)
		}
	}
	if f, ok := get("Volumes"); ok {
		b.volumes(f, 3, spec)
	}
	b.scheduling(get, spec)
	if f, ok := get("PodGroupName"); ok { // beside its heading, not below it
		put(spec, f.val, "schedulingGroup", "podGroupName")
	}
	template["spec"] = spec
	b.put(template, path...)
}
