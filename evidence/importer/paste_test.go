package importer_test

import (
	"strings"
	"testing"
)

const described = `Name:         api-7c9d8b5f77-ww2lp
Namespace:    shop
Status:       Running
Containers:
  api:
    Image:          api:1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Exit Code:    1
      Started:      Sat, 25 Jan 2025 17:24:33 +0000
      Finished:     Sat, 25 Jan 2025 17:25:09 +0000
    Ready:          False
    Restart Count:  6
`

// Whatever stands around a log or on the command line that printed it, it belongs to the one pod that is talked about.
func TestLogsInPastes(t *testing.T) {
	const log = "opening the shop\nprices.csv: no access (2)\n"
	for name, tt := range map[string]struct{ text, want string }{
		"a pipe":                {described + "\n$ kubectl -n shop logs api-7c9d8b5f77-ww2lp -p | tail -25\n" + log, log},
		"an error stream":       {described + "\n$ kubectl -nshop logs api-7c9d8b5f77-ww2lp 2>&1 | less\n" + log, log},
		"a deployment's":        {"$ kubectl -n shop logs deploy/api\n" + log + "\n$ kubectl describe pod api-7c9d8b5f77-ww2lp\n" + described, log},
		"inline code":           {described + "\n`kubectl logs po/api-7c9d8b5f77-ww2lp -n shop`:\n\n    opening the shop\n    prices.csv: no access (2)\n\nI have no idea what it wants.\n", log},
		"a sentence with code":  {described + "\nThis is what `kubectl logs api-7c9d8b5f77-ww2lp` says:\n\n```\n" + log + "```\n", log},
		"a question below":      {described + "\n$ kubectl logs api-7c9d8b5f77-ww2lp\n" + log + "\nWhy does it stop there?\n", log},
		"docker":                {described + "\n$ docker logs 3f2c\n" + log, log},
		"a block quote":         {described + "\n> $ kubectl logs api-7c9d8b5f77-ww2lp\n> opening the shop\n> prices.csv: no access (2)\n", log},
		"a heading":             {described + "\nlogs:\n" + log, log},
		"a heading of the last": {described + "\nlog of the previous one:\n" + log, log},
		"a JVM's number signs":  {described + "\n$ kubectl logs api-7c9d8b5f77-ww2lp\nstarting\n#\n# A fatal error has been detected:\n#\n# SIGILL\n", "starting\n#\n# A fatal error has been detected:\n#\n# SIGILL\n"},
		"what follows a complaint": {"Since we moved it says\n\nERROR! Reader failed with:\n** (ArgumentError) errors were found\n\n    :erlang.binary_to_integer(\"x\")\n\nWhat does it want from me?\n\n" + described,
			"ERROR! Reader failed with:\n** (ArgumentError) errors were found\n\n    :erlang.binary_to_integer(\"x\")\n"},
		"Windows line ends": {strings.ReplaceAll(described+"\n$ kubectl logs api-7c9d8b5f77-ww2lp\n"+log, "\n", "\r\n"), log},
	} {
		s := loadText(t, tt.text)
		if len(s.Logs) != 1 || len(s.OfKind("Pod", "")) != 1 {
			t.Errorf("%s: got %s", name, sum(s))
			continue
		}
		l := s.Logs[0]
		if l.Instance.Pod != "api-7c9d8b5f77-ww2lp" || l.Instance.Container != "api" || strings.TrimLeft(string(l.Text), "\n") != tt.want {
			t.Errorf("%s: got %s: %q", name, l.Instance, l.Text)
		}
	}
}

// What a command printed that is neither a log nor anything known is said to be left out, and is no log.
func TestUnreadIsAGap(t *testing.T) {
	s := loadText(t, described+"\n$ kubectl exec api-7c9d8b5f77-ww2lp -- cat /etc/app.conf\nerror: page not found\n")
	if len(s.Logs) != 0 || len(s.Gaps) == 0 || !strings.Contains(s.Gaps[0].What, "kubectl exec") {
		t.Errorf("%s, gaps %v", sum(s), s.Gaps)
	}
}
