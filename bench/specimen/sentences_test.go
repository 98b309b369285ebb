package specimen

import (
	"os"
	"strings"
	"testing"

	"quxiang/internal/domain/proofread"
)

// TestSentences: sentences as reports write them, each a report of its own: of those that
// are right nothing is told, of those with one fault something is.
func TestSentences(t *testing.T) {
	for file, faulty := range map[string]bool{"right.txt": false, "wrong.txt": true} {
		content, err := os.ReadFile("testdata/sentences/" + file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(content)), "\n")
		if len(lines) < 30 {
			t.Fatalf("%s has %d sentences", file, len(lines))
		}
		for _, line := range lines {
			fs := proofread.Check(readFile(t, file, []byte("二、毕业生情况\n\n"+line+"\n")))
			if len(fs) > 0 != faulty {
				t.Errorf("%s: %s\n%s", file, line, told(fs))
			}
		}
	}
}
