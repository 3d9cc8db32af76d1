package azure

import (
	"regexp"
	"strings"
)

// queryColumns are those of crashproof's queries by name, for scenarios that leave them out. What a query's own header says comes first.
var queryColumns = map[string]string{
	"agent-health":                 "NewestInventory:datetime,Warnings:long,Messages:dynamic",
	"autoscaler-azurediagnostics":  "TimeGenerated:datetime,Level:string,Message:string",
	"autoscaler":                   "TimeGenerated:datetime,Level:string,Message:string",
	"azure-changes":                "Started:datetime,Finished:datetime,Caller:string,Operation:string,Statuses:dynamic,ResourceGroup:string,ResourceId:string,CorrelationId:string",
	"events":                       "LastSeen:datetime,FirstSeen:datetime,Namespace:string,Name:string,ObjectKind:string,KubeEventType:string,Reason:string,Count:real,Message:string,SourceComponent:string,Computer:string,ClusterId:string",
	"log-volume":                   "Namespace:string,PodName:string,Container:string,LogLines:long,StderrLines:long,Bytes:real,Runs:long,LastSeen:datetime",
	"memory-history":               "Time:datetime,Namespace:string,PodName:string,PodUid:string,Container:string,WorkingSet:real,Cpu:real",
	"nodes":                        "Computer:string,Status:string,Ready:bool,KubeletVersion:string,LastTransitionTimeReady:datetime,LastSeen:datetime,ClusterId:string",
	"oom":                          "LastOOM:datetime,ClusterId:string,Namespace:string,PodName:string,PodUid:string,Container:string,Computer:string,Restarts:int,PeakWorkingSet:real,Limit:real,PeakPercent:real,NodeAllocatable:real",
	"pod-history":                  "ClusterId:string,Namespace:string,PodName:string,PodUid:string,Container:string,ControllerKind:string,ControllerName:string,Computer:string,PodStatus:string,PodLabel:string,PodCreated:datetime,FirstSeen:datetime,LastSeen:datetime,MinRestarts:int,Restarts:int,ContainerID:string,ContainerStatus:string,ContainerStatusReason:string,LastStates:dynamic,PodIp:string",
	"previous-logs":                "TimeGenerated:datetime,PodNamespace:string,PodName:string,ContainerName:string,ContainerId:string,LogSource:string,LogMessage:string",
	"restarts-by-container":        "LastSeen:datetime,ClusterId:string,Namespace:string,PodName:string,PodUid:string,Container:string,RestartsInWindow:long,Restarts:int,PodStatus:string,ContainerStatus:string,ContainerStatusReason:string,LastReason:string,LastFinishedAt:datetime,ControllerKind:string,ControllerName:string,Computer:string",
	"restarts-by-namespace":        "ClusterId:string,Namespace:string,RestartsInWindow:long,Restarts:long,Containers:long",
	"who-changed-azurediagnostics": "TimeGenerated:datetime,Who:string,UserAgent:string,Verb:string,Resource:string,Namespace:string,Name:string,Code:int",
	"who-changed":                  "TimeGenerated:datetime,Who:string,UserAgent:string,Verb:string,Resource:string,Namespace:string,Name:string,Code:int",
}

