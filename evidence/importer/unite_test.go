package importer_test

import (
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
)

const row = "NAME                   READY   STATUS             RESTARTS        AGE\napi-7c9d8b5f77-ww2lp   0/1     CrashLoopBackOff   6 (2m13s ago)   18m\n"

// cut is the end of a description whose name was cut off.
const cut = `Containers:
  api:
    Image:          api:1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Exit Code:    1
    Ready:          False
    Restart Count:  6
`

const well = "cart-64c9f6d5b7-2jhkd   1/1     Running            0               18m\n"

// Several accounts of one pod are one pod: with and without its namespace, with and without its name.
func TestOnePod(t *testing.T) {
	const lines = "level=error msg=\"no price list\"\n"
	twin := strings.Replace(row, "ww2lp", "kk9ml", 1)
	for name, tt := range map[string]struct{ text, pods string }{
		"a row and a description":            {row + "\n" + described, "shop/api-7c9d8b5f77-ww2lp"},
		"a command and a cut description":    {"$ kubectl -n shop describe pod api-7c9d8b5f77-ww2lp | tail -20\n" + cut, "shop/api-7c9d8b5f77-ww2lp"},
		"a row and a cut description":        {row + "\n" + lines + "\ndescribe (cut):\n" + cut, "/api-7c9d8b5f77-ww2lp"},
		"the one of several that fits":       {row + well + "\n" + cut, "/api-7c9d8b5f77-ww2lp /cart-64c9f6d5b7-2jhkd"},
		"two that fit as well":               {row + strings.SplitAfter(twin, "\n")[1] + "\n" + cut, "/api-7c9d8b5f77-kk9ml /api-7c9d8b5f77-ww2lp /unnamed"},
		"a log's command and an events' end": {"events:\n  Warning  BackOff    13s (x70 over 15m)   kubelet  Back-off restarting failed container\n\n$ kubectl logs api-7c9d8b5f77-ww2lp -c api\n" + lines, "/api-7c9d8b5f77-ww2lp"},
		"PowerShell":                         {"PS C:\\src\\api> kubectl describe pod api-7c9d8b5f77-ww2lp -n shop | select -last 12\n" + cut, "shop/api-7c9d8b5f77-ww2lp"},
	} {
		s := loadText(t, tt.text)
		var pods []string
		for _, o := range s.OfKind("Pod", "") {
			pods = append(pods, o.Namespace+"/"+o.Name)
		}
		if got := strings.Join(pods, " "); got != tt.pods {
			t.Errorf("%s: got %s, want %s", name, got, tt.pods)
		}
	}
}

// What a row tells beyond a part of a description is kept, and the other way round.
func TestRowAndPart(t *testing.T) {
	s := loadText(t, row+"\n    Last State:     Terminated\n      Reason:       Error\n      Exit Code:    1\n    Restart Count:  6\n")
	pods := s.OfKind("Pod", "")
	if len(pods) != 1 {
		t.Fatal(sum(s))
	}
	p, err := evidence.PodFromObject(pods[0])
	if err != nil || len(p.Containers) != 1 {
		t.Fatal(p, err)
	}
	if c := p.Containers[0]; c.State.Reason != "CrashLoopBackOff" || !evidence.Is(c.Last.ExitCode, 1) || !evidence.Is(c.RestartCount, 6) {
		t.Errorf("got %+v", c)
	}
}
