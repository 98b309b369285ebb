package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
)

// reportGate are the commands about drafts and what became of them.
func (s *session) reportGate() []*cobra.Command {
	return []*cobra.Command{s.reportList(), s.reportLint(), s.reportOverrule(), s.reportRelease()}
}

// draftJSON and releaseJSON are the contract of docs/cli.md.
type draftJSON struct {
	ID       string `json:"id"`
	Cohort   string `json:"cohort"`
	Title    string `json:"title"`
	Version  int    `json:"version"`
	Snapshot string `json:"snapshot"`
	AsOf     string `json:"as_of"`
}

type releaseJSON struct {
	ID        string         `json:"id"`
	Cohort    string         `json:"cohort"`
	Title     string         `json:"title"`
	Report    string         `json:"report"`
	Version   int            `json:"version"`
	Code      string         `json:"code"`
	At        string         `json:"at"`
	By        string         `json:"by"`
	Reason    string         `json:"reason"`
	Snapshots []string       `json:"snapshots"`
	Overruled []overruleJSON `json:"overruled"`
	Forms     []formJSON     `json:"forms"`
}

type formJSON struct {
	Ending string `json:"ending"`
	SHA256 string `json:"sha256"`
	Size   int    `json:"size"`
}

type overruleJSON struct {
	Problem string `json:"problem"`
	Rule    string `json:"rule"`
	Where   string `json:"where"`
	Words   string `json:"words"`
	Reason  string `json:"reason"`
	By      string `json:"by"`
}

func releaseOf(x report.Release) releaseJSON {
	out := releaseJSON{x.ID, x.Cohort, x.Title, x.Draft, x.Version, x.Code, x.At.String(), x.By, x.Reason, lines(x.Snapshots), []overruleJSON{}, []formJSON{}}
	for _, o := range x.Overruled {
		out.Overruled = append(out.Overruled, overruleOf(o))
	}
	for _, f := range x.Forms {
		out.Forms = append(out.Forms, formJSON{f.Ending, f.SHA256, f.Size})
	}
	return out
}

func overruleOf(o report.Overrule) overruleJSON {
	return overruleJSON{o.Key, o.Rule, o.Where, o.Words, o.Reason, o.By}
}

func (s *session) reportList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "列出在编的和已发布的年度报告", Args: exactly(0, "不需要参数"),
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			drafts, err := s.app.Annual.Drafts(ctx, s.who())
			if err != nil {
				return err
			}
			released, err := s.app.Annual.Released(ctx)
			if err != nil {
				return err
			}
			out := struct {
				Drafts   []draftJSON   `json:"drafts"`
				Released []releaseJSON `json:"released"`
			}{[]draftJSON{}, []releaseJSON{}}
			g := grid{header: []string{"编号", "届", "标题", "版次", "状态", "校验码"}}
			for _, d := range drafts {
				out.Drafts = append(out.Drafts, draftJSON{d.ID, d.Cohort, d.Newest.Title, d.Newest.Number, d.Snapshot, string(d.LastDay())})
				g.rows = append(g.rows, []string{d.ID, d.Cohort, d.Newest.Title, strconv.Itoa(d.Newest.Number), "在编", ""})
			}
			for _, x := range released {
				out.Released = append(out.Released, releaseOf(x))
				g.rows = append(g.rows, []string{x.ID, x.Cohort, x.Title, strconv.Itoa(x.Version), "已发布 " + x.At.Time().Format("2006-01-02"), x.Code})
			}
			return s.print(out, g)
		}),
	}
}

// problemJSON is the contract of docs/cli.md.
type problemJSON struct {
	Problem string `json:"problem"`
	Rule    string `json:"rule"`
	Title   string `json:"title"`
	Line    int    `json:"line"`
	Where   string `json:"where"`
	Words   string `json:"words"`
	Text    string `json:"text"`
	Instead string `json:"instead"`
	Law     bool   `json:"law"`
}

func (s *session) reportLint() *cobra.Command {
	var version int
	c := &cobra.Command{
		Use: "lint ID", Short: "检查一份在编的报告：还要改哪些地方才能发布；有则退出码为 1", Args: exactly(1, "请写明报告的编号，用 quxiang report list 查"),
		RunE: s.with(app.Reading, func(ctx context.Context, args []string) error {
			g, err := s.app.Annual.Gate(ctx, s.who(), args[0], version)
			if err != nil {
				return err
			}
			out := struct {
				Report     string         `json:"report"`
				Version    int            `json:"version"`
				Problems   []problemJSON  `json:"problems"`
				Overruled  []overruleJSON `json:"overruled"`
				Unreleased []string       `json:"unreleased"`
			}{args[0], g.Version.Number, []problemJSON{}, []overruleJSON{}, lines(g.Unreleased())}
			said := []string{fmt.Sprintf("%s，第 %d 版：要改 %d 处，已放行 %d 处", g.Version.Title, g.Version.Number, len(g.Problems), len(g.Overruled))}
			for _, p := range g.Problems {
				out.Problems = append(out.Problems, problemJSON{p.Key, p.Rule, report.RuleTitle(p.Rule), p.Line, p.Where, p.Words, p.Text, p.Instead, p.Law})
				said = append(said, fmt.Sprintf("%s %s（%s，模板第 %d 行）：%s", p.Key, p.Rule, p.Where, p.Line, p.Text))
			}
			for _, o := range g.Overruled {
				out.Overruled = append(out.Overruled, overruleOf(o.Overrule))
			}
			for _, name := range g.Unreleased() {
				said = append(said, "没有发布的快照："+name)
			}
			if err := s.print(out, grid{title: said}); err != nil {
				return err
			}
			if len(g.Problems) > 0 {
				return errNo
			}
			return nil
		}),
	}
	c.Flags().IntVar(&version, "version", 0, "第几版；不写是最新的一版")
	return c
}

func (s *session) reportOverrule() *cobra.Command {
	var version int
	var reason string
	c := &cobra.Command{
		Use: "overrule ID PROBLEM --reason 理由", Short: "写明理由，放行检查清单里的一处", Args: exactly(2, "请写明报告的编号和检查清单里那一处的编号，例如 quxiang report overrule ID 1e3f9ca3f81cd5cd --reason 理由"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			o, err := s.app.Annual.Overrule(ctx, s.who(), args[0], version, args[1], reason)
			if err != nil {
				return err
			}
			return s.print(overruleOf(o), grid{title: []string{fmt.Sprintf("已放行：%s %s", o.Where, o.Words)}})
		}),
	}
	c.Flags().IntVar(&version, "version", 0, "第几版；不写是最新的一版")
	c.Flags().StringVar(&reason, "reason", "", "为什么这一处无误")
	return c
}

func (s *session) reportRelease() *cobra.Command {
	var version int
	var reason string
	c := &cobra.Command{
		Use: "release ID", Short: "发布一份报告：检查清单已清、快照都已发布；同一届再发布是更正，要写 --reason", Args: exactly(1, "请写明报告的编号，用 quxiang report list 查"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			x, err := s.app.Annual.Release(ctx, s.who(), args[0], version, reason)
			if k := fault.KindOf(err); k == fault.Conflict {
				fmt.Fprintln(s.call.Err, err)
				return errNo
			}
			if err != nil {
				return err
			}
			return s.print(releaseOf(x), grid{title: []string{fmt.Sprintf("已发布 %s：%s，校验码 %s", x.ID, x.Title, x.Code)}})
		}),
	}
	c.Flags().IntVar(&version, "version", 0, "第几版；不写是最新的一版")
	c.Flags().StringVar(&reason, "reason", "", "更正了什么、为什么")
	return c
}
