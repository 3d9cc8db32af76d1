package cluster

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/lab/internal/home"
)

func TestNodesAreNamedAsOnAKS(t *testing.T) {
	s := Settings{Pools: []Pool{{"system", 1, Containerd1}, {"user", 2, Containerd2}}}
	var got []string
	for _, n := range s.Nodes() {
		got = append(got, n.Alias+" "+n.Name+" "+n.IP()+" "+n.podSubnet())
	}
	want := []string{
		"system-0 aks-system-12345678-vmss000000 10.240.0.4 10.244.0.0/24",
		"user-0 aks-user-12345678-vmss000000 10.240.0.5 10.244.1.0/24",
		"user-1 aks-user-12345678-vmss000001 10.240.0.6 10.244.2.0/24",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	for _, name := range []string{"user-1", "aks-user-12345678-vmss000001"} {
		if n, err := s.Node(name); err != nil || n.Position != 2 {
			t.Errorf("Node(%s) = %+v, %v", name, n, err)
		}
	}
	if _, err := s.Node("gpu-0"); err == nil {
		t.Error("a node that is not there was found")
	}
}

func TestParsePools(t *testing.T) {
	got, err := ParsePools("system=1,batch=3")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Pool{{"system", 1, Containerd1}, {"batch", 3, Containerd2}}, got); diff != "" {
		t.Errorf("pools (-want +got):\n%s", diff)
	}
	for _, text := range []string{"", "system", "system=0", "system=x", "a-b=1", "system=5,user=5"} {
		if _, err := ParsePools(text); err == nil {
			t.Errorf("%q was taken for node pools", text)
		}
	}
}

func TestProfilesDifferInPaceOnly(t *testing.T) {
	config := func(p Profile) string {
		l := &Lab{Dir: home.Instance{Name: "x", Dir: "/x"}, Settings: Settings{Profile: p, Pools: DefaultPools()}}
		return l.kubeletConfig(l.Settings.Nodes()[0])
	}
	fast, defaults := config(Fast), config(Defaults)
	for _, setting := range []string{"syncFrequency: 10s", "maxContainerRestartPeriod: 10s", "nodeStatusUpdateFrequency: 5s"} {
		if !strings.Contains(fast, setting) {
			t.Errorf("profile fast lacks %q", setting)
		}
		name, _, _ := strings.Cut(setting, ":")
		if strings.Contains(defaults, name) {
			t.Errorf("profile defaults sets %s, which should be Kubernetes' own", name)
		}
	}
	if !strings.HasPrefix(fast, defaults) {
		t.Error("the profiles differ in more than what is appended")
	}
}

func TestStaleImages(t *testing.T) {
	const list = `REF                         TYPE              DIGEST     SIZE
docker.io/library/busybox:1 application/oci   sha256:aa  2 MiB
registry.lab.local/a:1      application/oci   sha256:old 2 MiB
registry.lab.local/gone:1   application/oci   sha256:cc  2 MiB
`
	present := map[string]string{"docker.io/library/busybox:1": "sha256:aa", "registry.lab.local/a:1": "sha256:new"}
	if diff := cmp.Diff([]string{"registry.lab.local/a:1"}, staleImages(list, present)); diff != "" {
		t.Errorf("stale (-want +got):\n%s", diff)
	}
}

func TestFaultsAreChecked(t *testing.T) {
	for _, action := range FaultActions {
		if err := CheckFault(action); err != nil {
			t.Error(err)
		}
	}
	if err := CheckFault("set-on-fire"); err == nil {
		t.Error("an unknown fault was taken")
	}
}

func TestFilterScript(t *testing.T) {
	const clean = "add table ip crashlab_fault\ndelete table ip crashlab_fault\n"
	if got := filterScript(MendNetwork); got != clean {
		t.Errorf("mending is %q, want only to remove the table", got)
	}
	for action, rules := range map[string][]string{
		DropServices: {`iifname "cni0" ip daddr 10.0.0.0/16 drop`},
		DropDNS:      {`iifname "cni0" udp dport 53 drop`, `iifname "cni0" tcp dport 53 drop`},
		DropOutside: {
			`iifname "cni0" ip daddr 10.240.0.1 tcp dport 443 drop`,
			`iifname "cni0" ip daddr != { 10.244.0.0/16, 10.0.0.0/16, 10.240.0.0/16, 168.63.129.16 } drop`,
		},
	} {
		got := filterScript(action)
		if !strings.HasPrefix(got, clean) {
			t.Errorf("%s does not replace what was there before:\n%s", action, got)
		}
		for _, rule := range rules {
			if !strings.Contains(got, "\t\t"+rule+"\n") {
				t.Errorf("%s lacks %q:\n%s", action, rule, got)
			}
		}
		if n := strings.Count(got, "iifname"); n != len(rules) {
			t.Errorf("%s has %d rules, want %d", action, n, len(rules))
		}
	}
}

func TestOnlyNetworkFaultsDropPackets(t *testing.T) {
	for action := range dropRules {
		if err := CheckFault(action); err != nil {
			t.Error(err)
		}
	}
	for _, action := range []string{StopKubelet, KillNode, StartNode} {
		if strings.Contains(filterScript(action), "drop") {
			t.Errorf("%s drops packets", action)
		}
	}
}
