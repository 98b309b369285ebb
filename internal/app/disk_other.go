//go:build !linux

package app

// diskSpace is not known here.
func diskSpace(string) (free, most uint64, ok bool) { return 0, 0, false }
