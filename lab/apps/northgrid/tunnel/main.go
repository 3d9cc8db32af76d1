// Command tunnel forwards local ports to databases in the other data centre.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

func logf(level, format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s %s tunnel %s\n", time.Now().UTC().Format("2006/01/02 15:04:05"), level, fmt.Sprintf(format, args...))
}

type route struct{ listen, target string }

func parse(path string) ([]route, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var routes []route
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(strings.SplitN(lines.Text(), "#", 2)[0])
		if len(fields) == 0 {
			continue
		}
		if len(fields) != 3 || fields[1] != "->" {
			return nil, fmt.Errorf("%s:%d: expected LISTEN -> TARGET", path, n)
		}
		for _, address := range []string{fields[0], fields[2]} {
			_, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", path, n, err)
			}
			if _, err := strconv.ParseUint(port, 10, 16); err != nil {
				return nil, fmt.Errorf("%s:%d: %q has no usable port", path, n, address)
			}
		}
		routes = append(routes, route{fields[0], fields[2]})
	}
	return routes, lines.Err()
}

func forward(r route) {
	l, err := net.Listen("tcp", r.listen)
	if err != nil {
		logf("E", "listen: %v", err)
		os.Exit(1)
	}
	logf("I", "%s forwards to %s", r.listen, r.target)
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			up, err := net.DialTimeout("tcp", r.target, 3*time.Second)
			if err != nil {
				logf("W", "%v", err)
				return
			}
			defer up.Close()
			go func() { _, _ = io.Copy(up, c) }()
			_, _ = io.Copy(c, up)
		}()
	}
}

func main() {
	logf("I", "tunnel 1.12.0 starting, keepalive 30s, tcp fast open not supported here")
	routes, err := parse("/etc/tunnel/routes.conf")
	if err != nil {
		logf("E", "cannot use the routes: %v", err)
		time.Sleep(200 * time.Millisecond)
		os.Exit(1)
	}
	for _, r := range routes {
		go forward(r)
	}
	select {}
}
