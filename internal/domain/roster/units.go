package roster

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// unitForms are the ids of each kind: c01, m001, k0001, numbered as they came.
var unitForms = map[Kind]string{College: "c%02d", Major: "m%03d", Class: "k%04d"}

// unitKey is what makes a unit one and the same: two widths of a bracket in its
// name do not make two classes.
type unitKey struct {
	kind                 Kind
	parent, cohort, name string
}

func keyOf(u Unit) unitKey { return unitKey{u.Kind, u.Parent, u.Cohort, codes.Normalize(u.Name)} }

// directory finds units by name and numbers new ones. It is one plan's own.
type directory struct {
	byID    map[string]Unit
	byKey   map[unitKey]string
	next    map[Kind]int
	created []Unit
}

func newDirectory(units []Unit) *directory {
	d := &directory{byID: map[string]Unit{}, byKey: map[unitKey]string{}, next: map[Kind]int{}}
	for _, u := range units {
		d.keep(u)
		if n, err := strconv.Atoi(u.ID[1:]); err == nil && n > d.next[u.Kind] {
			d.next[u.Kind] = n
		}
	}
	return d
}

func (d *directory) keep(u Unit) {
	d.byID[u.ID] = u
	if _, there := d.byKey[keyOf(u)]; !there {
		d.byKey[keyOf(u)] = u.ID
	}
}

// unit returns the id of the unit of that name, numbering a new one if need be.
func (d *directory) unit(u Unit) string {
	if id, ok := d.byKey[keyOf(u)]; ok {
		return id
	}
	d.next[u.Kind]++
	u.ID = fmt.Sprintf(unitForms[u.Kind], d.next[u.Kind])
	d.keep(u)
	d.created = append(d.created, u)
	return u.ID
}

// placing is where a row puts somebody; a nil name keeps.
type placing struct {
	college, major, class *string
	majorCode             string
	cohort                string
}

// place returns college, major and class of somebody who was at now. A major is
// a college's and a class is a major's and a cohort's, so that somebody who moves
// takes the names that the row does not mention along to the new parent.
func (d *directory) place(now history.Attributes, p placing) (college, major, class string) {
	college, moved := now.Value(history.College), false
	if p.college != nil {
		college, moved = d.named(Unit{Kind: College, Name: *p.college}, college, false)
	}
	name := d.nameOf(now.Value(history.Major), p.major)
	major, moved = d.named(Unit{Kind: Major, Parent: college, Name: name, Code: p.majorCode}, now.Value(history.Major), moved)
	name = d.nameOf(now.Value(history.Class), p.class)
	moved = moved || p.cohort != now.Value(history.Cohort)
	class, _ = d.named(Unit{Kind: Class, Parent: major, Cohort: p.cohort, Name: name}, now.Value(history.Class), moved)
	return college, major, class
}

func (d *directory) nameOf(id string, given *string) string {
	if given != nil {
		return *given
	}
	return d.byID[id].Name
}

// named returns the unit of that name and whether it is another one than now.
// While the parent stands, a unit of the same name stays what it is.
func (d *directory) named(u Unit, now string, moved bool) (string, bool) {
	if u.Name == "" {
		return "", moved || now != ""
	}
	if !moved && now != "" && codes.Normalize(d.byID[now].Name) == codes.Normalize(u.Name) {
		return now, false
	}
	id := d.unit(u)
	return id, moved || id != now
}

// addUnits keeps the new units inside a transaction. Error: fault.Conflict when
// another import took a number or a name since the plan was made.
func addUnits(ctx context.Context, s Store, created []Unit) error {
	if len(created) == 0 {
		return nil
	}
	there, err := s.Units(ctx)
	if err != nil {
		return err
	}
	now := newDirectory(there)
	for _, u := range created {
		_, number := now.byID[u.ID]
		_, name := now.byKey[keyOf(u)]
		if number || name {
			return errUnits
		}
	}
	if err := s.AddUnits(ctx, created); err != nil {
		return err
	}
	// Read again: AddUnits leaves alone what another transaction added meanwhile.
	if there, err = s.Units(ctx); err != nil {
		return err
	}
	for _, u := range created {
		if !slices.Contains(there, u) {
			return errUnits
		}
	}
	return nil
}

var errUnits = fault.Conflictf("", "导入期间学院、专业或班级有了变动，请重新导入")
