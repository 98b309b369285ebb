package vault

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// vaults returns one vault a cipher.
func vaults(t *testing.T) map[string]*Vault {
	t.Helper()
	out := map[string]*Vault{}
	for alg, size := range keySize {
		r := newRing()
		r.Data[0].Alg, r.Data[0].Key = alg, r.Data[0].Key[:size]
		v, err := opened("", r)
		if err != nil {
			t.Fatal(err)
		}
		out[alg] = v
	}
	return out
}

func seal(t *testing.T, v *Vault, plain string) string {
	t.Helper()
	s, err := v.Seal("graduate", "g1", []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOpenIsTheInverseOfSeal(t *testing.T) {
	all := vaults(t)
	rapid.Check(t, func(t *rapid.T) {
		v := all[rapid.SampledFrom([]string{aes256, sm4gcm}).Draw(t, "alg")]
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		field, owner := rapid.String().Draw(t, "field"), rapid.String().Draw(t, "owner")
		sealed, err := v.Seal(field, owner, plain)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := v.Open(field, owner, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %q, %v", got, err)
		}
	})
}

func TestEnvelopeNamesCipherAndKeyAndHidesThePlainText(t *testing.T) {
	for alg, v := range vaults(t) {
		const plain = "990101200001011234"
		s := seal(t, v, plain)
		if !strings.HasPrefix(s, "v1:"+alg+":k1:") || strings.Count(s, ":") != 4 {
			t.Errorf("%s: envelope %q", alg, s)
		}
		if strings.Contains(s, plain) || strings.Contains(s, encoding.EncodeToString([]byte(plain))) {
			t.Errorf("%s: plain text in %q", alg, s)
		}
		if s == seal(t, v, plain) {
			t.Errorf("%s: sealing twice gave one text: the nonce repeats", alg)
		}
	}
}

func TestAnyChangedCharacterIsRefused(t *testing.T) {
	for alg, v := range vaults(t) {
		s := seal(t, v, "13 pieces of text")
		for i := range s {
			b := []byte(s)
			b[i] = 'A' + (b[i]+1)%2
			if b[i] == s[i] {
				b[i] = 'Z'
			}
			if plain, err := v.Open("graduate", "g1", string(b)); err == nil {
				t.Fatalf("%s: changed at %d, opened as %q", alg, i, plain)
			}
		}
		for _, cut := range []string{"", s[:len(s)-1], s + "A", "v1", "::::", s + ":"} {
			if _, err := v.Open("graduate", "g1", cut); err == nil {
				t.Errorf("%s: opened %q", alg, cut)
			}
		}
	}
}

func TestMovedCiphertextIsRefused(t *testing.T) {
	v := NewMemory()
	s := seal(t, v, "x")
	for name, place := range map[string][2]string{
		"another owner":      {"graduate", "g2"},
		"another field":      {"event", "g1"},
		"field runs into it": {"graduateg", "1"},
		"no owner":           {"graduate", ""},
	} {
		if _, err := v.Open(place[0], place[1], s); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func TestKeysOfAnotherSchoolOpenNothing(t *testing.T) {
	s := seal(t, NewMemory(), "x") // key id k1 as well
	if _, err := NewMemory().Open("graduate", "g1", s); err == nil {
		t.Error("opened with another key")
	}
}

func TestOldKeysOpenAfterRotation(t *testing.T) {
	r := newRing()
	before, _ := opened("", r)
	old := seal(t, before, "old")
	index, name := before.Index("phone", "10000000001"), before.Pseudonym("g1")

	r.Data = append(r.Data, dataKey{ID: "k2", Alg: sm4gcm, Key: bytes.Repeat([]byte{7}, 16)})
	r.Current = "k2"
	after, err := opened("", r)
	if err != nil {
		t.Fatal(err)
	}
	if s := seal(t, after, "new"); !strings.HasPrefix(s, "v1:sm4gcm:k2:") {
		t.Errorf("sealed with an old key: %s", s)
	}
	if plain, err := after.Open("graduate", "g1", old); err != nil || string(plain) != "old" {
		t.Errorf("old value: %q, %v", plain, err)
	}
	if after.Index("phone", "10000000001") != index || after.Pseudonym("g1") != name {
		t.Error("rotating the data key moved index or pseudonym")
	}
	r.Data = r.Data[1:]
	without, _ := opened("", r)
	if _, err := without.Open("graduate", "g1", old); err == nil || !strings.Contains(err.Error(), "k1") {
		t.Errorf("want an error that names the missing key, got %v", err)
	}
}

func TestIndexFindsTheSameValueHoweverWritten(t *testing.T) {
	v := NewMemory()
	want := v.Index("id_number", "99010120000101123X")
	for name, c := range map[string]struct {
		field, value string
		same         bool
	}{
		"small letter":      {"id_number", "99010120000101123x", true},
		"spaces around":     {"id_number", " 99010120000101123X\u3000", true},
		"full width":        {"id_number", "９９０１０１２００００１０１１２３Ｘ", true},
		"another digit":     {"id_number", "99010120000101124X", false},
		"in another field":  {"phone", "99010120000101123X", false},
		"in another school": {"", "", false},
	} {
		got := v.Index(c.field, c.value)
		if name == "in another school" {
			got = NewMemory().Index("id_number", "99010120000101123X")
		}
		if (got == want) != c.same {
			t.Errorf("%s: same %v, want %v", name, got == want, c.same)
		}
	}
	if v.Index("phone", " \u3000") != "" {
		t.Error("a blank value has an index: all people without a phone would be one")
	}
}

func TestPseudonymIsSteadyAndTellsNothing(t *testing.T) {
	v := NewMemory()
	a := v.Pseudonym("g1")
	if a != v.Pseudonym("g1") || a == v.Pseudonym("g2") || a == NewMemory().Pseudonym("g1") {
		t.Error("pseudonym is not a function of key and graduate")
	}
	if len(a) != 27 || a[0] != 'p' {
		t.Errorf("pseudonym %q", a)
	}
}

func TestManyAtOnce(t *testing.T) {
	v := NewMemory()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				s, err := v.Seal("event", "g", []byte("值"))
				if err != nil {
					t.Error(err)
				}
				if p, err := v.Open("event", "g", s); err != nil || string(p) != "值" {
					t.Error(string(p), err)
				}
				_, _ = v.Index("phone", "1"), v.Pseudonym("g")
			}
		})
	}
	wg.Wait()
}

func BenchmarkSeal(b *testing.B) {
	v := NewMemory()
	plain := []byte(`{"id_number":"990101200001011234","phone":"10000000001","address":"滨海市"}`)
	for b.Loop() {
		if _, err := v.Seal("graduate", "01hzx5w3x6k2v9w0q8y7t4r3s2", plain); err != nil {
			b.Fatal(err)
		}
	}
}
