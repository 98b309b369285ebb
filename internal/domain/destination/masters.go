package destination

import (
	"context"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
)

// Masters are master records of employers, found by credit code or name.
type Masters struct {
	book   *codes.Book
	byCode map[string]employer.Employer
	byName map[string][]employer.Employer // by name key; several may share one
	levels map[string][]employer.HospitalLevel
}

// NewMasters returns the records, ready to be asked.
func NewMasters(book *codes.Book, employers []employer.Employer, levels []employer.HospitalLevel) Masters {
	m := Masters{book, make(map[string]employer.Employer, len(employers)), make(map[string][]employer.Employer, len(employers)),
		make(map[string][]employer.HospitalLevel, len(levels))}
	for _, e := range employers {
		if e.CreditCode != "" {
			m.byCode[e.CreditCode] = e
		}
		if key := employer.NameKey(e.Name); key != "" {
			m.byName[key] = append(m.byName[key], e)
		}
	}
	for _, l := range levels {
		m.levels[l.Employer] = append(m.levels[l.Employer], l)
	}
	return m
}

// LoadMasters reads the master records that the contents name, by credit code or
// exact name key.
func LoadMasters(ctx context.Context, store employer.Store, book *codes.Book, contents ...history.Content) (Masters, error) {
	credit, names := keysOf(contents)
	if len(credit)+len(names) == 0 {
		return NewMasters(book, nil, nil), nil
	}
	list, err := store.EmployersByKey(ctx, credit, names)
	if err != nil {
		return Masters{}, err
	}
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	levels, err := store.HospitalLevels(ctx, ids)
	return NewMasters(book, list, levels), err
}

// keysOf returns the credit codes and name keys that the contents name, in order.
func keysOf(contents []history.Content) (credit, names []string) {
	for _, c := range contents {
		for _, u := range []unit{workUnit, contractUnit} {
			code, name := u.of(c.Fields)
			if code != "" {
				credit = append(credit, code)
			}
			if name != "" {
				names = append(names, name)
			}
		}
	}
	slices.Sort(credit)
	slices.Sort(names)
	return slices.Compact(credit), slices.Compact(names)
}

// ByCode returns the employer with the credit code.
func (m Masters) ByCode(code string) (employer.Employer, bool) {
	e, ok := m.byCode[code]
	return e, ok
}

// ByName returns the one employer of that name; none if several share its key.
func (m Masters) ByName(name string) (employer.Employer, bool) {
	list := m.byName[employer.NameKey(name)]
	if len(list) != 1 {
		return employer.Employer{}, false
	}
	return list[0], true
}

// Of returns the employer by its credit code, else by its name.
func (m Masters) Of(code, name string) (employer.Employer, bool) {
	if e, ok := m.ByCode(code); ok {
		return e, true
	}
	e, ok := m.ByName(name)
	return e, ok && (code == "" || e.CreditCode == "") // a name does not outweigh another code
}

// levelOn returns the hospital's level in force on the day; blank if none is known.
func (m Masters) levelOn(id string, day calendar.Day) string {
	level, from := "", calendar.Day("")
	for _, l := range m.levels[id] {
		if l.From <= day && (level == "" || l.From >= from) {
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
	if e, ok := m.Of(fields[workUnit.code], fields[workUnit.name]); ok {
		say.Nature, say.Industry, say.Region = e.Nature, e.Industry, e.Region
		say.HospitalLevel = m.levelOn(e.ID, c.TrueOn)
	}
	if e, ok := m.Of(fields[contractUnit.code], fields[contractUnit.name]); ok {
		say.ContractNature, say.ContractHospitalLevel = e.Nature, m.levelOn(e.ID, c.TrueOn)
	}
	if DomesticStudy(m.book, c.Scheme, c.Code) {
		if say.SchoolTier = m.book.SchoolTier(fields[schoolUnit.code], cohort); say.SchoolTier == "" {
			say.SchoolTier = m.book.SchoolTier(fields[schoolUnit.name], cohort)
		}
	}
	say.Merge(counts) // what was given goes first
	c.Counts = say
}

// DomesticStudy reports that the code is further study at home: 80 and what is
// under it or counts as it.
func DomesticStudy(book *codes.Book, scheme, code string) bool {
	row, ok := book.Resolve("destination", scheme, code)
	return ok && (book.Table("destination").Descends(row.Code, "80") || row.Fields["counts_as"] == "80")
}

// Copies returns what a step that makes a change effective must carry, so that
// the case's counted fields are those of its units: what is blank is copied, and
// what was copied of a unit that the change replaces is renewed or emptied.
// Before is the case without the change (zero for a new case), after the case
// with it, given what the change itself says.
func (m Masters) Copies(before, after, given history.Content, cohort string) history.Counted {
	full := after
	if before.Code != "" {
		vacate(before, &full, given.Counts)
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

// ofOneUnit are the counted fields that no file of the ministry carries: they
// are copied, and never outlive the unit that they were copied of.
var ofOneUnit = []string{"hospital_level", "contract_hospital_level", "school_tier"}

// Follow renews in after, as a row of a file amends it, what was copied of a unit
// that became another one and that the row does not give itself. Other than in
// Copies, what the master records do not know is kept, as blank cells keep, but
// for what belongs to the former unit alone.
func (m Masters) Follow(before history.Content, after *history.Content, given history.Counted, cohort string) {
	old, said := after.Counts.Values(), given.Values()
	if !vacate(before, after, given) {
		return
	}
	m.Fill(after, cohort)
	now := after.Counts.Values()
	for i, name := range history.CountedNames {
		if now[i] == "" && !slices.Contains(ofOneUnit, name) && said[i] == "" {
			after.Counts.Put(name, old[i])
		}
	}
}
