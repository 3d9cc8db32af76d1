package importer

import (
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence/importer/textline"
)

// command is a command line as people paste it above what it printed.
type command struct {
	logName        // of `logs`: whose log follows; of `describe` and `get`: the one pod that it names
	verb    string // logs, describe, get, events, …
	line    string // as it stands
	object  string // of `describe`: the name of what is no pod
}

// prints tells whether a container's output follows.
func (c command) prints() bool { return c.verb == "logs" || c.verb == "log" }

var (
	shellLine = regexp.MustCompile(`^(?:[^"'={}<]{0,80}[$#>%❯➜»λ] *)?(?:sudo )?(?:kubectl|k|oc|microk8s kubectl|k3s kubectl|minikube kubectl --)\s+(.+)$`)
	// the same words in other mouths: docker, containerd's and the kubelet's own tools
	runtimeLogs = regexp.MustCompile(`^(?:[^"'={}<]{0,80}[$#>%❯➜»λ] *)?(?:sudo )?(?:docker|podman|nerdctl|crictl) (logs .+)$`)
	// `kubectl logs api-0`: as inline code, alone or at the end of a sentence that announces it
	inlineCommand = regexp.MustCompile("^(?:[^`]{0,120} )?`((?:\\$ )?(?:sudo )?(?:kubectl|k|oc) [^`]+)`[^`]{0,30}:$")
	aloneCommand  = regexp.MustCompile("^[-*\\d.) ]{0,4}`((?:\\$ )?(?:sudo )?(?:kubectl|k|oc) [^`]+)`[.:]?$")
	// shellEnd is where kubectl's own words end: a pipe, a redirection, the next command
	shellEnd = regexp.MustCompile(`\s(?:\d?>|\||;|&)|;`)
)

// maxCommand bounds the length of what may be a command line.
const maxCommand = 4096

// commandOf recognises a command line of kubectl's.
func commandOf(text string) (command, bool) {
	if len(text) > maxCommand || !strings.Contains(text, "k ") && !strings.Contains(text, "kubectl") && !strings.Contains(text, "oc ") && !strings.Contains(text, " logs ") {
		return command{}, false // most lines, without the expressions
	}
	for {
		rest, quoted := textline.Unquote(text)
		if !quoted {
			break
		}
		text = rest
	}
	line, runtime := strings.TrimSpace(text), false
	m := shellLine.FindStringSubmatch(line)
	if m == nil {
		for _, re := range []*regexp.Regexp{inlineCommand, aloneCommand} {
			if in := re.FindStringSubmatch(line); in != nil {
				line = in[1]
				m = shellLine.FindStringSubmatch(line)
				break
			}
		}
	}
	if m == nil {
		m = runtimeLogs.FindStringSubmatch(line)
		runtime = m != nil
	}
	if m == nil {
		return command{}, false
	}
	args := strings.TrimSuffix(m[1], ":") // "kubectl logs --previous:" announces what stands below
	if end := shellEnd.FindStringIndex(args); end != nil {
		args = args[:end[0]]
	}
	out := readArguments(strings.Fields(args))
	if runtime {
		out.logName = logName{previous: out.previous} // it names a container by an ID
	}
	out.line = line
	return out, true
}

// takesValue are the flags that are followed by a value of no interest here.
var takesValue = []string{"--tail", "--since", "--since-time", "--context", "--kubeconfig", "--cluster", "--user", "--as", "-l", "--selector", "-o", "--output", "--sort-by",
	"--field-selector", "--limit-bytes", "--max-log-requests", "-f", "--filename", "--for", "--types"}

// readArguments reads what follows kubectl on its command line.
func readArguments(words []string) command {
	var out command
	var names []string
	for i := 0; i < len(words); i++ {
		flag, value, has := strings.Cut(words[i], "=")
		take := func() string {
			if !has {
				if i++; i < len(words) {
					value = words[i]
				} else {
					value = ""
				}
			}
			return strings.Trim(value, `'"`)
		}
		switch {
		case flag == "-n" || flag == "--namespace":
			out.namespace = take()
		case strings.HasPrefix(flag, "-n") && !strings.HasPrefix(flag, "--") && len(flag) > 2: // -nshop
			out.namespace = flag[2:]
		case flag == "-c" || flag == "--container":
			out.container = take()
		case flag == "-p" || flag == "--previous":
			out.previous = value != "false"
		case flag == "-f" && out.prints(): // to follow the log takes no value
		case flag == "--for":
			names = append(names, take())
		case slices.Contains(takesValue, flag):
			_ = take()
		case strings.HasPrefix(flag, "-"):
		case out.verb == "":
			out.verb = words[i]
		default:
			names = append(names, words[i])
		}
	}
	switch {
	case out.prints():
		out.ofPod(names, true)
		if len(names) > 1 && out.container == "" {
			out.container = names[1]
		}
	case out.verb == "describe" || out.verb == "get" || out.verb == "events":
		out.ofPod(names, false)
		if out.verb == "describe" && out.pod == "" && len(names) > 0 {
			_, out.object, _ = strings.Cut(names[0], "/")
			if len(names) == 2 {
				out.object = names[1]
			}
		}
	}
	if !out.prints() {
		out.container, out.workload, out.previous = "", "", false
	}
	return out
}

// ofPod keeps the name where it is one pod's: "api-0" or "pod/api-0" of `logs`, "pod api-0" or "pod/api-0" of the others.
// A Deployment's or Job's log is of one of its pods, of which one is not said.
func (c *command) ofPod(names []string, bare bool) {
	if len(names) == 0 {
		return
	}
	kind, name, slash := strings.Cut(names[0], "/")
	switch {
	case slash && isPodWord(kind):
		c.pod = name
	case slash:
		c.workload = name
	case bare:
		c.pod = names[0]
	case isPodWord(names[0]) && len(names) == 2:
		c.pod = names[1]
	}
	for _, s := range []*string{&c.pod, &c.workload} {
		if !dnsName.MatchString(*s) {
			*s = "" // a variable, or a placeholder such as <pod>
		}
	}
}

func isPodWord(s string) bool { return s == "po" || s == "pod" || s == "pods" }
