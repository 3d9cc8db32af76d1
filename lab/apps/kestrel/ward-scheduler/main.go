// Command ward-scheduler writes the duty rosters of the wards into ConfigMaps. One replica works at a time.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/klog/v2"
)

var wards = []string{"cardiology", "icu", "maternity", "outpatients", "paediatrics", "surgery"}

func main() {
	klog.InitFlags(nil)
	workers := flag.Int("workers", 3, "rosters at once")
	patience := flag.Duration("leader-acquire-timeout", 0, "leave when there is no leader for so long; 0: wait for ever")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	klog.InfoS("Starting ward-scheduler", "version", "v0.31.2", "workers", *workers, "wards", len(wards))
	config, err := rest.InClusterConfig()
	if err != nil {
		fatal(err, "No client configuration")
	}
	client := kubernetes.NewForConfigOrDie(config)
	namespace, self := os.Getenv("POD_NAMESPACE"), os.Getenv("POD_NAME")
	go func() {
		_ = http.ListenAndServe(":8081", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	}()

	var known atomic.Bool
	if *patience > 0 {
		time.AfterFunc(*patience, func() {
			if !known.Load() {
				for _, part := range []string{"roster informer", "holiday calendar", "webhook server", "metrics server"} {
					klog.InfoS("Stopping", "component", part)
				}
				fatal(nil, "Could not become leader in time", "lease", klog.KRef(namespace, "ward-scheduler"), "timeout", *patience)
			}
		})
	}
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta: metav1.ObjectMeta{Name: "ward-scheduler", Namespace: namespace}, Client: client.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: self},
		},
		LeaseDuration: 12 * time.Second, RenewDeadline: 8 * time.Second, RetryPeriod: 2 * time.Second, ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				known.Store(true)
				for n := range *workers {
					go work(ctx, client, namespace, n)
				}
				<-ctx.Done()
			},
			OnStoppedLeading: func() {
				if ctx.Err() == nil {
					fatal(nil, "Lost the lease", "identity", self)
				}
			},
			OnNewLeader: func(id string) { known.Store(id != self || known.Load()); klog.InfoS("Leader", "identity", id) },
		},
	})
}

func fatal(err error, text string, pairs ...any) {
	klog.ErrorS(err, text, pairs...)
	klog.FlushAndExit(klog.ExitFlushTimeout, 1)
}

// work adds a shift to every ward's roster; workers meet at the same object and retry what came too late.
func work(ctx context.Context, client kubernetes.Interface, namespace string, worker int) {
	klog.InfoS("Starting worker", "controller", "roster", "worker", worker)
	for round := 1; ctx.Err() == nil; round++ {
		for _, ward := range wards {
			if err := addShift(ctx, client, namespace, ward, fmt.Sprintf("shift-%d", worker), round); err != nil && ctx.Err() == nil {
				klog.ErrorS(err, "Reconciler error", "controller", "roster", "ward", ward, "worker", worker)
			}
		}
		klog.V(1).InfoS("Rosters reconciled", "worker", worker, "round", round)
		time.Sleep(2 * time.Second)
	}
}

func addShift(ctx context.Context, client kubernetes.Interface, namespace, ward, key string, round int) error {
	maps := client.CoreV1().ConfigMaps(namespace)
	roster, err := maps.Get(ctx, "roster-"+ward, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		_, err = maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "roster-" + ward}}, metav1.CreateOptions{})
		return err
	}
	if err != nil {
		return err
	}
	time.Sleep(40 * time.Millisecond)
	if roster.Data == nil {
		roster.Data = map[string]string{}
	}
	roster.Data[key] = fmt.Sprint(round)
	_, err = maps.Update(ctx, roster, metav1.UpdateOptions{})
	return err
}
