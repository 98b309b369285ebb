package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/emmansun/gmsm/sm4"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCiphersAnswerPublishedVectors (C4): RFC 8998 A.1 for SM4-GCM, McGrew and Viega's
// test case 16 for AES-256-GCM, GB/T 32907-2016 A.1 for SM4 itself.
func TestCiphersAnswerPublishedVectors(t *testing.T) {
	for name, c := range map[string]struct{ alg, key, iv, plain, aad, want string }{
		"RFC 8998": {sm4gcm, "0123456789abcdeffedcba9876543210", "00001234567800000000abcd",
			"aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
			"feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"},
		"GCM test case 16": {aes256, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
			"feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
	} {
		aead, err := dataKey{ID: "k", Alg: c.alg, Key: unhex(t, c.key)}.aead()
		if err != nil {
			t.Fatal(err)
		}
		if got := aead.Seal(nil, unhex(t, c.iv), unhex(t, c.plain), unhex(t, c.aad)); hex.EncodeToString(got) != c.want {
			t.Errorf("%s: %x", name, got)
		}
	}
	key := unhex(t, "0123456789abcdeffedcba9876543210")
	block, err := sm4.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]byte, 16)
	block.Encrypt(out, key)
	if hex.EncodeToString(out) != "681edf34d206965e86b3e94f536e4246" {
		t.Errorf("GB/T 32907: %x", out)
	}
}

// TestAnotherImplementationAgrees (C4): openssl, on blocks of chance.
func TestAnotherImplementationAgrees(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("QUXIANG_CI") != "" {
			t.Fatal("no openssl: make setup installs it")
		}
		t.Skip("no openssl on this machine")
	}
	for range 5 {
		key, plain, ours := random(16), random(64), make([]byte, 64)
		c := exec.Command(openssl, "enc", "-sm4-ecb", "-nopad", "-K", hex.EncodeToString(key))
		c.Stdin = bytes.NewReader(plain)
		theirs, err := c.Output()
		if err != nil {
			t.Skip("this openssl has no SM4: ", err)
		}
		block, err := sm4.NewCipher(key)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(plain); i += 16 {
			block.Encrypt(ours[i:], plain[i:])
		}
		if !bytes.Equal(ours, theirs) {
			t.Errorf("%x under %x: %x, and theirs %x", plain, key, ours, theirs)
		}
	}
}

// TestDictionaryWithoutTheKeyFindsNobody (C3): whoever has the index column and every
// number that there can be learns nothing but which rows are equal.
func TestDictionaryWithoutTheKeyFindsNobody(t *testing.T) {
	v, guess := NewMemory(), NewMemory()
	column := map[string]bool{}
	for i := range 100 {
		column[v.Index("phone", fmt.Sprintf("100%08d", i*991))] = true
	}
	matched := 0
	for i := range 100_000 {
		number := fmt.Sprintf("100%08d", i)
		plain, field := sha256.Sum256([]byte(number)), sha256.Sum256([]byte("phone\x00"+number))
		for _, try := range []string{guess.Index("phone", number), encoding.EncodeToString(plain[:]), encoding.EncodeToString(field[:]), v.Index("id_number", number)} {
			if column[try] {
				t.Fatalf("%s is found without the key of its field", number)
			}
		}
		if column[v.Index("phone", number)] {
			matched++
		}
	}
	if matched != 100 {
		t.Errorf("with the key %d of 100 are found: the test shows nothing", matched)
	}
}
