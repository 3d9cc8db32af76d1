// Command bed-operator keeps beds and their plans in step.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

func log(level, logger, text string, more map[string]any) {
	line := map[string]any{"level": level, "ts": time.Now().UTC().Format(time.RFC3339Nano), "logger": logger, "msg": text}
	for k, v := range more {
		line[k] = v
	}
	data, _ := json.Marshal(line)
	fmt.Fprintln(os.Stderr, string(data))
}

func main() {
	metrics := flag.String("metrics-bind-address", ":8080", "where metrics are served")
	flag.Bool("leader-elect", false, "one replica at a time")
	flag.Parse()
	log("info", "setup", "starting manager", map[string]any{"version": "v2.0.1", "metrics": *metrics})
	config, err := rest.InClusterConfig()
	if err != nil {
		log("error", "setup", "unable to load the configuration", map[string]any{"error": err.Error()})
		os.Exit(1)
	}
	log("info", "controller-runtime.metrics", "Serving metrics server", map[string]any{"bindAddress": *metrics, "secure": false})
	client := discovery.NewDiscoveryClientForConfigOrDie(config)
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client))

	var failed error
	for _, gvk := range []schema.GroupVersionKind{
		{Version: "v1", Kind: "ConfigMap"},
		{Group: "apps", Version: "v1", Kind: "Deployment"},
		{Group: "beds.kestrel.health", Version: "v2", Kind: "BedPlan"},
	} {
		log("info", "", "Starting EventSource", map[string]any{"controller": "bedplan", "source": "kind source: " + gvk.Kind})
		if _, err := mapper.RESTMapping(gvk.GroupKind(), gvk.Version); err != nil {
			for range 3 {
				log("error", "controller-runtime.source", "if kind is a CRD, it should be installed before calling Start", map[string]any{"kind": gvk.GroupKind().String(), "error": err.Error()})
				time.Sleep(2 * time.Second)
			}
			failed = err
			break
		}
		log("info", "", "Starting workers", map[string]any{"controller": gvk.Kind, "worker count": 2})
	}
	if failed == nil {
		select {}
	}
	log("error", "setup", "problem running manager", map[string]any{"error": "failed to wait for bedplan caches to sync: " + failed.Error()})
	for _, part := range []string{"non leader election runnables", "leader election runnables", "caches", "webhooks", "HTTP servers"} {
		log("info", "", "Stopping and waiting for "+part, nil)
	}
	log("info", "", "Wait completed, proceeding to shutdown the manager", nil)
	os.Exit(1)
}
