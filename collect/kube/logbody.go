package kube

import (
	"bytes"
)

// excuses start the bodies with which a kubelet answers 200 although it could not read a log: the headers are already
// sent when the runtime's part of the work begins (pkg/kubelet/server/server.go, getContainerLogs), so the error text
// lands in the body, alone or after what was read. From kuberuntime_container.go (GetContainerLogs) and
// cri-client/pkg/logs/logs.go (ReadLogs).
var excuses = [][]byte{
	[]byte("unable to retrieve container logs for "),
	[]byte("Unable to retrieve container logs for "), // up to 1.18
	[]byte("failed to try resolving symlinks in path "),
	[]byte("failed to open log file "),
	[]byte("failed to read log file "),
	[]byte("failed to seek "),
	[]byte("failed to tail "),
	[]byte("failed to get parse function: "),
	[]byte("failed to get container status "),
	[]byte("failed to create fsnotify watcher: "),
	[]byte("failed to watch directory "),
	[]byte("failed to find container "),
	[]byte("container status is nil"),
	[]byte("context cancelled"),
	[]byte("rpc error: code = "),
}

// cutExcuse separates a log, whose lines all start with the runtime's time, from the kubelet's excuse at its end.
// A program's own line that reads like an excuse bears a time and stays.
func cutExcuse(text []byte) (log []byte, excuse string) {
	at := bytes.LastIndexByte(bytes.TrimSuffix(text, []byte{'\n'}), '\n') + 1
	last := bytes.TrimSpace(text[at:])
	for _, e := range excuses {
		if bytes.HasPrefix(last, e) {
			return text[:at], string(last)
		}
		// A program's last line without a newline, and then the excuse, which never ends in one.
		if i := bytes.Index(last, e); i > 0 && text[len(text)-1] != '\n' && !timeOf(last).IsZero() && namesContainer(last[i:]) {
			return text[:at+bytes.Index(text[at:], e)], string(last[i:])
		}
	}
	return text, ""
}

// namesContainer recognises the one excuse that is sure to be the kubelet's within a line: it ends with a container's URI.
func namesContainer(b []byte) bool {
	uri, ok := bytes.CutPrefix(b, excuses[0])
	return ok && bytes.Contains(uri, []byte("://")) && !bytes.ContainsAny(uri, " \t\"'")
}
