package importer

import (
	"path"
	"regexp"
	"strings"
)

// logName is what a log's path says about it. Which of it is true shows once the pods are known.
type logName struct {
	namespace, pod, container string
	workload                  string // in place of the pod: `kubectl logs deploy/api` shows one of its pods
	previous                  bool
}

// logPath reads the names that people and tools give to logs:
//
//	…/<namespace>/<pod>/<container>.log and .previous.log   the plain form; troubleshoot writes -previous.log
//	<pod>_<namespace>_<container>-<id>.log                  /var/log/containers (kubelet, legacyLogSymlink)
//	<namespace>_<pod>_<uid>/<container>/<n>.log             /var/log/pods (kubelet, BuildContainerLogsDirectory)
//
// It is false where the path does not look like a log's.
func logPath(name string) (logName, bool) {
	base := path.Base(name)
	stem, ok := cutLogEnding(base)
	if !ok {
		return logName{}, false
	}
	dir := strings.Split(strings.Trim(path.Dir(name), "/"), "/")
	up := func(n int) string {
		if len(dir) < n || dir[len(dir)-n] == "." {
			return ""
		}
		return dir[len(dir)-n]
	}
	if m := podLogDir.FindStringSubmatch(up(2)); m != nil && runNumber.MatchString(stem) {
		return logName{namespace: m[1], pod: m[2], container: up(1)}, true
	}
	if m := containerLink.FindStringSubmatch(stem); m != nil {
		return logName{pod: m[1], namespace: m[2], container: m[3]}, true
	}
	out := logName{container: stem, pod: up(1), namespace: up(2)}
	for _, mark := range []string{".previous", "-previous", "_previous", ".prev", "-prev"} {
		if c, cut := strings.CutSuffix(stem, mark); cut && c != "" {
			out.container, out.previous = c, true
			break
		}
	}
	return out, true
}

var (
	podLogDir     = regexp.MustCompile(`^([a-z0-9.-]+)_([a-z0-9.-]+)_[0-9a-f-]{32,36}$`)
	runNumber     = regexp.MustCompile(`^\d+$`)
	containerLink = regexp.MustCompile(`^([a-z0-9.-]+)_([a-z0-9-]+)_([a-z0-9-]+)-[0-9a-f]{64}$`)
)

// cutLogEnding knows app.log, app.log.txt, and app.log.1 as rotation leaves it. Texts with other endings are looked
// into.
func cutLogEnding(base string) (string, bool) {
	for _, end := range []string{".log", ".log.txt", ".logs"} {
		if s, ok := strings.CutSuffix(base, end); ok && s != "" {
			return s, true
		}
	}
	return "", false
}
