package cgroup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseKeepsSharedHierarchiesTogether(t *testing.T) {
	got, err := parse(`12:pids:/
11:cpu,cpuacct:/
10:cpuset:/
9:memory:/
8:devices:/
7:freezer:/
6:blkio:/
5:net_cls:/
1:name=systemd:/
0::/
`)
	if err != nil {
		t.Fatal(err)
	}
	options := map[string]string{}
	for _, h := range got {
		options[h.Dir()] = h.MountOptions()
	}
	want := map[string]string{
		"pids": "pids", "cpu,cpuacct": "cpu,cpuacct", "cpuset": "cpuset", "memory": "memory", "devices": "devices",
		"freezer": "freezer", "blkio": "blkio", "systemd": "none,name=systemd",
	}
	if diff := cmp.Diff(want, options); diff != "" {
		t.Errorf("mounts (-want +got):\n%s", diff)
	}
}

func TestParseSaysWhatToDoWithoutVersion1(t *testing.T) {
	_, err := parse("0::/user.slice\n")
	if err == nil || !strings.Contains(err.Error(), "systemd.unified_cgroup_hierarchy=0") {
		t.Errorf("error is %v; want one that says how to get version 1", err)
	}
}
