package report

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
	"quxiang/internal/domain/release"
)

// Mark is what a printed report says of itself, in its last paragraph.
type Mark struct {
	Code      string
	Template  string
	Version   string
	Snapshots []string // that of the report's own cohort first
	Draft     bool     // printed before its figures were released
	Ledger    int64    // entry up to which the ledger of external figures was read; 0: not at all
}

// String is the last paragraph, from which MarkOf reads the mark.
func (m Mark) String() string {
	draft := ""
	if m.Draft {
		draft = "（未发布稿）"
	}
	ledger := ""
	if m.Ledger > 0 {
		ledger = fmt.Sprintf("；外部数据：台账第%d条", m.Ledger)
	}
	return fmt.Sprintf("校验码：%s；模板：%s 第%s版；快照：%s%s%s。收到本报告的人可请学校用 quxiang report verify 核对。", m.Code, m.Template, m.Version, strings.Join(m.Snapshots, "、"), draft, ledger)
}

var markForm = regexp.MustCompile(`校验码：([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})；模板：([a-z0-9-]+)第([0-9A-Za-z.]+)版；快照：([A-Za-z0-9_、-]+)(（未发布稿）)?(?:；外部数据：台账第([0-9]{1,15})条)?。`)

// MarkOf finds the mark in a report that was read back. Error: fault.Usage where none is.
func MarkOf(d proofread.Document) (Mark, error) {
	var all strings.Builder
	for _, b := range d.Blocks {
		all.WriteString(tight(b.Text))
	}
	m := markForm.FindStringSubmatch(all.String())
	if m == nil {
		return Mark{}, fault.Usagef("file", "“%s”里没有本系统的校验码，不是由 quxiang report annual 生成的，或者最后一段被删去了；可改用 quxiang proofread 检查", d.Name)
	}
	ledger, _ := strconv.ParseInt(m[6], 10, 64) // blank: 0
	return Mark{m[1], m[2], m[3], strings.Split(m[4], "、"), m[5] != "", ledger}, nil
}

// tight is a text without any blank: a page breaks lines where it likes.
func tight(s string) string { return strings.Join(strings.Fields(s), "") }

// Recount is a report composed again from its snapshots, beside what has become of them.
type Recount struct {
	Mark     Mark
	Document Document // as it was
	Broken   []string // what of the snapshots no longer holds
	Notes    []string // what of them could not be recounted, and why
	Today    []string // numbers that would be printed otherwise if they were frozen today
}

// Recount composes the report of a mark again and checks its snapshots against the events.
//
// It takes the right to read reports. Who may not see people is told how many of them do not
// hold, and no more.
//
// Errors: fault.Forbidden; fault.NotFound for a snapshot that is not there; fault.Conflict
// for a template of another version.
func (s *Service) Recount(ctx context.Context, who access.Actor, m Mark) (Recount, error) {
	out := Recount{Mark: m}
	if err := reads(who); err != nil {
		return out, err
	}
	t, title, err := s.templateOf(ctx, m)
	if err != nil {
		return out, err
	}
	people := who.May(access.ViewPeople) == nil
	was, now := opened{}, opened{}
	var own release.Snapshot
	for i, name := range m.Snapshots {
		v, err := s.Releases.Verify(ctx, who, name)
		if fault.KindOf(err) == fault.NotFound {
			return out, fault.NotFoundf("file", "这份报告用的快照“%s”不在这里：报告不是本校生成的，或者生成它的是另一个数据文件夹", name)
		}
		if err != nil {
			return out, err
		}
		for _, n := range v.Notes {
			out.Notes = append(out.Notes, fmt.Sprintf("快照 %s：%s", name, n))
		}
		for _, p := range v.Said(people) {
			out.Broken = append(out.Broken, fmt.Sprintf("快照 %s：%s", name, p))
		}
		held, err := s.Releases.Open(ctx, who, name)
		if err != nil {
			return out, err
		}
		today, err := s.Releases.OpenToday(ctx, who, held.Snapshot)
		if err != nil {
			return out, err
		}
		cohort := held.Snapshot.Cohort
		if i == 0 {
			own = held.Snapshot
		} else if cohort == own.Cohort {
			cohort = twinOf(cohort)
		}
		was[cohort], now[cohort] = held, today
	}
	ledger, err := s.External(ctx)
	if err != nil {
		return out, err
	}
	if have := int64(len(ledger)); have < m.Ledger {
		out.Broken = append(out.Broken, fmt.Sprintf("外部数据台账只有 %d 条，报告用到第 %d 条", have, m.Ledger))
	}
	about := Subject{School: s.School(), Home: s.Home(), Cohort: own.Cohort, Title: title, Cut: own.Cut, Draft: m.Draft, External: ledger.UpTo(m.Ledger)}
	if out.Document, err = Compose(ctx, t, about, was); err != nil {
		return out, err
	}
	about.Draft, about.External = true, ledger // a draft tells what waits for its check as well
	out.Today, err = s.today(ctx, out.Document, t, about, now)
	return out, err
}

