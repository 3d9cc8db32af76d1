package describe

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/evidence"
)

// oldTexts are written in the formats of older kubectl versions, with names of our own.
var oldTexts = map[string]string{
	// 1.5: Controllers, a state without a container's ports by name, events in seven columns, labels one a line
	"1.5": `Name:		ferry-812-x1
Namespace:	docks
Node:		node-a/10.2.0.1
Start Time:	Tue, 06 Jan 2032 10:00:00 +0100
Labels:		app=ferry
		pod-template-hash=812
Status:		Running
IP:		10.3.0.7
Controllers:	ReplicaSet/ferry-812
Containers:
  ferry:
    Container ID:	docker://77aa
    Image:		ferry:4
    Image ID:		docker://sha256:99
    Port:		8080/TCP
    Limits:
      memory:	32Mi
    Requests:
      memory:		32Mi
    State:		Waiting
      Reason:		CrashLoopBackOff
    Last State:		Terminated
      Reason:		OOMKilled
      Exit Code:	137
      Started:		Tue, 06 Jan 2032 10:04:00 +0100
      Finished:		Tue, 06 Jan 2032 10:04:09 +0100
    Ready:		False
    Restart Count:	5
    Volume Mounts:
      /data from data (rw)
    Environment Variables:
      MODE:	calm
Conditions:
  Type		Status
  Ready 	False 
Volumes:
  data:
    Type:	EmptyDir (a temporary directory that shares a pod's lifetime)
    Medium:	
QoS Class:	Burstable
Tolerations:	<none>
Events:
  FirstSeen	LastSeen	Count	From			SubObjectPath		Type		Reason		Message
  ---------	--------	-----	----			-------------		--------	------		-------
  9m		9m		1	{default-scheduler }				Normal		Scheduled	Successfully assigned ferry-812-x1 to node-a
  8m		10s		31	{kubelet node-a}	spec.containers{ferry}	Warning		BackOff		Back-off restarting failed docker container
`,
	// 1.8: Created By beside Controlled By, tolerations without op=Exists, kubelet, node in From
	"1.8": `Name:           ferry-812-x2
Namespace:      docks
Node:           <none>
Labels:         app=ferry
Annotations:    kubernetes.io/created-by={"kind":"SerializedReference","apiVersion":"v1"}
                note=short
Status:         Pending
IP:             
Created By:     ReplicaSet/ferry-812
Controlled By:  ReplicaSet/ferry-812
Containers:
  ferry:
    Image:        ferry:4
    Port:         <none>
    Liveness:     exec [cat /tmp/well] delay=5s timeout=1s period=10s #success=1 #failure=3
    Environment:  <none>
    Mounts:
      /var/run/secrets/kubernetes.io/serviceaccount from default-token-1 (ro)
Conditions:
  Type           Status
  PodScheduled   False 
Volumes:
  default-token-1:
    Type:        Secret (a volume populated by a Secret)
    SecretName:  default-token-1
    Optional:    false
QoS Class:       BestEffort
Node-Selectors:  <none>
Tolerations:     node.alpha.kubernetes.io/notReady:NoExecute for 300s
                 pool=gpu:NoSchedule
Events:
  FirstSeen	LastSeen	Count	From			SubObjectPath	Type		Reason			Message
  ---------	--------	-----	----			-------------	--------	------			-------
  3m		2s		14	default-scheduler			Warning		FailedScheduling	No nodes are available that match all of the predicates: Insufficient memory (3).
`,
	// 1.16: IPs, events with kubelet and node, an eviction
	"1.16": `Name:         ferry-812-x3
Namespace:    docks
Priority:     0
Node:         node-b/
Start Time:   Tue, 06 Jan 2032 09:00:00 +0000
Labels:       app=ferry
Annotations:  <none>
Status:       Failed
Reason:       Evicted
Message:      The node was low on resource: ephemeral-storage. Container ferry was using 60Mi, which exceeds its request of 0. 
IP:           
IPs:          <none>
Controlled By:  ReplicaSet/ferry-812
Containers:
  ferry:
    Image:      ferry:4
    Port:       8080/TCP
    Host Port:  0/TCP
    Environment:
      TOKEN:  <set to the key 'token' in secret 'harbour'>  Optional: false
    Mounts:   <none>
Volumes:      <none>
QoS Class:       BestEffort
Node-Selectors:  <none>
Tolerations:     node.kubernetes.io/not-ready:NoExecute for 300s
                 node.kubernetes.io/unreachable:NoExecute for 300s
Events:
  Type     Reason     Age        From               Message
  ----     ------     ----       ----               -------
  Normal   Scheduled  <unknown>  default-scheduler  Successfully assigned docks/ferry-812-x3 to node-b
  Warning  Evicted    2m10s      kubelet, node-b    The node was low on resource: ephemeral-storage.
  Normal   Killing    2m10s      kubelet, node-b    Stopping container ferry`,
}

