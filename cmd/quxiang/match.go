package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/matching"
)

func (s *session) match() *cobra.Command {
	c := &cobra.Command{Use: "match", Short: "人岗匹配：bench、round、lists、explain、dial、gap；不需要数据文件夹", RunE: s.help}
	c.AddCommand(s.matchBench(), s.matchRound(), s.matchLists(), s.matchExplain(), s.matchDial(), s.matchGap())
	return c
}

// matchTerms are the flags that say what lists are wanted.
type matchTerms struct {
	length  int
	slack   float64
	workers int
}

func (f *matchTerms) flags(c *cobra.Command) {
	c.Flags().IntVar(&f.length, "length", 10, "每人最多推荐几个岗位")
	c.Flags().Float64Var(&f.slack, "slack", 1.4, "曝光上限系数：1 刚好够每个名额被推荐到，越大热门岗位越集中")
	c.Flags().IntVar(&f.workers, "threads", 0, "线程数，0 为全部处理器；不影响结果")
}

// terms are the usual ones with what the flags say.
func (f *matchTerms) terms() (matching.Terms, error) {
	t := matching.Usual()
	if f.length < 1 || f.length > 100 {
		return t, usageError{fmt.Errorf("--length 应为 1 到 100")}
	}
	if !(f.slack >= 0.01 && f.slack <= 1000) {
		return t, usageError{fmt.Errorf("--slack 应为 0.01 到 1000")}
	}
	t.Length, t.Slack, t.Workers = f.length, int(math.Round(f.slack*100)), f.workers
	for len(t.Rewards) < t.Length {
		t.Rewards = append(t.Rewards, matching.Full)
	}
	return t, nil
}

func (s *session) matchBench() *cobra.Command {
	var f matchTerms
	var graduates, positions int
	var seed uint64
	var folder string
	c := &cobra.Command{
		Use: "bench --graduates 2660 --positions 3000 --seed 42", Short: "在一个虚构的市场上比较四种推荐办法", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			t, err := f.terms()
			if err != nil {
				return err
			}
			if graduates < 1 || positions < 1 || graduates > 5_000_000 || positions > 5_000_000 {
				return usageError{fmt.Errorf("--graduates 和 --positions 应为 1 到 5000000")}
			}
			m, err := matching.NewMarket(matching.Synthetic(graduates, positions, seed))
			if err != nil {
				return err
			}
			methods, fair, err := app.MatchBench(c.Context(), m, t, func(name string) { fmt.Fprintf(s.call.Err, "正在计算 %s……\n", name) })
			if err != nil {
				return err
			}
			if folder != "" {
				if err := s.certificate(c, m, t, fair, folder); err != nil {
					return err
				}
			}
			places := 0
			for _, p := range m.Positions {
				places += p.Headcount
			}
			return s.print(matchBenchJSON{matchMarketJSON{graduates, positions, seed, places, t.Length, f.slack}, methods}, benchGrid(methods))
		},
	}
	f.flags(c)
	c.Flags().IntVar(&graduates, "graduates", 2660, "毕业生数")
	c.Flags().IntVar(&positions, "positions", 3000, "岗位数")
	c.Flags().Uint64Var(&seed, "seed", 42, "随机种子：同样的数字得到同样的市场")
	c.Flags().StringVar(&folder, "certificate", "", "把可重算的证书写到这个文件夹")
	return c
}

// matchBenchJSON is the contract of docs/cli.md.
type matchBenchJSON struct {
	Market  matchMarketJSON   `json:"market"`
	Methods []app.MatchMethod `json:"methods"`
}

type matchMarketJSON struct {
	Graduates int     `json:"graduates"`
	Positions int     `json:"positions"`
	Seed      uint64  `json:"seed"`
	Places    int     `json:"places"`
	Length    int     `json:"list_length"`
	Slack     float64 `json:"slack"`
}

