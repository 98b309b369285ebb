package destination

import (
	"maps"
	"slices"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
)

// EachDifference calls line for every payload field in which the two contents
// differ, counted fields first, then by name. What is blank and what was emptied
// are the same.
func EachDifference(before, after history.Content, line func(field, before, after string)) {
	a, b := before.Counts.Plain().Values(), after.Counts.Plain().Values()
	for i, name := range history.CountedNames {
		if a[i] != b[i] {
			line(name, a[i], b[i])
		}
	}
	old, now := before.Fields.Plain(), after.Fields.Plain()
	names := slices.AppendSeq(slices.Collect(maps.Keys(old)), maps.Keys(now))
	slices.Sort(names)
	for _, k := range slices.Compact(names) {
		if old[k] != now[k] {
			line(k, old[k], now[k])
		}
	}
}

// SaysTheSame reports that the two contents say the same since the same day.
func SaysTheSame(a, b history.Content) bool {
	same := a.TrueOn == b.TrueOn && a.Scheme == b.Scheme && a.Code == b.Code
	EachDifference(a, b, func(string, string, string) { same = false })
	return same
}

// plain returns the content without the marks of emptied fields.
func plain(c history.Content) history.Content {
	c.Counts, c.Fields = c.Counts.Plain(), c.Fields.Plain()
	return c
}

// Shed returns what a change of the case must empty because it changes the code:
// the fields that stood before and that a case of the new code cannot have, but
// for those that the change gives itself. A change that keeps the code sheds nothing.
func Shed(book *codes.Book, before, change history.Content) (counts history.Counted, fields history.Fields) {
	if change.Code == "" || before.Code == "" || change.Code == before.Code {
		return counts, nil
	}
	p := scrutiny.ProfileOf(book, change.Code)
	given := change.Counts.Values()
	for i, v := range before.Counts.Values() {
		if name := history.CountedNames[i]; v != "" && given[i] == "" && !p.Has(name) {
			counts.Put(name, history.Emptied)
		}
	}
	for name, v := range before.Fields {
		if v == "" || change.Fields[name] != "" || p.Has(name) {
			continue
		}
		if fields == nil {
			fields = history.Fields{}
		}
		fields[name] = history.Emptied
	}
	return counts, fields
}

// unit is an organisation within a payload: the fields that name it, and the
// counted fields that are copied of it.
type unit struct {
	code, name string
	copied     []string
}

// The units of a payload.
var (
	workUnit     = unit{"credit_code", "employer_name", []string{"nature", "industry", "region", "hospital_level"}}
	contractUnit = unit{"contract_code", "contract_name", []string{"contract_nature", "contract_hospital_level"}}
	schoolUnit   = unit{"school_code", "school_name", []string{"school_tier"}}
	units        = []unit{workUnit, contractUnit, schoolUnit}
)

// of reads the unit out of a payload: its code, and the key of its name.
func (u unit) of(f history.Fields) (code, key string) {
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

// vacate blanks in after what was copied of each unit that is another one than
// before, but for what the change itself gives. It reports whether any moved.
func vacate(before history.Content, after *history.Content, given history.Counted) bool {
	said, moved := given.Values(), false
	for _, u := range units {
		if !u.moved(before.Fields, after.Fields) {
			continue
		}
		moved = true
		for _, name := range u.copied {
			if said[slices.Index(history.CountedNames[:], name)] == "" {
				after.Counts.Put(name, "")
			}
		}
	}
	return moved
}
