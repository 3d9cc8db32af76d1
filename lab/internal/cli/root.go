package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/home"
)

// options are those that most commands share.
type options struct {
	instance string
	profile  string
	labDir   string
}

// New returns the command line of crashlab.
func New() *cobra.Command {
	o := &options{}
	root := &cobra.Command{
		Use:   "crashlab",
		Short: "A real Kubernetes cluster on one machine, and incidents that happen in it",
		Long: `crashlab runs a real Kubernetes cluster of several nodes on one Linux machine, makes
incidents happen in it, and checks what crashproof says about them.

Directories: $CRASHPROOF_LAB_HOME, else crashproof-lab in the user's cache directory.`,
		Example: `  crashlab up
  kubectl --kubeconfig $(crashlab kubeconfig) get pods -A
  crashlab run --core
  crashlab down`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&o.instance, "instance", "", "name of the lab; several run side by side (default: the profile's name)")
	root.PersistentFlags().StringVar(&o.profile, "profile", "fast", "fast: short back-off and sync; defaults: what Kubernetes ships with")
	root.PersistentFlags().StringVar(&o.labDir, "lab-dir", "", "the repository's directory lab/ (default: found from the working directory up)")
	root.AddCommand(newUp(o), newDown(o), newStatus(o), newKubeconfig(o), newImages(o), newFault(o), newRegistry(o), newRun(o), newRecord(o), newReplay(o), newFleet(o), newScale(o), newAPIUp(o), newAPIDown(o))
	return root
}

// open returns the lab that the options name and whether it was started before.
func (o *options) open() (*cluster.Lab, bool, error) {
	profile, err := cluster.ParseProfile(o.profile)
	if err != nil {
		return nil, false, err
	}
	name := o.instance
	if name == "" {
		name = string(profile)
	}
	h, err := home.Default()
	if err != nil {
		return nil, false, err
	}
	labDir, err := o.findLabDir()
	if err != nil {
		return nil, false, err
	}
	return cluster.Open(h, name, labDir)
}

// running is open for commands that need a running lab.
func (o *options) running(ctx context.Context) (*cluster.Lab, error) {
	lab, started, err := o.open()
	if err != nil {
		return nil, err
	}
	if !started {
		return nil, fmt.Errorf("instance %s is not up; start it with `crashlab up --instance %s`", lab.Dir.Name, lab.Dir.Name)
	}
	return lab, lab.PrepareControl(ctx)
}

// findLabDir looks for the lab's module in the working directory, in its parents, and in lab/ of each.
func (o *options) findLabDir() (string, error) {
	if o.labDir != "" {
		return filepath.Abs(o.labDir)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for start := dir; ; dir = filepath.Dir(dir) {
		for _, candidate := range []string{dir, filepath.Join(dir, "lab")} {
			if _, err := os.Stat(filepath.Join(candidate, "build", "kube", "go.mod")); err == nil {
				return candidate, nil
			}
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("found no directory lab/ of crashproof in %s or above; run crashlab in the repository or give --lab-dir", start)
		}
	}
}
