package indicator

import (
	"slices"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
)

// Dim is a dimension that tables are broken down by. None is a counsellor,
// tutor or keeper: no table ranks persons (三不得).
type Dim string

// Columns of places, in the order of placeValues.
const (
	placeCode = iota
	placeNature
	placeHospitalLevel
	placeIndustry
	placePost
	placeRegion
	placeSchoolTier
	contractNature // as the contracting unit has it, where that is another
	contractHospitalLevel
	nPlaceCols
)

// dims says where each dimension's value comes from: a key of the person, else
// a column of the place, and which code table names the values.
var dims = []struct {
	id     Dim
	title  string
	person history.Key // blank: of the destination
	place  int
	table  string // blank: a unit of the school
}{
	{"cohort", "届别", history.Cohort, 0, ""},
	{"level", "学历层次", history.Level, 0, "report_level"},
	{"college", "学院", history.College, 0, ""},
	{"major", "专业", history.Major, 0, ""},
	{"class", "班级", history.Class, 0, ""},
	{"sex", "性别", history.Sex, 0, "sex"},
	{"ethnicity", "民族", history.Ethnicity, 0, "ethnicity"},
	{"difficulty", "困难类别", history.Difficulty, 0, "difficulty"},
	{"origin", "生源地", history.Origin, 0, "region"},
	{"training", "培养方式", history.Training, 0, "training"},
	{"code", "毕业去向", "", placeCode, "destination"},
	{"nature", "单位性质", "", placeNature, "nature"},
	{"hospital_level", "医院等级", "", placeHospitalLevel, "hospital_level"},
	{"industry", "单位行业", "", placeIndustry, "industry"},
	{"post", "职位类别", "", placePost, "post"},
	{"region", "单位所在地", "", placeRegion, "region"},
	{"school_tier", "院校层次", "", placeSchoolTier, "school_tier"},
}

// cohortDim is in every row, asked for or not.
const cohortDim Dim = "cohort"

// originDim is counted by province; the roster has the county.
const originDim Dim = "origin"

// ValueOf is a person's value of a dimension as tables count it; blank of a dimension of
// the destination.
func ValueOf(d Dim, a *history.Attributes) string {
	v := a.Value(history.Key(d))
	if d == originDim {
		return province(v)
	}
	return v
}

// province of a region code; what is none stays as it is.
func province(region string) string {
	if p := codes.ProvinceOf(region); p != "" {
		return p
	}
	return region
}

// Dims lists the dimensions in order.
func Dims() []Dim {
	out := make([]Dim, len(dims))
	for i, d := range dims {
		out[i] = d.id
	}
	return out
}

// DimTitle returns the dimension's name on screen.
func DimTitle(id Dim) string {
	if i := dimIndex(id); i >= 0 {
		return dims[i].title
	}
	return string(id)
}

func dimIndex(id Dim) int {
	for i, d := range dims {
		if d.id == id {
			return i
		}
	}
	return -1
}

func joinDims() string {
	out := make([]string, len(dims))
	for i, d := range dims {
		out[i] = string(d.id)
	}
	return strings.Join(out, "、")
}

// placeValues are the dimensions of a destination. The contracting unit is the
// unit of work unless it says otherwise.
func placeValues(d *history.Destination) [nPlaceCols]string {
	n := &d.Counts
	v := [nPlaceCols]string{d.Code, n.Nature, n.HospitalLevel, n.Industry, n.Post, n.Region, n.SchoolTier,
		n.Nature, n.HospitalLevel}
	if n.ContractNature != "" {
		v[contractNature], v[contractHospitalLevel] = n.ContractNature, n.ContractHospitalLevel
	}
	return v
}

// axis is a dimension as the arrays have it.
type axis struct {
	person bool
	col    []uint32
	dict   *dictionary
}

// axis finds a dimension's column. The caller holds c.mu.
func (c *Columns) axis(d Dim, contract bool) axis {
	x := dims[dimIndex(d)]
	if x.person != "" {
		i := slices.Index(history.Keys, x.person)
		if d == originDim {
			return axis{true, c.persons.from, &c.persons.provinces}
		}
		return axis{true, c.persons.cols[i], &c.persons.dicts[i]}
	}
	at := x.place
	switch {
	case contract && at == placeNature:
		at = contractNature
	case contract && at == placeHospitalLevel:
		at = contractHospitalLevel
	}
	return axis{false, c.places.cols[at], &c.places.dicts[at]}
}

// of returns the value for one who is so and went there.
func (a *axis) of(person, place uint32) uint32 {
	if a.person {
		return a.col[person]
	}
	return a.col[place]
}
