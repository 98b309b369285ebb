package app

import (
	"context"
	"fmt"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/history"
	"quxiang/internal/store"
)

// Checked says what verify looked at.
type Checked struct {
	Graduates int `json:"graduates"`
	Events    int `json:"events"`
	Snapshots int `json:"snapshots"`
}

// Lines prints what was looked at.
func (c Checked) Lines() []string {
	return []string{fmt.Sprintf("核对了 %d 人的 %d 条事件、审计链和 %d 个快照", c.Graduates, c.Events, c.Snapshots)}
}

// Verify walks the audit chain, recomputes the digest of every event, replays
// every history, opens every envelope, and checks every snapshot. The problems
// name what differs, the first one first.
func (a *App) Verify(ctx context.Context) (problems []string, c Checked, err error) {
	if err := a.Store.Verify(ctx, func(p string) { problems = append(problems, p) }); err != nil {
		return problems, c, err
	}
	noWork := noWork(a.Book())
	err = a.Store.EachHistory(ctx, store.HistorySelection{}, func(graduate string, events []history.Event) error {
		c.Graduates++
		c.Events += len(events)
		fold := history.NewFold(noWork)
		for i := range events {
			if err := events[i].Unseal(a.Vault); err != nil {
				problems = append(problems, fmt.Sprintf("毕业生 %s 第 %d 条事件的密文打不开，已被改动或密钥不符", graduate, events[i].Seq))
			}
			fold.Apply(&events[i])
		}
		if !fold.Enrolled() {
			problems = append(problems, fmt.Sprintf("毕业生 %s 没有入册事件", graduate))
		}
		return nil
	})
	if err != nil {
		return problems, c, err
	}
	who := access.Console("verify")
	snaps, err := a.Releases.List(ctx, who)
	if err != nil {
		return problems, c, err
	}
	for i := range snaps {
		c.Snapshots++
		v, err := a.Releases.Verify(ctx, who, snaps[i].Name)
		if err != nil {
			return problems, c, err
		}
		for _, p := range v.Problems {
			problems = append(problems, "快照 "+snaps[i].Name+"："+p)
		}
	}
	return problems, c, nil
}
