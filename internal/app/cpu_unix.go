//go:build unix

package app

import (
	"syscall"
	"time"
)

// CPU is the time that processors have worked for this process.
func CPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