// tables of Log Analytics with the columns that they are documented to have.
var tables = map[string]string{
	"AKSAudit":           "Annotations:dynamic,AuditId:string,Level:string,ObjectRef:dynamic,PodName:string,RequestObject:dynamic,RequestReceivedTime:datetime,RequestUri:string,ResponseObject:dynamic,ResponseStatus:dynamic,SourceIps:dynamic,Stage:string,StageReceivedTime:datetime,TimeGenerated:datetime,User:dynamic,UserAgent:string,Verb:string",
	"AKSAuditAdmin":      "Annotations:dynamic,AuditId:string,Level:string,ObjectRef:dynamic,PodName:string,RequestObject:dynamic,RequestReceivedTime:datetime,RequestUri:string,ResponseObject:dynamic,ResponseStatus:dynamic,SourceIps:dynamic,Stage:string,StageReceivedTime:datetime,TimeGenerated:datetime,User:dynamic,UserAgent:string,Verb:string",
	"AKSControlPlane":    "Category:string,Level:string,Message:string,PodName:string,Stream:string,TimeGenerated:datetime",
	"AzureActivity":      "ActivityStatus:string,ActivityStatusValue:string,ActivitySubstatus:string,ActivitySubstatusValue:string,Authorization:string,Authorization_d:dynamic,Caller:string,CallerIpAddress:string,Category:string,CategoryValue:string,Claims:string,Claims_d:dynamic,CorrelationId:string,EventDataId:string,EventSubmissionTimestamp:datetime,Hierarchy:string,HTTPRequest:string,Level:string,OperationId:string,OperationName:string,OperationNameValue:string,Properties:string,Properties_d:dynamic,Resource:string,ResourceGroup:string,ResourceId:string,ResourceProvider:string,ResourceProviderValue:string,SubscriptionId:string,TimeGenerated:datetime",
	"AzureDiagnostics":   "Category:string,OperationName:string,Resource:string,ResourceGroup:string,ResourceId:string,ResourceProvider:string,ResourceType:string,SubscriptionId:string,TimeGenerated:datetime,log_s:string,pod_s:string",
	"ContainerInventory": "Command:string,ComposeGroup:string,Computer:string,ContainerHostname:string,ContainerID:string,ContainerState:string,CreatedTime:datetime,EnvironmentVar:string,ExitCode:int,FinishedTime:datetime,Image:string,ImageID:string,ImageTag:string,Links:string,Name:string,Ports:string,Repository:string,StartedTime:datetime,TimeGenerated:datetime",
	"ContainerLogV2":     "Computer:string,ContainerId:string,ContainerName:string,KubernetesMetadata:dynamic,LogLevel:string,LogMessage:dynamic,LogSource:string,PodName:string,PodNamespace:string,TimeGenerated:datetime",
	"InsightsMetrics":    "AgentId:string,Computer:string,Name:string,Namespace:string,Origin:string,Tags:string,TimeGenerated:datetime,Val:real,Value:string",
	"KubeEvents":         "ClusterId:string,ClusterName:string,Computer:string,Count:real,FirstSeen:datetime,KubeEventType:string,LastSeen:datetime,Message:string,Name:string,Namespace:string,ObjectKind:string,Reason:string,SourceComponent:string,TimeGenerated:datetime",
	"KubeMonAgentEvents": "Category:string,ClusterId:string,ClusterName:string,Computer:string,Level:string,Message:string,Tags:string,TimeGenerated:datetime",
	"KubeNodeInventory":  "ClusterId:string,ClusterName:string,Computer:string,CreationTimeStamp:datetime,DockerVersion:string,KubeletVersion:string,KubeProxyVersion:string,KubernetesProviderID:string,Labels:string,LastTransitionTimeReady:datetime,OperatingSystem:string,Status:string,TimeGenerated:datetime",
	"KubePodInventory":   "ClusterId:string,ClusterName:string,Computer:string,ContainerCreationTimeStamp:datetime,ContainerID:string,ContainerLastStatus:string,ContainerName:string,ContainerRestartCount:int,ContainerStartTime:datetime,ContainerStatus:string,ContainerStatusReason:string,ControllerKind:string,ControllerName:string,InstanceName:string,Name:string,Namespace:string,PodCreationTimeStamp:datetime,PodIp:string,PodLabel:string,PodRestartCount:int,PodStartTime:datetime,PodStatus:string,PodUid:string,ServiceName:string,TimeGenerated:datetime",
	"Perf":               "BucketEndTime:datetime,BucketStartTime:datetime,Computer:string,CounterName:string,CounterPath:string,CounterValue:real,InstanceName:string,Max:real,Min:real,ObjectName:string,SampleCount:int,StandardDeviation:real,TimeGenerated:datetime",
}

// tableNames are their names by the lower case, for ARM's paths.
var tableNames = func() map[string]string {
	out := map[string]string{}
	for name := range tables {
		out[strings.ToLower(name)] = name
	}
	return out
}()

var (
	identifier = regexp.MustCompile(`(?m)^\s*([A-Z]\w+)\s*(?:\||$)`)
	declared   = regexp.MustCompile(`(?m)^// column (\w+): (\w+)`)
)

// parse reads columns from their short form.
func parse(text string) map[string]string {
	out := map[string]string{}
	for _, c := range strings.Split(text, ",") {
		if name, kind, ok := strings.Cut(c, ":"); ok {
			out[name] = kind
		}
	}
	return out
}

// columnsOf are those that a query's header declares, else those known by its name, else those of the first table that it names.
func columnsOf(name, query string) map[string]string {
	out := map[string]string{}
	for _, m := range declared.FindAllStringSubmatch(query, -1) {
		out[m[1]] = m[2]
	}
	if len(out) > 0 {
		return out
	}
	if text, known := queryColumns[name]; known {
		return parse(text)
	}
	for _, m := range identifier.FindAllStringSubmatch(query, -1) {
		if text, known := tables[m[1]]; known {
			return parse(text)
		}
	}
	return map[string]string{"TimeGenerated": "datetime"}
}
