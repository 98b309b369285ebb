package vault

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/note"

	"quxiang/internal/domain/fault"
)

// notaryFile lies beside the ring: the signing key of checkpoints, as the note
// package writes keys, with its public half on the second line.
const notaryFile = "checkpoint.key"

// Notary signs checkpoints of the audit trail with an Ed25519 key of the school, in
// the format of golang.org/x/mod/sumdb/note. The key is made when it is first needed,
// and is not rotated: who keeps old checkpoints needs its public half.
type Notary struct {
	dir  string
	name func() string

	mu     sync.Mutex
	signer note.Signer
	key    string
}

// NewNotary returns the notary of a key folder; name is asked once, when the key is made.
func NewNotary(dir string, name func() string) *Notary { return &Notary{dir: dir, name: name} }

// Name returns the name of the key. Error: fault.Usage for a key that cannot be used.
func (n *Notary) Name() (string, error) {
	if err := n.ready(); err != nil {
		return "", err
	}
	return n.signer.Name(), nil
}

// Key returns the public half. Error: as Name.
func (n *Notary) Key() (string, error) {
	if err := n.ready(); err != nil {
		return "", err
	}
	return n.key, nil
}

// Sign returns the text with its signature below. Error: as Name.
func (n *Notary) Sign(text string) (string, error) {
	if err := n.ready(); err != nil {
		return "", err
	}
	b, err := note.Sign(&note.Note{Text: text}, n.signer)
	return string(b), err
}

// Open returns the text of a note signed by the public key; a blank one is the
// school's own. Error: fault.Invalid.
func (n *Notary) Open(signed, key string) (string, error) {
	if key == "" {
		if err := n.ready(); err != nil {
			return "", err
		}
		key = n.key
	}
	v, err := note.NewVerifier(strings.TrimSpace(key))
	if err != nil {
		return "", fault.Invalidf("key", "公钥读不出来，请核对：应为 quxiang audit key 印出的一行")
	}
	got, err := note.Open([]byte(signed), note.VerifierList(v))
	var unknown *note.UnverifiedNoteError
	switch {
	case errors.As(err, &unknown):
		return "", fault.Invalidf("checkpoint", "检查点不是用这把密钥（%s）签的：是别的学校的，或密钥被换过", v.Name())
	case err != nil:
		return "", fault.Invalidf("checkpoint", "检查点的签名不对：内容被改动过，或没有抄全")
	}
	return got.Text, nil
}

// ready reads the key, and makes it where there is none.
func (n *Notary) ready() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.signer != nil {
		return nil
	}
	path := filepath.Join(n.dir, notaryFile)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeNotary(path, n.name()); err != nil {
			return err
		}
	}
	if err := private(path, false); err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	secret, public, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	if n.signer, err = note.NewSigner(secret); err != nil {
		return fault.Usagef("keys", "签检查点的密钥文件 %s 已损坏，请从备份恢复", path)
	}
	n.key = strings.TrimSpace(public)
	return nil
}

// makeNotary writes a new key beside its place and moves it there whole; whoever
// comes second uses the first one's.
func makeNotary(path, name string) error {
	secret, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+notaryFile+"-") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(secret + "\n" + public + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return flush(filepath.Dir(path))
}
