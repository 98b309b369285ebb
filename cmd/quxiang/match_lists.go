package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/matching"
)

// matchFiles are the two files that a market is read from.
type matchFiles struct{ wishes, positions string }

func (f *matchFiles) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.wishes, "wishes", "", "意愿表，.xlsx 或 .csv，一名毕业生一行")
	c.Flags().StringVar(&f.positions, "positions", "", "岗位表，.xlsx 或 .csv，一个岗位一行")
}

// market reads the two files. Columns that are not read are told.
func (s *session) market(ctx context.Context, f matchFiles) (*matching.Market, error) {
	if f.wishes == "" || f.positions == "" {
		return nil, usageError{fmt.Errorf("请用 --wishes 和 --positions 写明意愿表和岗位表，格式见 docs/cli.md")}
	}
	var files [2]app.File
	for i, name := range []string{f.wishes, f.positions} {
		content, err := s.call.Read(name)
		if err != nil {
			return nil, err
		}
		files[i] = app.File{Name: name, Content: content}
	}
	m, passed, err := app.ReadMarket(ctx, files[0], files[1])
	for i, columns := range passed {
		if len(columns) > 0 {
			fmt.Fprintf(s.call.Err, "%s：不读取的列：%s\n", files[i].Name, strings.Join(columns, "、"))
		}
	}
	return m, err
}

// listJSON is one graduate's list; the contract of docs/cli.md.
type listJSON struct {
	Graduate string      `json:"graduate"`
	Eligible int         `json:"eligible"`
	Entries  []entryJSON `json:"entries"`
	Opens    string      `json:"opens,omitempty"` // what would open most, where there are few
}

type entryJSON struct {
	Position string `json:"position"`
	Employer string `json:"employer"`
	matching.Explanation
	Crowd string `json:"crowd,omitempty"`
}

type listsJSON struct {
	matching.Measure
	Bound int64      `json:"bound"`
	Value int64      `json:"value"`
	Gap   float64    `json:"gap"`
	Lists []listJSON `json:"lists"`
}

func (s *session) matchLists() *cobra.Command {
	var f matchTerms
	var files matchFiles
	var plain bool
	var folder string
	c := &cobra.Command{
		Use: "lists --wishes 意愿.csv --positions 岗位.csv", Short: "给每名毕业生推荐岗位：覆盖每个人，热门岗位不超过曝光上限，附理由和证书", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			t, err := f.terms()
			if err != nil {
				return err
			}
			m, err := s.market(c.Context(), files)
			if err != nil {
				return err
			}
			lists, err := makeLists(c.Context(), m, t, plain)
			if err != nil {
				return err
			}
			out, err := describe(c.Context(), m, t, lists, plain)
			if err != nil {
				return err
			}
			if folder != "" {
				if err := s.certificate(c, m, t, lists, folder); err != nil {
					return err
				}
			}
			return s.print(out, listsGrid(out, plain))
		},
	}
	f.flags(c)
	files.flags(c)
	c.Flags().BoolVar(&plain, "plain", false, "按条件浏览：只筛选和排序，不作统筹推荐")
	c.Flags().StringVar(&folder, "certificate", "", "把可重算的证书写到这个文件夹；其中只有编号，没有姓名和学号")
	return c
}

func makeLists(ctx context.Context, m *matching.Market, t matching.Terms, plain bool) (*matching.Lists, error) {
	if plain {
		return m.Plain(ctx, t)
	}
	l, _, err := m.Fair(ctx, t)
	return l, err
}

// describe puts lists into words.
func describe(ctx context.Context, m *matching.Market, t matching.Terms, l *matching.Lists, plain bool) (*listsJSON, error) {
	out := &listsJSON{}
	var err error
	if out.Measure, err = m.Measure(ctx, t, l); err != nil {
		return nil, err
	}
	proof, err := m.Certify(ctx, t, l)
	if err != nil {
		return nil, err
	}
	out.Value, out.Bound, out.Gap = proof.Value, proof.Bound, proof.Gap()
	few := map[string]matching.Short{}
	for _, short := range m.Shorts(t.Length, app.Circles()) {
		few[short.Graduate] = short
	}
	name := matching.Word(codes.Builtin())
	for i, list := range l.Entries {
		w := &m.Wishes[i]
		one := listJSON{Graduate: w.Graduate, Eligible: m.Eligible(i), Entries: []entryJSON{}}
		for _, e := range list {
			p := &m.Positions[e.Position]
			entry := entryJSON{Position: p.ID, Employer: p.Employer, Explanation: matching.Explain(w, p, name)}
			if !plain {
				entry.Crowd = l.Crowd(e.Position)
			}
			one.Entries = append(one.Entries, entry)
		}
		if short, ok := few[w.Graduate]; ok {
			one.Opens = opens(short.Most)
		}
		out.Lists = append(out.Lists, one)
	}
	slices.SortFunc(out.Lists, func(a, b listJSON) int { return strings.Compare(a.Graduate, b.Graduate) })
	return out, nil
}

// opens says what would open more positions.
func opens(r *matching.Relaxation) string {
	switch {
	case r == nil:
		return "放宽任何一项意愿都不会多出岗位，请与辅导员商量"
	case r.To != "":
		return fmt.Sprintf("放宽到%s：+%d 个岗位", r.To, r.More)
	case r.Criterion == matching.Salary:
		return fmt.Sprintf("不限最低月薪：+%d 个岗位", r.More)
	}
	return fmt.Sprintf("不限%s：+%d 个岗位", r.Criterion, r.More)
}

