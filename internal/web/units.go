package web

import (
	"cmp"
	"context"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/roster"
)

// units are the school's colleges, majors and classes.
func (w *Web) units(ctx context.Context) ([]roster.Unit, error) { return w.Roster.Store.Units(ctx) }

// unitNames are the names of colleges, majors and classes by id.
func (w *Web) unitNames(ctx context.Context) (map[string]string, error) {
	units, err := w.units(ctx)
	names := map[string]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	return names, err
}

// scopeWords says over whom a grant holds; of many units the first few.
func scopeWords(o access.Scope, names map[string]string) string {
	if o.School {
		return "全校"
	}
	var out []string
	for _, list := range [][]string{o.Colleges, o.Classes} {
		for _, id := range list {
			name := names[id]
			if name == "" {
				name = id
			}
			out = append(out, name)
		}
	}
	const few = 3
	if n := len(out); n > few+1 {
		out = []string{strings.Join(out[:few], "、") + " 等 " + strconv.Itoa(n) + " 个"}
	}
	if n := len(o.Graduates); n > 0 {
		out = append(out, "指定的 "+strconv.Itoa(n)+" 名毕业生")
	}
	return strings.Join(out, "、")
}

// wholeSchool is how the scope of everybody is written in a form.
const wholeSchool = "全校"

// nameable are the units and graduates that a scope may name in a form.
type nameable struct {
	units   []roster.Unit
	numbers map[string]string // 学号 or 考生号, by graduate id
	ids     map[string]string // the other way round, by either number
}

// nameable returns the units, and the graduates of those ids or numbers. Whoever keeps
// accounts sees of a graduate the number that they wrote, nothing else.
func (w *Web) nameable(ctx context.Context, ids, numbers []string) (nameable, error) {
	units, err := w.units(ctx)
	n := nameable{units: units, numbers: map[string]string{}, ids: map[string]string{}}
	if err != nil || len(ids)+len(numbers) == 0 {
		return n, err
	}
	byID, err := w.Roster.Store.GraduatesByID(ctx, access.School(), ids)
	if err != nil {
		return n, err
	}
	byNumber, err := w.Roster.Store.GraduatesByNumber(ctx, access.School(), numbers, numbers)
	for _, g := range append(byID, byNumber...) {
		n.numbers[g.ID] = cmp.Or(g.StudentNo, g.ExamNo)
		for _, no := range []string{g.StudentNo, g.ExamNo} {
			if no != "" {
				n.ids[no] = g.ID
			}
		}
	}
	return n, err
}

// graduatesOf are the graduates whom the grants name.
func graduatesOf(grants []access.Grant) (ids []string) {
	for _, g := range grants {
		ids = append(ids, g.Over.Graduates...)
	}
	return ids
}

// scopeText is a scope as it is written in a form: 全校, or names of colleges and
// classes and numbers of graduates, one a line. A name that several units have gets
// its id behind it.
func scopeText(o access.Scope, n nameable) string {
	if o.School {
		return wholeSchool
	}
	count, byID := map[string]int{}, map[string]string{}
	for _, u := range n.units {
		if u.Kind != roster.Major {
			count[u.Name]++
			byID[u.ID] = u.Name
		}
	}
	var out []string
	for _, list := range [][]string{o.Colleges, o.Classes} {
		for _, id := range list {
			switch name := byID[id]; {
			case name == "":
				out = append(out, id)
			case count[name] > 1:
				out = append(out, name+" "+id)
			default:
				out = append(out, name)
			}
		}
	}
	for _, id := range o.Graduates {
		out = append(out, cmp.Or(n.numbers[id], "#"+id))
	}
	return strings.Join(out, "\n")
}

// scopePieces splits what was typed as a scope: one name or number a piece.
func scopePieces(text string) (out []string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r,，、;；", r) }) {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

// readScope reads what scopeText writes, also with commas between names.
// Error: fault.Invalid on field, naming what there is not.
func readScope(text, field string, n nameable) (access.Scope, error) {
	var o access.Scope
	for _, word := range scopePieces(text) {
		if word == wholeSchool {
			return access.School(), nil
		}
		if id, ok := strings.CutPrefix(word, "#"); ok {
			o.Graduates = append(o.Graduates, id)
			continue
		}
		if id := n.ids[word]; id != "" {
			o.Graduates = append(o.Graduates, id)
			continue
		}
		var found []roster.Unit
		for _, u := range n.units {
			if u.Kind != roster.Major && (u.ID == word || u.Name == word || u.Name+" "+u.ID == word) {
				found = append(found, u)
			}
		}
		switch {
		case len(found) == 0:
			return o, fault.Invalidf(field, "没有叫“%s”的学院或班级，也没有这个学号；请写全称，管全部毕业生就写“全校”", word)
		case len(found) > 1:
			return o, fault.Invalidf(field, "叫“%s”的不止一个，请在后面加编号，例如“%s %s”", word, word, found[0].ID)
		case found[0].Kind == roster.College:
			o.Colleges = append(o.Colleges, found[0].ID)
		default:
			o.Classes = append(o.Classes, found[0].ID)
		}
	}
	return o, nil
}
