// Command voyage-operator keeps one ConfigMap for every sailing of the timetable. One replica works at a time.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
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

func main() {
	klog.InitFlags(nil)
	qps := flag.Float64("kube-api-qps", 20, "requests a second to the API server")
	burst := flag.Int("kube-api-burst", 30, "requests that may exceed it for a moment")
	workers := flag.Int("max-concurrent-reconciles", 4, "sailings at once")
	sailings := flag.Int("timetable-sailings", 180, "sailings of the timetable")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	klog.InfoS("Starting voyage-operator", "version", "v1.12.0", "qps", *qps, "burst", *burst, "workers", *workers)

	config, err := rest.InClusterConfig()
	if err != nil {
		fatal(err, "Unable to build the client configuration")
	}
	config.QPS, config.Burst = float32(*qps), *burst
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		fatal(err, "Unable to create a client")
	}
	namespace, self := os.Getenv("POD_NAMESPACE"), os.Getenv("POD_NAME")
	lock := &resourcelock.LeaseLock{
		LeaseMeta:  metav1.ObjectMeta{Name: "voyage-operator", Namespace: namespace},
		Client:     client.CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{Identity: self},
	}
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: lock, LeaseDuration: 10 * time.Second, RenewDeadline: 6 * time.Second, RetryPeriod: 2 * time.Second,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) { reconcile(ctx, client, namespace, *workers, *sailings) },
			OnStoppedLeading: func() { fatal(nil, "Leader election lost", "identity", self) },
			OnNewLeader:      func(id string) { klog.InfoS("New leader", "identity", id) },
		},
	})
}

func fatal(err error, text string, pairs ...any) {
	klog.ErrorS(err, text, pairs...)
	klog.FlushAndExit(klog.ExitFlushTimeout, 1)
}

func reconcile(ctx context.Context, client kubernetes.Interface, namespace string, workers, sailings int) {
	klog.InfoS("Starting workers", "controller", "sailing", "worker count", workers)
	queue := make(chan int)
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for n := range queue {
				sync1(ctx, client, namespace, n)
			}
		})
	}
	for n := range sailings {
		select {
		case queue <- n:
		case <-ctx.Done():
		}
	}
	close(queue)
	wait.Wait()
	klog.InfoS("Timetable is in step", "sailings", sailings)
	<-ctx.Done()
}

func sync1(ctx context.Context, client kubernetes.Interface, namespace string, n int) {
	name := fmt.Sprintf("sailing-%03d", n)
	_, err := client.CoreV1().ConfigMaps(namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		_, err = client.CoreV1().ConfigMaps(namespace).Create(ctx, &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app.kubernetes.io/managed-by": "voyage-operator"}},
			Data:       map[string]string{"departure": fmt.Sprintf("%02d:%02d", 5+n/12%18, n%12*5)},
		}, metav1.CreateOptions{})
	}
	if err != nil && ctx.Err() == nil {
		klog.ErrorS(err, "Reconciler error", "controller", "sailing", "sailing", name)
		return
	}
	if n%10 == 0 {
		klog.InfoS("Reconciled", "controller", "sailing", "sailing", name)
	}
}