func benchGrid(methods []app.MatchMethod) grid {
	g := grid{header: []string{"办法", "满3个", "满10个", "岗位被推荐", "基尼系数", "一个名额最多", "超上限", "平均分", "能落实", "名额用上", "差距上界", "处理器秒"},
		number: []bool{false, true, true, true, true, true, true, true, true, true, true, true},
		notes: []string{"满3个、满10个：符合条件的岗位够数的人中，推荐够数的比例；能落实：人人照推荐申请、用人单位择优时有岗位的比例；",
			"差距上界：与上限之内最好的推荐至多差多少，由证书证明。naive 是人人只看自己最合适的，不设上限。"}}
	for _, m := range methods {
		gap := fmt.Sprintf("%.4f%%", m.Gap*100)
		if m.Method == "naive" {
			gap = "—"
		}
		g.rows = append(g.rows, []string{m.Method, percent(m.Covered3), percent(m.Covered10), percent(m.Shown), fmt.Sprintf("%.3f", m.Gini), fmt.Sprintf("%.1f", m.MaxPerHead),
			percent(m.OverCap), fmt.Sprintf("%.3f", m.MeanScore), percent(m.Placed), percent(m.Filled), gap, fmt.Sprintf("%.2f", m.CPU)})
	}
	return g
}

func percent(share float64) string { return fmt.Sprintf("%.1f%%", share*100) }

// certificate writes the folder of a certificate.
func (s *session) certificate(c *cobra.Command, m *matching.Market, t matching.Terms, l *matching.Lists, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return usageError{fmt.Errorf("建不了文件夹 %s：%v", folder, err)}
	}
	err := app.WriteCertificate(c.Context(), m, t, l, func(name string) (io.WriteCloser, error) { return s.call.Create(filepath.Join(folder, name)) })
	if err == nil {
		fmt.Fprintf(s.call.Err, "已写出证书 %s，用 docs/recount_matching.py 可以重算\n", folder)
	}
	return err
}

func (s *session) matchRound() *cobra.Command {
	var side, seed string
	var strict bool
	c := &cobra.Command{
		Use: "round FILE.json", Short: "按双方志愿录取有名额的岗位：稳定、可核对；志愿有并列时抽签", Args: exactly(1, "请写明一份志愿文件"),
		RunE: func(_ *cobra.Command, args []string) error {
			content, err := s.call.Read(args[0])
			if err != nil {
				return err
			}
			rolls, err := matching.ReadRolls(content)
			if err != nil {
				return err
			}
			cleared := rolls.Clear(seed)
			if strict && len(cleared.Cleaned) > 0 {
				for _, x := range cleared.Cleaned {
					fmt.Fprintln(s.call.Err, x)
				}
				fmt.Fprintf(s.call.Err, "有 %d 处志愿不成对，没有录取（--strict），请改正后再试\n", len(cleared.Cleaned))
				return errNo
			}
			result, err := cleared.Match(side)
			if err != nil {
				return err
			}
			if cleared.Drawn {
				result.Seed = seed
			}
			return s.print(result, roundGrid(result, cleared))
		},
	}
	c.Flags().StringVar(&side, "propose", "residents", "哪一方先申请：residents 或 hospitals；结果对申请的一方最好")
	c.Flags().BoolVar(&strict, "strict", false, "志愿不成对、查无此人或重复时不录取")
	c.Flags().StringVar(&seed, "seed", "1", "并列志愿抽签的种子，事先公布")
	return c
}

func roundGrid(r *matching.Result, c *matching.Cleared) grid {
	g := grid{header: []string{"申请人", "录取"}}
	placed := 0
	for _, id := range c.Residents {
		to := "未录取"
		if h := r.Matching[id]; h != nil {
			to = *h
			placed++
		}
		g.rows = append(g.rows, []string{id, to})
	}
	g.notes = append(g.notes, fmt.Sprintf("%d 人中录取 %d 人；不稳定的组合 %d 个", len(c.Residents), placed, len(r.Blocking)))
	for _, h := range c.Hospitals {
		line := r.Cutoffs[h]
		last := "无人录取"
		if line.Last != nil {
			last = fmt.Sprintf("末位 %s（第 %d 志愿人选）", *line.Last, line.Rank)
		}
		g.notes = append(g.notes, fmt.Sprintf("%s：名额 %d，录取 %d，%s", h, line.Capacity, line.Admitted, last))
	}
	for _, x := range r.Cleaned {
		g.notes = append(g.notes, "不计："+x.String())
	}
	if r.Seed != "" {
		g.notes = append(g.notes, "有并列志愿，抽签种子 "+r.Seed)
	}
	return g
}
