package evidence

import (
	"strings"
	"time"
)

// CloudAPI is the apiVersion of objects that hold what Azure Resource Manager answered, in its own JSON form: id, name,
// location, properties.
const CloudAPI = "management.azure.com"

// Kinds of objects from Azure's side.
const (
	ManagedCluster     = "ManagedCluster"           // Microsoft.ContainerService/managedClusters
	AgentPool          = "AgentPool"                // …/agentPools, by its name
	AgentPoolUpgrade   = "AgentPoolUpgradeProfile"  // …/agentPools/upgradeProfiles, by the pool's name
	MaintenanceWindow  = "MaintenanceConfiguration" // …/maintenanceConfigurations
	Detector           = "Detector"                 // …/detectors
	ActivityEvent      = "ActivityLogEvent"         // Microsoft.Insights/eventtypes/management/values, by its eventDataId
	ResourceHealth     = "AvailabilityStatus"       // Microsoft.ResourceHealth/availabilityStatuses, by the resource's name
	ScaleSet           = "VirtualMachineScaleSet"
	ScaleSetVM         = "VirtualMachineScaleSetVM" // by its computer name, which is the node's
	VirtualNetwork     = "VirtualNetwork"
	SubnetUsage        = "SubnetUsage" // Microsoft.Network/virtualNetworks/usages, by the subnet's name
	SecurityGroup      = "NetworkSecurityGroup"
	RouteTable         = "RouteTable"
	ContainerRegistry  = "ContainerRegistry" // by its login server
	RoleAssignments    = "RoleAssignments"   // of one identity on one registry, by the login server
	LogWorkspace       = "LogAnalyticsWorkspace"
	AutoscalerMessage  = "AutoscalerMessage"        // a line of the cluster autoscaler, from the control plane's logs
	AuditEntry         = "AuditLogEntry"            // a write that the API server's audit log tells of
	CloudObservation   = "AzureObservation"         // how and when Azure's side was read; one of each snapshot that has any
	ContainerInsights  = "Container Insights"       // Source of what Log Analytics kept, see [Object.Source] and [Usage.Source]
	SeenAnnotation     = "crashproof.dev/last-seen" // when a source last saw a pod that the API has no more
	HistoryAnnotation  = "crashproof.dev/history"   // which source tells of a pod, where that is not the API
	azurePrefix        = "azure/"
	observationOfAzure = "azure"
)

// FromCloud tells whether a kind is of Azure's side.
func (o Object) FromCloud() bool { return o.APIVersion == CloudAPI }

// CloudRead tells whether Azure's side was read, and by how much its clock was ahead of the cluster's.
func (s *Snapshot) CloudRead() (ahead time.Duration, ok bool) {
	o, ok := s.Object(CloudObservation, "", observationOfAzure)
	if !ok {
		return 0, false
	}
	ahead, _ = time.ParseDuration(o.Raw.Str("clockAhead"))
	return ahead, true
}

// NewCloudObject makes an object of what ARM answered.
func NewCloudObject(kind, name string, raw Raw) Object {
	if raw == nil {
		raw = Raw{}
	}
	raw["apiVersion"], raw["kind"], raw["metadata"] = CloudAPI, kind, map[string]any{"name": name}
	return NewObject(raw, CloudAPI, kind, "azure")
}

// NewCloudObservation says that Azure's side was read.
func NewCloudObservation(ahead time.Duration, at time.Time, reads, queries int) Object {
	return NewCloudObject(CloudObservation, observationOfAzure, Raw{"clockAhead": ahead.String(), "readAt": at.UTC().Format(time.RFC3339), "armReads": float64(reads), "queries": float64(queries)})
}

// OfAzure tells whether a request of a plan is for Azure's side.
func (r Request) OfAzure() bool { return strings.HasPrefix(r.What, azurePrefix) }

// What a plan can ask of Azure's side.
const (
	AskScaleSet   = azurePrefix + "scaleset"   // Name is the node pool
	AskNetwork    = azurePrefix + "network"    // the subnets of all pools
	AskRegistry   = azurePrefix + "registry"   // Name is the login server
	AskDetectors  = azurePrefix + "detectors"  //
	AskHistory    = azurePrefix + "history"    // pods that are gone: Namespace, and Name of a pod or a workload
	AskLogs       = azurePrefix + "logs"       // of runs whose log is gone: Namespace, and Name of the pod
	AskEvents     = azurePrefix + "events"     // that the API has dropped: Namespace, and Name of a pod or a workload
	AskUsage      = azurePrefix + "usage"      // memory over time: Namespace, and Name of the pod
	AskAutoscaler = azurePrefix + "autoscaler" //
	AskAudit      = azurePrefix + "audit"      // who changed what: Namespace
)
