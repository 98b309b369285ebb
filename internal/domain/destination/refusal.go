package destination

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Problem is one thing that keeps a submission back.
type Problem struct {
	Field string // payload field, code, true_on or evidence; blank: the form as a whole
	Text  string // what is wrong and what to do
}

// Refusal says all that keeps a submission back at once, so that nobody mends a
// form five times. It is a fault.Invalid whose message has one line a problem.
type Refusal struct {
	Problems []Problem
	fault    error
}

// Error returns the problems, one a line.
func (r *Refusal) Error() string { return r.fault.Error() }

// Unwrap returns the fault, so that programs see its kind.
func (r *Refusal) Unwrap() error { return r.fault }

// refuse returns the problems as an error; nil if there is none. Of one field the
// first is enough.
func refuse(all []Problem, said string) error {
	var list []Problem
	for _, p := range all {
		if p.Field == "" || !slices.ContainsFunc(list, func(x Problem) bool { return x.Field == p.Field }) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return nil
	}
	field := ""
	if len(list) == 1 {
		field = list[0].Field
	}
	if said == "" {
		lines := make([]string, len(list))
		for i, p := range list {
			lines[i] = p.Text
		}
		said = strings.Join(lines, "\n")
	}
	return &Refusal{Problems: list, fault: fault.Invalidf(field, "%s", said)}
}

// ProblemsOf returns what an error of Submit or Propose says of the form; nil if
// it is about something else (not found, not now, not by this person, a defect).
func ProblemsOf(err error) []Problem {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Problems
	}
	var f *fault.Fault
	if errors.As(err, &f) && f.Kind == fault.Invalid {
		return []Problem{{Field: f.Field, Text: f.Message}}
	}
	return nil
}

// longestValue of a field that somebody fills in, in signs: no name or address is
// longer. Imports keep what others kept.
const longestValue = 500

// faulty are the values of a content that cannot be stored as they are.
func faulty(book *codes.Book, c history.Content) []Problem {
	var out []Problem
	for _, field := range slices.Sorted(maps.Keys(c.Fields)) {
		if utf8.RuneCountInString(c.Fields[field]) > longestValue {
			out = append(out, Problem{Field: field, Text: fmt.Sprintf("%s太长，请写在 %d 个字以内", scrutiny.FieldTitle(field), longestValue)})
		}
	}
	for _, err := range scrutiny.WrongValues(book, c) {
		out = append(out, ProblemsOf(err)...)
	}
	return out
}

// lacking are the fields that the content must still say.
func lacking(v *scrutiny.View) []Problem {
	var out []Problem
	for _, names := range v.Profile().Lacks(v.Content) {
		out = append(out, Problem{Field: names[0], Text: "请填写" + scrutiny.FieldTitles(names)})
	}
	return out
}

// blocking are the rules that refuse the submission, each at its field.
func blocking(hits []scrutiny.Hit) []Problem {
	var out []Problem
	for _, h := range hits {
		if h.Severity == scrutiny.Blocks && h.Step == history.Submitted {
			out = append(out, Problem{Field: scrutiny.FieldOf(h.Rule), Text: h.Message})
		}
	}
	return out
}
