package runner

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"github.com/crashproof-dev/crashproof/lab/internal/product"
	"github.com/crashproof-dev/crashproof/lab/internal/results"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

func TestAzureIsBesideScenariosThatDescribeIt(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "azure.yaml"), []byte("vms: {user-0: {properties: {latestModelApplied: false}}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	clients := fake.NewClientset(&corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "aks-user-12345678-vmss000000", Labels: map[string]string{"agentpool": "user"}},
		Spec: corev1.NodeSpec{ProviderID: "azure:///subscriptions/s/resourceGroups/mc_a_b_c/providers/Microsoft.Compute/virtualMachineScaleSets/aks-user-12345678-vmss/virtualMachines/0"}})
	s := &scenario.Scenario{Dir: dir, Azure: "azure.yaml", Expect: scenario.Expect{Finding: true, Cause: []string{"a"}, WithoutAzure: map[string]any{"cause": []string{"b"}}}}
	for mode, want := range map[AskAzure]string{AzureOn: "--azure=on --azure-resource-manager", AzureOff: "--azure=off"} {
		var r results.Result
		p, done, err := mode.Prepare(context.Background(), product.Program{}, clients, s, &r)
		if err != nil {
			t.Fatal(err)
		}
		if args := strings.Join(p.Args, " "); !strings.HasPrefix(args, want) || (mode == AzureOn) != (len(p.Env) > 0) {
			t.Errorf("%s: flags %s, environment %s", mode, args, p.Env)
		}
		if err := done(); err != nil || (mode == AzureOn) != (r.Azure != nil) || (mode == AzureOff) != r.AzureOff {
			t.Errorf("%s: %v, %+v", mode, err, r)
		}
		e, err := mode.Expected(s)
		if cause := map[AskAzure]string{AzureOn: "a", AzureOff: "b"}[mode]; err != nil || e.Cause[0] != cause {
			t.Errorf("%s: expected %v, %v", mode, e, err)
		}
	}
	s.Azure = ""
	p, _, err := AzureOn.Prepare(context.Background(), product.Program{}, clients, s, &results.Result{})
	if err != nil || len(p.Args) > 0 || len(p.Env) > 0 {
		t.Errorf("a scenario without Azure: %v, %v", p, err)
	}
}
