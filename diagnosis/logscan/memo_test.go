package logscan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// What is remembered of earlier lines changes nothing: each example of the catalogue, repeated with other numbers among
// thousands of other lines, is found as often as it stands there.
func TestMemoChangesNothing(t *testing.T) {
	pb := playbook.Default()
	var lines []string
	for i := range pb.Signatures {
		if s := &pb.Signatures[i]; s.In == playbook.OnLog {
			for _, text := range s.Positives {
				lines = append(lines, strings.Split(text, "\n")[0])
			}
		}
	}
	count := func(lines []string) map[string]int {
		found := map[string]int{}
		l := evidence.Log{Text: []byte(strings.Join(lines, "\n")), Head: true, Tail: true}
		for _, h := range Scan(&l, pb).Hits {
			found[h.Signature.ID] += h.Count
		}
		return found
	}
	var noise []string
	for i := range 3 * period { // of no shape seen before, until looking for it is left off
		noise = append(noise, strings.Repeat("x", i%200)+fmt.Sprintf(" %s done", strings.Repeat("yz", i/200)))
	}
	for _, text := range lines {
		alone := count([]string{text})
		again := count(slices.Concat([]string{text}, noise[:10], []string{text}, noise, []string{text}))
		for id, n := range alone {
			if again[id] != 3*n && !strings.HasPrefix(id, "words-") {
				t.Errorf("%s is found %d times in %q, and %d times where it stands thrice", id, n, text, again[id])
			}
		}
		changed := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '0' + (r-'0'+3)%10
			}
			return r
		}, text)
		other, both := count([]string{changed}), count([]string{text, noise[0], changed})
		for i := range pb.Signatures {
			if id := pb.Signatures[i].ID; !strings.HasPrefix(id, "words-") && alone[id]+other[id] != both[id] {
				t.Errorf("%s is found %d times in %q, %d times in %q, and %d times in both", id, alone[id], text, other[id], changed, both[id])
			}
		}
	}
}