func listsGrid(out *listsJSON, plain bool) grid {
	g := grid{header: []string{"毕业生", "次序", "岗位", "单位", "得分", "意愿", "单位", "理由"}, number: []bool{false, true, false, false, true, true, true, false}}
	for _, l := range out.Lists {
		for i, e := range l.Entries {
			g.rows = append(g.rows, []string{l.Graduate, strconv.Itoa(i + 1), e.Position, e.Employer, points(e.Score), points(e.Explanation.Graduate), points(e.Explanation.Employer), reasons(e.Explanation)})
		}
		if len(l.Entries) == 0 {
			g.rows = append(g.rows, []string{l.Graduate, "", "没有符合条件的岗位", "", "", "", "", l.Opens})
		}
	}
	g.notes = append(g.notes, fmt.Sprintf("符合 3 个以上岗位的人中，%s 得到 3 个以上推荐；%s 的岗位被推荐；基尼系数 %.3f；超过曝光上限 %s",
		percent(out.Covered3), percent(out.Shown), out.Gini, percent(out.OverCap)))
	if !plain {
		g.notes = append(g.notes, fmt.Sprintf("与上限之内最好的推荐至多差 %.4f%%", out.Gap*100))
	}
	return g
}

func points(p matching.Points) string { return fmt.Sprintf("%.1f", float64(p)/100) }

// reasons are the two that count most of the graduate's side and the first of the employer's.
func reasons(e matching.Explanation) string {
	var out []string
	for _, side := range [][]matching.Reason{e.Wishes, e.Asks} {
		side = slices.Clone(side)
		slices.SortStableFunc(side, func(a, b matching.Reason) int { return int(b.Weight)*int(b.Points) - int(a.Weight)*int(a.Points) })
		for _, r := range side[:min(2, len(side))] {
			out = append(out, r.Title+"："+r.Words)
		}
	}
	return strings.Join(out, "；")
}

func (s *session) matchExplain() *cobra.Command {
	var files matchFiles
	var graduate, position string
	c := &cobra.Command{
		Use: "explain --wishes 意愿.csv --positions 岗位.csv --graduate 编号 [--position 编号]", Short: "说明一名毕业生与岗位为什么合适或不合适，放宽什么能多出岗位", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			m, err := s.market(c.Context(), files)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(m.Wishes, func(w matching.Wish) bool { return w.Graduate == graduate })
			if i < 0 {
				return fault.NotFoundf("graduate", "意愿表里没有毕业生“%s”", graduate)
			}
			if position == "" {
				return s.explainAll(m, i)
			}
			p := slices.IndexFunc(m.Positions, func(p matching.Position) bool { return p.ID == position })
			if p < 0 {
				return fault.NotFoundf("position", "岗位表里没有岗位“%s”", position)
			}
			e := matching.Explain(&m.Wishes[i], &m.Positions[p], matching.Word(codes.Builtin()))
			return s.print(e, explainGrid(&e))
		},
	}
	files.flags(c)
	c.Flags().StringVar(&graduate, "graduate", "", "毕业生编号")
	c.Flags().StringVar(&position, "position", "", "岗位编号；不写则说明全部岗位")
	return c
}

type explainAllJSON struct {
	Graduate    string         `json:"graduate"`
	Eligible    int            `json:"eligible"`
	Relaxations []relaxJSON    `json:"relaxations"`
	Failing     map[string]int `json:"failing"` // condition → positions that it closes first
}

type relaxJSON struct {
	Words string `json:"words"`
	More  int    `json:"more"`
}

// explainAll says how many positions fit, what closes the others, and what would open more.
func (s *session) explainAll(m *matching.Market, i int) error {
	w := &m.Wishes[i]
	out := explainAllJSON{Graduate: w.Graduate, Eligible: m.Eligible(i), Relaxations: []relaxJSON{}, Failing: m.Closed(w)}
	g := grid{title: []string{fmt.Sprintf("%s：%d 个岗位双方条件都符合", w.Graduate, out.Eligible)}, header: []string{"放宽什么", "多出岗位"}, number: []bool{false, true}}
	for _, r := range m.Relaxations(*w, app.Circles()) {
		words, _, _ := strings.Cut(opens(&r), "：")
		out.Relaxations = append(out.Relaxations, relaxJSON{words, r.More})
		g.rows = append(g.rows, []string{words, strconv.Itoa(r.More)})
	}
	for _, title := range slices.Sorted(keysOf(out.Failing)) {
		g.notes = append(g.notes, fmt.Sprintf("因%s不符的岗位 %d 个", title, out.Failing[title]))
	}
	return s.print(out, g)
}

func explainGrid(e *matching.Explanation) grid {
	if !e.Eligible {
		return grid{title: []string{"不符合：" + e.Failing}}
	}
	g := grid{title: []string{fmt.Sprintf("得分 %s：意愿 %s，单位 %s", points(e.Score), points(e.Graduate), points(e.Employer))},
		header: []string{"哪一方", "项目", "情况", "得分", "占比"}, number: []bool{false, false, false, true, true}}
	for _, side := range []struct {
		name string
		list []matching.Reason
	}{{"毕业生", e.Wishes}, {"用人单位", e.Asks}} {
		for _, r := range side.list {
			g.rows = append(g.rows, []string{side.name, r.Title, r.Words, points(r.Points), fmt.Sprintf("%.1f%%", float64(r.Weight)/100)})
		}
	}
	return g
}
