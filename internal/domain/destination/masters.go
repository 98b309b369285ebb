package destination

import (
	"context"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
)

// Masters are the employers' master records that some contents name.
type Masters struct {
	book      *codes.Book
	employers []employer.Employer
	levels    []employer.HospitalLevel
}

// LoadMasters reads the master records that the contents name, by credit code or
// exact name key.
func LoadMasters(ctx context.Context, store employer.Store, book *codes.Book, contents ...history.Content) (Masters, error) {
	m := Masters{book: book}
	var credit, names []string
	for _, c := range contents {
		for _, u := range units[:2] {
			code, name := u.of(c.Fields)
			if code != "" {
				credit = append(credit, code)
			}
			if name != "" {
				names = append(names, name)
			}
		}
	}
	if len(credit)+len(names) == 0 {
		return m, nil
	}
	slices.Sort(credit)
	slices.Sort(names)
	var err error
	if m.employers, err = store.EmployersByKey(ctx, slices.Compact(credit), slices.Compact(names)); err != nil {
		return m, err
	}
	ids := make([]string, len(m.employers))
	for i, e := range m.employers {
		ids[i] = e.ID
	}
	m.levels, err = store.HospitalLevels(ctx, ids)
	return m, err
}

// ByCode returns the employer with the credit code.
func (m Masters) ByCode(code string) (employer.Employer, bool) {
	i := slices.IndexFunc(m.employers, func(e employer.Employer) bool { return code != "" && e.CreditCode == code })
	if i < 0 {
		return employer.Employer{}, false
	}
	return m.employers[i], true
}

// ByName returns the one employer of that name; none if several share its key.
func (m Masters) ByName(name string) (employer.Employer, bool) {
	key, found := employer.NameKey(name), -1
	for i, e := range m.employers {
		if key == "" || employer.NameKey(e.Name) != key {
			continue
		}
		if found >= 0 {
			return employer.Employer{}, false
		}
		found = i
	}
	if found < 0 {
		return employer.Employer{}, false
	}
	return m.employers[found], true
}

// Of returns the employer by its credit code, else by its name.
func (m Masters) Of(code, name string) (employer.Employer, bool) {
	if e, ok := m.ByCode(code); ok {
		return e, true
	}
	if code != "" { // a name does not outweigh another code
		e, ok := m.ByName(name)
		return e, ok && e.CreditCode == ""
	}
	return m.ByName(name)
}

// LevelOn returns the hospital's level in force on the day; blank if none is known.
func (m Masters) LevelOn(id string, day calendar.Day) string {
	level, from := "", calendar.Day("")
	for _, l := range m.levels {
		if l.Employer == id && l.From <= day && (level == "" || l.From >= from) {
			level, from = l.Level, l.From
		}
	}
	return level
}

// Fill copies into the blank counted fields of a content what the master records
// say as of its true day, and of further study the school's tier for the cohort.
func (m Masters) Fill(c *history.Content, cohort string) {
	fields, counts := c.Fields.Plain(), c.Counts.Plain()
	say := history.Counted{}
	if e, ok := m.Of(fields["credit_code"], fields["employer_name"]); ok {
		say.Nature, say.Industry, say.Region = e.Nature, e.Industry, e.Region
		say.HospitalLevel = m.LevelOn(e.ID, c.TrueOn)
	}
	if e, ok := m.Of(fields["contract_code"], fields["contract_name"]); ok {
		say.ContractNature, say.ContractHospitalLevel = e.Nature, m.LevelOn(e.ID, c.TrueOn)
	}
	if m.domestic(c.Scheme, c.Code) {
		if say.SchoolTier = m.book.SchoolTier(fields["school_code"], cohort); say.SchoolTier == "" {
			say.SchoolTier = m.book.SchoolTier(fields["school_name"], cohort)
		}
	}
	say.Merge(counts) // what was given goes first
	c.Counts = say
}

// domestic reports that the code is further study at home: 80 and what is under it.
func (m Masters) domestic(scheme, code string) bool {
	row, ok := m.book.Resolve("destination", scheme, code)
	return ok && (m.book.Table("destination").Descends(row.Code, "80") || row.Fields["counts_as"] == "80")
}

// followers are the counted fields that say something of a unit, by the payload
// field of its name.
var followers = map[string][]string{
	"employer_name": {"nature", "industry", "region", "hospital_level"},
	"contract_name": {"contract_nature", "contract_hospital_level"},
	"school_name":   {"school_tier"},
}

// Copies returns what a step that makes a change effective must carry, so that
// the case's counted fields are those of its units: what is blank is copied, and
// what was copied of a unit that the change replaces is renewed or emptied.
// Before is the case without the change (zero for a new case), after the case with it.
func (m Masters) Copies(before, after, given history.Content, cohort string) history.Counted {
	full := after
	if before.Code != "" {
		for _, u := range units {
			if !u.moved(before.Fields, after.Fields) {
				continue
			}
			for _, name := range followers[u.name] {
				if i := slices.Index(history.CountedNames[:], name); given.Counts.Values()[i] == "" {
					full.Counts.Put(name, "")
				}
			}
		}
	}
	m.Fill(&full, cohort)
	var out history.Counted
	was, is := after.Counts.Plain().Values(), full.Counts.Plain().Values()
	for i, name := range history.CountedNames {
		switch {
		case was[i] == is[i]:
		case is[i] == "":
			out.Put(name, history.Emptied)
		default:
			out.Put(name, is[i])
		}
	}
	return out
}
