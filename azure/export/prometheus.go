package export

// PrometheusRule is an alert of the rule group. All its metrics are of the default ("minimal") ingestion of the managed
// Prometheus add-on.
type PrometheusRule struct {
	Name       string
	Says       string
	Expression string
	For        string
	Severity   int
}

// PrometheusRules are the alerts of the rule group.
//
// They differ on purpose from those that Azure recommends: restarts count from three within a quarter of an hour, not from
// one within an hour; none uses last_terminated_reason, which stays after one kill until the next end; and pods that wait
// for a node are found by having none, since the phase Pending has other causes too.
//
// Each was read and evaluated once by Prometheus' own engine on hand-made series, with what must fire and what must not;
// none by Azure's.
var PrometheusRules = []PrometheusRule{
	{
		Name: "CrashproofRestartSpike",
		Says: "Containers of a workload restarted three times or more within 15 minutes",
		// round: increase extrapolates, so that three restarts may read 2.9. The owner is joined once a pod: only a
		// controller counts, of which a pod has at most one.
		Expression: `sum by (cluster, namespace, controller) (` +
			`round(increase(kube_pod_container_status_restarts_total{job="kube-state-metrics"}[15m]))` +
			` * on (cluster, namespace, pod) group_left (controller)` +
			` max by (cluster, namespace, pod, controller) (label_replace(kube_pod_owner{job="kube-state-metrics", owner_is_controller!="false"}, "controller", "$1", "owner_name", "(.+)"))` +
			`) >= 3`,
		For: "PT1M", Severity: 2,
	},
	{
		Name: "CrashproofNodeNotReady",
		Says: "A node has not been ready for five minutes, and the autoscaler is not removing it",
		Expression: `max by (cluster, node) (kube_node_status_condition{job="kube-state-metrics", condition="Ready", status="true"}) == 0` +
			` unless on (cluster, node) kube_node_spec_taint{job="kube-state-metrics", key="ToBeDeletedByClusterAutoscaler"}`,
		For: "PT5M", Severity: 1,
	},
	{
		Name: "CrashproofPodsUnschedulable",
		Says: "Pods have been pending without a node for ten minutes",
		Expression: `count by (cluster, namespace) (` +
			`max by (cluster, namespace, pod) (kube_pod_status_phase{job="kube-state-metrics", phase="Pending"}) == 1` +
			` and on (cluster, namespace, pod) kube_pod_info{job="kube-state-metrics", node=""}` +
			`) > 0`,
		For: "PT10M", Severity: 2,
	},
}

// Prometheus is the rule group of an Azure Monitor workspace.
func Prometheus() Template {
	var rules List
	for _, r := range PrometheusRules {
		rules = append(rules, Object{
			{"alert", Text(r.Name)},
			{"expression", Text(r.Expression)},
			{"for", Text(r.For)},
			{"severity", Number(r.Severity)},
			{"enabled", Bool(true)},
			{"annotations", Object{{"description", Text(r.Says)}}},
			{"resolveConfiguration", Object{{"autoResolved", Bool(true)}, {"timeToResolve", Text("PT10M")}}},
			{"actions", ForEach{Param: groupsParam.Name, Field: "actionGroupId"}},
		})
	}
	return Template{
		Says: "Alert rules of crashproof on the metrics of an Azure Monitor workspace.",
		Params: []Param{
			{Name: "monitorWorkspaceResourceId", Type: "string", Says: "Resource ID of the Azure Monitor workspace that holds the cluster's Prometheus metrics"},
			{Name: "clusterResourceId", Type: "string", Says: "Resource ID of the AKS cluster"},
			locationParam, groupsParam,
		},
		Resources: []Resource{{
			Symbol: "rules", Type: "Microsoft.AlertsManagement/prometheusRuleGroups", APIVersion: "2023-03-01",
			Name: call("concat", Text("crashproof-"), call("last", call("split", Ref("clusterResourceId"), Text("/")))),
			Body: Object{{"location", Ref("location")}, {"properties", Object{
				{"description", Text("Crashing pods, sick nodes and pods without a node")},
				{"enabled", Bool(true)},
				{"clusterName", call("last", call("split", Ref("clusterResourceId"), Text("/")))},
				{"interval", Text("PT1M")},
				{"scopes", List{Ref("monitorWorkspaceResourceId"), Ref("clusterResourceId")}},
				{"rules", rules},
			}}},
		}},
	}
}
