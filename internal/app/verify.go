package app

import (
	"context"
	"fmt"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// Checked says what verify looked at.
type Checked struct {
	Graduates   int `json:"graduates"`
	Events      int `json:"events"`
	Snapshots   int `json:"snapshots"`
	Documents   int `json:"documents"` // rows of evidence
	Checkpoints int `json:"checkpoints"`
	Strays      int `json:"strays"` // files of evidence that no row names
}

// Lines prints what was looked at.
func (c Checked) Lines() []string {
	lines := []string{fmt.Sprintf("核对了 %d 人的 %d 条事件、%d 份佐证材料、审计链、%d 个快照和 %d 个检查点", c.Graduates, c.Events, c.Documents, c.Snapshots, c.Checkpoints)}
	if c.Strays > 0 {
		lines = append(lines, fmt.Sprintf("另有 %d 个文件没有登记在案，是上传中断留下的，不影响数据", c.Strays))
	}
	return lines
}

// Verify walks the audit chain, recomputes the digest of every event, replays
// every history, opens every envelope and every file of evidence, and checks every
// snapshot. The problems
// name what differs, the first one first.
func (a *App) Verify(ctx context.Context) ([]string, Checked, error) {
	return a.VerifyFor(ctx, access.Console("verify"))
}

// VerifyFor is Verify at the request of somebody.
func (a *App) VerifyFor(ctx context.Context, who access.Actor) ([]string, Checked, error) {
	var found differences
	c, err := a.verify(ctx, &found)
	if err == nil {
		err = a.noteVerified(ctx, who, c, found.n)
	}
	return found.lines(), c, err
}

// noteVerified writes down that the whole was checked, and what came of it: whoever
// reads the trail sees when that was last done.
func (a *App) noteVerified(ctx context.Context, who access.Actor, c Checked, problems int) error {
	return a.Store.InTx(ctx, func(ctx context.Context) error {
		return a.Store.Write(ctx, who, audit.ActionChecked, "school", map[string]string{
			"graduates": strconv.Itoa(c.Graduates), "events": strconv.Itoa(c.Events), "snapshots": strconv.Itoa(c.Snapshots), "problems": strconv.Itoa(problems)})
	})
}

// differences are what verify found: the first ones by line, the others by number.
type differences struct {
	first []string
	n     int
}

// mostDifferences is how many are told one by one.
const mostDifferences = 200

func (d *differences) add(format string, args ...any) {
	if d.n++; d.n <= mostDifferences {
		d.first = append(d.first, fmt.Sprintf(format, args...))
	}
}

func (d *differences) lines() []string {
	if d.n > mostDifferences {
		return append(d.first, fmt.Sprintf("另有 %d 处未列出", d.n-mostDifferences))
	}
	return d.first
}

func (a *App) verify(ctx context.Context, found *differences) (c Checked, err error) {
	noWork := destination.NoWork(a.Book())
	if err := a.Store.VerifyEach(ctx, func(p string) { found.add("%s", p) }, func(graduate string, events []history.Event) {
		c.Graduates++
		c.Events += len(events)
		fold := history.NewFold(noWork)
		for i := range events {
			if err := events[i].Unseal(a.Vault); err != nil {
				found.add("毕业生 %s 第 %d 条事件的密文打不开，已被改动或密钥不符", graduate, events[i].Seq)
			}
			fold.Apply(&events[i])
		}
		if !fold.Enrolled() {
			found.add("毕业生 %s 没有入册事件", graduate)
		}
	}); err != nil {
		return c, err
	}
	if err := a.verifyPeople(ctx, found); err != nil {
		return c, err
	}
	if err := a.verifyCheckpoints(ctx, &c, found); err != nil {
		return c, err
	}
	if err := a.verifyEvidence(ctx, &c, found); err != nil {
		return c, err
	}
	who := access.Console("verify")
	snaps, err := a.Releases.List(ctx, who)
	if err != nil {
		return c, err
	}
	for i := range snaps {
		c.Snapshots++
		v, err := a.Releases.Verify(ctx, who, snaps[i].Name)
		if err != nil {
			return c, err
		}
		for _, p := range v.Problems {
			found.add("快照 %s：%s", snaps[i].Name, p)
		}
	}
	return c, nil
}

// verifyPeople opens what lies sealed of each graduate and of each import's former
// profiles, and recomputes the keyed digests that searches go by.
func (a *App) verifyPeople(ctx context.Context, found *differences) error {
	const page = 500
	for after := ""; ; {
		list, err := a.Store.Graduates(ctx, access.School(), "", after, page)
		if err != nil {
			return err
		}
		for i := range list {
			g := &list[i]
			if err := g.Unseal(a.Vault); err != nil {
				found.add("毕业生 %s 的身份和联系信息打不开，已被改动或密钥不符", g.ID)
				continue
			}
			if g.IDIndex != a.Vault.Index("id_number", g.Secret["id_number"]) || g.PhoneIndex != a.Vault.Index("phone", g.Secret["phone"]) {
				found.add("毕业生 %s 的检索摘要与证件号或手机号不一致", g.ID)
			}
		}
		if len(list) < page {
			break
		}
		after = list[len(list)-1].ID
	}
	batches, err := a.Store.BatchList(ctx)
	if err != nil {
		return err
	}
	for _, b := range batches {
		before, err := a.Store.BatchBefore(ctx, b.ID)
		if err != nil {
			return err
		}
		for graduate, sealed := range before {
			if _, err := roster.OpenFormer(a.Vault, graduate, sealed); err != nil {
				found.add("导入批次 %s 所存毕业生 %s 的原资料打不开，已被改动或密钥不符", b.ID, graduate)
			}
		}
	}
	return nil
}
