package destination

import (
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
)

// Level is one level of review (审核级).
type Level struct {
	ID    string        `json:"id"`
	Title string        `json:"title"` // 辅导员, 学院, 学校
	Tier  scrutiny.Tier `json:"tier"`
	Roles []access.Role `json:"roles"` // who reviews: any one of them
}

// Chain is the review chain of a school: 1 to 4 levels, from near to far. It is
// configuration; the last level's pass is the approval.
type Chain struct {
	Levels []Level `json:"levels"`
}

// MaxLevels is how many levels a chain has at most.
const MaxLevels = 4

var (
	collegeLevel = Level{ID: "college", Title: "学院", Tier: scrutiny.CollegeTier,
		Roles: []access.Role{access.CollegeSecretary, access.CollegeLeader}}
	schoolLevel = Level{ID: "school", Title: "学校", Tier: scrutiny.SchoolTier,
		Roles: []access.Role{access.Office}} // school leaders see aggregates only
)

// DefaultChain is counsellor, college, school.
func DefaultChain() Chain {
	return Chain{Levels: []Level{
		{ID: "counsellor", Title: "辅导员", Tier: scrutiny.ClassTier, Roles: []access.Role{access.Counsellor}},
		collegeLevel, schoolLevel,
	}}
}

// Validate refuses a chain that cannot work. Error: fault.Invalid.
func (c Chain) Validate() error {
	if n := len(c.Levels); n < 1 || n > MaxLevels {
		return fault.Invalidf("levels", "审核应设 1 至 %d 级，现为 %d 级", MaxLevels, n)
	}
	seen := map[string]bool{}
	last := 0
	for _, l := range c.Levels {
		at := slices.Index(scrutiny.Tiers, l.Tier)
		switch {
		case l.ID == "" || l.Title == "" || len(l.Roles) == 0:
			return fault.Invalidf("levels", "每一级审核都须填写编号、名称和审核角色")
		case seen[l.ID]:
			return fault.Invalidf("levels", "审核级编号“%s”重复，请改用不同的编号", l.ID)
		case at < last:
			return fault.Invalidf("levels", "审核级“%s”的顺序不对，应按班级、学院、学校由近到远排列", l.Title)
		case slices.ContainsFunc(l.Roles, mayNotReview):
			return fault.Invalidf("levels", "审核级“%s”含有无审核权的角色，请改选辅导员、学院或学校的审核角色", l.Title)
		}
		seen[l.ID], last = true, at
	}
	if n := len(c.stretched(scrutiny.Tiers[1:])); n > MaxLevels {
		return fault.Invalidf("levels", "自由职业须经学院和学校两级认定，加上后共 %d 级，超过 %d 级；请把其中的级改为学院级或学校级", n, MaxLevels)
	}
	return nil
}

// Reviewing returns the chain without roles that may not review: a chain that was
// kept before a role lost the right goes on with the others.
func (c Chain) Reviewing() Chain {
	out := Chain{Levels: slices.Clone(c.Levels)}
	for i := range out.Levels {
		out.Levels[i].Roles = slices.DeleteFunc(slices.Clone(out.Levels[i].Roles), mayNotReview)
	}
	return out
}

func mayNotReview(r access.Role) bool {
	return access.Actor{Grants: []access.Grant{{Role: r}}}.May(access.ReviewCase) != nil
}

func (c Chain) stretched(need []scrutiny.Tier) []Level {
	out := slices.Clone(c.Levels)
	for _, add := range []Level{collegeLevel, schoolLevel} {
		has := slices.ContainsFunc(out, func(l Level) bool { return l.Tier == add.Tier })
		if has || !slices.Contains(need, add.Tier) {
			continue
		}
		at := slices.IndexFunc(out, func(l Level) bool {
			return slices.Index(scrutiny.Tiers, l.Tier) > slices.Index(scrutiny.Tiers, add.Tier)
		})
		if at < 0 {
			at = len(out)
		}
		out = slices.Insert(out, at, add)
	}
	return out
}

// Review is the rules of review: a school's chain, and the codes that say which
// changes need more of it.
type Review struct {
	Chain Chain
	Book  *codes.Book
}

// For returns the levels that a change to the code goes through: the chain's
// own, stretched by those tiers that must decide on this code and are missing.
func (r Review) For(code string) []Level {
	return r.Chain.stretched(scrutiny.ProfileOf(r.Book, code).DecidedBy)
}

// MayReview reports that one of the actor's grants in a role of the level holds
// the graduate, who is of that college and class.
func (l Level) MayReview(who access.Actor, graduate, college, class string) bool {
	return slices.ContainsFunc(who.Grants, func(g access.Grant) bool {
		return slices.Contains(l.Roles, g.Role) && g.Over.Holds(graduate, college, class)
	})
}
