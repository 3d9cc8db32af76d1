package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/crashproof-dev/crashproof/lab/internal/fleet"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

// scaleOptions are those of scale.
type scaleOptions struct {
	*options
	pods, nodes, rounds int
	crashproof          string
}

func newScale(o *options) *cobra.Command {
	so := &scaleOptions{options: o}
	cmd := &cobra.Command{
		Use:   "scale",
		Short: "Write a large population to an API server and time crashproof's scan of it against a bare list",
		Long: `Starts an API server with nothing else, without root, writes so many nodes and pods to it, in one zone of
which name resolution fails, and prints for each round how long a bare LIST of the pods takes (protobuf, from the API
server's cache, decoded), how long crashproof scan -A does, and its peak memory. Figures only; nothing is judged.`,
		Example: `  crashlab scale --pods 10000 --nodes 400
  crashlab scale --pods 150000 --nodes 5000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return so.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	f := cmd.Flags()
	f.IntVar(&so.pods, "pods", 10_000, "how many pods")
	f.IntVar(&so.nodes, "nodes", 400, "on how many nodes")
	f.IntVar(&so.rounds, "rounds", 3, "how often to measure")
	f.StringVar(&so.crashproof, "crashproof", "", "the crashproof binary (default: built from the repository)")
	return cmd
}

func (so *scaleOptions) run(ctx context.Context, out io.Writer) (err error) {
	if so.instance == "" {
		so.instance = "scale"
	}
	tier, err := so.tier()
	if err != nil {
		return err
	}
	stages := progress.NewStages()
	g, done, err := onGround(ctx, tier, so.crashproof, stages)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	w, err := large(so.pods, so.nodes).Write(time.Now(), g.kubelet.Port)
	if err != nil {
		return err
	}
	if err := g.store.Put(ctx, w.Objects); err != nil {
		return err
	}
	pods := w.Count("pods")
	stages.Done("%d pods and %d nodes written", pods, w.Count("minions"))
	if err := g.servedPods(ctx, pods); err != nil {
		return err
	}
	stages.Done("the API server serves them")
	g.kubelet.Serve(w.Logs)
	for range so.rounds {
		list, err := g.list(ctx)
		if err != nil {
			return err
		}
		scan, peak, err := g.scan(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "pods %d, nodes %d: list %.2f s, scan %.2f s = %.2f of it, peak %d MiB\n", pods, so.nodes, list.Seconds(), scan.Seconds(), scan.Seconds()/list.Seconds(), peak>>20)
	}
	return nil
}

// large is a population in which some things are shared and a zone is sick.
func large(pods, nodes int) *fleet.Fleet {
	f := &fleet.Fleet{}
	const pools = 6
	for i := range pools {
		f.Pools = append(f.Pools, fleet.Pool{Name: fmt.Sprintf("pool%d", i), Nodes: max(1, nodes/pools), Zones: []string{"1", "2", "3"}, Size: fmt.Sprintf("Standard_D%ds_v5", 2<<(i%3)), Spot: i == 4})
	}
	const each = 25
	for i := range max(1, pods/each) {
		ns := fmt.Sprintf("team-%d", i/16)
		name := fmt.Sprintf("service-%d", i)
		env := map[string]string{"LOG_LEVEL": "info", "UPSTREAM_URL": fmt.Sprintf("http://service-%d.team-%d:8080/api", i/2, i/32), "BROKERS": "kafka-0.kafka.platform:9092,kafka-1.kafka.platform:9092"}
		for k := range 8 {
			env[fmt.Sprintf("SETTING_%d", k)] = "a value of some length"
		}
		wl := fleet.Workload{Name: name, Namespace: ns, Pool: fmt.Sprintf("pool%d", i%pools), Revisions: []fleet.Revision{{Pods: each, Image: fmt.Sprintf("registry.example/%s:1.%d", name, i%9), Env: env,
			ConfigMaps: []string{"shared", name}, Secrets: []string{name}, ServiceAccount: "runner", Sidecars: map[string]string{"proxy": fmt.Sprintf("mesh.example/proxy:1.%d", i%3)}}}}
		switch {
		case i%100 == 7:
			wl.Sick = []fleet.Sick{{Zone: "2", How: fleet.Exit, ExitCode: 1, Since: fleet.Age(25 * time.Minute), Log: "fatal: lookup db.example on 10.0.0.10:53: read udp 10.244.1.7:41822->10.0.0.10:53: i/o timeout\n"}}
		case i%500 == 3:
			wl.Sick = []fleet.Sick{{How: fleet.OOM, Since: fleet.Age(3 * time.Hour), Runs: fleet.Age(time.Minute)}}
			wl.Revisions[0].Memory = "64Mi"
		}
		f.Workloads = append(f.Workloads, wl)
	}
	return f
}

// servedPods waits until the API server's cache has so many pods.
func (g *ground) servedPods(ctx context.Context, pods int) error {
	clients, err := kubernetes.NewForConfig(g.protobuf())
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(5 * time.Minute); ; {
		l, err := clients.CoreV1().Pods("").List(ctx, metav1.ListOptions{ResourceVersion: "0"})
		if err != nil {
			return err
		}
		if len(l.Items) >= pods {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the API server serves %d pods of %d after 5 minutes", len(l.Items), pods)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func (g *ground) protobuf() *rest.Config {
	c := rest.CopyConfig(g.config)
	c.ContentType = "application/vnd.kubernetes.protobuf"
	return c
}

// list is how long a bare list of the pods takes.
func (g *ground) list(ctx context.Context) (time.Duration, error) {
	clients, err := kubernetes.NewForConfig(g.protobuf())
	if err != nil {
		return 0, err
	}
	began := time.Now()
	_, err = clients.CoreV1().Pods("").List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	return time.Since(began), err
}

// scan is how long crashproof takes, and its peak resident memory in bytes.
func (g *ground) scan(ctx context.Context) (time.Duration, int64, error) {
	cmd := exec.CommandContext(ctx, g.product.Path, "scan", "--all-namespaces", "--kubeconfig", g.product.Kubeconfig)
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, fmt.Errorf("crashproof scan: %w", err)
	}
	ended := make(chan struct{})
	peak := make(chan int64, 1)
	go func() { peak <- watch(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	took := time.Since(began)
	close(ended)
	if err != nil {
		return 0, 0, fmt.Errorf("crashproof scan: %w", err)
	}
	return took, <-peak, nil
}

// watch reads a process's peak memory until it ends. What wait4 tells would include the memory of who started it, which the
// child shares until it runs another program.
func watch(pid int, ended chan struct{}) int64 {
	var peak int64
	for {
		if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
			if _, rest, ok := strings.Cut(string(b), "VmHWM:"); ok {
				if kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64); err == nil && strings.Contains(string(b), "crashproof") {
					peak = max(peak, kib<<10)
				}
			}
		}
		select {
		case <-ended:
			return peak
		case <-time.After(10 * time.Millisecond):
		}
	}
}
