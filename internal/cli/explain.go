package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/tools/clientcmd"
)

// explain turns client-go's errors about the kubeconfig into sentences. Everything else explains itself.
func explain(config *genericclioptions.ConfigFlags, err error) error {
	loader := config.ToRawKubeConfigLoader()
	where := strings.Join(loader.ConfigAccess().GetLoadingPrecedence(), ", ")
	switch {
	case clientcmd.IsEmptyConfig(err):
		return fmt.Errorf("no cluster to look at: no kubeconfig was found (looked for %s) and this is no pod; "+
			"give --kubeconfig FILE, a bundle with -f FILE, or see `crashproof demo`", where)
	case clientcmd.IsContextNotFound(err), strings.Contains(err.Error(), "does not exist") && strings.Contains(err.Error(), "context"):
		return noContext(config, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the kubeconfig cannot be read: %w; check --kubeconfig and $KUBECONFIG", err)
	case clientcmd.IsConfigurationInvalid(err):
		return fmt.Errorf("the kubeconfig %s is not usable: %w", where, err)
	}
	return fmt.Errorf("the kubeconfig %s cannot be used: %w", where, err)
}

func noContext(config *genericclioptions.ConfigFlags, err error) error {
	name := *config.Context
	if name == "" {
		return fmt.Errorf("the kubeconfig's current context is not usable: %w; choose one with --context", err)
	}
	valid := contexts(config)
	if len(valid) == 0 {
		return fmt.Errorf("the kubeconfig has no context %q, and no other", name)
	}
	return fmt.Errorf("the kubeconfig has no context %q; it has %s", name, strings.Join(valid, ", "))
}

// contexts lists the names of the kubeconfig's contexts.
func contexts(config *genericclioptions.ConfigFlags) []string {
	raw, err := config.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(raw.Contexts))
}

// message is the text of an error, in one line.
func message(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
