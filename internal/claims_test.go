package internal

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// claims are what no program can say of itself: a grade, a certificate, conformity
// with the law are said by others, of a school's whole system.
var claims = regexp.MustCompile(`(已|均已|现已)(通过|取得|获得)[^，。；\n]{0,12}(等保|等级保护|测评|密评|认证)|(等保|密评|ISO ?27001)[^，。；\n]{0,6}(认证|合格|达标)|完全(合规|符合)|保证合规|(certified|compliant) (with|to|for) (MLPS|ISO|PIPL|GB/T)`)

// TestNothingIsClaimed: neither pages nor papers say that the program has passed an
// assessment or is certified (C20).
func TestNothingIsClaimed(t *testing.T) {
	for _, s := range []string{"本系统已通过等保三级测评", "等保三级认证", "完全合规", "compliant with MLPS"} {
		if !claims.MatchString(s) {
			t.Errorf("not noticed: %s", s)
		}
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && (d.Name() == ".git" || d.Name() == "vendor") {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".md") && !strings.HasSuffix(path, ".templ") && !strings.HasSuffix(path, ".txt") && !strings.HasSuffix(path, ".csv") {
			return nil
		}
		text, err := os.ReadFile(path)
		if found := claims.Find(text); found != nil {
			t.Errorf("%s claims %q", path, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
