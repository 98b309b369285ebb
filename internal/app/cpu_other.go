//go:build !unix

package app

import "time"

var began = time.Now()

// CPU is the time since the process began, where the system does not say more.
func CPU() time.Duration { return time.Since(began) }
