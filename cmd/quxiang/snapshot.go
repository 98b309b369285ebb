package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"quxiang/internal/app"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/release"
)

func (s *session) snapshot() *cobra.Command {
	c := &cobra.Command{Use: "snapshot", Short: "快照：freeze、list、show、verify、diff、release、unlock", RunE: s.help}
	c.AddCommand(s.snapshotFreeze(), s.snapshotList(), s.snapshotShow(), s.snapshotVerify(), s.snapshotDiff(),
		s.snapshotRelease(), s.snapshotUnlock())
	return c
}

// snapshotLine is a snapshot as commands print it in JSON.
type snapshotLine struct {
	Name       string        `json:"name"`
	Cohort     string        `json:"cohort"`
	AsOf       string        `json:"as_of"`
	KnownAt    string        `json:"known_at"`
	Definition string        `json:"definition"`
	Version    string        `json:"version"`
	FrozenAt   string        `json:"frozen_at"`
	FrozenBy   string        `json:"frozen_by"`
	People     int           `json:"people"`
	SHA256     string        `json:"sha256"`
	Released   *approvalLine `json:"released,omitempty"`
}

type approvalLine struct {
	At               string   `json:"at"`
	By               string   `json:"by"`
	Office           string   `json:"office"`
	Leader           string   `json:"leader"`
	Approved         string   `json:"approved"`
	Record           string   `json:"record"`
	ConsentAuthority string   `json:"consent_authority"`
	ConsentNumber    string   `json:"consent_number,omitempty"`
	ConsentDay       string   `json:"consent_day,omitempty"`
	ConsentFile      string   `json:"consent_file"`
	Hidden           []string `json:"hidden"`
}

func lineOf(n *release.Snapshot) snapshotLine {
	l := snapshotLine{n.Name, n.Cohort, n.Cut.True.String(), n.Cut.Known.String(), n.Definition, n.Version,
		n.FrozenAt.String(), n.FrozenBy, n.People, n.SHA256, nil}
	if a := n.Release; a != nil {
		l.Released = &approvalLine{a.At.String(), a.By, a.Office, a.Leader, string(a.Approved), a.Record, a.ConsentAuthority,
			a.ConsentNumber, string(a.ConsentDay), a.ConsentFile, append([]string{}, a.Hidden...)}
	}
	return l
}

func (n snapshotLine) lines() []string {
	out := []string{
		fmt.Sprintf("快照 %s：%s 届，%d 人，口径 %s v%s", n.Name, n.Cohort, n.People, n.Definition, n.Version),
		fmt.Sprintf("截至 %s，所知至 %s", n.AsOf, n.KnownAt),
		fmt.Sprintf("冻结于 %s，%s", n.FrozenAt, n.FrozenBy),
		"SHA-256 " + n.SHA256,
	}
	if n.Released == nil {
		return append(out, "未发布")
	}
	return append(out, fmt.Sprintf("已发布于 %s：%s 报，%s 批（%s，%s）；%s 同意", n.Released.At, n.Released.Office, n.Released.Leader,
		n.Released.Approved, n.Released.Record, n.Released.ConsentAuthority))
}

func (s *session) snapshotFreeze() *cobra.Command {
	var f release.Freezing
	var asOf string
	c := &cobra.Command{
		Use: "freeze NAME --cohort 2024", Short: "冻结一届在某时点的状态", Args: exactly(1, "请写明快照名，例如 INIT-2024"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			var err error
			f.Name = args[0]
			if f.AsOf, err = when(asOf); err != nil {
				return err
			}
			snap, err := s.app.Releases.Freeze(ctx, s.who(), f)
			if err != nil {
				return err
			}
			l := lineOf(&snap)
			return s.print(l, grid{title: l.lines()})
		}),
	}
	c.Flags().StringVar(&f.Cohort, "cohort", "", "届别")
	c.Flags().StringVar(&asOf, "as-of", "", "截至时点，默认现在")
	c.Flags().StringVar(&f.Definition, "definition", "", "口径，默认为该届的")
	return c
}

