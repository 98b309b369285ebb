package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/external"
)

func (s *session) external() *cobra.Command {
	c := &cobra.Command{Use: "external", Short: "外部数据台账：list、add、check、withdraw、replace、import、export", RunE: s.help}
	c.AddCommand(s.externalList(), s.externalAdd(), s.externalCheck(), s.externalWithdraw(), s.externalReplace(), s.externalImport(), s.externalExport())
	return c
}

// figureJSON is the contract of docs/cli.md.
type figureJSON struct {
	Cohort  string `json:"cohort"`
	Key     string `json:"key"`
	Version int    `json:"version"`
	State   string `json:"state"`
	external.Content
	Entered   string `json:"entered"`
	EnteredBy string `json:"entered_by"`
	Checked   string `json:"checked,omitempty"`
	CheckedBy string `json:"checked_by,omitempty"`
	Ended     string `json:"ended,omitempty"`
	EndedBy   string `json:"ended_by,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Own       string `json:"own,omitempty"`
}

func figureOf(f *external.Figure) figureJSON {
	out := figureJSON{Cohort: f.Cohort, Key: f.Key, Version: f.Version, State: string(f.State), Content: f.Content, Entered: f.Entered.At.String(), EnteredBy: f.Entered.Account,
		CheckedBy: f.Checked.Account, EndedBy: f.Ended.Account, Reason: f.Reason, Own: f.Own}
	if f.Checked.No > 0 {
		out.Checked = f.Checked.At.String()
	}
	if f.Ended.No > 0 {
		out.Ended = f.Ended.At.String()
	}
	return out
}

func (s *session) externalList() *cobra.Command {
	var cohort string
	c := &cobra.Command{
		Use: "list", Short: "列出外部数据：数值、来源、状态", Args: nothing,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			if cohort != "" {
				if _, err := cohorts(cohort); err != nil {
					return err
				}
			}
			l, err := s.app.Externals.Ledger(ctx, s.who())
			if err != nil {
				return err
			}
			value := []figureJSON{}
			g := grid{header: []string{"届", "代号", "名称", "数值", "样本", "对象", "来源", "状态", "版本"}, number: []bool{false, false, false, true}}
			for _, f := range l.Figures(cohort) {
				value = append(value, figureOf(&f))
				g.rows = append(g.rows, []string{f.Cohort, f.Key, f.Title, f.Text(), f.Sample(), f.Subject, f.Cite(), external.Title(f.State), strconv.Itoa(f.Version)})
			}
			return s.print(value, g)
		}),
	}
	c.Flags().StringVar(&cohort, "cohort", "", "届别，默认全部")
	return c
}

// answer prints how a figure stands after a verb.
func (s *session) answer(f *external.Figure) error {
	return s.print(figureOf(f), grid{title: []string{fmt.Sprintf("%s 届 %s（%s）%s：第 %d 版，%s", f.Cohort, f.Key, f.Title, f.Text(), f.Version, external.Title(f.State))}})
}

func (s *session) externalAdd() *cobra.Command {
	var e external.Entering
	var said external.Content
	c := &cobra.Command{
		Use: "add --cohort 2024 --key job-relevance --title 工作与专业相关度 --value 91 --unit % …", Short: "录入一项外部数据，等另一人复核；--since N 由第 N 版改起，没写的项不变", Args: nothing,
	}
	fields := []struct {
		flag, about string
		of          func(*external.Content) *string
	}{
		{"title", "名称", func(c *external.Content) *string { return &c.Title }},
		{"value", "数值，照文件上的写", func(c *external.Content) *string { return &c.Value }},
		{"unit", "单位：" + strings.Join(external.Units, "、"), func(c *external.Content) *string { return &c.Unit }},
		{"k", "其中人数；与 --n 同写时核对比例", func(c *external.Content) *string { return &c.K }},
		{"n", "样本数", func(c *external.Content) *string { return &c.N }},
		{"subject", "对象，如 2024届毕业生、用人单位", func(c *external.Content) *string { return &c.Subject }},
		{"source", "来源文件的名称，与已登记的写成一样", func(c *external.Content) *string { return &c.Source }},
		{"issuer", "发布单位", func(c *external.Content) *string { return &c.Issuer }},
		{"page", "页码", func(c *external.Content) *string { return &c.Page }},
		{"dated", "文件日期，如 2024-12 或 2024-12-05", func(c *external.Content) *string { return &c.Dated }},
		{"method", "调查方式", func(c *external.Content) *string { return &c.Method }},
		{"replies", "回收率，百分数", func(c *external.Content) *string { return &c.Replies }},
	}
	c.RunE = s.with(app.Writing, func(ctx context.Context, _ []string) error {
		if e.Since > 0 {
			was, err := s.app.Externals.Find(ctx, s.who(), e.Cohort, e.Key)
			if err != nil {
				return err
			}
			e.Content = was[0].Content
		}
		for _, f := range fields {
			if c.Flags().Changed(f.flag) {
				*f.of(&e.Content) = *f.of(&said)
			}
		}
		f, err := s.app.Externals.Enter(ctx, s.who(), e)
		if err != nil {
			return err
		}
		return s.answer(&f)
	})
	for _, f := range fields {
		c.Flags().StringVar(f.of(&said), f.flag, "", f.about)
	}
	s.figureFlags(c, &e.Cohort, &e.Key)
	c.Flags().BoolVar(&e.NewSource, "new-source", false, "来源文件还没有登记过，是另一份文件")
	c.Flags().IntVar(&e.Since, "since", 0, "由第几版改起")
	return c
}

func (s *session) figureFlags(c *cobra.Command, cohort, key *string) {
	c.Flags().StringVar(cohort, "cohort", "", "届别")
	c.Flags().StringVar(key, "key", "", "代号，小写字母、数字和 -")
}

func (s *session) externalCheck() *cobra.Command {
	var cohort, key, by, password, code string
	version := 0
	c := &cobra.Command{
		Use: "check --cohort 2024 --key job-relevance --version 1 --by LOGIN --password-file FILE", Args: nothing,
		Short: "复核：另一人对照文件，确认数值、样本、页码无误；命令行不是人，要写明是谁",
		RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
			if by == "" || password == "" {
				return usageError{fmt.Errorf("复核要由有账号的人来做，请用 --by 写明登录账号，用 --password-file 写明密码文件")}
			}
			content, err := s.call.Read(password)
			if err != nil {
				return err
			}
			first, _, _ := strings.Cut(string(content), "\n")
			account, err := s.app.Accounts.Vouch(ctx, by, strings.TrimRight(first, "\r"), code, "console")
			if err != nil {
				return err
			}
			f, err := s.app.Externals.Check(ctx, account.Actor(calendar.DayOf(s.app.Now())), cohort, key, version)
			if err != nil {
				return err
			}
			return s.answer(&f)
		}),
	}
	s.figureFlags(c, &cohort, &key)
	c.Flags().IntVar(&version, "version", 1, "看过的是第几版")
	c.Flags().StringVar(&by, "by", "", "复核人的登录账号")
	c.Flags().StringVar(&password, "password-file", "", "复核人的密码，写在这个文件的第一行")
	c.Flags().StringVar(&code, "code", "", "复核人的第二道验证码，启用了才需要")
	return c
}

func (s *session) externalWithdraw() *cobra.Command {
	var cohort, key, reason string
	c := &cobra.Command{
		Use: "withdraw --cohort 2024 --key job-relevance --reason 理由", Short: "撤回：以后的报告不再印这一项，已印的不受影响", Args: nothing,
		RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
			f, err := s.app.Externals.Withdraw(ctx, s.who(), cohort, key, reason)
			if err != nil {
				return err
			}
			return s.answer(&f)
		}),
	}
	s.figureFlags(c, &cohort, &key)
	c.Flags().StringVar(&reason, "reason", "", "理由，不少于 5 个字")
	return c
}

func (s *session) externalReplace() *cobra.Command {
	var cohort, key, own, reason string
	c := &cobra.Command{
		Use: "replace --cohort 2024 --key study-rate --own 'further-study.study level=本科' --reason 理由", Short: "写明改由本系统的哪一项指标统计", Args: nothing,
		RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
			f, err := s.app.Externals.Replace(ctx, s.who(), cohort, key, own, cmp.Or(reason, "改由本系统逐人统计"))
			if err != nil {
				return err
			}
			return s.answer(&f)
		}),
	}
	s.figureFlags(c, &cohort, &key)
	c.Flags().StringVar(&own, "own", "", "指标，如 destination.settled 或 \"destination.settled level=本科\"")
	c.Flags().StringVar(&reason, "reason", "", "理由，默认“改由本系统逐人统计”")
	return c
}

func (s *session) externalImport() *cobra.Command {
	var o app.ImportOptions
	c := &cobra.Command{
		Use: "import FILE…", Short: "导入外部数据的表格，整份导入或一行不动；与 import external-figures 相同",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("请写明文件，例如 quxiang external import 外部数据.xlsx --cohort 2024")}
			}
			return nil
		},
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			return s.importFiles(ctx, external.Kind, args, o)
		}),
	}
	c.Flags().StringVar(&o.Cohort, "cohort", "", "没有写届别的行是哪一届")
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "只打印会有什么变化，不写入")
	return c
}

func (s *session) externalExport() *cobra.Command {
	return &cobra.Command{
		Use: "export -o FILE.xlsx|.csv", Short: "导出外部数据，再导入不产生任何变化；与 export external-figures 相同", Args: nothing,
		RunE: s.with(app.Writing, func(ctx context.Context, _ []string) error {
			if s.global.output == "" {
				return usageError{fmt.Errorf("请用 -o 写明导出到哪个文件")}
			}
			if err := tableFile(s.global.output); err != nil {
				return err
			}
			o := app.ExportOptions{Format: app.FormatOf(s.global.output)}
			if err := s.toFile(func(w io.Writer) error { return s.app.Export(ctx, s.who(), external.Kind, o, w) }); err != nil {
				return err
			}
			fmt.Fprintf(s.call.Err, "已导出到 %s\n", s.global.output)
			return nil
		}),
	}
}
