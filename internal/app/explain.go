package app

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"quxiang/internal/domain/fault"
	"quxiang/internal/store"
)

// troubles are what to do about a machine, for whoever runs commands on it; pages say
// it to their visitors in the words of package store.
var troubles = map[store.Trouble]string{
	store.DiskFull:     "磁盘已满，这次没有办成。请腾出空间后再运行同一条命令",
	store.DiskReadOnly: "磁盘是只读的，这次没有办成。请检查挂载方式和磁盘状况后再运行",
	store.DiskBroken:   "磁盘读写出错，这次没有办成。请检查磁盘和数据文件夹的权限后再运行",
	store.Crowded:      "数据库正忙，这次没有办成，请稍等再运行",
	store.ServerAway:   "数据库连不上，不能确定这次是否已保存。请检查 --database 的地址、用户名和数据库服务，再运行同一条命令",
}

// Explain says an error of the machine in words, for a terminal; every other error is
// returned as it is. Error: fault.Unavailable.
func Explain(err error) error {
	if kind := fault.KindOf(err); err == nil || kind != "" && kind != fault.Unavailable {
		return err
	}
	at := ""
	if path := pathOf(err); path != "" {
		at = "（" + path + "）"
	}
	if f := (*fault.Fault)(nil); errors.As(err, &f) && f.Field == "database" {
		return err // store.Migrate says more than its cause
	}
	if words := troubles[store.TroubleOf(err)]; words != "" {
		return fault.Outagef(err, "", "%s%s", words, at)
	}
	if words := causeWords(err); words != "" && at != "" {
		return fault.Outagef(err, "", "%s%s，这次没有办成", words, at)
	}
	return err
}

// pathOf is the file that an error is about; blank if it does not say.
func pathOf(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Path
	case errors.As(err, &link):
		return link.New
	}
	return ""
}

// causes are the system's own reasons, in words.
var causes = []struct {
	err   syscall.Errno
	words string
}{
	{syscall.ENOENT, "没有这个文件或文件夹"},
	{syscall.EACCES, "没有权限"},
	{syscall.EPERM, "没有权限"},
	{syscall.EROFS, "磁盘是只读的"},
	{syscall.ENOSPC, "磁盘已满"},
	{syscall.EDQUOT, "磁盘配额已用完"},
	{syscall.EIO, "磁盘读写出错"},
	{syscall.ENOTDIR, "路径中有一段不是文件夹"},
	{syscall.EISDIR, "这是文件夹，不是文件"},
	{syscall.EEXIST, "已经有了"},
	{syscall.ENAMETOOLONG, "名称太长"},
	{syscall.EMFILE, "打开的文件太多"},
	{syscall.EADDRINUSE, "已被别的程序占用"},
	{syscall.EADDRNOTAVAIL, "本机没有这个地址"},
}

func causeWords(err error) string {
	for _, c := range causes {
		if errors.Is(err, c.err) {
			return c.words
		}
	}
	return ""
}

// plainCause is the reason under an error, without the path: in words where it is the
// system's own.
func plainCause(err error) string {
	if words := causeWords(err); words != "" {
		return words
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err.Error()
}
