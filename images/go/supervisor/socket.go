package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// bind takes the port on all interfaces without listening: until a worker does, connections are refused
// and no probe waits for an answer that does not come. Where there is no IPv6 it falls back to IPv4.
func bind(port int) (int, error) {
	fd, err := bound(unix.AF_INET6, &unix.SockaddrInet6{Port: port})
	if err == unix.EAFNOSUPPORT || err == unix.EADDRNOTAVAIL {
		fd, err = bound(unix.AF_INET, &unix.SockaddrInet4{Port: port})
	}
	if err != nil {
		return -1, fmt.Errorf("FUNC_PORT is \"%d\": %w: set it to a port that is free and may be used (or leave it unset for 8080)", port, err)
	}
	return fd, nil
}

func bound(family int, address unix.Sockaddr) (int, error) {
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, err
	}
	err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if err == nil && family == unix.AF_INET6 {
		err = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
	}
	if err == nil {
		err = unix.Bind(fd, address)
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}
