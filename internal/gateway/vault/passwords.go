package vault

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// Cost of a password hash: about 50 ms of one core.
const (
	argonTime   = 2
	argonMemory = 19 << 10 // KiB
	argonLanes  = 1
	argonKey    = 32
	argonSalt   = 16
)

// waiting is how many may wait for each one that is hashed: about five seconds.
const waiting = 100

// Passwords hashes passwords with argon2id, as many at once as there are cores:
// a flood of logins waits instead of eating the memory, and who would wait too long
// is told so at once. NewPasswords makes one.
type Passwords struct {
	slots chan struct{} // who is hashing
	queue chan struct{} // and who waits for it
	dummy string        // what a blank hash is compared with, so that it takes as long; of no password, and never a match
}

var _ access.Passwords = (*Passwords)(nil)

// NewPasswords returns a hasher for the whole program.
func NewPasswords() *Passwords {
	n := runtime.GOMAXPROCS(0)
	p := &Passwords{slots: make(chan struct{}, n), queue: make(chan struct{}, n*(1+waiting))}
	p.dummy = spell(make([]byte, argonSalt), make([]byte, argonKey))
	return p
}

// Hash returns $argon2id$v=19$m=…,t=…,p=…$salt$hash with a random salt.
func (p *Passwords) Hash(password string) (string, error) {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key, err := p.derive(password, salt, argonTime, argonMemory, argonLanes)
	if err != nil {
		return "", err
	}
	return spell(salt, key), nil
}

// spell writes a hash of today's cost.
func spell(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		encoding.EncodeToString(salt), encoding.EncodeToString(key))
}

// Match implements access.Passwords. A hash of other cost still matches.
func (p *Passwords) Match(hash, password string) (bool, error) {
	h, ok := parseHash(hash)
	if !ok {
		h, _ = parseHash(p.dummy)
	}
	key, err := p.derive(password, h.salt, h.time, h.memory, h.lanes)
	return err == nil && subtle.ConstantTimeCompare(key, h.key) == 1 && ok, err
}

func (p *Passwords) derive(password string, salt []byte, time, memory uint32, lanes uint8) ([]byte, error) {
	select {
	case p.queue <- struct{}{}:
	default:
		return nil, fault.Unavailablef("", "现在登录的人太多，请半分钟后再试；填的账号还在，密码要重输")
	}
	defer func() { <-p.queue }()
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	return argon2.IDKey([]byte(password), salt, time, memory, lanes, argonKey), nil
}

type hashed struct {
	time, memory uint32
	lanes        uint8
	salt, key    []byte
}

// parseHash reads what Hash wrote. Costs beyond any that we would set are no
// hash of ours: they would only stop the machine.
func parseHash(s string) (h hashed, ok bool) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, false
	}
	if n, err := fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.lanes); err != nil || n != 3 {
		return h, false
	}
	var err error
	if h.salt, err = encoding.DecodeString(part[4]); err != nil || len(h.salt) < 8 {
		return h, false
	}
	if h.key, err = encoding.DecodeString(part[5]); err != nil || len(h.key) != argonKey {
		return h, false
	}
	return h, h.time >= 1 && h.time <= 10 && h.memory >= 8 && h.memory <= 256<<10 && h.lanes >= 1
}