// templateOf finds the template that a mark names: one that the product brings, or a version
// of a draft with its title. Error: fault.Conflict where there is none.
func (s *Service) templateOf(ctx context.Context, m Mark) (Template, string, error) {
	t, err := TemplateByID(m.Template)
	if err == nil && m.Version == t.Version {
		return t, "", nil
	}
	if err != nil {
		t = Annual()
	}
	if n, err := strconv.Atoi(m.Version); err == nil {
		v, err := s.Store.ReportVersion(ctx, m.Template, n)
		if err == nil {
			t, err = v.template()
		}
		if fault.KindOf(err) != fault.NotFound {
			return t, v.Title, err
		}
	}
	return t, "", fault.Conflictf("file", "这份报告用的模板是 %s 第%s版，现在只有 %s 第%s版和学校自己写的报告，不能重排", m.Template, m.Version, t.ID, t.Version)
}

// today says which tables and numbers the events give otherwise by now.
func (s *Service) today(ctx context.Context, d Document, t Template, about Subject, now opened) ([]string, error) {
	fresh, err := Compose(ctx, t, about, now)
	if fault.KindOf(err) == fault.Conflict {
		return []string{err.Error()}, nil // a claim of the text that no longer holds
	}
	if err != nil {
		return nil, err
	}
	return differences(d.units(), fresh.units(), "报告", "现在"), nil
}

// Compare says where a file that was read back differs from the report as it was printed,
// read back alike. None: it is word for word the same.
func Compare(file, printed proofread.Document) []string {
	return differences(unitsOf(printed), unitsOf(file), "应为", "文件中是")
}

// unit is a paragraph or a row of a table, with where it stands.
type unit struct {
	where string
	text  string
}

// pageBehind is the number of a page behind an entry of the contents.
var pageBehind = regexp.MustCompile(`[\t ]+[0-9ivxIVX]+$`)

// unitsOf are the paragraphs and rows of a report that was read back.
func unitsOf(d proofread.Document) []unit {
	var out []unit
	where := "开头"
	for _, b := range d.Blocks {
		switch {
		case b.Kind == proofread.Furniture: // heads, feet, contents: programs count their pages anew
			out = append(out, unit{where, tight(pageBehind.ReplaceAllString(b.Text, ""))})
		case b.Table != nil:
			for _, r := range b.Table.Cells {
				var cells []string
				for _, c := range r {
					if !c.Merged {
						cells = append(cells, tight(c.Text))
					}
				}
				out = append(out, unit{where, strings.Join(cells, "｜")})
			}
		default:
			if b.Kind == proofread.Heading || b.Kind == proofread.Caption {
				where = strings.TrimSpace(b.Text)
			}
			out = append(out, unit{where, tight(b.Text)})
		}
	}
	return out
}

