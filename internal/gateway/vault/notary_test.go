package vault

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/domain/fault"
)

func TestNotarySignsAndOpens(t *testing.T) {
	dir := t.TempDir()
	n := NewNotary(dir, func() string { return "quxiang/10001" })
	note, err := n.Sign("a\nb\n")
	if err != nil {
		t.Fatal(err)
	}
	key, err := n.Key()
	if err != nil {
		t.Fatal(err)
	}
	again := NewNotary(dir, func() string { return "another" }) // the key keeps its name
	if name, err := again.Name(); err != nil || name != "quxiang/10001" {
		t.Errorf("name %q (%v)", name, err)
	}
	for _, k := range []string{"", key, key + "\n"} {
		if text, err := again.Open(note, k); err != nil || text != "a\nb\n" {
			t.Errorf("opened %q (%v)", text, err)
		}
	}
	other := NewNotary(t.TempDir(), func() string { return "quxiang/10001" })
	otherKey, err := other.Key()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ note, key string }{
		"a letter":      {strings.Replace(note, "a", "c", 1), ""},
		"cut":           {note[:len(note)-3], ""},
		"no signature":  {"a\nb\n", ""},
		"another's key": {note, otherKey},
		"no key":        {note, "x"},
	} {
		if text, err := n.Open(c.note, c.key); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: opened %q (%v)", name, text, err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, notaryFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v (%v)", info.Mode(), err)
	}
}

// TestNotaryMakesOneKey: who comes second uses the first one's.
func TestNotaryMakesOneKey(t *testing.T) {
	dir := t.TempDir()
	keys := make([]string, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			n := NewNotary(dir, func() string { return "quxiang" })
			var err error
			if keys[i], err = n.Key(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, k := range keys {
		if k != keys[0] || k == "" {
			t.Errorf("%q and %q", k, keys[0])
		}
	}
}
