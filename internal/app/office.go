package app

import (
	"context"
	"io"
	"iter"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/gateway/sheet"
	"quxiang/internal/web"
)

// office is what the office's own pages stand on.
func (a *App) office() *web.Office {
	return &web.Office{
		Releases: a.Releases, Trail: a.Trail, Settings: a.Settings,
		Address:  func(ctx context.Context) (string, error) { return a.Store.Setting(ctx, settingURL) },
		NameOf:   a.nameOf,
		WriteCSV: writeCSV,
		AccountOf: func(ctx context.Context, login string) (string, error) {
			if strings.HasPrefix(login, "console:") {
				return login, nil
			}
			n, err := a.Store.AccountByLogin(ctx, login)
			return n.ID, err
		},
		LocalCodes: a.Store.LocalCodes,
		Check:      a.check, GraduateOf: a.graduateOf, GraduateNumbered: a.graduateNumbered,
		Struck: a.Store.StruckGraduates,
	}
}

// nameOf says whose account an id is: the person's name, or that of the machine's
// user who worked on the command line.
func (a *App) nameOf(ctx context.Context, id string) (string, error) {
	if user, ok := strings.CutPrefix(id, "console:"); ok {
		return "命令行（" + user + "）", nil
	}
	n, err := a.Store.Account(ctx, id)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return id, nil
	case err != nil:
		return "", err
	case n.Graduate != "":
		return "毕业生本人", nil
	}
	return n.Name, nil
}

func writeCSV(w io.Writer, header []string, rows iter.Seq2[[]string, error]) error {
	t := sheet.Table{Rows: rows}
	for _, h := range header {
		t.Columns = append(t.Columns, sheet.Column{Title: h})
	}
	return sheet.WriteCSV(w, t)
}
