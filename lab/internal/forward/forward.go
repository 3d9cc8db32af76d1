// Package forward carries TCP connections from a loopback port of the machine
// into a network namespace that nothing else leads into.
package forward

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/crashproof-dev/crashproof/lab/internal/namespaces"
)

// Serve listens on the address listen here and dials target inside the
// namespaces of the process pid, until ctx ends.
func Serve(ctx context.Context, pid int, listen, target string) error {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", listen, err)
	}
	dial, err := newDialer(pid, target)
	if err != nil {
		return err
	}
	go func() { <-ctx.Done(); _ = listener.Close() }()
	log.Printf("forwarding %s to %s in the namespaces of process %d", listen, target, pid)
	for {
		conn, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("accepting on %s: %w", listen, err)
		}
		go func() {
			if err := relay(conn.(*net.TCPConn), dial); err != nil {
				log.Printf("connection to %s: %v", target, err)
			}
		}()
	}
}

// relay copies both directions and passes each side's end on to the other.
func relay(here *net.TCPConn, dial func() (*net.TCPConn, error)) error {
	defer func() { _ = here.Close() }()
	there, err := dial()
	if err != nil {
		return err
	}
	defer func() { _ = there.Close() }()
	var both sync.WaitGroup
	for _, way := range [][2]*net.TCPConn{{here, there}, {there, here}} {
		both.Go(func() {
			_, _ = io.Copy(way[1], way[0])
			_ = way[1].CloseWrite()
		})
	}
	both.Wait()
	return nil
}

// newDialer keeps one thread inside the namespaces that only makes sockets: a
// socket belongs to the namespace it was made in, whoever connects it.
func newDialer(pid int, target string) (func() (*net.TCPConn, error), error) {
	addr, err := net.ResolveTCPAddr("tcp4", target)
	if err != nil {
		return nil, fmt.Errorf("address %s: %w", target, err)
	}
	type socket struct {
		fd  int
		err error
	}
	sockets := make(chan socket)
	go func() {
		err := namespaces.Do(pid, func() error {
			for {
				fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
				sockets <- socket{fd, err}
			}
		})
		for {
			sockets <- socket{-1, err}
		}
	}()
	return func() (*net.TCPConn, error) {
		s := <-sockets
		if s.err != nil {
			return nil, s.err
		}
		return connect(s.fd, addr)
	}, nil
}
