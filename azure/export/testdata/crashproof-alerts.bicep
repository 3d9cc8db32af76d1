// Alert rules of crashproof on the logs of a Log Analytics workspace.
// Written by `crashproof azure export`; compiled and deployed nowhere yet: run what-if before you apply it.

@description('Resource ID of the Log Analytics workspace that Container Insights writes to')
param workspaceResourceId string

@description('Resource ID of the AKS cluster; empty for all clusters of the workspace')
param clusterResourceId string = ''

@description('Azure region')
param location string = resourceGroup().location

@description('Resource IDs of the action groups to notify')
param actionGroupIds array = []

resource alertFailedScheduling 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'crashproof-alert-failed-scheduling'
  location: location
  kind: 'LogAlert'
  properties: {
    displayName: 'Pods cannot be scheduled'
    description: 'Pods that the scheduler refused and that are still pending, older than some minutes, for an alert rule. The rule\'s range of a day is there because an event\'s TimeGenerated is when it was created. A pod that waits for more than a day whose event was never made anew is missed.'
    severity: 2
    enabled: true
    scopes: [
      workspaceResourceId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    overrideQueryTimeRange: 'P1D'
    criteria: {
      allOf: [
        {
          query: replace('''
// title: Pods cannot be scheduled
// purpose: Pods that the scheduler refused and that are still pending, older than some minutes, for an alert rule.
// table: KubeEvents, KubePodInventory
// param patience: timespan how long a pod may wait for a new node
// param cluster: string resource ID of the cluster; empty for all of the workspace
// column ClusterId: string resource ID of the cluster
// column Namespace: string namespace
// column Pods: long pods that wait
// column Messages: dynamic what the scheduler said, at most 5
// alert: severity=2 every=5m window=15m range=1d measure=Pods aggregation=Maximum operator=GreaterThanOrEqual threshold=1 dimensions=ClusterId,Namespace failing=1/1
// note: The rule's range of a day is there because an event's TimeGenerated is when it was created.
// note: A pod that waits for more than a day whose event was never made anew is missed.
let patience = 10m;
let cluster = "";
let refused = KubeEvents
    | where TimeGenerated > ago(1d)
    | where isempty(cluster) or ClusterId =~ cluster
    | where Reason == "FailedScheduling"
    | summarize arg_max(TimeGenerated, Message) by ClusterId, Namespace, Name;
KubePodInventory
| where TimeGenerated > ago(15m)
| where isempty(cluster) or ClusterId =~ cluster
| summarize arg_max(TimeGenerated, PodStatus, PodCreationTimeStamp) by ClusterId, Namespace, Name, PodUid
| where TimeGenerated > ago(10m) and PodStatus == "Pending" and PodCreationTimeStamp < ago(patience)
| join kind=inner refused on ClusterId, Namespace, Name
| summarize Pods = dcount(PodUid), Messages = make_set(Message, 5) by ClusterId, Namespace
''', 'let cluster = ""', 'let cluster = "${replace(replace(clusterResourceId, '"', ''), '\\', '')}"')
          metricMeasureColumn: 'Pods'
          timeAggregation: 'Maximum'
          operator: 'GreaterThanOrEqual'
          threshold: 1
          dimensions: [
            {
              name: 'ClusterId'
              operator: 'Include'
              values: [
                '*'
              ]
            }
            {
              name: 'Namespace'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: actionGroupIds
    }
  }
}

resource alertNodeNotReady 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'crashproof-alert-node-not-ready'
  location: location
  kind: 'LogAlert'
  properties: {
    displayName: 'A node is not ready'
    description: 'Nodes that have not been ready for some minutes and still report, for an alert rule. The node\'s own event is of type Normal and not collected by default, so this reads the inventory. A node that was removed leaves no newer samples: it is left out after ten minutes. The samples come from the agent: where it runs on the sick node only, the node falls silent instead.'
    severity: 1
    enabled: true
    scopes: [
      workspaceResourceId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: replace('''
// title: A node is not ready
// purpose: Nodes that have not been ready for some minutes and still report, for an alert rule. The node's own event is of
//   type Normal and not collected by default, so this reads the inventory.
// table: KubeNodeInventory
// param window: timespan how far back to look
// param cluster: string resource ID of the cluster; empty for all of the workspace
// column ClusterId: string resource ID of the cluster
// column Computer: string node
// column Status: string conditions that are true, with commas
// column NotReadyMinutes: real minutes since the newest sample in which it was ready, at most the window
// alert: severity=1 every=5m window=15m measure=NotReadyMinutes aggregation=Maximum operator=GreaterThanOrEqual threshold=5 dimensions=ClusterId,Computer failing=1/1
// note: A node that was removed leaves no newer samples: it is left out after ten minutes.
// note: The samples come from the agent: where it runs on the sick node only, the node falls silent instead.
let window = 15m;
let cluster = "";
KubeNodeInventory
| where TimeGenerated > ago(window)
| where isempty(cluster) or ClusterId =~ cluster
| extend Ready = set_has_element(split(Status, ","), "Ready")
| summarize arg_max(TimeGenerated, Status, Ready), Oldest = min(TimeGenerated), LastReady = maxif(TimeGenerated, Ready) by ClusterId, Computer
| where not(Ready) and TimeGenerated > ago(10m)
| project ClusterId, Computer, Status, NotReadyMinutes = round((TimeGenerated - coalesce(LastReady, Oldest)) / 1m, 1)
''', 'let cluster = ""', 'let cluster = "${replace(replace(clusterResourceId, '"', ''), '\\', '')}"')
          metricMeasureColumn: 'NotReadyMinutes'
          timeAggregation: 'Maximum'
          operator: 'GreaterThanOrEqual'
          threshold: 5
          dimensions: [
            {
              name: 'ClusterId'
              operator: 'Include'
              values: [
                '*'
              ]
            }
            {
              name: 'Computer'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: actionGroupIds
    }
  }
}

resource alertRestartSpike 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'crashproof-alert-restart-spike'
  location: location
  kind: 'LogAlert'
  properties: {
    displayName: 'Containers of a workload restart again and again'
    description: 'Restarts of each workload within the window, for an alert rule: the lifetime counter is compared with the newest sample before the window, container by container, and only then added up. The rule\'s range of two hours is there for the sample before the window. Restarts of a Job\'s pods count too, where its pods restart in place.'
    severity: 2
    enabled: true
    scopes: [
      workspaceResourceId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    overrideQueryTimeRange: 'PT2H'
    criteria: {
      allOf: [
        {
          query: replace('''
// title: Containers of a workload restart again and again
// purpose: Restarts of each workload within the window, for an alert rule: the lifetime counter is compared with the newest
//   sample before the window, container by container, and only then added up.
// table: KubePodInventory
// param window: timespan how far back restarts count
// param cluster: string resource ID of the cluster; empty for all of the workspace
// column ClusterId: string resource ID of the cluster
// column Namespace: string namespace
// column Workload: string name of the workload; of a ReplicaSet's pods without the hash
// column ControllerKind: string kind of the owner
// column RestartsInWindow: long restarts within the window
// alert: severity=2 every=5m window=15m range=2h measure=RestartsInWindow aggregation=Total operator=GreaterThanOrEqual threshold=3 dimensions=ClusterId,Namespace,Workload failing=1/1
// note: The rule's range of two hours is there for the sample before the window.
// note: Restarts of a Job's pods count too, where its pods restart in place.
let window = 15m;
let cluster = "";
let since = ago(window);
KubePodInventory
| where TimeGenerated > since - 1h
| where isempty(cluster) or ClusterId =~ cluster
| where Namespace !in ("kube-system", "gatekeeper-system") and isnotempty(ContainerName)
| summarize Newest = max(TimeGenerated), Restarts = max(ContainerRestartCount), PodCreated = min(PodCreationTimeStamp),
    Before = maxif(ContainerRestartCount, TimeGenerated <= since), First = minif(ContainerRestartCount, TimeGenerated > since)
    by ClusterId, Namespace, ControllerKind, ControllerName, PodUid, ContainerName
| where Newest > since
| extend InWindow = max_of(0, Restarts - coalesce(Before, iff(PodCreated > since, 0, First)))
| extend Workload = iff(ControllerKind =~ "ReplicaSet", extract("^(.+)-[a-z0-9]+$", 1, ControllerName), ControllerName)
| summarize RestartsInWindow = sum(InWindow) by ClusterId, Namespace, Workload, ControllerKind
| where RestartsInWindow > 0
''', 'let cluster = ""', 'let cluster = "${replace(replace(clusterResourceId, '"', ''), '\\', '')}"')
          metricMeasureColumn: 'RestartsInWindow'
          timeAggregation: 'Total'
          operator: 'GreaterThanOrEqual'
          threshold: 3
          dimensions: [
            {
              name: 'ClusterId'
              operator: 'Include'
              values: [
                '*'
              ]
            }
            {
              name: 'Namespace'
              operator: 'Include'
              values: [
                '*'
              ]
            }
            {
              name: 'Workload'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: actionGroupIds
    }
  }
}
