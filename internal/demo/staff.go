package demo

import (
	"fmt"
	"slices"

	"quxiang/internal/domain/access"
)

// staff are the accounts of the school and who reviews whom.
type staff struct {
	accounts    []access.Account
	office      []string          // 就业中心
	leader      string            // 分管校领导
	secretaries []string          // by college
	deans       []string          // by college
	names       map[string]string // account → name
}

// classesOfOne is how many classes a counsellor has.
const classesOfOne = 15

// newStaff hires and gives the classes that register themselves their counsellors.
func newStaff(groups []*group, seed uint64) *staff {
	s := &staff{names: map[string]string{}}
	h := &hiring{staff: s, numbers: numbers{of: 0xE000_0000, r: random(seed, ofStaff, 0)}}
	for i := range 3 {
		s.office = append(s.office, h.hire(fmt.Sprintf("office%d", i+1), access.Office, access.School()))
	}
	s.leader = h.hire("leader", access.SchoolLeader, access.School())
	h.hire("support", access.Support, access.School())
	h.hire("auditor", access.Auditor, access.School())
	h.hire("admin", access.Administrator, access.School())
	for c := range colleges {
		over := access.Colleges(collegeID(c))
		s.secretaries = append(s.secretaries, h.hire(collegeID(c)+"-secretary", access.CollegeSecretary, over))
		s.deans = append(s.deans, h.hire(collegeID(c)+"-leader", access.CollegeLeader, over))
		h.counsellors(c, groups)
	}
	h.hire("security", access.SecurityAdministrator, access.School())
	h.tutor(groups)
	return s
}

// hiring makes accounts one after the other.
type hiring struct {
	*staff
	numbers
}

func (h *hiring) hire(login string, role access.Role, over access.Scope) string {
	h.of++
	a := access.Account{ID: h.next(hiredOn.start()), Login: login, Name: personName(h.r, "01", h.r.IntN(2) == 0),
		Created: hiredOn.start() + 9*hour, Grants: []access.Grant{{Role: role, Over: over}}}
	h.accounts = append(h.accounts, a)
	h.names[a.ID] = a.Name
	return a.ID
}

// hiredOn is before everything that the school knows.
var hiredOn = dateOf("2023-10-09")

// counsellors shares the college's classes out.
func (h *hiring) counsellors(c int, groups []*group) {
	var list []*class
	for _, g := range groups {
		if majors[g.major].college == c && !imported(g.year) {
			for i := range g.classes {
				list = append(list, &g.classes[i])
			}
		}
	}
	n := 0
	for some := range slices.Chunk(list, classesOfOne) {
		n++
		var ids []string
		for _, k := range some {
			ids = append(ids, k.id)
		}
		id := h.hire(fmt.Sprintf("%s-counsellor%d", collegeID(c), n), access.Counsellor, access.Classes(ids...))
		for _, k := range some {
			k.counsellor = id
		}
	}
}

// tutor looks after the first class that registers itself.
func (h *hiring) tutor(groups []*group) {
	for _, g := range groups {
		if !imported(g.year) && len(g.classes) > 0 {
			h.hire("tutor", access.Tutor, access.Classes(g.classes[0].id))
			return
		}
	}
}

// imported reports that a cohort's past was imported when the register began.
func imported(year string) bool { return year < "2024" }
