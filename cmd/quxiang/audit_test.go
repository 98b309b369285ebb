package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// TestCheckpointsTellARestoredBackupAndARewrittenTail (R30b, R30c, A5): the chain goes
// on from what somebody keeps, or it is said which way it does not.
func TestCheckpointsTellARestoredBackupAndARewrittenTail(t *testing.T) {
	eachEngine(t, func(t *testing.T, s *school) {
		conf := store.Config{SQLite: filepath.Join(s.dir, "quxiang.db")}
		if s.database != "" {
			conf = store.Config{URL: s.database}
		}
		kept := filepath.Join(t.TempDir(), "checkpoint.txt")
		s.must(0, "audit", "checkpoint", "-o", kept)
		note, err := os.ReadFile(kept)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(note), "quxiang/10001\n") || strings.Count(string(note), "\n") != 6 {
			t.Errorf("a checkpoint reads\n%s", note)
		}
		key, _ := s.must(0, "audit", "key")
		again, _ := s.must(0, "audit", "checkpoint")
		if again != string(note) {
			t.Errorf("nothing was written since, and another checkpoint was signed:\n%s%s", note, again)
		}
		if out, _ := s.must(0, "verify", "--checkpoint", kept, "--key", key); !strings.Contains(out, "现在的审计链接着") {
			t.Errorf("verify says\n%s", out)
		}
		s.must(0, "user", "add", "one", "--name", "甲", "--role", "auditor")
		later := filepath.Join(t.TempDir(), "later.txt")
		s.must(0, "audit", "checkpoint", "-o", later)
		out, _ := s.must(0, "verify", "--checkpoint", kept, "--checkpoint", later)
		if strings.Count(out, "现在的审计链接着") != 2 {
			t.Errorf("verify says\n%s", out)
		}

		for name, c := range map[string]struct{ content, key, want string }{
			"a letter changed":     {strings.Replace(string(note), "quxiang/10001\n", "quxiang/10002\n", 1), "", "签名不对"},
			"no checkpoint at all": {"hello", "", "签名不对"},
			"another's key":        {string(note), strings.TrimSpace(key)[:20], "公钥读不出来"},
		} {
			path := s.file("bad.txt", c.content)
			args := []string{"verify", "--checkpoint", path}
			if c.key != "" {
				args = append(args, "--key", c.key)
			}
			if out, _ := s.must(1, args...); !strings.Contains(out, c.want) {
				t.Errorf("%s: verify says\n%s", name, out)
			}
		}

		// The newest entries are cut off with all that they answer for: the chain looks
		// whole to itself, as in a backup of yesterday.
		n := storetest.Tamper(t, conf, `delete from audit where n > (select min(n) from checkpoint)`)
		if n == 0 {
			t.Fatal("nothing was cut off")
		}
		if out, _ := s.must(1, "verify", "--checkpoint", later); !strings.Contains(out, "数据被换成了旧的备份，或最新的记录被删除") {
			t.Errorf("verify says\n%s", out)
		}
	})
}
