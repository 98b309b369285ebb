package vault

import (
	"strings"
	"sync"
	"testing"
)

func TestPasswordMatchesItsOwnHashOnly(t *testing.T) {
	p := NewPasswords()
	long := strings.Repeat("长密码x9", 25) + "尾" // 126 characters: nothing is cut off
	hash := p.Hash(long)
	for name, c := range map[string]struct {
		hash, password string
		want           bool
	}{
		"the same":                {hash, long, true},
		"last character differs":  {hash, strings.TrimSuffix(long, "尾") + "头", false},
		"cut short":               {hash, strings.TrimSuffix(long, "尾"), false},
		"another case":            {hash, strings.ToUpper(long), false},
		"blank password":          {hash, "", false},
		"no hash":                 {"", "", false},
		"the dummy's is no hash":  {"$argon2id$", long, false},
		"cut hash":                {hash[:len(hash)-1], long, false},
		"another kind":            {strings.Replace(hash, "argon2id", "argon2i", 1), long, false},
		"another version":         {strings.Replace(hash, "v=19", "v=16", 1), long, false},
		"ruinous cost":            {strings.Replace(hash, "m=19456", "m=99999999", 1), long, false},
		"hash of other cost":      {strings.Replace(hash, "t=2", "t=3", 1), long, false},
		"cost that is not a cost": {strings.Replace(hash, "t=2", "t=0", 1), long, false},
	} {
		if got := p.Match(c.hash, c.password); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	if p.Hash(long) == hash {
		t.Error("one salt twice")
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", hash)
	}
}

func TestHashingAtOnceIsBounded(t *testing.T) {
	p := &Passwords{slots: make(chan struct{}, 1)}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if h := p.Hash("一二三Abc123456"); !p.Match(h, "一二三Abc123456") {
				t.Error("does not match")
			}
		})
	}
	wg.Wait()
	if len(p.slots) != 0 {
		t.Error("a slot was not given back")
	}
}
