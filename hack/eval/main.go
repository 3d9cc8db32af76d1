// Command eval prints how often crashproof is right about the incidents that the lab recorded. Run it in the
// repository: make eval.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"

	"github.com/crashproof-dev/crashproof/internal/eval"
	"github.com/crashproof-dev/crashproof/playbook"
)

func main() {
	repository := flag.String("repository", ".", "folder of the repository")
	ablation := flag.Bool("ablation", true, "also judge every incident without each producer and each pair of them")
	flag.Parse()
	if err := run(*repository, *ablation); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(repository string, ablation bool) error {
	cases, unrecorded, err := eval.Load(repository)
	if err != nil {
		return err
	}
	pb := playbook.Default()
	outcomes, err := eval.Replay(cases, pb)
	if err != nil {
		return err
	}
	w := os.Stdout
	for _, split := range eval.Splits(outcomes) {
		of := eval.Of(outcomes, split)
		if err := eval.Summary(w, split, of); err != nil {
			return err
		}
		if err := eval.Tiers(w, split, of, pb); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	if n := slices.IndexFunc(outcomes, func(o eval.Outcome) bool { return !o.Right }); n >= 0 {
		fmt.Fprintln(w, "not as it should be:")
		eval.Wrong(w, outcomes)
	}
	fmt.Fprintln(w, "scope or change not as they should be:")
	eval.Misplaced(w, outcomes)
	if len(unrecorded) > 0 {
		fmt.Fprintln(w, "without a recorded bundle:", unrecorded)
	}
	sides, err := eval.Azure(cases, pb)
	if err != nil {
		return err
	}
	if err := eval.Sides(w, sides); err != nil {
		return err
	}
	if !ablation {
		return nil
	}
	less, err := eval.Ablate(cases, pb)
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	return eval.Ablation(w, less)
}
