package scrutiny

import (
	"math"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/history"
)

// Figures are what the rules A04, A09, A10, A14, A15 and A19 need to know of all
// cases of a cohort together.
type Figures struct {
	phones   map[string]map[string]bool // contact phone → employers that give it
	owners   map[string][]string        // graduate's phone → graduates
	names    map[string]map[string]bool // credit code → name keys
	files    map[string]map[string]bool // evidence hash → graduates
	signings map[string][]signing       // employer → who signed when
	colleges map[string]int             // college → cases
	kinds    map[kind]int
	daily    map[kind]map[calendar.Day]int // by day of submission
	norms    map[string]norm               // family → spread over the colleges
}

type signing struct {
	graduate, class string
	day             calendar.Day
}

// kind is one family of codes in one college.
type kind struct{ college, family string }

// norm is the mean share of a family over the colleges, and its deviation.
type norm struct{ mean, sigma float64 }

// watched are the families whose share is a known sign of false figures.
var watched = []string{"12", "75", "76"}

// CountFigures counts the cases of a cohort, one view each.
func CountFigures(cases []*View) *Figures {
	f := &Figures{phones: map[string]map[string]bool{}, owners: map[string][]string{}, names: map[string]map[string]bool{},
		files: map[string]map[string]bool{}, signings: map[string][]signing{}, colleges: map[string]int{},
		kinds: map[kind]int{}, daily: map[kind]map[calendar.Day]int{}, norms: map[string]norm{}}
	for _, v := range cases {
		f.add(v)
	}
	for _, family := range watched {
		f.norms[family] = f.normOf(family)
	}
	return f
}

func (f *Figures) add(v *View) {
	g := v.Graduate.ID
	if p := digitsOf(v.Graduate.Value("phone")); p != "" && !slices.Contains(f.owners[p], g) {
		f.owners[p] = append(f.owners[p], g)
	}
	college := v.Graduate.Attrs.Value(history.College)
	k := kind{college, v.family()}
	f.colleges[college]++
	f.kinds[k]++
	if f.daily[k] == nil {
		f.daily[k] = map[calendar.Day]int{}
	}
	f.daily[k][v.Entered]++
	for _, e := range v.Evidence {
		put(f.files, e.SHA256, g)
	}
	unit := v.unitKey()
	if unit == "" {
		return
	}
	for _, p := range v.contacts() {
		put(f.phones, p, unit)
	}
	if code, name := v.field("credit_code"), employer.NameKey(v.field("employer_name")); code != "" && name != "" {
		put(f.names, code, name)
	}
	f.signings[unit] = append(f.signings[unit], signing{g, v.Graduate.Attrs.Value(history.Class), v.signed()})
}

func put(m map[string]map[string]bool, key, value string) {
	if m[key] == nil {
		m[key] = map[string]bool{}
	}
	m[key][value] = true
}

// unitKey tells employers apart: by credit code, else by name key.
func (v *View) unitKey() string {
	if c := v.field("credit_code"); c != "" {
		return c
	}
	return employer.NameKey(v.field("employer_name"))
}

func (v *View) signed() calendar.Day {
	if d := v.field("sign_day"); d != "" {
		return calendar.Day(d)
	}
	return v.Content.TrueOn
}

// normOf computes the mean share and its standard deviation over the colleges.
// They are a signal for whom to ask, never a published figure.
func (f *Figures) normOf(family string) norm {
	n, sum := 0.0, 0.0
	var shares []float64
	for college, cases := range f.colleges {
		s := float64(f.kinds[kind{college, family}]) / float64(cases)
		shares = append(shares, s)
		n, sum = n+1, sum+s
	}
	if n == 0 {
		return norm{}
	}
	mean, square := sum/n, 0.0
	for _, s := range shares {
		square += (s - mean) * (s - mean)
	}
	return norm{mean, math.Sqrt(square / n)}
}

// crowded counts the signings of a class, and of the school, with one small
// employer in the d days around this one.
func crowded(v *View, r *Rule) verdict {
	if v.Figures == nil || !slices.Contains(r.Codes["small"], v.Content.Counts.Nature) {
		return verdict{}
	}
	class := v.Graduate.Attrs.Value(history.Class)
	from, to := v.signed().AddDays(-r.Numbers["d"]), v.signed().AddDays(r.Numbers["d"])
	here, mates := map[string]bool{}, map[string]bool{}
	for _, s := range v.Figures.signings[v.unitKey()] {
		if s.day < from || s.day > to {
			continue
		}
		here[s.graduate] = true
		if class != "" && s.class == class {
			mates[s.graduate] = true
		}
	}
	return when(len(mates) >= r.Numbers["k"] || len(here) >= r.Numbers["k_school"], "")
}

// shareOdd: the college's share of the family stands out among the colleges, or
// the day of this submission, shortly before the cut-off, brought a jump.
func shareOdd(v *View, r *Rule) verdict {
	family := v.family()
	if v.Figures == nil || !slices.Contains(watched, family) {
		return verdict{}
	}
	k := kind{v.Graduate.Attrs.Value(history.College), family}
	count, least := v.Figures.kinds[k], r.Numbers["at_least"]
	share, usual := float64(count)/float64(max(1, v.Figures.colleges[k.college])), v.Figures.norms[family]
	if count >= least && usual.sigma > 0 && share > usual.mean+float64(r.Numbers["sigma"])*usual.sigma {
		return when(true, "比例明显高于各学院平均")
	}
	cut := calendar.Day(v.Graduate.Attrs.Value(history.Cohort) + "-" + r.Months["cut_off"])
	if v.Entered == "" || v.Entered > cut || v.Entered <= cut.AddDays(-r.Numbers["d"]) {
		return verdict{}
	}
	before, that := 0, v.Figures.daily[k][v.Entered]
	for day, n := range v.Figures.daily[k] {
		if day < v.Entered {
			before += n
		}
	}
	return when(that >= least && that*100 > before*r.Numbers["percent"], "截止前单日增幅明显偏高")
}
