package matching

import (
	"fmt"
	"slices"
	"strings"
)

// Names gives codes their words; a code that it does not know stands as it is.
type Names func(c Criterion, code string) string

// Reason is one part of a score.
type Reason struct {
	Title  string `json:"title"`  // 就业地区, 专业对口
	Words  string `json:"words"`  // 天津市是第 1 意向
	Points Points `json:"points"` // 0…Full
	Weight Points `json:"weight"` // share of its side, of Full
}

// Explanation says why a pair has its score, or why it is none. It tells of this graduate
// and this position only.
type Explanation struct {
	Eligible bool     `json:"eligible"`
	Failing  string   `json:"failing,omitempty"` // the first condition that is not met
	Graduate Points   `json:"graduate_points"`
	Employer Points   `json:"position_points"`
	Score    Points   `json:"score"`
	Wishes   []Reason `json:"wishes"` // the graduate's side
	Asks     []Reason `json:"asks"`   // the employer's side
}

// Explain compares a wish with a position, condition by condition.
func Explain(w *Wish, p *Position, name Names) Explanation {
	var out Explanation
	if out.Failing = failing(w, p, name); out.Failing != "" {
		return out
	}
	out.Eligible = true
	share := w.importance()
	sum := int32(0)
	for c, s := range share {
		if s > 0 {
			r := wishReason(w, p, Criterion(c), name)
			r.Weight = s
			sum += s * r.Points
			out.Wishes = append(out.Wishes, r)
		}
	}
	if out.Graduate = sum / Full; len(out.Wishes) == 0 {
		out.Graduate = Full
	}
	weights := p.Weights
	if weights == (Weights{}) {
		weights = usual
	}
	sum = 0
	for part, s := range shares(weights[:]) {
		r := askReason(w, p, Part(part))
		r.Weight = s
		sum += s * r.Points
		out.Asks = append(out.Asks, r)
	}
	out.Employer = sum / Full
	out.Score = Score(out.Graduate, out.Employer)
	return out
}

// closes names the first condition of either side that is not met; blank: none.
func closes(w *Wish, p *Position) string {
	for c := range coded {
		if len(w.Wants[c]) > 0 && wantPoints(c, p.Is[c], w.Wants[c]) == none {
			return c.String()
		}
	}
	switch {
	case w.Salary > 0 && salaryPoints(w.Salary, p.Salary) == none:
		return Salary.String()
	case w.Education < p.Education:
		return EducationFit.String()
	case majorPoints(w.Major, p.Majors) == none:
		return "专业"
	case licencePoints(w, p) == none:
		return LicenceFit.String()
	}
	return ""
}

// failing says in a sentence which condition is not met first; blank: none.
func failing(w *Wish, p *Position, name Names) string {
	switch title := closes(w, p); title {
	case "":
		return ""
	case Salary.String():
		return fmt.Sprintf("月薪 %d 元，低于你写的 %d 元", p.Salary, w.Salary)
	case EducationFit.String():
		return fmt.Sprintf("要求%s及以上学历", educations[p.Education])
	case "专业":
		return "招聘的专业不含你的专业"
	case LicenceFit.String():
		if p.Need == Held {
			return fmt.Sprintf("要求已取得%s", p.Licence)
		}
		return fmt.Sprintf("要求已取得%s，或在 %s 前可以考取", p.Licence, p.LicenceDay)
	default:
		c := Criterion(slices.Index(Criteria[:], title))
		return fmt.Sprintf("%s是%s，不在你选的%s里", c, said(name, c, p.Is[c]), list(name, c, w.Wants[c]))
	}
}

var educations = [...]string{"不限", "专科", "本科", "硕士", "博士"}

func said(name Names, c Criterion, code string) string {
	if code == "" {
		return "未写明"
	}
	return name(c, code)
}

func list(name Names, c Criterion, codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = name(c, code)
	}
	return strings.Join(words, "、")
}

func wishReason(w *Wish, p *Position, c Criterion, name Names) Reason {
	r := Reason{Title: c.String()}
	if c == Salary {
		r.Points = salaryPoints(w.Salary, p.Salary)
		r.Words = fmt.Sprintf("月薪 %d 元，你写的是 %d 元以上", p.Salary, w.Salary)
		if p.Salary == 0 {
			r.Words = "月薪面议"
		}
		return r
	}
	r.Points = wantPoints(c, p.Is[c], w.Wants[c])
	if c == Level && p.Is[c] == "" {
		r.Words = "不是医院，不看等级"
		return r
	}
	at := slices.IndexFunc(w.Wants[c], func(code string) bool { return within(p.Is[c], code) })
	r.Words = fmt.Sprintf("%s，是你的第 %d 意向", said(name, c, p.Is[c]), at+1)
	return r
}

func askReason(w *Wish, p *Position, part Part) Reason {
	r := Reason{Title: part.String()}
	switch part {
	case MajorFit:
		r.Points, r.Words = majorPoints(w.Major, p.Majors), "不限专业"
		for i, code := range p.Majors {
			if strings.HasPrefix(w.Major, code) {
				r.Words = fmt.Sprintf("在招聘专业中列第 %d", i+1)
				break
			}
		}
	case EducationFit:
		r.Points, r.Words = educationPoints(w.Education, p.Education), "学历符合要求"
		if p.Education != AnyEducation && w.Education > p.Education {
			r.Words = "学历高于要求"
		}
	case StandingFit:
		r.Points, r.Words = standingPoints(w.Standing), "没有提供成绩，按一半计"
		if w.Standing > 0 {
			r.Words = fmt.Sprintf("成绩高于同届同专业 %d%% 的人", w.Standing)
		}
	case LicenceFit:
		r.Points = licencePoints(w, p)
		r.Words = map[Points]string{Full: "已有" + p.Licence, 3000: "没有" + p.Licence}[r.Points]
		if r.Points == 7000 {
			r.Words = "可以按期考取" + p.Licence
		}
		if p.Need == NoLicence {
			r.Words = "不要求执业资格"
		}
	case PracticeFit:
		r.Words = "没有在这家单位实习"
		if slices.Contains(w.Practised, p.Employer) {
			r.Points, r.Words = Full, "在这家单位实习过"
		}
	}
	return r
}

// Crowd says how crowded a position is, in words that name nobody.
func (l *Lists) Crowd(position int32) string {
	switch price := l.Prices[position]; {
	case price == 0:
		return "不拥挤：还可以推荐给更多的人"
	case price < Full/5:
		return "较多人适合"
	case price < Full/2:
		return "很多人适合，竞争较大"
	}
	return "适合的人远多于名额，竞争很大"
}
