package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"quxiang/internal/app"
)

func TestReadLocal(t *testing.T) {
	for name, size := range map[string]int{"empty": 0, "a byte": 1, "one room": bytes.MinRead, "many": 3 << 20, "the largest": app.MaxFile} {
		path := filepath.Join(t.TempDir(), "file.csv")
		want := bytes.Repeat([]byte{'x'}, size)
		if err := os.WriteFile(path, want, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := app.ReadLocal(path)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if cap(got) > size+bytes.MinRead {
			t.Errorf("%s: %d bytes of room for %d", name, cap(got), size)
		}
	}
}

func TestReadLocalRefuses(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large.csv")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, app.MaxFile+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{large: "超过 64 MB", filepath.Join(t.TempDir(), "no.csv"): "读不了", t.TempDir(): "读不了"} {
		if _, err := app.ReadLocal(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	if runtime.GOOS != "linux" {
		return
	}
	if b, err := app.ReadLocal("/proc/self/status"); err != nil || len(b) == 0 {
		t.Errorf("a file that does not say its size: %d bytes, %v", len(b), err)
	}
}
