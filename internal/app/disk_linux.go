package app

import "syscall"

// diskSpace is what is free for this process on the folder's disk and how large the
// disk is, in bytes.
func diskSpace(dir string) (free, most uint64, ok bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return 0, 0, false
	}
	return s.Bavail * uint64(s.Bsize), s.Blocks * uint64(s.Bsize), true
}
