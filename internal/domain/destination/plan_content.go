package destination

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
)

// over returns the base as the claim leaves it: blank keeps, Emptied empties,
// and a text that differs in width or spaces only is no difference.
func (c *dated) over(base history.Content) history.Content {
	after := history.Content{TrueOn: c.day, Scheme: c.Scheme, Code: c.Code}
	after.Counts, after.Fields = merged(base, c.Counts, c.Fields)
	return after
}

// merged returns the base's payload with what was said over it.
func merged(base history.Content, counts history.Counted, fields history.Fields) (history.Counted, history.Fields) {
	base.Counts.Merge(counts)
	out := base.Fields.Plain()
	for k, v := range fields {
		switch {
		case v == "":
		case v == history.Emptied:
			delete(out, k)
		case plainText(v) != plainText(out[k]):
			out[k] = v
		}
	}
	return base.Counts.Plain(), out
}

// plainText is what two writings of one text have in common: half width, no
// spaces, no apostrophe of a spreadsheet before it.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.TrimLeft(codes.Normalize(s), "'"))
}

// each calls line for every payload field in which the two differ, counted
// fields first, then by name.
func each(before, after history.Content, line func(field, before, after string)) {
	a, b := before.Counts.Plain().Values(), after.Counts.Plain().Values()
	for i, name := range history.CountedNames {
		if a[i] != b[i] {
			line(name, a[i], b[i])
		}
	}
	old, now := before.Fields.Plain(), after.Fields.Plain()
	names := slices.Collect(maps.Keys(old))
	names = slices.AppendSeq(names, maps.Keys(now))
	slices.Sort(names)
	for _, k := range slices.Compact(names) {
		if old[k] != now[k] {
			line(k, old[k], now[k])
		}
	}
}

// delta is the payload of the amendment that leads from one content to another.
func delta(before, after history.Content) (history.Counted, history.Fields) {
	var counts history.Counted
	var fields history.Fields
	each(before, after, func(field, _, now string) {
		if now == "" {
			now = history.Emptied
		}
		if counts.Put(field, now) {
			return
		}
		if fields == nil {
			fields = history.Fields{}
		}
		fields[field] = now
	})
	return counts, fields
}

// unit is an organisation within a payload, by the fields that name it.
type unit struct{ code, name string }

var units = []unit{{"credit_code", "employer_name"}, {"contract_code", "contract_name"}, {"school_code", "school_name"}}

// of reads the unit out of a payload.
func (u unit) of(f history.Fields) (code, name string) {
	f = f.Plain()
	return f[u.code], employer.NameKey(f[u.name])
}

// moved reports that the payloads name two different organisations. One that
// only gained a code or a name is the same.
func (u unit) moved(before, after history.Fields) bool {
	codeA, nameA := u.of(before)
	codeB, nameB := u.of(after)
	if codeA != "" && codeB != "" {
		return codeA != codeB
	}
	if nameA != "" && nameB != "" {
		return nameA != nameB
	}
	return (codeA+nameA == "") != (codeB+nameB == "")
}

// ofOneUnit are the counted fields that no file of the ministry carries: they
// are copied, and never outlive the unit that they were copied of.
var ofOneUnit = []string{"hospital_level", "contract_hospital_level", "school_tier"}

// follow renews what was copied of a unit that became another one and that the
// claim does not give itself. What the master records do not know is kept, as
// blank cells keep, but for what belongs to the former unit alone.
func (w *planning) follow(before history.Content, after *history.Content, given history.Counted) {
	old, any := after.Counts.Values(), false
	for _, u := range units {
		if !u.moved(before.Fields, after.Fields) {
			continue
		}
		any = true
		for _, name := range followers[u.name] {
			if i := slices.Index(history.CountedNames[:], name); given.Values()[i] == "" {
				after.Counts.Put(name, "")
			}
		}
	}
	if !any {
		return
	}
	w.fill(after)
	now := after.Counts.Values()
	for i, name := range history.CountedNames {
		if now[i] == "" && !slices.Contains(ofOneUnit, name) && given.Values()[i] == "" {
			after.Counts.Put(name, old[i])
		}
	}
}

// fill copies from the master records, if there are any.
func (w *planning) fill(c *history.Content) {
	if w.Fill != nil {
		w.Fill(c, w.subject.Cohort)
	}
}

// says reports that the two contents say the same.
func says(a, b history.Content) bool {
	same := a.TrueOn == b.TrueOn && a.Scheme == b.Scheme && a.Code == b.Code
	each(a, b, func(string, string, string) { same = false })
	return same
}
