package cluster

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Status prints the instance's processes and nodes. It returns whether all of them are well.
func (l *Lab) Status(ctx context.Context, out io.Writer) (bool, error) {
	well := true
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "instance\t%s\nprofile\t%s\nAPI server\thttps://127.0.0.1:%d\nkubeconfig\t%s\n\n", l.Dir.Name, l.Settings.Profile, l.Settings.Port, l.Dir.Kubeconfig())
	fmt.Fprintf(t, "PROCESS\tPID\tSTATE\tLOG\n")
	for _, name := range l.daemons.Book.Names() {
		rec, running := l.daemons.Book.Get(name)
		state := "running"
		if !running {
			state, well = "ended", false
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\n", name, rec.PID, state, rec.Log)
	}
	if err := t.Flush(); err != nil {
		return false, err
	}
	client, err := l.Client()
	if err != nil {
		return false, err
	}
	nodes, err := client.Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return false, fmt.Errorf("listing nodes: %w", err)
	}
	fmt.Fprintf(t, "\nNODE\tNAME\tREADY\tKUBELET\tRUNTIME\n")
	for i := range nodes.Items {
		node := &nodes.Items[i]
		alias := "-"
		if n, err := l.Settings.Node(node.Name); err == nil {
			alias = n.Alias
		}
		well = well && nodeReady(node)
		info := node.Status.NodeInfo
		fmt.Fprintf(t, "%s\t%s\t%t\t%s\t%s\n", alias, node.Name, nodeReady(node), info.KubeletVersion, info.ContainerRuntimeVersion)
	}
	return well, t.Flush()
}
