package daemon

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/crashproof-dev/crashproof/lab/internal/cgroup"
)

// execName is the name under which this program is called between fork and exec (see [Exec]).
const execName = "crashlab-exec"

// IsExec says whether this process was called to become a component.
func IsExec(args []string) bool { return args[0] == execName && len(args) >= 4 }

// Exec joins the component's control group and then becomes the component. A
// process has to be in its group before it starts threads and children of its
// own, and only the process itself can do that without a race.
func Exec(args []string) error {
	subtree, path, argv := args[1], args[2], args[3:]
	if subtree != "" {
		if err := cgroup.Make(subtree); err != nil {
			return err
		}
		if err := cgroup.Join(subtree); err != nil {
			return err
		}
	}
	return fmt.Errorf("starting %s: %w", path, unix.Exec(path, argv, os.Environ()))
}
