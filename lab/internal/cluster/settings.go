package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/home"
)

// Settings are what a lab was started with. They stay the same until it is down.
type Settings struct {
	Profile Profile `json:"profile"`
	Pools   []Pool  `json:"pools"`
	// Port is where the API server is reached on loopback.
	Port int `json:"port"`
}

// Pool is a node pool as AKS has them.
type Pool struct {
	Name    string  `json:"name"`
	Nodes   int     `json:"nodes"`
	Runtime Runtime `json:"runtime"`
}

// Runtime is the generation of containerd on a pool's nodes.
type Runtime string

// The messages of the two differ, and clusters of today have both.
const (
	Containerd1 Runtime = "containerd-1" // Debian's, 1.6
	Containerd2 Runtime = "containerd-2" // built from lab/build/containerd
)

// DefaultPools has one node with containerd 1 and two with containerd 2.
func DefaultPools() []Pool {
	return []Pool{{"system", 1, Containerd1}, {"user", 2, Containerd2}}
}

// maxNodes keeps addresses and pod subnets in one digit's range.
const maxNodes = 9

// ParsePools reads "system=1,user=2"; a pool named system has containerd 1 and others containerd 2.
func ParsePools(text string) ([]Pool, error) {
	var pools []Pool
	total := 0
	for part := range strings.SplitSeq(text, ",") {
		name, count, ok := strings.Cut(part, "=")
		n, err := strconv.Atoi(count)
		if !ok || err != nil || n < 1 || name == "" || strings.ContainsAny(name, "-./ ") {
			return nil, fmt.Errorf("node pools %q: write them as system=1,user=2", text)
		}
		runtime := Containerd2
		if name == "system" {
			runtime = Containerd1
		}
		pools = append(pools, Pool{name, n, runtime})
		total += n
	}
	if total > maxNodes {
		return nil, fmt.Errorf("%d nodes: the lab has room for %d", total, maxNodes)
	}
	return pools, nil
}

func settingsFile(dir home.Instance) string { return filepath.Join(dir.Dir, "settings.json") }

// LoadSettings reads what a running lab was started with; ok is false when there is none.
func LoadSettings(dir home.Instance) (s Settings, ok bool, err error) {
	data, err := os.ReadFile(settingsFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return Settings{}, false, fmt.Errorf("reading the settings of instance %s: %w", dir.Name, err)
	}
	return s, true, nil
}

func (s Settings) save(dir home.Instance) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(settingsFile(dir), data, 0o644)
}

// FreePort asks the kernel for a loopback port that nobody listens on.
func FreePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("finding a free port: %w", err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
