package kube_test

import (
	"context"
	"fmt"

	"k8s.io/client-go/rest"

	"github.com/crashproof-dev/crashproof/collect/kube"
	"github.com/crashproof-dev/crashproof/evidence"
)

func ExampleCollector() {
	cfg := &rest.Config{Host: "http://127.0.0.1:1"} // usually from a kubeconfig
	c, err := kube.New(cfg, kube.Options{Target: evidence.Target{Kind: "deploy", Name: "payments"}, Namespace: "shop"})
	if err != nil {
		fmt.Println(err)
		return
	}
	snapshot, err := c.Collect(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	// A diagnosis of the snapshot says what is still open; only that is read in the second round.
	plan := []evidence.Request{{What: "services", Namespace: "shop", Why: "is there a Service of that name?"}}
	if err := c.Follow(context.Background(), snapshot, plan); err != nil {
		fmt.Println(err)
	}
	// Output: the API server http://127.0.0.1:1 does not answer (dial tcp 127.0.0.1:1: connect: connection refused); check the network, the VPN and the kubeconfig's server address
}
