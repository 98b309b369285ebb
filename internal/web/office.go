package web

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/settings"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// Office is what the office's own pages stand on: snapshots, samples, strikes,
// the audit trail, settings. Every field is needed.
type Office struct {
	Releases *release.Service
	Trail    *audit.Service
	Settings *settings.Service
	// Address is how users reach the server, as it was last started.
	Address func(ctx context.Context) (string, error)
	// NameOf says whose account an id is, as people call them; the id if nobody's.
	NameOf func(ctx context.Context, account string) (string, error)
	// AccountOf is the id of a login; ids of the command line are their own. Error:
	// fault.NotFound.
	AccountOf func(ctx context.Context, login string) (string, error)
	// LocalCodes are the codes and mappings that the school added.
	LocalCodes func(ctx context.Context) ([]codes.Code, []codes.Mapping, error)
	// Struck are the graduates of whom a case was ever struck out, within the scope.
	Struck func(ctx context.Context, within access.Scope, cohort string) ([]string, error)
	// Check is the check of everything, as a job of the server.
	Check Checks
	// GraduateOf says whom an id in the trail means to who reads it; ok is false of an
	// id that is no graduate's.
	GraduateOf func(ctx context.Context, who access.Actor, id string) (title string, ok bool, err error)
	// GraduateNumbered is the id of who has a 学号 or 考生号; blank if nobody has.
	GraduateNumbered func(ctx context.Context, who access.Actor, number string) (string, error)
	// WriteCSV writes a table as a file that a spreadsheet opens.
	WriteCSV func(w io.Writer, header []string, rows iter.Seq2[[]string, error]) error
}

// refusalLines are the lines that a refusal puts above a form; none for an error that
// no form shows.
func refusalLines(err error) []part.Wrong {
	if !shownOnForm(err) {
		return nil
	}
	var f *fault.Fault
	errors.As(err, &f)
	return []part.Wrong{{Field: f.Field, Text: f.Message}}
}

// shownOnForm reports that a refusal is about what was typed, or about the
// present state: it is shown with the form and everything in it.
func shownOnForm(err error) bool {
	k := fault.KindOf(err)
	return k == fault.Invalid || k == fault.Conflict
}

// lineAt is what is wrong with one field, for the line beside it.
func lineAt(list []part.Wrong, field string) string {
	for _, x := range list {
		if x.Field == field {
			return x.Text
		}
	}
	return ""
}

// typed returns what a form says in a field, without the blanks around it.
func typed(r *httpd.Request, field string) string { return strings.TrimSpace(r.PostFormValue(field)) }

// minuteOf prints an instant as people read it.
func minuteOf(i calendar.Instant) string {
	if i == 0 {
		return ""
	}
	return i.Time().Format("2006-01-02 15:04")
}

// namesOfAccounts says whose accounts ids are, each asked for once.
type namesOfAccounts struct {
	ctx  context.Context
	of   func(context.Context, string) (string, error)
	held map[string]string
}

func (w *Web) namesOfAccounts(ctx context.Context) *namesOfAccounts {
	return &namesOfAccounts{ctx, w.Office.NameOf, map[string]string{}}
}

// name of an account.
func (n *namesOfAccounts) name(id string) (string, error) {
	if got, ok := n.held[id]; ok || id == "" {
		return got, nil
	}
	got, err := n.of(n.ctx, id)
	if err == nil {
		n.held[id] = got
	}
	return got, err
}

// dayAt is the day of an instant; blank for none.
func dayAt(i calendar.Instant) calendar.Day {
	if i == 0 {
		return ""
	}
	return calendar.DayOf(i)
}

// badSeed refuses a seed that is no number.
func badSeed(s string) error {
	return fault.Invalidf("seed", "随机种子“%s”不是整数，请写一个数，例如 20240901", s)
}
