package storetest

import "syscall"

// memory is a file system without a disk below it, and enough what must be free on it for
// a cluster, in bytes. A database is 300 files: making one took twenty times as long on a disk.
const (
	memory = "/dev/shm"
	enough = 2 << 30
)

// room is the folder in which a cluster makes its own; blank: that of temporary files.
func room() string {
	const writing = 2 // W_OK of access(2)
	var s syscall.Statfs_t
	if syscall.Statfs(memory, &s) != nil || s.Bavail*uint64(s.Bsize) < enough || syscall.Access(memory, writing) != nil {
		return ""
	}
	return memory
}