// units are those of a document before it is printed.
func (d *Document) units() []unit {
	var out []unit
	where := "开头"
	for _, b := range d.Blocks {
		switch {
		case b.Heading != nil:
			where = b.Heading.Text
		case b.Table != nil:
			where = b.Table.Number + " " + b.Table.Caption
			if b.Table.ID == provenance || b.Table.ID == snapshotsTable || b.Table.ID == externalsTable { // say of the snapshots what has its own check
				continue
			}
			out = append(out, unit{where, strings.Join(b.Table.Notes, "")})
			for _, r := range append(slices.Clone(b.Table.Head), b.Table.Body...) {
				var cells []string
				for _, c := range r {
					cells = append(cells, c.Text)
				}
				out = append(out, unit{where, strings.Join(cells, "｜")})
			}
		case b.Figure != nil:
			for _, s := range b.Figure.Series {
				for i, p := range s.Points {
					out = append(out, unit{b.Figure.Number + " " + b.Figure.Caption, b.Figure.Categories[i] + "｜" + s.Name + "｜" + p.Text})
				}
			}
		case b.Paragraph != nil && !strings.HasPrefix(textOf(b.Paragraph.Spans), "校验码："):
			out = append(out, unit{where, withNotes(b.Paragraph.Spans)})
		}
	}
	return out
}

// differences pairs what is not the same in two lists of units, a line each.
func differences(was, is []unit, before, after string) []string {
	var out []string
	for _, gap := range gaps(was, is) {
		for i := range max(len(gap.was), len(gap.is)) {
			switch {
			case i >= len(gap.is):
				out = append(out, fmt.Sprintf("%s：%s“%s”，没有了", gap.was[i].where, before, gap.was[i].text))
			case i >= len(gap.was):
				out = append(out, fmt.Sprintf("%s：多出“%s”", gap.is[i].where, gap.is[i].text))
			default:
				out = append(out, fmt.Sprintf("%s：%s“%s”，%s“%s”", gap.was[i].where, before, gap.was[i].text, after, gap.is[i].text))
			}
		}
	}
	return out
}

type gap struct{ was, is []unit }

// gaps are what lies between the longest common run of both lists. What both begin and end
// with is set aside first, since a changed digit changes one unit of thousands.
func gaps(was, is []unit) []gap {
	for len(was) > 0 && len(is) > 0 && was[0].text == is[0].text {
		was, is = was[1:], is[1:]
	}
	for len(was) > 0 && len(is) > 0 && was[len(was)-1].text == is[len(is)-1].text {
		was, is = was[:len(was)-1], is[:len(is)-1]
	}
	if len(was)*len(is) > 4_000_000 {
		return []gap{{was, is}}
	}
	var out []gap
	var open gap
	for _, step := range steps(was, is) {
		switch {
		case step.a >= 0 && step.b >= 0:
			if len(open.was)+len(open.is) > 0 {
				out = append(out, open)
			}
			open = gap{}
		case step.a >= 0:
			open.was = append(open.was, was[step.a])
		default:
			open.is = append(open.is, is[step.b])
		}
	}
	if len(open.was)+len(open.is) > 0 {
		out = append(out, open)
	}
	return out
}

// step keeps one of both lists (a and b), or drops one of a or takes one of b; -1: none.
type step struct{ a, b int }

func steps(was, is []unit) []step {
	longest := make([][]int32, len(was)+1)
	for i := range longest {
		longest[i] = make([]int32, len(is)+1)
	}
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(is) - 1; j >= 0; j-- {
			if was[i].text == is[j].text {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	var out []step
	i, j := 0, 0
	for i < len(was) || j < len(is) {
		switch {
		case i < len(was) && j < len(is) && was[i].text == is[j].text:
			out = append(out, step{i, j})
			i, j = i+1, j+1
		case j == len(is) || i < len(was) && longest[i+1][j] >= longest[i][j+1]:
			out = append(out, step{i, -1})
			i++
		default:
			out = append(out, step{-1, j})
			j++
		}
	}
	return out
}
