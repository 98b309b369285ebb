package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// newToken returns 160 random bits as text for an address or a cookie. What is
// kept of it is a digest: a stolen database lets nobody in.
func newToken() string {
	var b [20]byte
	rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// linkDigest is what is kept of a link's token. As with sessions, a new password
// makes all links of before useless.
func (s *Service) linkDigest(token string, a *Account) string {
	return s.Keyed("link", digest("link", token, a.ID, a.Password))
}

// sessionDigest is what is kept of a session's token. The password's hash is
// part of it, so that a new password ends all sessions at once. It is keyed: who
// writes a row by SQL comes in as nobody, past password and second factor.
func (s *Service) sessionDigest(token string, a *Account) string {
	return s.Keyed("session", digest("session", token, a.ID, a.Password))
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// ticket is what a cookie or a link holds: account and token.
func ticket(account, token string) string { return account + "." + token }

func splitTicket(s string) (account, token string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 1 || i == len(s)-1 || len(s) > 200 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}
