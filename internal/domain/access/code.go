package access

import (
	"crypto/rand"
	"strings"
	"time"

	"quxiang/internal/domain/calendar"
)

// CodeTerm is how long a graduate's code holds.
const CodeTerm = 14 * 24 * time.Hour

const (
	purposeActivate = "activate"

	// codeAlphabet has no signs that look like others of it: of 8 and B, 5 and S, 2
	// and Z, 1, I and L, 0 and O, U and V one stands at most.
	codeAlphabet = "23456789ACDEFGHJKMNPQRTVWXY"
	codeLength   = 10 // of 27 signs: 47.5 random bits
)

// newCode returns a random code, such as 7KQ4M-XT2HD. Nothing in it comes from
// whom it is for.
func newCode() string {
	out := make([]byte, 0, codeLength+1)
	var b [32]byte
	for {
		rand.Read(b[:]) // never fails: it ends the program instead
		for _, v := range b {
			if v &= 31; int(v) >= len(codeAlphabet) {
				continue // else the first signs would come more often
			}
			if out = append(out, codeAlphabet[v]); len(out) == codeLength/2 {
				out = append(out, '-')
			}
			if len(out) == codeLength+1 {
				return string(out)
			}
		}
	}
}

// misread are signs that no code has, with the one that was meant.
var misread = map[rune]rune{'B': '8', 'S': '5', 'Z': '2', 'U': 'V'}

// plainCode is a code as it was typed, brought to one form: small letters, hyphens,
// spaces, full-width signs and what looks like another sign are all right. Blank
// for what can be no code.
func plainCode(typed string) string {
	if len(typed) > 200 {
		return ""
	}
	out := make([]rune, 0, codeLength)
	for _, r := range strings.ToUpper(narrow(typed)) {
		if strings.ContainsRune(" -—–_.·", r) {
			continue
		}
		if meant, ok := misread[r]; ok {
			r = meant
		}
		if !strings.ContainsRune(codeAlphabet, r) || len(out) == codeLength {
			return ""
		}
		out = append(out, r)
	}
	if len(out) < codeLength {
		return ""
	}
	return string(out)
}

// codeDigest is what is kept of a code. It is keyed, since 47 bits alone could be
// tried through by who has the database. As with links, a new password makes
// earlier codes useless.
func (s *Service) codeDigest(code string, a *Account) string {
	return digest("code", s.Keyed("activation of "+a.ID, plainCode(code)), a.ID, a.Password)
}

// code makes a new one for the account.
func (s *Service) code(who Actor, a *Account, now calendar.Instant) (string, Link) {
	code := newCode()
	return code, Link{
		Digest: s.codeDigest(code, a), Account: a.ID, Purpose: purposeActivate,
		Expires: now + calendar.Instant(CodeTerm.Milliseconds()), By: who.Account, Made: now,
	}
}
