package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

func (s *session) importing() *cobra.Command {
	var o app.ImportOptions
	var from string
	c := &cobra.Command{
		Use: "import KIND FILE…", Short: "导入：" + strings.Join(app.ImportKinds(), "、") + "；import list、import undo ID",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usageError{fmt.Errorf("请写明导入什么和文件，例如 quxiang import roster 生源.xlsx --cohort 2024")}
			}
			return nil
		},
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			var err error
			if o.TrueFrom, err = day(from); err != nil {
				return err
			}
			return s.importFiles(ctx, args[0], args[1:], o)
		}),
	}
	c.Flags().StringVar(&o.Cohort, "cohort", "", "届别，如 2024；默认按文件中的毕业年份或毕业日期")
	c.Flags().StringVar(&o.Source, "source", "", "去向数据的来源：legacy 历史数据、national 国家系统、draft 代填待本人提交")
	c.Flags().StringVar(&from, "true-from", "", "从哪一天起如此；默认视为更正，自始如此")
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "只打印会有什么变化，不写入")
	c.AddCommand(s.importList(), s.importUndo())
	return c
}

// importFiles takes the files one after another, each whole or not at all, and
// stops at the first that is refused.
func (s *session) importFiles(ctx context.Context, kind string, files []string, o app.ImportOptions) error {
	var reports []exchange.Report
	refused := false
	for _, name := range files {
		content, err := s.call.Read(name)
		if err != nil {
			return err
		}
		progress := s.progress("导入 " + name)
		o.Progress = progress.Set
		r, err := s.app.Import(ctx, s.who(), kind, app.TableFile(name, content), o)
		progress.Finish()
		if err != nil {
			return err
		}
		reports = append(reports, r)
		if s.global.format == "text" {
			s.printReport(name, &r)
		}
		if r.Refused > 0 {
			refused = true
			break
		}
	}
	if err := s.printReports(reports); err != nil {
		return err
	}
	if refused {
		return errNo
	}
	return nil
}

func (s *session) printReports(reports []exchange.Report) error {
	if s.global.format == "text" {
		return nil
	}
	g := grid{header: []string{"行", "对象", "栏目", "原值", "新值", "说明"}}
	for _, r := range reports {
		for _, x := range r.Refusals {
			g.rows = append(g.rows, []string{strconv.Itoa(x.Row), "", x.Column, x.Value, "", x.Message})
		}
		for _, d := range r.Differences {
			g.rows = append(g.rows, []string{strconv.Itoa(d.Row), d.Who, d.Field, d.Before, d.After, d.Text})
		}
	}
	if len(reports) == 1 {
		return s.print(reports[0], g)
	}
	return s.print(reports, g)
}

// kindWords names the kinds of difference, in the order of print.
var kindWords = []struct {
	kind  exchange.Kind
	words string
}{
	{exchange.Added, "新增"}, {exchange.Changed, "更新"}, {exchange.Same, "无变化"}, {exchange.Skipped, "跳过"},
	{exchange.LeftOut, "不收录"}, {exchange.Untouched, "未改动，请看原因"}, {exchange.Assumed, "按默认取值"},
	{exchange.Noted, "核查提示"}, {exchange.Created, "新建"},
}

// printReport prints what an import did; refusals go to standard error.
func (s *session) printReport(name string, r *exchange.Report) {
	for _, x := range r.Refusals {
		fmt.Fprintln(s.call.Err, x.String())
	}
	if more := r.Refused - len(r.Refusals); more > 0 {
		fmt.Fprintf(s.call.Err, "另有 %d 处未列出\n", more)
	}
	if r.Refused > 0 {
		fmt.Fprintf(s.call.Err, "%s：%d 处不能导入，没有写入任何内容。请改正后重新导入。\n", name, r.Refused)
		return
	}
	var counts []string
	for _, k := range kindWords {
		if n := r.Counts[k.kind]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s %d", k.words, n))
		}
	}
	verb := "已导入"
	if r.DryRun {
		verb = "试导入（未写入）"
	}
	fmt.Fprintf(s.call.Out, "%s：%s %d 行。%s\n", name, verb, r.Rows, strings.Join(counts, "，"))
	if r.Batch != "" {
		fmt.Fprintf(s.call.Out, "批次 %s，可用 quxiang import undo %s 撤销\n", r.Batch, r.Batch)
	}
	shown := map[exchange.Kind]int{}
	for _, d := range r.Differences {
		if d.Kind == exchange.Noted {
			continue // told by cause, below
		}
		if shown[d.Kind]++; shown[d.Kind] <= screenful {
			fmt.Fprintln(s.call.Out, "  "+differenceLine(d))
		}
	}
	for _, k := range kindWords {
		if more := shown[k.kind] - screenful; more > 0 {
			fmt.Fprintf(s.call.Out, "  %s另有 %d 条，用 --format csv -o 文件 可看全部\n", k.words, r.Counts[k.kind]-screenful)
		}
	}
	for _, line := range noteLines(r.Differences) {
		fmt.Fprintln(s.call.Out, "  "+line)
	}
}

