package web

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
)

// formNames are the inputs of a field: most have one of their own name.
func (f fieldSpec) formNames() []string {
	if f.kind == asTerm {
		return []string{f.id + "_from", f.id + "_to"}
	}
	return []string{f.id}
}

// firstInput is where a problem of the field is mended.
func firstInput(field string) string {
	for _, f := range fieldSpecs {
		if f.id == field {
			return f.formNames()[0]
		}
	}
	return field
}

// typedValues reads what a form says, as it was typed.
func typedValues(form url.Values) map[string]string {
	out := map[string]string{}
	for _, f := range fieldSpecs {
		for _, name := range f.formNames() {
			if v := strings.TrimSpace(form.Get(name)); v != "" {
				out[name] = v
			}
		}
	}
	return out
}

// written turns typed values into what a case of the code holds: days as the
// register writes them, pay in fen, the two days of a term as one text. What
// cannot be read stays as it is: the domain says what is wrong with it.
func written(book *codes.Book, code string, typed map[string]string) (counts history.Counted, fields history.Fields, trueOn calendar.Day) {
	p := scrutiny.ProfileOf(book, code)
	fields = history.Fields{}
	for _, f := range fieldSpecs {
		v := typed[f.id]
		switch f.kind {
		case asDay:
			v = dayOf(v)
		case asPay:
			v = fenOf(v)
		case asTerm:
			v = termOf(typed[f.id+"_from"], typed[f.id+"_to"])
		}
		switch {
		case v == "" || f.never || !p.Has(f.id):
		case f.id == "true_on":
			trueOn = calendar.Day(v)
		case !counts.Put(f.id, v):
			fields[f.id] = v
		}
	}
	if row, ok := book.Table("institution").ByName(fields["school_name"]); ok {
		fields["school_code"] = row.Code
	}
	return counts, fields, trueOn
}

// shownFields are the payload fields that the form of a code shows.
func shownFields(book *codes.Book, code string) (out []string) {
	p := scrutiny.ProfileOf(book, code)
	for _, f := range fieldSpecs {
		if !f.never && p.Has(f.id) && f.id != "true_on" {
			out = append(out, f.id)
		}
	}
	return out
}

// typedFrom is the inverse of written.
func typedFrom(c history.Content) map[string]string {
	out := map[string]string{}
	put := func(name, v string) {
		if v != "" {
			out[name] = v
		}
	}
	for name, v := range c.Fields.Plain() {
		switch name {
		case "pay":
			put(name, yuanOf(v))
		case "term":
			from, to := termDays(v)
			put("term_from", from)
			put("term_to", to)
		default:
			put(name, v)
		}
	}
	for i, v := range c.Counts.Plain().Values() {
		put(history.CountedNames[i], v)
	}
	return out
}

var dayParts = regexp.MustCompile(`^(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D?$`)

// dayOf reads a day as phones without a calendar let people type it.
func dayOf(s string) string {
	m := dayParts.FindStringSubmatch(codes.Normalize(s))
	if m == nil {
		return s
	}
	pad := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	return m[1] + "-" + pad(m[2]) + "-" + pad(m[3])
}

var payParts = regexp.MustCompile(`^(\d{1,7})(?:\.(\d{1,2}))?(?:元|块)?(?:/月|每月)?$`)

// fenOf reads yuan a month as fen.
func fenOf(s string) string {
	m := payParts.FindStringSubmatch(strings.NewReplacer(" ", "", ",", "", "，", "", "¥", "", "￥", "").Replace(codes.Normalize(s)))
	if m == nil {
		return s
	}
	yuan, _ := strconv.Atoi(m[1])
	cents, _ := strconv.Atoi((m[2] + "00")[:2])
	return strconv.Itoa(yuan*100 + cents)
}

// yuanOf writes fen as yuan.
func yuanOf(fen string) string {
	n, err := strconv.Atoi(fen)
	switch {
	case err != nil:
		return fen
	case n%100 == 0:
		return strconv.Itoa(n / 100)
	}
	return strconv.Itoa(n/100) + "." + strconv.Itoa(n%100/10) + strconv.Itoa(n%10)
}

// openEnd is how a term without an end is written.
const openEnd = "无固定期限"

func termOf(from, to string) string {
	from, to = dayOf(from), dayOf(to)
	switch {
	case from == "" && to == "":
		return ""
	case to == "":
		return from + " 起，" + openEnd
	case from == "":
		return "至 " + to
	}
	return from + " 至 " + to
}

var dayInText = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

func termDays(term string) (from, to string) {
	days := dayInText.FindAllString(term, -1)
	switch {
	case len(days) >= 2:
		return days[0], days[1]
	case len(days) == 1 && strings.HasPrefix(term, "至"):
		return "", days[0]
	case len(days) == 1:
		return days[0], ""
	}
	return "", ""
}

// draftFrom is what a form as typed submits or proposes.
func draftFrom(book *codes.Book, graduate string, s destination.SavedDraft) destination.Draft {
	d := destination.Draft{Graduate: graduate, Code: s.Code, Evidence: s.Evidence}
	d.Counts, d.Fields, d.TrueOn = written(book, s.Code, s.Values)
	return d
}

// paperKey names a document in a form: kind and hash.
func paperKey(e history.Evidence) string { return e.Kind + "." + e.SHA256 }

// without returns the evidence but for the one that the key names.
func without(list []history.Evidence, key string) []history.Evidence {
	return slices.DeleteFunc(slices.Clone(list), func(e history.Evidence) bool { return paperKey(e) == key })
}
