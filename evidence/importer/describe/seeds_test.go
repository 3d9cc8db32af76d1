package describe

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSeeds writes the corpus of FuzzParse where WRITE_SEEDS is set, and else checks that there is one.
func TestSeeds(t *testing.T) {
	dir := filepath.Join("fuzz", "testdata", "fuzz", "FuzzParse")
	if os.Getenv("WRITE_SEEDS") == "" {
		if files, err := os.ReadDir(dir); err != nil || len(files) < 20 {
			t.Errorf("%d seeds: %v", len(files), err)
		}
		return
	}
	seeds := map[string]string{}
	for seed := range uint64(3) {
		seeds[fmt.Sprint("pod-", seed)] = podText(t, gen{rand.New(rand.NewPCG(seed, 3))}.pod())
	}
	seeds["crashing"] = crashing(t)
	for _, k := range kinds {
		seeds[strings.ToLower(k.kind)] = realText(t, k.obj)
	}
	for version, s := range oldTexts {
		seeds["old-"+version] = s
		seeds["quoted-"+version] = "> " + strings.ReplaceAll(s, "\n", "\r\n> ")
		seeds["cut-"+version] = s[len(s)/2:]
	}
	for name, s := range seeds {
		if err := os.WriteFile(filepath.Join(dir, name), fmt.Appendf(nil, "go test fuzz v1\n[]byte(%q)\n", s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
