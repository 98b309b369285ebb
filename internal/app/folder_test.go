package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/fault"
)

func TestFolderIsHeldByOneServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	f, err := hold(t.Context(), dir, Serving)
	if err != nil {
		t.Fatal(err)
	}
	for name, how := range map[string]Hold{"a server": Serving, "a writing command": Writing, "a reading command": Reading} {
		_, err := hold(t.Context(), dir, how)
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
			t.Errorf("%s was not refused by name: %v", name, err)
		}
	}
	f.release()
	again, err := hold(t.Context(), dir, Serving)
	if err != nil {
		t.Fatal(err)
	}
	again.release()
}

func TestReadersShareAndWritersWait(t *testing.T) {
	dir := t.TempDir()
	one, err := hold(t.Context(), dir, Reading)
	if err != nil {
		t.Fatal(err)
	}
	two, err := hold(t.Context(), dir, Reading)
	if err != nil {
		t.Fatalf("two readers: %v", err)
	}
	time.AfterFunc(100*time.Millisecond, func() { one.release(); two.release() })
	writer, err := hold(t.Context(), dir, Writing)
	if err != nil {
		t.Fatalf("a writer did not wait: %v", err)
	}
	defer writer.release()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := hold(ctx, dir, Reading); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a reader beside a writer: %v", err)
	}
}

// TestServerThatWasKilled: what it left written does not keep anybody out.
func TestServerThatWasKilled(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "holder"), []byte("serve pid 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := hold(t.Context(), dir, Reading)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(50*time.Millisecond, f.release)
	w, err := hold(t.Context(), dir, Writing)
	if err != nil {
		t.Fatalf("a stale note kept a command out: %v", err)
	}
	w.release()
}

func TestFileAppearsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "out.csv")
	f, err := CreateLocal(name)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, "half")
	if _, err := os.Stat(name); err == nil {
		t.Error("the file is there before it is whole")
	}
	f.(*localFile).Abandon()
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%d files left behind", len(left))
	}
	if _, err := CreateLocal(filepath.Join(dir, "nowhere", "out.csv")); fault.KindOf(err) != fault.Usage {
		t.Errorf("a folder that is not there: %v", err)
	}
}
