package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"quxiang/internal/domain/fault"
)

// TestExplain: what the machine cannot do is said in words on a terminal too, with
// the file it is about; refusals and defects stay what they are (R6, R7, R18).
func TestExplain(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		says string
	}{
		"full, deep inside":    {fmt.Errorf("backup: %w", &fs.PathError{Op: "write", Path: "b.age", Err: syscall.ENOSPC}), "磁盘已满，这次没有办成。请腾出空间后再运行同一条命令（b.age）"},
		"read-only":            {&fs.PathError{Op: "open", Path: "d/holder", Err: syscall.EROFS}, "磁盘是只读的"},
		"a rename":             {&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EACCES}, "没有权限（b）"},
		"for visitors of page": {fault.Outagef(&fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, "", "填的内容还在"), "请腾出空间"},
		"no server":            {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "--database"},
	} {
		got := Explain(c.err)
		if fault.KindOf(got) != fault.Unavailable || !strings.Contains(got.Error(), c.says) || !errors.Is(got, c.err) {
			t.Errorf("%s: %v", name, got)
		}
	}
	for _, err := range []error{nil, errors.New("a defect"), fault.Conflictf("x", "已有"), fault.Unavailablef("", "请稍等")} {
		if got := Explain(err); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
}

// TestRefusedHoldLetsGo: a folder that cannot be signed is not held either.
func TestRefusedHoldLetsGo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(filepath.Join(dir, "holder"), 0o700); err != nil { // a folder where the file should be
		t.Fatal(err)
	}
	_, err := hold(t.Context(), dir, Serving)
	if err == nil || !strings.Contains(Explain(err).Error(), "这是文件夹，不是文件") {
		t.Errorf("held, or no reason: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "holder")); err != nil {
		t.Fatal(err)
	}
	f, err := hold(t.Context(), dir, Serving)
	if err != nil {
		t.Fatalf("still held by the failed one: %v", err)
	}
	f.release()
}
