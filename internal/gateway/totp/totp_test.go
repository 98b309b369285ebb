package totp

import (
	"bytes"
	"image/png"
	"testing"

	"quxiang/internal/domain/calendar"
)

// TestCodesOfTheStandard: RFC 6238, appendix B, SHA-1, the last six digits; one step
// before and after are taken and none further (S44).
func TestCodesOfTheStandard(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"} {
		for d, want := range map[int64]bool{-60: false, -30: true, 0: true, 30: true, 60: false} {
			step, ok := (Codes{}).Step(secret, code, calendar.Instant((at+d)*1000))
			if ok != want || ok && step != at/30 {
				t.Errorf("%d%+d: step %d, %v", at, d, step, ok)
			}
		}
	}
	a, _ := (Codes{}).New()
	b, _ := (Codes{}).New()
	if len(a) < 26 || a == b {
		t.Errorf("secrets %q, %q", a, b)
	}
}

func TestPicture(t *testing.T) {
	b, err := Picture("otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQ&issuer=x")
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(b)); err != nil || img.Bounds().Dx() != 240 {
		t.Error(err)
	}
}
