package vault

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/domain/fault"
)

func TestPasswordMatchesItsOwnHashOnly(t *testing.T) {
	p := NewPasswords()
	long := strings.Repeat("长密码x9", 25) + "尾" // 126 characters: nothing is cut off
	hash, err := p.Hash(long)
	if err != nil {
		t.Fatal(err)
	}
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
		if got, err := p.Match(c.hash, c.password); err != nil || got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	if again, _ := p.Hash(long); again == hash {
		t.Error("one salt twice")
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %q", hash)
	}
}

func TestHashingAtOnceIsBounded(t *testing.T) {
	p := &Passwords{slots: make(chan struct{}, 1), queue: make(chan struct{}, 3)}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			h, _ := p.Hash("一二三Abc123456")
			if ok, err := p.Match(h, "一二三Abc123456"); !ok || err != nil {
				t.Error("does not match")
			}
		})
	}
	wg.Wait()
	if len(p.slots) != 0 {
		t.Error("a slot was not given back")
	}
}

// TestTooManyAreToldAtOnce: as many hash as there are slots, as many wait as there
// is room, and the next is told so without waiting (R14).
func TestTooManyAreToldAtOnce(t *testing.T) {
	p := &Passwords{slots: make(chan struct{}, 1), queue: make(chan struct{}, 3)}
	p.slots <- struct{}{} // somebody hashes, for as long as we like
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if _, err := p.Hash("一二三Abc123456"); err != nil {
				t.Error(err)
			}
		})
	}
	for len(p.queue) < 3 {
		runtime.Gosched()
	}
	for range 50 {
		if _, err := p.Match("", "x"); fault.KindOf(err) != fault.Unavailable {
			t.Fatalf("a fourth waits: %v", err)
		}
	}
	<-p.slots
	wg.Wait()
	if _, err := p.Hash("x"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
