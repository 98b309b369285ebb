package main

import (
	"fmt"
	"iter"
	"maps"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/matching"
)

func keysOf[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

type dialJSON struct {
	Slack float64 `json:"slack"`
	matching.Measure
	Gap float64 `json:"gap"`
}

func (s *session) matchDial() *cobra.Command {
	var f matchTerms
	var files matchFiles
	var dial string
	c := &cobra.Command{
		Use: "dial --wishes 意愿.csv --positions 岗位.csv --at 1.1,1.4,2", Short: "比较几种曝光上限的效果，选定之前先看", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			m, err := s.market(c.Context(), files)
			if err != nil {
				return err
			}
			var out []dialJSON
			g := grid{header: []string{"上限系数", "满3个", "满10个", "岗位被推荐", "基尼系数", "平均分", "能落实", "差距上界"}, number: []bool{true, true, true, true, true, true, true, true},
				notes: []string{"系数越小，推荐越分散，能落实的人越多；越大，每个人看到的越合自己的意，热门岗位越拥挤。"}}
			for _, text := range strings.Split(dial, ",") {
				if f.slack, err = strconv.ParseFloat(strings.TrimSpace(text), 64); err != nil {
					return usageError{fmt.Errorf("--at 应是几个数字，例如 1.1,1.4,2，读不出“%s”", text)}
				}
				t, err := f.terms()
				if err != nil {
					return err
				}
				l, proof, err := m.Fair(c.Context(), t)
				if err != nil {
					return err
				}
				x, err := m.Measure(c.Context(), t, l)
				if err != nil {
					return err
				}
				out = append(out, dialJSON{f.slack, x, proof.Gap()})
				g.rows = append(g.rows, []string{fmt.Sprint(f.slack), percent(x.Covered3), percent(x.Covered10), percent(x.Shown), fmt.Sprintf("%.3f", x.Gini),
					fmt.Sprintf("%.3f", x.MeanScore), percent(x.Placed), fmt.Sprintf("%.4f%%", proof.Gap()*100)})
			}
			return s.print(out, g)
		},
	}
	f.flags(c)
	files.flags(c)
	c.Flags().StringVar(&dial, "at", "1.1,1.4,2,4", "要比较的曝光上限系数")
	return c
}

type gapJSON struct {
	Balances []balanceJSON `json:"balances"`
	Shorts   []shortJSON   `json:"shorts"`
}

type balanceJSON struct {
	Major     string `json:"major"`
	Region    string `json:"region"`
	Kind      string `json:"kind"`
	Graduates int    `json:"graduates"`
	Places    int    `json:"places"`
}

type shortJSON struct {
	Graduate string `json:"graduate"`
	Eligible int    `json:"eligible"`
	Opens    string `json:"opens"`
}

func (s *session) matchGap() *cobra.Command {
	var files matchFiles
	var few int
	c := &cobra.Command{
		Use: "gap --wishes 意愿.csv --positions 岗位.csv", Short: "供需缺口：专业类×省份×单位类型；谁符合的岗位少于 3 个，放宽什么最有用", Args: nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			m, err := s.market(c.Context(), files)
			if err != nil {
				return err
			}
			name := matching.Word(codes.Builtin())
			out := gapJSON{Balances: []balanceJSON{}, Shorts: []shortJSON{}}
			g := grid{header: []string{"专业类", "省份", "单位类型", "愿去的毕业生", "开放的名额"}, number: []bool{false, false, false, true, true}}
			for _, b := range m.Balances() {
				one := balanceJSON{b.Major, name(matching.Region, b.Region), name(matching.Kind, b.Kind), b.Graduates, b.Places}
				out.Balances = append(out.Balances, one)
				g.rows = append(g.rows, []string{one.Major, one.Region, one.Kind, strconv.Itoa(one.Graduates), strconv.Itoa(one.Places)})
			}
			for _, x := range m.Shorts(few, app.Circles()) {
				out.Shorts = append(out.Shorts, shortJSON{x.Graduate, x.Eligible, opens(x.Most)})
				g.notes = append(g.notes, fmt.Sprintf("%s：符合的岗位 %d 个；%s", x.Graduate, x.Eligible, opens(x.Most)))
			}
			g.notes = append(g.notes, "一名毕业生愿去几处，就在几处各计一次；一个岗位对几类专业开放，也各计一次。")
			return s.print(out, g)
		},
	}
	files.flags(c)
	c.Flags().IntVar(&few, "few", 3, "符合的岗位少于几个的人要列出")
	return c
}
