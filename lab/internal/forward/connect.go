package forward

import (
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// connect connects a socket that was made elsewhere and hands it to the net package.
func connect(fd int, addr *net.TCPAddr) (*net.TCPConn, error) {
	file := os.NewFile(uintptr(fd), "forward")
	defer func() { _ = file.Close() }() // net.FileConn works on a copy
	// A blocking connect(2) is bounded by the send timeout (socket(7)).
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &unix.Timeval{Sec: 5}); err != nil {
		return nil, err
	}
	sa := &unix.SockaddrInet4{Port: addr.Port}
	copy(sa.Addr[:], addr.IP.To4())
	if err := unix.Connect(fd, sa); err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", addr, err)
	}
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &unix.Timeval{}); err != nil {
		return nil, err
	}
	conn, err := net.FileConn(file)
	if err != nil {
		return nil, err
	}
	return conn.(*net.TCPConn), nil
}
