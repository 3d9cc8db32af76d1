// Command tenant-operator keeps a resource quota in every namespace that belongs to a tenant.
package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

func main() {
	klog.InitFlags(nil)
	interval := flag.Duration("resync", 30*time.Second, "time between two full passes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	klog.InfoS("Starting tenant-operator", "version", "v0.6.0", "resync", *interval)

	config, err := rest.InClusterConfig()
	if err != nil {
		klog.ErrorS(err, "Unable to build the client configuration")
		os.Exit(1)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		klog.ErrorS(err, "Unable to create a client")
		os.Exit(1)
	}
	version, err := client.Discovery().ServerVersion()
	if err != nil {
		klog.ErrorS(err, "Unable to reach the API server")
		os.Exit(1)
	}
	klog.InfoS("Connected to the API server", "version", version.GitVersion)

	factory := informers.NewSharedInformerFactory(client, *interval)
	quotas := factory.Core().V1().ResourceQuotas().Informer()
	factory.Start(ctx.Done())
	klog.InfoS("Waiting for caches to sync")
	syncCtx, cancel := context.WithTimeout(ctx, 8*time.Second)
	defer cancel()
	if !cache.WaitForCacheSync(syncCtx.Done(), quotas.HasSynced) {
		_, err := client.CoreV1().ResourceQuotas("").List(ctx, metav1.ListOptions{Limit: 1})
		klog.ErrorS(err, "Problem running manager", "reason", "failed to wait for caches to sync: timed out waiting for cache to be synced")
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	}
	klog.InfoS("Caches synced", "quotas", len(quotas.GetStore().ListKeys()))
	<-ctx.Done()
	klog.InfoS("Shutting down")
}