// noteLines tells what somebody should look at, a line a cause with its rows: a file
// with a slip in every row has one cause.
func noteLines(all []exchange.Difference) []string {
	rows := map[string][]int{}
	var causes []string
	for _, d := range all {
		if d.Kind != exchange.Noted {
			continue
		}
		cause := strings.TrimSpace(d.Field + " " + d.Text)
		if rows[cause] == nil {
			causes = append(causes, cause)
		}
		rows[cause] = append(rows[cause], d.Row)
	}
	var out []string
	for _, cause := range causes {
		if rows[cause][0] == 0 { // a column, not a row
			out = append(out, "核查提示 "+cause)
			continue
		}
		var first []string
		for _, n := range rows[cause][:min(fewRows, len(rows[cause]))] {
			first = append(first, strconv.Itoa(n))
		}
		where := "第 " + strings.Join(first, "、") + " 行"
		if len(rows[cause]) > fewRows {
			where += "等"
		}
		out = append(out, fmt.Sprintf("核查提示 %d 条 %s（%s）", len(rows[cause]), cause, where))
	}
	return out
}

// fewRows is how many rows of one cause are named; all stand in --format csv.
const fewRows = 10

// screenful is how many differences of one kind a terminal shows.
const screenful = 20

func differenceLine(d exchange.Difference) string {
	var parts []string
	for _, k := range kindWords {
		if k.kind == d.Kind {
			parts = append(parts, k.words)
		}
	}
	if d.Row > 0 {
		parts = append(parts, fmt.Sprintf("第 %d 行", d.Row))
	}
	for _, p := range []string{d.Who, d.Field} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	switch {
	case d.Before == "" && d.After == "":
	case d.Before == "":
		parts = append(parts, "“"+d.After+"”")
	default:
		parts = append(parts, fmt.Sprintf("“%s” → “%s”", d.Before, d.After))
	}
	if d.Text != "" {
		parts = append(parts, d.Text)
	}
	return strings.Join(parts, " ")
}

func (s *session) importList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "导入批次，最近的在前", Args: nothing,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			all, err := s.app.Roster.Batches(ctx, s.who())
			if err != nil {
				return err
			}
			g := grid{header: []string{"批次", "种类", "来源", "文件", "时间", "账号", "状态"}}
			type line struct {
				ID        string         `json:"id"`
				Kind      string         `json:"kind"`
				Source    string         `json:"source,omitempty"`
				File      string         `json:"file"`
				SHA256    string         `json:"sha256"`
				Published string         `json:"published"`
				Account   string         `json:"account"`
				UndoneBy  string         `json:"undone_by,omitempty"`
				Counts    map[string]int `json:"counts"`
			}
			value := []line{}
			for _, b := range all {
				state := ""
				if b.Undone != 0 {
					state = "已撤销"
				}
				g.rows = append(g.rows, []string{b.ID, word(batchKinds, b.Kind), word(batchSources, b.Source), b.File, minute(b.Published), b.Account, state})
				value = append(value, line{b.ID, b.Kind, b.Source, b.File, b.FileSHA256, b.Published.String(), b.Account, b.UndoneBy, b.Counts})
			}
			return s.print(value, g)
		}),
	}
}

// batchKinds and batchSources are what kinds and sources of batches are called.
var (
	batchKinds = map[string]string{"roster": "生源", "destinations": "去向", "admissions": "录取名单", "employers": "单位",
		"hospital-levels": "医院等级", "minimum-wages": "最低工资", "institutions": "院校", "codes": "代码", "external-figures": "外部数据"}
	batchSources = map[string]string{history.SourceLegacy: "历史数据", history.SourceNational: "国家系统", "draft": "代填待本人提交",
		history.SourceUndo: "撤销", history.SourceMaster: "按单位主数据补全"}
)

// word is what a key is called; a key that has no name stands for itself.
func word(names map[string]string, key string) string { return cmp.Or(names[key], key) }

func minute(i calendar.Instant) string { return i.Time().Format("2006-01-02 15:04") }

func (s *session) importUndo() *cobra.Command {
	return &cobra.Command{
		Use: "undo ID", Short: "撤销一批导入：逐行追加相反的事件",
		Args: exactly(1, "请写明批次，运行 quxiang import list 查看"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			began := time.Now()
			r, err := s.app.Importer.Undo(ctx, s.who(), args[0])
			if err != nil {
				return err
			}
			return s.print(r, grid{title: []string{fmt.Sprintf("批次 %s 已撤销，新批次 %s，用时 %.1f 秒", args[0], r.Batch, time.Since(began).Seconds())}})
		}),
	}
}
