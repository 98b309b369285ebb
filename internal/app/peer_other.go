//go:build !linux

package app

import (
	"net"
	"os/user"
	"path/filepath"
)

// peerUser names the user of this process: elsewhere than on Linux the socket's
// mode alone says who may ask.
func peerUser(net.Conn) string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

func shortPath(dir string) (path string, done func(), err error) {
	return filepath.Join(dir, "socket"), func() {}, nil
}