func (s *session) snapshotList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "全部快照", Args: nothing,
		RunE: s.with(app.Reading, func(ctx context.Context, _ []string) error {
			all, err := s.app.Releases.List(ctx, s.who())
			if err != nil {
				return err
			}
			g := grid{header: []string{"快照", "届", "截至", "所知至", "口径", "人数", "状态", "SHA-256"}, number: []bool{5: true}}
			value := []snapshotLine{}
			for i := range all {
				l := lineOf(&all[i])
				state := "未发布"
				if l.Released != nil {
					state = "已发布"
				}
				value = append(value, l)
				g.rows = append(g.rows, []string{l.Name, l.Cohort, minute(all[i].Cut.True), minute(all[i].Cut.Known), l.Definition,
					strconv.Itoa(l.People), state, l.SHA256[:16]})
			}
			return s.print(value, g)
		}),
	}
}

func (s *session) snapshotShow() *cobra.Command {
	var f asked
	var public bool
	c := &cobra.Command{
		Use: "show NAME [TABLE]", Short: "由冻结的数据统计；--public 为对外发布的样子", Args: between(1, 2, "请写明快照名，例如 quxiang snapshot show INIT-2024"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			f.cohort = "2000" // of the snapshot itself; the flags carry none
			q, err := f.query(append(args, "destination")[1])
			if err != nil {
				return err
			}
			v := release.View{Table: q.Table, Definition: q.Definition, By: q.By, Where: q.Where, Contract: q.Contract, Public: public}
			shown, err := s.app.Releases.Show(ctx, s.who(), args[0], v)
			if err != nil {
				return err
			}
			l := lineOf(&shown.Snapshot)
			g := tableGrid(&shown.Table)
			g.title = append(l.lines(), g.title...)
			hidden := []string{}
			for _, h := range shown.Hidden {
				hidden = append(hidden, h.String())
			}
			g.notes = append(g.notes, hidden...)
			return s.print(struct {
				Snapshot snapshotLine    `json:"snapshot"`
				Table    indicator.Table `json:"table"`
				Hidden   []string        `json:"hidden"`
			}{l, shown.Table, hidden}, g)
		}),
	}
	c.Flags().StringVar(&f.definition, "definition", "", "口径，默认为快照自己的")
	c.Flags().StringVar(&f.by, "by", "", "分组维度，逗号分隔："+dimList())
	c.Flags().StringVar(&f.where, "where", "", "筛选，维度=代码或名称，逗号分隔")
	c.Flags().StringVar(&f.unit, "unit", "work", "单位性质和医院等级按 work 实际工作单位，或 contract 签约单位")
	c.Flags().BoolVar(&public, "public", false, "按对外发布的规则隐去小数")
	return c
}

func (s *session) snapshotVerify() *cobra.Command {
	return &cobra.Command{
		Use: "verify NAME", Short: "核对快照：所存内容的摘要，并由事件重算；不符时退出码为 1", Args: exactly(1, "请写明快照名"),
		RunE: s.with(app.Reading, func(ctx context.Context, args []string) error {
			v, err := s.app.Releases.Verify(ctx, s.who(), args[0])
			if err != nil {
				return err
			}
			l := lineOf(&v.Snapshot)
			g := grid{title: l.lines(), notes: append(append([]string{}, v.Problems...), v.Notes...)}
			if len(v.Problems) == 0 {
				g.notes = append([]string{"核对无误：摘要一致，由事件重算的每个人也一致"}, v.Notes...)
			}
			if err := s.print(struct {
				Snapshot snapshotLine `json:"snapshot"`
				Problems []string     `json:"problems"`
				Notes    []string     `json:"notes"`
			}{l, append([]string{}, v.Problems...), append([]string{}, v.Notes...)}, g); err != nil {
				return err
			}
			if len(v.Problems) > 0 {
				return errNo
			}
			return nil
		}),
	}
}

func (s *session) snapshotDiff() *cobra.Command {
	var by string
	c := &cobra.Command{
		Use: "diff A B", Short: "两个快照之间谁变了", Args: exactly(2, "请写明两个快照名"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			var dims []indicator.Dim
			for _, d := range list(by) {
				dims = append(dims, indicator.Dim(d))
			}
			d, err := s.app.Releases.Diff(ctx, s.who(), args[0], args[1], dims)
			if err != nil {
				return err
			}
			value, g := differences(&d.Differences)
			g.title = []string{fmt.Sprintf("%s 届：从 %s（%d 人）到 %s（%d 人），未变 %d 人", d.To.Cohort, d.From.Name, d.Differences.From,
				d.To.Name, d.Differences.To, d.Stayed)}
			return s.print(value, g)
		}),
	}
	c.Flags().StringVar(&by, "by", "", "分组维度，逗号分隔")
	return c
}

