// Command timetable-operator publishes timetables; of several replicas the holder of a lease works.
// With --claim-every it is the standby site's agent, which takes the lease over whoever holds it.
package main

import (
	"context"
	"flag"
	"os"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/klog/v2"
)

func main() {
	klog.InitFlags(nil)
	name := flag.String("lease", "timetable-operator", "name of the lease")
	site := flag.String("site", "", "identity; the pod's name when empty")
	claim := flag.Duration("claim-every", 0, "take the lease this often")
	delay := flag.Duration("claim-after", 0, "wait before the first take-over")
	flag.Parse()
	namespace := os.Getenv("POD_NAMESPACE")
	if *site == "" {
		*site = os.Getenv("POD_NAME")
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		klog.Fatal(err)
	}
	client := kubernetes.NewForConfigOrDie(config)
	ctx := context.Background()
	if *claim > 0 {
		time.Sleep(*delay)
		for ; ; time.Sleep(*claim) {
			lease, err := client.CoordinationV1().Leases(namespace).Get(ctx, *name, metav1.GetOptions{})
			if err != nil {
				klog.ErrorS(err, "Lease not read")
				continue
			}
			now, seconds := metav1.NewMicroTime(time.Now()), int32(120)
			lease.Spec.HolderIdentity, lease.Spec.RenewTime, lease.Spec.LeaseDurationSeconds = site, &now, &seconds
			_, err = client.CoordinationV1().Leases(namespace).Update(ctx, lease, metav1.UpdateOptions{})
			klog.InfoS("Primary role claimed", "site", *site, "err", err)
			time.Sleep(*claim / 2)
			lease, err = client.CoordinationV1().Leases(namespace).Get(ctx, *name, metav1.GetOptions{})
			if err == nil && *lease.Spec.HolderIdentity == *site {
				empty, one := "", int32(1)
				lease.Spec.HolderIdentity, lease.Spec.LeaseDurationSeconds = &empty, &one
				_, _ = client.CoordinationV1().Leases(namespace).Update(ctx, lease, metav1.UpdateOptions{})
				klog.InfoS("Primary role handed back", "site", *site)
			}
		}
	}
	klog.InfoS("Starting timetable-operator", "version", "v2.3.1", "identity", *site)
	klog.V(0).InfoS("Metrics endpoint disabled", "reason", "no certificate given")
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta:  metav1.ObjectMeta{Name: *name, Namespace: namespace},
			Client:     client.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: *site},
		},
		LeaseDuration: 12 * time.Second, RenewDeadline: 8 * time.Second, RetryPeriod: 2 * time.Second,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				klog.InfoS("Starting workers", "count", 2)
				for n := 1; ; n++ {
					select {
					case <-ctx.Done():
						klog.InfoS("All workers finished")
						return
					case <-time.After(3 * time.Second):
						klog.InfoS("Published timetable", "line", 100+n%7, "services", 18+n%5)
						if n%2 == 0 {
							klog.ErrorS(nil, "Timetable has an open stop, published without it", "line", 100+n%7)
						}
					}
				}
			},
			OnStoppedLeading: func() {
				klog.InfoS("Stopping and waiting for workers")
				klog.InfoS("Wait completed, proceeding to shutdown the manager")
				klog.ErrorS(nil, "Problem running manager", "err", "leader election lost")
				klog.FlushAndExit(klog.ExitFlushTimeout, 1)
			},
		},
	})
}
