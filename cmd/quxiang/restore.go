package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
)

func (s *session) restore() *cobra.Command {
	var identity, passphrase, erased string
	var r app.Restore
	c := &cobra.Command{
		Use: "restore 备份文件 --identity 身份文件", Short: "把备份恢复到空的数据文件夹（或空的数据库）；--check 只检查备份",
		Args: exactly(1, "请写明备份文件，例如 quxiang restore 20250616.age --identity 身份.txt --data 新文件夹"),
		RunE: func(c *cobra.Command, args []string) (err error) {
			if err := s.outside("restore"); err != nil {
				return err
			}
			if identity != "" {
				if r.IdentityFile, err = s.call.Read(identity); err != nil {
					return err
				}
			}
			if passphrase != "" {
				if r.PassphraseFile, err = s.call.Read(passphrase); err != nil {
					return err
				}
			}
			if erased != "" {
				if r.Erasures, err = s.call.Read(erased); err != nil {
					return err
				}
			}
			return s.restoreFrom(c, args[0], r)
		},
	}
	c.Flags().StringVar(&identity, "identity", "", "身份文件（私钥），backup keygen 写的那一份")
	c.Flags().StringVar(&passphrase, "passphrase-file", "", "口令文件，用口令加密的备份才要")
	c.Flags().StringVar(&erased, "erasures", "", "清理清单（原数据文件夹里的 erasures.txt，或它的副本）：备份之后清理掉的佐证材料不再带回")
	c.Flags().BoolVar(&r.Check, "check", false, "只检查备份是否完整、能否打开，不恢复")
	return c
}

func (s *session) restoreFrom(c *cobra.Command, name string, r app.Restore) error {
	f, err := os.Open(name)
	if err != nil {
		return usageError{fmt.Errorf("备份文件 %s 打不开，请核对文件名和权限", name)}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return usageError{fmt.Errorf("%s 不是文件", name)}
	}
	progress := s.progress("恢复")
	done, err := app.RestoreBackup(c.Context(), s.config(), &watched{f, progress, 0, info.Size()}, r)
	progress.Finish()
	if err != nil {
		return err
	}
	line := backupOf(name, app.Made{Header: done.Header, Manifest: done.Manifest, Bytes: info.Size()})
	g := grid{title: append([]string{"备份已恢复到 " + s.global.data}, line.lines()...), notes: done.Problems}
	switch {
	case r.Check:
		g.title[0] = "备份完整，可以恢复"
	case len(done.Problems) == 0:
		g.title = append(g.title, done.Checked.Lines()...)
		g.title = append(g.title, "全部核对无误。现在可以用 quxiang serve 启动服务；所有人须重新登录")
	default:
		g.title = append(g.title, "内容已按备份恢复，但核对发现下列问题，它们在备份之前就有：")
	}
	if !r.Check {
		g.notes = append(g.notes, erasedLine(r, done))
	}
	if err := s.print(struct {
		backupLine
		Erased   int      `json:"erased"`
		Problems []string `json:"problems"`
	}{line, done.Erased, append([]string{}, done.Problems...)}, g); err != nil {
		return err
	}
	if len(done.Problems) > 0 {
		return errNo
	}
	return nil
}

// erasedLine says what became of that which had been let go of since the backup.
func erasedLine(r app.Restore, done app.Restored) string {
	if r.Erasures != nil {
		return fmt.Sprintf("已按清理清单再次清理 %d 份佐证材料。备份之后撤回的同意、停用的账号和改过的角色也是备份时的样子，请逐项核对", done.Erased)
	}
	return "注意：没有给 --erasures（清理清单）。备份之后清理掉的佐证材料、撤回的同意、停用的账号都回到了备份时的样子。" +
		"开放访问之前，请运行 quxiang retention run，并对照备份之后的记录逐项再办一次"
}

// watched tells how far a file was read.
type watched struct {
	io.Reader
	bar         *bar
	done, total int64
}

// Read reads and tells.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	w.done += int64(n)
	w.bar.Set(w.done, w.total)
	return n, err
}
