package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/daemon"
	"github.com/crashproof-dev/crashproof/lab/internal/forward"
	"github.com/crashproof-dev/crashproof/lab/internal/namespaces"
	"github.com/crashproof-dev/crashproof/lab/internal/outside"
)

// Component runs this program as a part of a lab when the name it was called
// by says so; ok is false when it was called by a person.
func Component(ctx context.Context, args []string) (ok bool, err error) {
	switch {
	case namespaces.IsInit(args):
		return true, namespaces.Init(args)
	case daemon.IsExec(args):
		return true, daemon.Exec(args)
	case args[0] == cluster.ForwardName && len(args) == 4:
		pid, err := strconv.Atoi(args[1])
		if err != nil {
			return true, fmt.Errorf("process %q is no number", args[1])
		}
		return true, forward.Serve(ctx, pid, args[2], args[3])
	case args[0] == cluster.OutsideName && len(args) == 6:
		w := outside.World{Images: args[1], PKI: args[2], Control: args[3], RegistryIP: args[4], ResolverIP: args[5]}
		return true, w.Serve(ctx)
	}
	return false, nil
}
