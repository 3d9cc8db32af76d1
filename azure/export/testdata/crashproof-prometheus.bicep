// Alert rules of crashproof on the metrics of an Azure Monitor workspace.
// Written by `crashproof azure export`; compiled and deployed nowhere yet: run what-if before you apply it.

@description('Resource ID of the Azure Monitor workspace that holds the cluster\'s Prometheus metrics')
param monitorWorkspaceResourceId string

@description('Resource ID of the AKS cluster')
param clusterResourceId string

@description('Azure region')
param location string = resourceGroup().location

@description('Resource IDs of the action groups to notify')
param actionGroupIds array = []

resource rules 'Microsoft.AlertsManagement/prometheusRuleGroups@2023-03-01' = {
  name: 'crashproof-${last(split(clusterResourceId, '/'))}'
  location: location
  properties: {
    description: 'Crashing pods, sick nodes and pods without a node'
    enabled: true
    clusterName: last(split(clusterResourceId, '/'))
    interval: 'PT1M'
    scopes: [
      monitorWorkspaceResourceId
      clusterResourceId
    ]
    rules: [
      {
        alert: 'CrashproofRestartSpike'
        expression: 'sum by (cluster, namespace, controller) (round(increase(kube_pod_container_status_restarts_total{job="kube-state-metrics"}[15m])) * on (cluster, namespace, pod) group_left (controller) max by (cluster, namespace, pod, controller) (label_replace(kube_pod_owner{job="kube-state-metrics", owner_is_controller!="false"}, "controller", "$1", "owner_name", "(.+)"))) >= 3'
        for: 'PT1M'
        severity: 2
        enabled: true
        annotations: {
          description: 'Containers of a workload restarted three times or more within 15 minutes'
        }
        resolveConfiguration: {
          autoResolved: true
          timeToResolve: 'PT10M'
        }
        actions: map(actionGroupIds, each => { actionGroupId: each })
      }
      {
        alert: 'CrashproofNodeNotReady'
        expression: 'max by (cluster, node) (kube_node_status_condition{job="kube-state-metrics", condition="Ready", status="true"}) == 0 unless on (cluster, node) kube_node_spec_taint{job="kube-state-metrics", key="ToBeDeletedByClusterAutoscaler"}'
        for: 'PT5M'
        severity: 1
        enabled: true
        annotations: {
          description: 'A node has not been ready for five minutes, and the autoscaler is not removing it'
        }
        resolveConfiguration: {
          autoResolved: true
          timeToResolve: 'PT10M'
        }
        actions: map(actionGroupIds, each => { actionGroupId: each })
      }
      {
        alert: 'CrashproofPodsUnschedulable'
        expression: 'count by (cluster, namespace) (max by (cluster, namespace, pod) (kube_pod_status_phase{job="kube-state-metrics", phase="Pending"}) == 1 and on (cluster, namespace, pod) kube_pod_info{job="kube-state-metrics", node=""}) > 0'
        for: 'PT10M'
        severity: 2
        enabled: true
        annotations: {
          description: 'Pods have been pending without a node for ten minutes'
        }
        resolveConfiguration: {
          autoResolved: true
          timeToResolve: 'PT10M'
        }
        actions: map(actionGroupIds, each => { actionGroupId: each })
      }
    ]
  }
}
