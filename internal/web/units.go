package web

import (
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

// scopeText is a scope as it is written in a form: 全校, or names of colleges and
// classes, one a line. A name that several units have gets its id behind it.
func scopeText(o access.Scope, units []roster.Unit) string {
	if o.School {
		return wholeSchool
	}
	count, byID := map[string]int{}, map[string]string{}
	for _, u := range units {
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
		out = append(out, "#"+id)
	}
	return strings.Join(out, "\n")
}

// readScope reads what scopeText writes, also with commas between names.
// Error: fault.Invalid on field, naming what there is not.
func readScope(text, field string, units []roster.Unit) (access.Scope, error) {
	var o access.Scope
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r,，、;；", r) }) {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		if word == wholeSchool {
			return access.School(), nil
		}
		if id, ok := strings.CutPrefix(word, "#"); ok {
			o.Graduates = append(o.Graduates, id)
			continue
		}
		var found []roster.Unit
		for _, u := range units {
			if u.Kind != roster.Major && (u.ID == word || u.Name == word || u.Name+" "+u.ID == word) {
				found = append(found, u)
			}
		}
		switch {
		case len(found) == 0:
			return o, fault.Invalidf(field, "没有叫“%s”的学院或班级，请写全称；管全部毕业生就写“全校”", word)
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
