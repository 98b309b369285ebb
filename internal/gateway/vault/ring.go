package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm4"

	"quxiang/internal/domain/fault"
)

// ringFile is the one file of the key folder.
const ringFile = "ring.json"

// Ciphers that a data key can be for.
const (
	aes256 = "aes256gcm"
	sm4gcm = "sm4gcm" // 国密, where the school's rules ask for it
)

// keySize in bytes, by cipher.
var keySize = map[string]int{aes256: 32, sm4gcm: 16}

// ring is the key file. Several data keys stand side by side: the current one
// seals, each opens what it sealed.
type ring struct {
	Current   string    `json:"current"` // id of the data key that seals
	Data      []dataKey `json:"data"`
	Index     []byte    `json:"index"`     // base64 in the file, like all keys
	Pseudonym []byte    `json:"pseudonym"` // never rotated
}

type dataKey struct {
	ID   string `json:"id"`
	Alg  string `json:"alg"`
	Key  []byte `json:"key"`
	Made int64  `json:"made,omitempty"` // epoch milliseconds; 0: not noted
}

func newRing() ring {
	return ring{Current: "k1", Data: []dataKey{newKey("k1", aes256, time.Now())}, Index: random(32), Pseudonym: random(32)}
}

func newKey(id, alg string, now time.Time) dataKey {
	return dataKey{ID: id, Alg: alg, Key: random(keySize[alg]), Made: now.UnixMilli()}
}

func random(size int) []byte {
	b := make([]byte, size)
	rand.Read(b) // never fails: it ends the program instead
	return b
}

// unlock checks the ring and makes its ciphers ready.
func (r ring) unlock() (*unlocked, error) {
	if len(r.Index) != 32 || len(r.Pseudonym) != 32 {
		return nil, errors.New("index and pseudonym keys must have 32 bytes")
	}
	u := &unlocked{ring: r, open: map[string]cipher.AEAD{}}
	seen := map[string]bool{}
	for _, k := range r.Data {
		if k.ID == "" || strings.Contains(k.ID, ":") || seen[k.ID] {
			return nil, fmt.Errorf("data key id %q is blank, doubled or has a colon", k.ID)
		}
		seen[k.ID] = true
		aead, err := k.aead()
		if err != nil {
			return nil, fmt.Errorf("data key %s: %w", k.ID, err)
		}
		u.open[k.head()] = aead
		if k.ID == r.Current {
			u.current, u.seal = k.head(), aead
		}
	}
	if u.seal == nil {
		return nil, fmt.Errorf("current key %q is not in the ring", r.Current)
	}
	return u, nil
}

// head is what the envelopes of the key begin with.
func (k dataKey) head() string { return version + ":" + k.Alg + ":" + k.ID + ":" }

func (k dataKey) aead() (cipher.AEAD, error) {
	if size, ok := keySize[k.Alg]; !ok || len(k.Key) != size {
		return nil, fmt.Errorf("cipher %q with %d bytes of key", k.Alg, len(k.Key))
	}
	block, err := aes.NewCipher(k.Key)
	if k.Alg == sm4gcm {
		block, err = sm4.NewCipher(k.Key)
	}
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Open reads the key ring of a folder, and makes folder and ring where there is
// no folder yet. A folder without a ring is refused: new keys would open nothing
// of what the old ones sealed. Errors: fault.Usage.
func Open(dir string) (*Vault, error) {
	dir = filepath.Clean(dir)
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := create(dir); err != nil {
			return nil, err
		}
	}
	if err := private(dir, true); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, ringFile)
	if err := private(path, false); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var r ring
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, fault.Usagef("keys", "密钥文件 %s 已损坏，请从备份恢复：%v", path, err)
	}
	v, err := opened(dir, r)
	if err != nil {
		return nil, fault.Usagef("keys", "密钥文件 %s 不能使用，请从备份恢复：%v", path, err)
	}
	return v, nil
}

// create makes the folder beside its place and moves it there whole, so that no
// half-written ring is ever found. Whoever comes second uses the first one's.
func create(dir string) error {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+"-") // mode 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := writeRing(filepath.Join(fresh, ringFile), newRing()); err != nil {
		return err
	}
	if err := flush(fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		if _, gone := os.Lstat(dir); gone == nil {
			return nil
		}
		return err
	}
	return flush(parent)
}

func writeRing(path string, r ring) (err error) {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(append(text, '\n')); err != nil {
		return err
	}
	return f.Sync()
}

// flush makes the entries of a folder survive a power cut.
func flush(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// private refuses a folder or file that others of the machine can reach.
func private(path string, folder bool) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Usagef("keys", "找不到密钥文件 %s；没有它，库里的密文打不开，请从备份恢复", path)
	}
	if err != nil {
		return err
	}
	want, kind := fs.FileMode(0o600), "文件"
	if folder {
		want, kind = 0o700, "文件夹"
	}
	if info.IsDir() != folder || !folder && !info.Mode().IsRegular() {
		return fault.Usagef("keys", "密钥位置 %s 不是%s，请检查 --keys", path, kind)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fault.Usagef("keys", "密钥%s %s 的权限是 %04o，别的用户也能读，请改为 %04o（chmod %o %s）",
			kind, path, info.Mode().Perm(), want, want, path)
	}
	return nil
}
