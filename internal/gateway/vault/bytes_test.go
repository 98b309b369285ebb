package vault

import (
	"bytes"
	"strings"
	"testing"
)

func TestSealedFileOpensInItsPlaceOnly(t *testing.T) {
	v, other := NewMemory(), NewMemory()
	plain := bytes.Repeat([]byte("合同 contract "), 1000)
	sealed, err := v.SealBytes("evidence", "ab12", plain)
	if err != nil {
		t.Fatal(err)
	}
	if extra := len(sealed) - len(plain); extra > 64 {
		t.Errorf("%d bytes more than the file", extra)
	}
	if bytes.Contains(sealed, []byte("contract")) {
		t.Error("the file can be read in its envelope")
	}
	again, _ := v.SealBytes("evidence", "ab12", plain)
	if bytes.Equal(sealed, again) {
		t.Error("one nonce twice")
	}
	if got, err := v.OpenBytes("evidence", "ab12", sealed); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("does not open: %v", err)
	}
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)/2] ^= 1
	for name, c := range map[string]struct {
		v            *Vault
		field, owner string
		sealed       []byte
	}{
		"another owner":   {v, "evidence", "ab13", sealed},
		"another field":   {v, "held", "ab12", sealed},
		"another ring":    {other, "evidence", "ab12", sealed},
		"a bit flipped":   {v, "evidence", "ab12", flipped},
		"cut short":       {v, "evidence", "ab12", sealed[:len(sealed)-1]},
		"the head alone":  {v, "evidence", "ab12", []byte("v1:aes256gcm:k1:")},
		"an unknown key":  {v, "evidence", "ab12", append([]byte("v1:aes256gcm:k9:"), sealed...)},
		"empty":           {v, "evidence", "ab12", nil},
		"no head":         {v, "evidence", "ab12", plain},
		"colons too late": {v, "evidence", "ab12", []byte(strings.Repeat("x", maxHead) + ":::")},
	} {
		if got, err := c.v.OpenBytes(c.field, c.owner, c.sealed); err == nil {
			t.Errorf("%s: opened %d bytes", name, len(got))
		}
	}
}

func TestEmptyFileIsSealed(t *testing.T) {
	v := NewMemory()
	sealed, err := v.SealBytes("held", "x", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := v.OpenBytes("held", "x", sealed); err != nil || len(got) != 0 {
		t.Errorf("%q, %v", got, err)
	}
}
