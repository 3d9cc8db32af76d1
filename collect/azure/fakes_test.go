package azure

import (
	"context"
	"net/http"
	"strings"
	"testing"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/to"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	computefake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8/fake"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/containerservice/armcontainerservice/v6"
	aksfake "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/containerservice/armcontainerservice/v6/fake"

	"github.com/crashproof-dev/crashproof/evidence"
)

// byProvider sends a request to the fake of its resource provider; everything else is not found.
type byProvider map[string]policy.Transporter

// Do sends.
func (b byProvider) Do(req *http.Request) (*http.Response, error) {
	path := strings.ToLower(req.URL.Path)
	provider, _, _ := strings.Cut(path[strings.LastIndex(path, "/providers/")+len("/providers/"):], "/")
	if t := b[provider]; t != nil {
		return t.Do(req)
	}
	return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: req, Header: http.Header{}}, nil
}

// TestOfficialFakes: the SDK's own fakes understand what is asked, page by page.
func TestOfficialFakes(t *testing.T) {
	aks := &aksfake.ServerFactory{
		ManagedClustersServer: aksfake.ManagedClustersServer{Get: func(_ context.Context, group, name string, _ *armcontainerservice.ManagedClustersClientGetOptions) (r azfake.Responder[armcontainerservice.ManagedClustersClientGetResponse], e azfake.ErrorResponder) {
			r.SetResponse(http.StatusOK, armcontainerservice.ManagedClustersClientGetResponse{ManagedCluster: armcontainerservice.ManagedCluster{ID: to.Ptr(clusterID), Name: to.Ptr(name),
				Properties: &armcontainerservice.ManagedClusterProperties{NodeResourceGroup: to.Ptr(nodeGroup), ProvisioningState: to.Ptr("Upgrading")}}}, nil)
			return r, e
		}},
		AgentPoolsServer: aksfake.AgentPoolsServer{
			NewListPager: func(string, string, *armcontainerservice.AgentPoolsClientListOptions) (p azfake.PagerResponder[armcontainerservice.AgentPoolsClientListResponse]) {
				for _, name := range []string{"system", "user"} {
					p.AddPage(http.StatusOK, armcontainerservice.AgentPoolsClientListResponse{AgentPoolListResult: armcontainerservice.AgentPoolListResult{Value: []*armcontainerservice.AgentPool{{Name: to.Ptr(name),
						Properties: &armcontainerservice.ManagedClusterAgentPoolProfileProperties{Count: to.Ptr[int32](3), MaxCount: to.Ptr[int32](3), EnableAutoScaling: to.Ptr(true)}}}}}, nil)
				}
				return p
			},
			GetUpgradeProfile: func(context.Context, string, string, string, *armcontainerservice.AgentPoolsClientGetUpgradeProfileOptions) (r azfake.Responder[armcontainerservice.AgentPoolsClientGetUpgradeProfileResponse], e azfake.ErrorResponder) {
				e.SetResponseError(http.StatusForbidden, "AuthorizationFailed")
				return r, e
			},
		},
		MaintenanceConfigurationsServer: aksfake.MaintenanceConfigurationsServer{NewListByManagedClusterPager: func(string, string, *armcontainerservice.MaintenanceConfigurationsClientListByManagedClusterOptions) (p azfake.PagerResponder[armcontainerservice.MaintenanceConfigurationsClientListByManagedClusterResponse]) {
			p.AddPage(http.StatusOK, armcontainerservice.MaintenanceConfigurationsClientListByManagedClusterResponse{}, nil)
			return p
		}},
	}
	compute := &computefake.ServerFactory{
		VirtualMachineScaleSetVMsServer: computefake.VirtualMachineScaleSetVMsServer{NewListPager: func(_, _ string, o *armcompute.VirtualMachineScaleSetVMsClientListOptions) (p azfake.PagerResponder[armcompute.VirtualMachineScaleSetVMsClientListResponse]) {
			if o == nil || o.Expand == nil || *o.Expand != "instanceView" {
				t.Error("instances are listed without their instance view")
			}
			p.AddPage(http.StatusOK, armcompute.VirtualMachineScaleSetVMsClientListResponse{VirtualMachineScaleSetVMListResult: armcompute.VirtualMachineScaleSetVMListResult{Value: []*armcompute.VirtualMachineScaleSetVM{{
				Name: to.Ptr("aks-user-1-vmss_0"), Properties: &armcompute.VirtualMachineScaleSetVMProperties{LatestModelApplied: to.Ptr(false), OSProfile: &armcompute.OSProfile{ComputerName: to.Ptr("aks-user-1-vmss000000")}}}}}}, nil)
			return p
		}},
		VirtualMachineScaleSetsServer: computefake.VirtualMachineScaleSetsServer{Get: func(context.Context, string, string, *armcompute.VirtualMachineScaleSetsClientGetOptions) (r azfake.Responder[armcompute.VirtualMachineScaleSetsClientGetResponse], e azfake.ErrorResponder) {
			r.SetResponse(http.StatusOK, armcompute.VirtualMachineScaleSetsClientGetResponse{VirtualMachineScaleSet: armcompute.VirtualMachineScaleSet{Name: to.Ptr("aks-user-1-vmss")}}, nil)
			return r, e
		}},
	}
	c, err := New(Options{Cluster: clusterID, Credential: &azfake.TokenCredential{}, Transport: byProvider{
		"microsoft.containerservice": aksfake.NewServerFactoryTransport(aks), "microsoft.compute": computefake.NewServerFactoryTransport(compute)}})
	if err != nil {
		t.Fatal(err)
	}
	all := known()
	all.Merge(c.Observe(t.Context(), all))
	all.Merge(c.Follow(t.Context(), all, []evidence.Request{{What: evidence.AskScaleSet, Name: "user"}}))
	if o, ok := all.Object(evidence.ManagedCluster, "", "shop"); !ok || o.Raw.Str("properties", "provisioningState") != "Upgrading" {
		t.Errorf("cluster %v", o.Raw)
	}
	if n := len(all.OfKind(evidence.AgentPool, "")); n != 2 {
		t.Errorf("%d pools of two pages", n)
	}
	if o, ok := all.Object(evidence.ScaleSetVM, "", "aks-user-1-vmss000000"); !ok || o.Raw.Str("pool") != "user" {
		t.Errorf("machine %v", o.Raw)
	}
	if g := gapOf(all, "newest node images"); !strings.Contains(g, "403 AuthorizationFailed") || !strings.Contains(g, "Reader on the managed cluster") {
		t.Errorf("gap %q", g)
	}
}