// moveLine is one way that some people took, in JSON.
type moveLine struct {
	From      map[string]string `json:"from"`
	To        map[string]string `json:"to"`
	N         int               `json:"n"`
	Graduates []string          `json:"graduates"`
}

func differences(d *indicator.Differences) (any, grid) {
	g := grid{header: []string{"从", "到", "人"}, number: []bool{2: true}}
	moves := []moveLine{}
	for _, m := range d.Moves {
		moves = append(moves, moveLine{placeOf(&m.From), placeOf(&m.To), m.N, append([]string{}, m.Graduates...)})
		g.rows = append(g.rows, []string{placeWords(&m.From), placeWords(&m.To), strconv.Itoa(m.N)})
	}
	return struct {
		Definition string     `json:"definition"`
		From       int        `json:"from"`
		To         int        `json:"to"`
		Stayed     int        `json:"stayed"`
		Moves      []moveLine `json:"moves"`
	}{d.Definition, d.From, d.To, d.Stayed, moves}, g
}

func placeOf(p *indicator.Place) map[string]string {
	if p.Outside() {
		return map[string]string{"outside": "true"}
	}
	out := map[string]string{"cohort": p.Cohort, "cell": p.Cell}
	for _, v := range p.Values {
		out[string(v.Dim)], out[string(v.Dim)+"_id"] = v.Name, v.Key
	}
	return out
}

func placeWords(p *indicator.Place) string {
	if p.Outside() {
		return "不在统计范围"
	}
	var parts []string
	for _, v := range p.Values {
		parts = append(parts, v.Name)
	}
	return strings.Join(append(parts, p.Title), " ")
}

func (s *session) snapshotRelease() *cobra.Command {
	var a release.Approval
	var approved, consentDay, consentFile string
	c := &cobra.Command{
		Use: "release NAME --office … --leader …", Short: "登记审批并发布：学校审批链与省级主管部门的同意", Args: exactly(1, "请写明快照名"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			var err error
			if a.Approved, err = day(approved); err != nil {
				return err
			}
			if a.ConsentDay, err = day(consentDay); err != nil {
				return err
			}
			if consentFile != "" {
				content, err := s.call.Read(consentFile)
				if err != nil {
					return err
				}
				sum := sha256.Sum256(content)
				a.ConsentFile = hex.EncodeToString(sum[:])
			}
			snap, err := s.app.Releases.Release(ctx, s.who(), args[0], a)
			if err != nil {
				return err
			}
			l := lineOf(&snap)
			return s.print(l, grid{title: l.lines(), notes: snap.Release.Hidden})
		}),
	}
	c.Flags().StringVar(&a.Office, "office", "", "就业部门负责人")
	c.Flags().StringVar(&a.Leader, "leader", "", "分管校领导")
	c.Flags().StringVar(&approved, "approved", "", "校领导批准日期")
	c.Flags().StringVar(&a.Record, "record", "", "批准记录或会议纪要编号")
	c.Flags().StringVar(&a.ConsentAuthority, "consent-authority", "", "省级主管部门")
	c.Flags().StringVar(&a.ConsentNumber, "consent-number", "", "同意的文号")
	c.Flags().StringVar(&consentDay, "consent-day", "", "同意的日期")
	c.Flags().StringVar(&consentFile, "consent-file", "", "同意的文件，只记其 SHA-256")
	return c
}

func (s *session) snapshotUnlock() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "unlock NAME --reason 理由", Short: "解锁已发布的快照七天，以便更正", Args: exactly(1, "请写明快照名"),
		RunE: s.with(app.Writing, func(ctx context.Context, args []string) error {
			u, err := s.app.Releases.Unlock(ctx, s.who(), args[0], reason)
			if err != nil {
				return err
			}
			return s.print(map[string]string{"snapshot": u.Snapshot, "until": u.Until.String()},
				grid{title: []string{fmt.Sprintf("快照 %s 已解锁，至 %s 自动恢复锁定", u.Snapshot, minute(u.Until))}})
		}),
	}
	c.Flags().StringVar(&reason, "reason", "", "解锁理由")
	return c
}
