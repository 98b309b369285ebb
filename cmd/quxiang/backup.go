package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
)

func (s *session) backup() *cobra.Command {
	var to words
	var passphrase string
	c := &cobra.Command{
		Use: "backup -o 文件 --recipient age1…", Short: "备份全校到一个加密文件，服务不用停；backup keygen 生成密钥", Args: nothing,
		RunE: func(c *cobra.Command, args []string) error {
			if s.global.output == "" {
				return usageError{errors.New("请用 -o 写明备份写到哪个文件")}
			}
			return s.with(app.Reading, func(ctx context.Context, _ []string) error {
				return s.makeBackup(ctx, app.Backup{Recipients: to}, passphrase)
			})(c, args)
		},
	}
	c.Flags().Var(&to, "recipient", "加密给谁：backup keygen 打印的公钥，可写多次，任何一个对应的身份文件都能恢复")
	c.Flags().StringVar(&passphrase, "passphrase-file", "", "不用公钥，用这个文件第一行的口令加密")
	c.AddCommand(s.keygen())
	return c
}

// words is a flag that may come several times, or once with commas.
type words []string

// String is the flag as it can be written again.
func (w *words) String() string { return strings.Join(*w, ",") }

// Set adds to the list.
func (w *words) Set(text string) error {
	*w = append(*w, list(text)...)
	return nil
}

// Type is the flag's kind in the help.
func (w *words) Type() string { return "list" }

// backupLine is a backup as commands print it in JSON.
type backupLine struct {
	File      string           `json:"file"`
	Bytes     int64            `json:"bytes,omitempty"`
	School    string           `json:"school"`
	Made      string           `json:"made"`
	Program   string           `json:"program"`
	Schema    int64            `json:"schema"`
	Rows      map[string]int64 `json:"rows"`
	Evidence  int              `json:"evidence"`
	Missing   int              `json:"missing"`
	AuditN    int64            `json:"audit_n"`
	AuditHash string           `json:"audit_hash"`
}

func backupOf(file string, m app.Made) backupLine {
	out := backupLine{File: file, Bytes: m.Bytes, School: m.Header.School, Made: m.Header.Made, Program: m.Header.Program, Schema: m.Header.Schema,
		Rows: map[string]int64{}, Evidence: m.Manifest.Files.Count, Missing: m.Manifest.Files.Missing, AuditN: m.Manifest.Audit.N, AuditHash: m.Manifest.Audit.Hash}
	for _, t := range m.Manifest.Tables {
		out.Rows[t.Name] = t.Rows
	}
	return out
}

// lines say what the backup holds.
func (b *backupLine) lines() []string {
	out := []string{fmt.Sprintf("%s，%s 的状态：毕业生 %d 人、事件 %d 条、佐证材料 %d 份、审计链到第 %d 条", b.School, b.Made, b.Rows["graduate"], b.Rows["event"], b.Evidence, b.AuditN)}
	if b.Missing > 0 {
		out = append(out, fmt.Sprintf("注意：有 %d 份佐证材料登记在案而文件不在，没有备份到。请运行 quxiang verify 查看是哪些", b.Missing))
	}
	return out
}

func (s *session) makeBackup(ctx context.Context, b app.Backup, passphrase string) (err error) {
	if passphrase != "" {
		if b.PassphraseFile, err = s.call.Read(passphrase); err != nil {
			return err
		}
	}
	progress := s.progress("备份")
	b.Progress = progress.Set
	var made app.Made
	err = s.toFile(func(w io.Writer) (err error) {
		made, err = s.app.Backup(ctx, s.who(), w, b)
		return err
	})
	progress.Finish()
	if err != nil {
		return err
	}
	line := backupOf(s.global.output, made)
	s.global.output = "" // the answer goes to the screen
	return s.print(line, grid{title: append([]string{fmt.Sprintf("备份已写好：%s（%s）", line.File, sizeOf(line.Bytes))}, line.lines()...)})
}

// sizeOf prints a number of bytes as people read it.
func sizeOf(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%d.%d MB", n>>20, (n&(1<<20-1))*10>>20)
}

func (s *session) keygen() *cobra.Command {
	return &cobra.Command{
		Use: "keygen -o 身份文件", Short: "生成备份用的身份文件（私钥），打印公钥；不要在服务器上做", Args: nothing,
		RunE: func(*cobra.Command, []string) error {
			if err := s.outside("backup keygen"); err != nil {
				return err
			}
			if s.global.output == "" {
				return usageError{errors.New("请用 -o 写明身份文件写到哪里")}
			}
			name := s.global.output
			recipient, err := newIdentity(name)
			if err != nil {
				return err
			}
			s.global.output = ""
			return s.print(map[string]string{"file": name, "recipient": recipient}, grid{title: []string{
				"身份文件已写好：" + name, "公钥（备份时写在 --recipient 后面）：", recipient, "",
				"没有身份文件，备份谁也打不开。请存两份：一份锁在保险柜，一份由另一位负责人保管；不要放在服务器上"}})
		},
	}
}

// newIdentity writes a new identity to a file that must not be there yet.
func newIdentity(name string) (recipient string, err error) {
	content, recipient, err := app.NewIdentity(time.Now())
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", usageError{fmt.Errorf("文件 %s 已在，不会覆盖：里面可能是还要用的身份", name)}
	}
	if err != nil {
		return "", usageError{app.Explain(err)}
	}
	_, err = f.Write(content)
	return recipient, errors.Join(err, f.Sync(), f.Close())
}
