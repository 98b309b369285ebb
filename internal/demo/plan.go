package demo

// Levels of study, in the order of the report.
const (
	bachelor = iota
	master
	doctor
	nLevels
)

// levelCodes are the codes of table report_level.
var levelCodes = [nLevels]string{"undergraduate", "master", "doctor"}

// fate is how somebody stands on 31 August of their year.
type fate uint8

const (
	signed    fate = iota // an agreement, a contract, a project: 10, 11, 271, 50x, 51x
	hired                 // 12
	startup               // 75
	freelance             // 76
	army                  // 46
	study                 // 801, 802
	abroad                // 85
	preparing             // 71
	idle                  // 72-NONE
	// The seeking: how they are so makes a year's story each.
	looking  // a running 70-x
	silent   // nothing that counts
	waiting  // in review, of a job that begins later
	sentBack // returned
	doubted  // disputed, not yet upheld
	cancelled
	// Registered, but outside the statistics population.
	unqualified // 结业
	gone        // left before graduating
	delayed     // moved to the next cohort
)

// unit kinds of employers, as table employer-kind has them.
type kind uint8

const (
	tertiary kind = iota
	secondary
	primary
	public
	firm
	nKinds
)

// goal is what somebody's story leads to.
type goal struct {
	level int
	fate  fate
	kind  kind // of those with an employer
	home  bool // they stay in the home city
}

// share is how many have a goal.
type share struct {
	goal
	n int
}

// employed are the 2024 cohort's jobs: rows of level, fate and kind, those who
// stay in the home city apart. The sums are those of the issue: 本科 74/7/1/96/75
// with 169 at home, 硕士 536/26/1/120/79, 博士 243/1/0/43/9; signed 229, 701, 278.
var employed = []struct {
	level     int
	fate      fate
	kind      kind
	home, off int
}{
	{bachelor, signed, tertiary, 52, 22}, {bachelor, signed, secondary, 4, 3}, {bachelor, signed, primary, 1, 0},
	{bachelor, signed, public, 60, 28}, {bachelor, signed, firm, 36, 23},
	{bachelor, hired, public, 6, 2}, {bachelor, hired, firm, 8, 5}, {bachelor, startup, firm, 2, 1},
	{master, signed, tertiary, 250, 266}, {master, signed, secondary, 11, 13}, {master, signed, primary, 1, 0},
	{master, signed, public, 48, 57}, {master, signed, firm, 20, 35},
	{master, hired, tertiary, 10, 10}, {master, hired, secondary, 1, 1}, {master, hired, public, 7, 8},
	{master, hired, firm, 9, 11}, {master, startup, firm, 2, 2},
	{doctor, signed, tertiary, 120, 111}, {doctor, signed, secondary, 0, 1}, {doctor, signed, public, 20, 18},
	{doctor, signed, firm, 3, 5},
	{doctor, hired, tertiary, 6, 6}, {doctor, hired, public, 3, 2}, {doctor, hired, firm, 0, 1},
}

// seekers are how the seeking of the 2024 cohort divide, by level.
var seekers = []struct {
	fate fate
	n    [nLevels]int
}{
	{looking, [nLevels]int{61, 52, 5}}, {silent, [nLevels]int{78, 47, 4}}, {waiting, [nLevels]int{22, 21, 3}},
	{sentBack, [nLevels]int{18, 15, 1}}, {doubted, [nLevels]int{9, 8, 1}}, {cancelled, [nLevels]int{7, 6, 1}},
}

// turnout is one level of one cohort at the size of 2,660: the rest has a job.
type turnout struct {
	year                                string
	level, n                            int
	study, abroad, preparing, idle      int
	seeking, freelance, army            int
	unqualified, gone, delayedToTheNext int
}

