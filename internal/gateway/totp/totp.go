// Package totp makes and checks one-time codes of RFC 6238, as authenticator apps
// show them: SHA-1, six digits, a new one every 30 seconds.
package totp

import (
	"bytes"
	"crypto/subtle"
	"image/png"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
)

// period is how long a code is shown.
const period = 30 * time.Second

// Codes implements access.Factors.
type Codes struct{}

var _ access.Factors = Codes{}

// New returns a random secret in base32.
func (Codes) New() (string, error) {
	k, err := totp.Generate(totp.GenerateOpts{Issuer: "quxiang", AccountName: "x"})
	if err != nil {
		return "", err
	}
	return k.Secret(), nil
}

// Step returns the step of time that the code is of: now's, the one before, or the
// one after. It compares with all three, in constant time.
func (Codes) Step(secret, code string, now calendar.Instant) (step int64, ok bool) {
	for _, d := range []int64{-1, 0, 1} {
		at := now.Time().Add(time.Duration(d) * period)
		want, err := totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = at.Unix()/30, true
		}
	}
	return step, ok
}

// Picture returns the address that an app reads, as a QR code in PNG.
func Picture(address string) ([]byte, error) {
	k, err := otp.NewKeyFromURL(address)
	if err != nil {
		return nil, err
	}
	img, err := k.Image(240, 240)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}
