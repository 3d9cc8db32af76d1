package cluster

import (
	"context"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// kubeletForm is for control groups of version 1. Images are never collected
// as garbage: disk is cheap and pulls cost time.
const kubeletForm = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
cgroupDriver: cgroupfs
kubeletCgroups: /system/kubelet
cgroupsPerQOS: true
enforceNodeAllocatable: [pods]
kubeReserved: {cpu: 100m, memory: 512Mi}
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: %[1]s}}
authorization: {mode: Webhook}
tlsCertFile: %[2]s.crt
tlsPrivateKeyFile: %[2]s.key
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
address: %[3]s
healthzBindAddress: 127.0.0.1
clusterDomain: cluster.local
clusterDNS: [%[4]s]
resolvConf: /etc/resolv.conf
providerID: %[5]s
maxPods: 110
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 1%%, imagefs.available: 1%%, nodefs.inodesFree: 1%%}
serializeImagePulls: false
`

func (l *Lab) kubeletConfig(n Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, kubeletForm, l.pkiFile("ca.crt"), n.certificate(l), n.IP(), dnsService, n.providerID())
	p := l.Settings.Profile.pace()
	if p.syncFrequency > 0 {
		fmt.Fprintf(&b, "syncFrequency: %s\n", p.syncFrequency)
	}
	if p.nodeStatusUpdate > 0 {
		fmt.Fprintf(&b, "nodeStatusUpdateFrequency: %s\n", p.nodeStatusUpdate)
	}
	if p.backOffCap > 0 {
		// On by default since 1.35; the gate is named for older versions.
		fmt.Fprintf(&b, "featureGates: {KubeletCrashLoopBackOffMax: true}\ncrashLoopBackOff: {maxContainerRestartPeriod: %s}\n", p.backOffCap)
	}
	return b.String()
}

func (l *Lab) startKubelet(ctx context.Context, n Node) error {
	pid, err := l.inside(n.namespaces())
	if err != nil {
		return err
	}
	var labels []string
	for k, v := range n.labels() {
		labels = append(labels, k+"="+v)
	}
	sort.Strings(labels)
	spec := l.kubeSpec("kubelet",
		"--config="+filepath.Join(l.nodeEtc(n), "kubelet.yaml"), "--kubeconfig="+n.kubeconfig(l),
		"--hostname-override="+n.Name, "--node-ip="+n.IP(), "--root-dir=/var/lib/kubelet",
		"--runtime-cgroups=/system/containerd", "--node-labels="+strings.Join(labels, ","), "--v=1")
	spec.Name, spec.Inside, spec.Cgroup = n.kubelet(), pid, "system/kubelet"
	return l.daemons.Ensure(ctx, spec)
}

const proxyForm = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clientConnection: {kubeconfig: %s}
clusterCIDR: %s
hostnameOverride: %s
bindAddress: %s
healthzBindAddress: 127.0.0.1:10256
metricsBindAddress: 127.0.0.1:10249
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
`

func (l *Lab) proxyConfig(n Node) string {
	return fmt.Sprintf(proxyForm, l.pkiFile("proxy.kubeconfig"), podCIDR, n.Name, n.IP())
}

func (l *Lab) startProxy(ctx context.Context, n Node) error {
	pid, err := l.inside(n.namespaces())
	if err != nil {
		return err
	}
	spec := l.kubeSpec("kube-proxy", "--config="+filepath.Join(l.nodeEtc(n), "kube-proxy.yaml"))
	spec.Name, spec.Inside, spec.Cgroup = n.proxy(), pid, "system/kube-proxy"
	return l.daemons.Ensure(ctx, spec)
}

// startNode starts all of a node and waits until Kubernetes calls it ready.
func (l *Lab) startNode(ctx context.Context, n Node) error {
	if err := l.writeNodeFiles(n); err != nil {
		return err
	}
	if _, err := l.ensureNodeNamespaces(ctx, n); err != nil {
		return fmt.Errorf("starting node %s: %w", n.Alias, err)
	}
	if err := l.filterPods(n, MendNetwork); err != nil {
		return fmt.Errorf("starting node %s: %w", n.Alias, err)
	}
	for _, start := range []func(context.Context, Node) error{l.startContainerd, l.startKubelet, l.startProxy} {
		if err := start(ctx, n); err != nil {
			return fmt.Errorf("starting node %s: %w", n.Alias, err)
		}
	}
	return l.waitNodeReady(ctx, n, 2*time.Minute)
}
