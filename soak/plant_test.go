package soak

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// planted builds the program with one piece of one file, by its path in the module,
// changed: a fault that a test must catch, in the very program that is released
// otherwise, without a switch in it.
func planted(t *testing.T, file, was, becomes string) string {
	t.Helper()
	return plantedIn(t, change{file, was, becomes})
}

// change is one piece of one file that becomes another.
type change struct{ file, was, becomes string }

// plantedIn is planted with several changes.
func plantedIn(t *testing.T, changes ...change) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir, texts, replace := t.TempDir(), map[string]string{}, map[string]string{}
	for _, c := range changes {
		if _, ok := texts[c.file]; !ok {
			text, err := os.ReadFile(filepath.Join(root, c.file))
			if err != nil {
				t.Fatal(err)
			}
			texts[c.file] = string(text)
		}
		if strings.Count(texts[c.file], c.was) != 1 {
			t.Fatalf("%s has changed: the fault cannot be planted any more", c.file)
		}
		texts[c.file] = strings.Replace(texts[c.file], c.was, c.becomes, 1)
	}
	for file, text := range texts {
		changed := filepath.Join(dir, strings.ReplaceAll(file, "/", "-"))
		replace[filepath.Join(root, file)] = changed
		if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "quxiang")
	c := exec.Command("go", "build", "-trimpath", "-overlay", filepath.Join(dir, "overlay.json"), "-o", path, "../cmd/quxiang")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}
