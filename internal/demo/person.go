package demo

import (
	"fmt"
	"math/rand/v2"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// person is one graduate of the school.
type person struct {
	roster.Graduate
	group  *group
	class  *class
	goal   goal
	r      *rand.Rand
	ids    numbers
	sex    string
	traits struct{ ethnicity, origin, training, difficulty string }
}

var (
	ethnicities = []choice[string]{{"01", 900}, {"11", 22}, {"03", 16}, {"02", 14}, {"08", 10}, {"05", 9}, {"15", 8}, {"04", 6}, {"06", 6},
		{"10", 4}, {"17", 2}, {"07", 3}}
	difficulties = []choice[string]{{"0", 800}, {"1", 32}, {"2", 132}, {"3", 24}, {"4", 6}, {"5", 2}, {"6", 3}, {"7", 1}}
	politics     = []choice[string]{{"03", 700}, {"01", 140}, {"02", 60}, {"13", 96}, {"08", 2}, {"10", 2}}
)

// person makes the i-th of the group; nothing of it hangs on anybody else.
func (s *school) person(g *group, i int) *person {
	n := g.first + uint32(i)
	r := random(s.seed, ofPeople, uint64(n))
	p := &person{group: g, class: &g.classes[i*len(g.classes)/len(g.slots)], goal: g.goals[g.slots[i]], r: r, ids: numbers{of: n, r: r}}
	male := chance(r, float64(majors[g.major].men))
	p.sex = "2"
	if male {
		p.sex = "1"
	}
	p.traits.ethnicity, p.traits.difficulty, p.traits.training = weighted(r, ethnicities), weighted(r, difficulties), "1"
	if p.goal.fate == signed && p.goal.kind <= public && chance(r, 4) {
		p.traits.training = "2"
	}
	p.traits.origin = regions[2+r.IntN(len(regions)-2)][0]
	if chance(r, 48) {
		p.traits.origin = pick(r, s.origins)
	}
	p.ID = p.ids.next(seasonOf(g.year).roster)
	p.Name = personName(r, p.traits.ethnicity, male)
	p.StudentNo = fmt.Sprintf("%d%d%02d%0*d", g.entry(), g.level+1, majors[g.major].college+1, s.digits(), g.college+i+1)
	p.fill(n, male)
	return p
}

// digits of the running number in a student number: the same for everybody.
func (s *school) digits() int { return max(3, len(fmt.Sprint(s.size))) }

// fill writes the profile: what is kept of a graduate and counted nowhere.
func (p *person) fill(n uint32, male bool) {
	g := p.group
	year := number(g.year)
	born := year - [nLevels]int{18 + g.length(), 26, 30}[g.level] - min(p.r.IntN(6), p.r.IntN(6))/2
	id, birthday := idNumber(n, born, male)
	education := [nLevels]string{"31", "11", "01"}[g.level]
	if p.goal.fate == unqualified {
		education = [nLevels]string{"33", "13", "03"}[g.level]
	}
	p.Profile = history.Fields{
		"birthday": birthday, "politics": weighted(p.r, politics), "education": education, "study_mode": "全日制",
		"school_length": fmt.Sprint(g.length()), "entry_day": fmt.Sprintf("%d-09", g.entry()),
		"graduation_day": string(graduationDay(year)), "school_code": schoolCode, "school_name": schoolName,
	}
	if g.level != bachelor {
		p.Profile["advisor"] = personName(p.r, "01", chance(p.r, 55))
	}
	p.Secret = history.Fields{
		"id_number": id, "phone": phone(100, n), "email": "s" + p.StudentNo + "@example.com",
		"address": "演示地址" + pick(p.r, regions[2:])[1] + word(p.r) + "路" + fmt.Sprint(1+p.r.IntN(300)) + "号",
	}
}

func graduationDay(year int) calendar.Day { return dayOf(year, 6, 28) }

// settings of the enrolment, in the order of history.Keys.
func (p *person) settings() history.Settings {
	g := p.group
	return history.Settings{
		{Key: history.Cohort, Value: g.year}, {Key: history.Level, Value: levelCodes[g.level]},
		{Key: history.College, Value: collegeID(majors[g.major].college)}, {Key: history.Major, Value: majorID(g.major)},
		{Key: history.Class, Value: p.class.id}, {Key: history.Sex, Value: p.sex}, {Key: history.Ethnicity, Value: p.traits.ethnicity},
		{Key: history.Origin, Value: p.traits.origin}, {Key: history.Training, Value: p.traits.training},
		{Key: history.Difficulty, Value: p.traits.difficulty}, {Key: history.InStatistics, Value: history.True},
	}
}