func TestOldest(t *testing.T) {
	o := parseOne(t, oldTexts["1.5"])
	if len(o.Ignored) > 0 || o.Kind != "Pod" {
		t.Errorf("kind %q, ignored %v", o.Kind, o.Ignored)
	}
	p, err := evidence.PodFromObject(evidence.NewObject(o.Raw, "", "", "old"))
	if err != nil {
		t.Fatal(err)
	}
	c := p.Container("ferry")
	if c == nil || c.Image != "ferry:4" || !evidence.Is(c.RestartCount, 5) || c.State.Reason != "CrashLoopBackOff" || c.Last.Reason != "OOMKilled" ||
		!evidence.Is(c.Last.ExitCode, 137) || !evidence.Is(c.MemoryLimit, 32<<20) || !c.Last.StartedAt.Equal(time.Date(2032, 1, 6, 9, 4, 0, 0, time.UTC)) {
		t.Errorf("container %+v", c)
	}
	if owner, _ := p.Owner.Get(); owner.Kind != "ReplicaSet" || owner.Name != "ferry-812" || p.Labels["pod-template-hash"] != "812" || !evidence.Is(p.Node, "node-a") {
		t.Errorf("pod %+v", p)
	}
	if len(c.Spec.VolumeMounts) != 1 || len(c.Spec.Env) != 1 || c.Spec.Env[0].Value != "calm" {
		t.Errorf("mounts %v, environment %v", c.Spec.VolumeMounts, c.Spec.Env)
	}
	if len(o.Events) != 2 {
		t.Fatalf("%d events", len(o.Events))
	}
	e := o.Events[1]
	if e.Count != 31 || e.Container != "spec.containers{ferry}" || e.From != "kubelet node-a" || e.Reason != "BackOff" || e.First.D != 8*time.Minute || e.Last.D != 10*time.Second ||
		e.Message != "Back-off restarting failed docker container" || o.Events[0].From != "default-scheduler " {
		t.Errorf("event %+v after %+v", e, o.Events[0])
	}
}

func TestOld(t *testing.T) {
	o := parseOne(t, oldTexts["1.8"])
	if len(o.Ignored) > 0 {
		t.Errorf("ignored %v", o.Ignored)
	}
	if diff := cmp.Diff(map[string]any{"kubernetes.io/created-by": `{"kind":"SerializedReference","apiVersion":"v1"}`, "note": "short"}, map[string]any(o.Raw.Map("metadata", "annotations"))); diff != "" {
		t.Error(diff)
	}
	tolerations := []any{map[string]any{"key": "node.alpha.kubernetes.io/notReady", "effect": "NoExecute", "tolerationSeconds": 300.0}, map[string]any{"key": "pool", "value": "gpu", "effect": "NoSchedule"}}
	if got, _ := o.Raw.Get("spec", "tolerations"); !cmp.Equal(got, tolerations) {
		t.Error(cmp.Diff(tolerations, got))
	}
	if len(o.Containers) != 1 || !o.Containers[0].Complete || o.Containers[0].Status || o.Raw.Has("status", "containerStatuses") {
		t.Errorf("containers %+v", o.Containers)
	}
	if len(o.Events) != 1 || o.Events[0].Count != 14 || o.Events[0].From != "default-scheduler" || o.Events[0].Reason != "FailedScheduling" || !strings.HasSuffix(o.Events[0].Message, "(3).") {
		t.Errorf("events %+v", o.Events)
	}
}

func TestEvicted(t *testing.T) {
	o := parseOne(t, oldTexts["1.16"])
	if len(o.Ignored) > 0 || !o.Complete {
		t.Errorf("complete %v, ignored %v", o.Complete, o.Ignored)
	}
	if o.Raw.Str("status", "phase") != "Failed" || o.Raw.Str("status", "reason") != "Evicted" || !strings.HasPrefix(o.Raw.Str("status", "message"), "The node was low") || o.Raw.Has("status", "hostIP") {
		t.Errorf("status %v", o.Raw["status"])
	}
	if len(o.Events) != 3 || o.Events[1].From != "kubelet, node-b" || o.Events[0].Last.Known || o.Events[2].Message != "Stopping container ferry" || o.Events[1].Last.D != 130*time.Second {
		t.Errorf("events %+v", o.Events)
	}
}
