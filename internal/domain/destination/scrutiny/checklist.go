package scrutiny

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Reason is a ready reason for giving a registration back.
type Reason struct {
	Title string `json:"title"` // what a reviewer picks
	Text  string `json:"text"`  // what the graduate reads: what is wrong and what to do
}

//go:embed reasons.json
var reasonsJSON []byte

var reasonLists = sync.OnceValue(func() (list []struct {
	Groups  []string `json:"groups"`
	Reasons []Reason `json:"reasons"`
}) {
	mustDecode(reasonsJSON, &list)
	return list
})

// Reasons returns the ready reasons for returning a case of the profile, at most
// four: the fifth is always one's own words.
func (p Profile) Reasons() []Reason {
	first := ""
	if len(p.Groups) > 0 {
		first = p.Groups[0]
		if slices.Contains(p.Groups, "venture") {
			first = "venture"
		}
	}
	for _, l := range reasonLists() {
		if slices.Contains(l.Groups, first) {
			return slices.Clone(l.Reasons)
		}
	}
	return nil
}

// Fields returns the payload fields that a case of the profile can have, in the
// order of reading: those of its groups, then those that go with every code.
func (p Profile) Fields() []string {
	var out []string
	for _, g := range p.Groups {
		for _, f := range profiles().Groups[g] {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	var rest []string
	for f := range profiles().Titles {
		if f != "true_on" && p.Has(f) && !slices.Contains(out, f) {
			rest = append(rest, f)
		}
	}
	slices.Sort(rest)
	return append(out, rest...)
}

// Needs reports that the profile requires the payload field, by itself or as one
// of two.
func (p Profile) Needs(field string) bool {
	return slices.ContainsFunc(p.Required, func(need string) bool { return slices.Contains(strings.Split(need, "|"), field) })
}

// Check is one line of what a reviewer looks at beside the documents.
type Check struct {
	Rule  string // that it answers
	Title string
	Says  string // what was found
	Wrong bool
}

// Checklist says of a case what can be said of its documents without reading
// them. An end or a voiding has none.
func Checklist(v *View) []Check {
	if !v.Registers() {
		return nil
	}
	p, kinds := v.Profile(), v.kinds()
	if len(p.Evidence) == 0 {
		return []Check{{Rule: "A11", Title: "这一类不要求材料", Says: "如实登记即可"}}
	}
	out := []Check{{Rule: "A11", Title: "材料齐全", Says: strings.Join(kindNames(v, kinds), "、")}}
	if !p.satisfied(v.Book, kinds) {
		out[0] = Check{Rule: "A11", Title: "材料不齐", Says: "需要" + p.evidenceWords(v.Book), Wrong: true}
	}
	if len(kinds) == 0 {
		return out
	}
	rejected := slices.DeleteFunc(slices.Clone(kinds), func(k string) bool { return !ProvesNothing(v.Book, k) && !slices.Contains(p.Reject, k) })
	if len(rejected) > 0 {
		out = append(out, Check{Rule: "A12", Title: "有不能作为证明的材料", Says: strings.Join(kindNames(v, rejected), "、"), Wrong: true})
	} else {
		out = append(out, Check{Rule: "A12", Title: "没有实习、见习证明", Says: "按上传时选的类别"})
	}
	if n := len(v.Shared); n > 0 {
		out = append(out, Check{Rule: "A15", Title: "与其他人的材料重复", Says: strconv.Itoa(n) + " 份文件也由别人交过", Wrong: true})
	} else {
		out = append(out, Check{Rule: "A15", Title: "与其他人的材料不重复", Says: "按文件内容比对"})
	}
	if p.PayFloor {
		low := payTooLow(v, nil)
		c := Check{Rule: "A18b", Title: "月薪不低于当地最低工资", Says: low.detail}
		if low.hit {
			c.Title, c.Wrong = "月薪须核对", true
		}
		out = append(out, c)
	}
	return out
}

func kindNames(v *View, kinds []string) []string {
	var out []string
	for _, k := range kinds {
		row, _ := v.Book.Table("document").Find(k)
		if !slices.Contains(out, row.Name) {
			out = append(out, row.Name)
		}
	}
	return out
}
