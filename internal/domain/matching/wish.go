package matching

import "slices"

// Criterion is something that a wish is about and a position has one value of.
type Criterion int

// Criteria that are codes, in the order of their columns; Salary is one too, in yuan.
const (
	Region   Criterion = iota // GB/T 2260: 12, 1201, 120101
	Post                      // class of the post, as codes has it
	Kind                      // kind of the employer
	Level                     // of a hospital; blank of others
	Industry                  // GB/T 4754
	Training                  // 规培 and the like; blank: none
	Salary
	coded = Salary // how many criteria are codes
)

// Criteria are all of them, with the word of each.
var Criteria = [...]string{"就业地区", "岗位类别", "单位类型", "医院等级", "行业", "培养类型", "月薪"}

// String returns the word of the criterion.
func (c Criterion) String() string { return Criteria[c] }

// Education is a level of education; a higher one is greater.
type Education uint8

// Levels of education.
const (
	AnyEducation Education = iota
	JuniorCollege
	Bachelor
	Master
	Doctor
)

// Wish is what a graduate brings and wants. A criterion without values is open: anything
// is accepted and it counts for nothing.
type Wish struct {
	Graduate string // id or pseudonym

	Education Education
	Major     string            // 6 digits of the catalogue
	Licences  []string          // held
	Expected  map[string]string // licence → day (2024-09-30) by which it can be sat for and had
	Standing  int               // in hundred of the own major and year, 100 is best; 0: not told
	Practised []string          // employers where the graduate practised

	Wants  [coded][]string // codes accepted, or beginnings of codes, the dearest first; 11|12|13 are equally dear
	Salary int             // yuan a month at least; 0: open
	Order  []Criterion     // the most important first; those left out come after, in their own order
}

// Need says what a position asks for about a licence.
type Need uint8

// Needs.
const (
	NoLicence Need = iota
	Held           // by now
	ByDay          // held, or can be had by the position's day (应届可考)
	Welcome        // not asked for, but counted
)

// Position is a post that an employer offers.
type Position struct {
	ID, Employer string
	Headcount    int

	Is         [coded]string // code of each criterion
	Salary     int           // yuan a month, the lower end; 0: 面议
	Education  Education     // at least
	Majors     []string      // codes or beginnings of codes, the dearest first; none: any
	Licence    string
	Need       Need
	LicenceDay string // of ByDay

	Weights Weights // zero: the usual ones
}

// Part is something that an employer's side counts.
type Part int

// Parts of the employer's side.
const (
	MajorFit Part = iota
	EducationFit
	StandingFit
	LicenceFit
	PracticeFit
	parts
)

// Parts are the words of the parts.
var Parts = [...]string{"专业对口", "学历", "专业内成绩", "执业资格", "实习经历"}

// String returns the word of the part.
func (p Part) String() string { return Parts[p] }

// Weights are how much an employer counts each part; only their proportions matter.
type Weights [parts]int

// usual weights, where an employer says nothing.
var usual = Weights{40, 10, 20, 20, 10}

// shares are weights as points that sum to Full.
func shares(weights []int) []Points {
	out := make([]Points, len(weights))
	for i, n := range portions(weights, Full) {
		out[i] = Points(n)
	}
	return out
}

// portions divide a whole by weights; the largest remainders are rounded up, the first first.
func portions(weights []int, whole int) []int {
	out, sum := make([]int, len(weights)), 0
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return out
	}
	left, at := whole, make([]int, len(weights))
	for i, w := range weights {
		out[i] = w * whole / sum
		left -= out[i]
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return weights[b]*whole%sum - weights[a]*whole%sum })
	for _, i := range at[:left] {
		out[i]++
	}
	return out
}