// turnouts: of 2024 Table 1-1 as reconstructed (nobody of it has 46 or 76, since
// its tables by employer are on the same base), of 2022 and 2023 the masters'
// further study; the other numbers are invented. 2025 is where it would get by
// 31 August; how far it is by Start follows from the dates of each story.
var turnouts = []turnout{
	{"2022", bachelor, 1052, 588, 14, 6, 5, 183, 3, 2, 3, 0, 0},
	{"2022", master, 1067, 258, 12, 0, 3, 151, 2, 0, 1, 0, 0},
	{"2022", doctor, 248, 0, 4, 0, 0, 13, 0, 0, 0, 0, 0},
	{"2023", bachelor, 1085, 626, 13, 4, 3, 191, 2, 3, 4, 0, 0},
	{"2023", master, 1129, 268, 15, 0, 2, 158, 1, 0, 1, 0, 0},
	{"2023", doctor, 281, 0, 4, 0, 0, 14, 0, 0, 0, 0, 0},
	{"2024", bachelor, 1117, 657, 11, 1, 0, 195, 0, 0, 6, 3, 2},
	{"2024", master, 1227, 301, 15, 0, 0, 149, 0, 0, 1, 2, 1},
	{"2024", doctor, 316, 0, 5, 0, 0, 15, 0, 0, 0, 1, 1},
	{"2025", bachelor, 1142, 668, 13, 4, 4, 176, 3, 2, 5, 2, 0},
	{"2025", master, 1268, 318, 16, 0, 2, 152, 2, 0, 1, 1, 0},
	{"2025", doctor, 331, 0, 6, 0, 0, 14, 0, 0, 0, 1, 0},
}

// shares lists the goals of a level of a cohort, at the size of 2,660.
func (t *turnout) shares() []share {
	out := []share{
		{goal{level: t.level, fate: study}, t.study}, {goal{level: t.level, fate: abroad}, t.abroad},
		{goal{level: t.level, fate: preparing}, t.preparing}, {goal{level: t.level, fate: idle}, t.idle},
		{goal{level: t.level, fate: freelance}, t.freelance}, {goal{level: t.level, fate: army}, t.army},
	}
	var jobs []share
	for _, e := range employed {
		if e.level == t.level {
			jobs = append(jobs, share{goal{e.level, e.fate, e.kind, true}, e.home}, share{goal{e.level, e.fate, e.kind, false}, e.off})
		}
	}
	var open []share
	for _, s := range seekers {
		open = append(open, share{goal{level: t.level, fate: s.fate}, s.n[t.level]})
	}
	rest := t.n - t.seeking
	for _, s := range out {
		rest -= s.n
	}
	return append(append(out, scaled(jobs, rest)...), scaled(open, t.seeking)...)
}

// extras are those who count in no table of their cohort.
func (t *turnout) extras() []share {
	return []share{
		{goal{level: t.level, fate: unqualified}, t.unqualified}, {goal{level: t.level, fate: gone}, t.gone},
		{goal{level: t.level, fate: delayed}, t.delayedToTheNext},
	}
}

// scaled are the shares in proportion, adding up to total.
func scaled(list []share, total int) []share {
	weights := make([]int, len(list))
	for i, s := range list {
		weights[i] = s.n
	}
	out := make([]share, len(list))
	for i, n := range apportion(weights, total) {
		out[i] = share{list[i].goal, n}
	}
	return out
}

func sum(list []share) (n int) {
	for _, s := range list {
		n += s.n
	}
	return n
}

// plan returns the shares of a cohort for a 2024 cohort of that size; the extras
// come last and are not part of the size.
func plan(year string, size int) []share {
	var counted, extras []share
	for i := range turnouts {
		if t := &turnouts[i]; t.year == year {
			counted, extras = append(counted, t.shares()...), append(extras, t.extras()...)
		}
	}
	inProportion := func(n int) int { return (n*size + Size/2) / Size }
	out := scaled(counted, inProportion(sum(counted)))
	return append(out, scaled(extras, inProportion(sum(extras)))...)
}

// years of the school, oldest first.
var years = []string{"2022", "2023", "2024", "2025"}
