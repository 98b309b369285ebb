package backup

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"

	"quxiang/internal/domain/fault"
)

// A passphrase is stretched with 64 MiB of memory, since a server that keeps on
// answering does it; a long one is asked for instead.
const (
	workFactor    = 16
	maxWorkFactor = 18
	minPassphrase = 16 // characters
)

// NewIdentity makes an identity: a file as age-keygen writes it, and the recipient
// that backups are encrypted for.
func NewIdentity(now time.Time) (file []byte, recipient string, err error) {
	k, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, "", err
	}
	recipient = k.Recipient().String()
	return fmt.Appendf(nil, "# created: %s\n# public key: %s\n%s\n", now.Format(time.RFC3339), recipient, k), recipient, nil
}

// Recipients reads recipients, age1… each. Error: fault.Usage.
func Recipients(list []string) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, text := range list {
		text = strings.TrimSpace(text)
		if strings.HasPrefix(text, "AGE-SECRET-KEY-") {
			return nil, fault.Usagef("recipient", "--recipient 要写公钥（age1 开头），这里写的是私钥。私钥不要写在命令行上，也不要放在服务器上")
		}
		r, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, fault.Usagef("recipient", "公钥“%s”读不出来，应是 quxiang backup keygen 打印的、age1 开头的一行", text)
		}
		out = append(out, r...)
	}
	return out, nil
}

// Passphrase reads the file of a passphrase, its first line, as a recipient. Error:
// fault.Usage for one that is too short.
func Passphrase(file []byte) (age.Recipient, error) {
	text, err := firstLine(file)
	if err != nil {
		return nil, err
	}
	r, err := age.NewScryptRecipient(text)
	if err != nil {
		return nil, err
	}
	r.SetWorkFactor(workFactor)
	return r, nil
}

// Identities reads an identity file. Error: fault.Usage.
func Identities(file []byte) ([]age.Identity, error) {
	out, err := age.ParseIdentities(bytes.NewReader(file))
	if err != nil {
		return nil, fault.Usagef("identity", "身份文件读不出来，应是 quxiang backup keygen 写的文件，里面有一行以 AGE-SECRET-KEY- 开头")
	}
	return out, nil
}

// PassphraseIdentity reads the file of a passphrase, its first line, as an identity.
func PassphraseIdentity(file []byte) (age.Identity, error) {
	text, err := firstLine(file)
	if err != nil {
		return nil, err
	}
	id, err := age.NewScryptIdentity(text)
	if err != nil {
		return nil, err
	}
	id.SetMaxWorkFactor(maxWorkFactor)
	return id, nil
}

func firstLine(file []byte) (string, error) {
	line, _, _ := bytes.Cut(file, []byte("\n"))
	text := strings.TrimRight(string(line), "\r")
	if len([]rune(text)) < minPassphrase {
		return "", fault.Usagef("passphrase-file", "口令文件的第一行至少要有 %d 个字符，例如 openssl rand -base64 24 的输出", minPassphrase)
	}
	return text, nil
}
