package app

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"quxiang/internal/domain/audit"
)

// plainCode is a school's code that may stand in the name of a key.
var plainCode = regexp.MustCompile(`^[0-9A-Za-z]+$`)

// origin is the name of the school's key for checkpoints.
func (a *App) origin() string {
	code, err := a.Store.Setting(context.Background(), settingSchoolCode)
	if err != nil || !plainCode.MatchString(code) {
		return "quxiang"
	}
	return "quxiang/" + code
}

// sign signs the trail's end. What was just written stands without it: a serving
// program signs within a day.
func (a *App) sign(ctx context.Context, why string) {
	if _, err := a.Trail.Checkpoint(ctx, why); err != nil {
		a.Log.ErrorContext(ctx, "no checkpoint of the audit trail", "error", err)
	}
}

// signDaily signs the trail's end once a day, until the context ends.
func (a *App) signDaily(ctx context.Context) {
	every := time.NewTicker(time.Hour)
	defer every.Stop()
	for {
		if err := a.Trail.CheckpointDue(ctx); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "no checkpoint of the audit trail", "error", err)
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
	}
}

// verifyCheckpoints holds every checkpoint that was kept against the chain.
func (a *App) verifyCheckpoints(ctx context.Context, c *Checked, found *differences) error {
	kept, err := a.Store.Checkpoints(ctx, audit.MostCheckpoints)
	if err != nil {
		return err
	}
	for _, k := range kept {
		c.Checkpoints++
		said, problem, err := a.Trail.Extends(ctx, k.Note, "")
		switch {
		case err != nil:
			return err
		case problem != "":
			found.add("第 %d 条处的检查点：%s", k.N, problem)
		case said.N != k.N || said.At != k.At:
			found.add("第 %d 条处的检查点与它自己签的内容不符", k.N)
		}
	}
	return nil
}

// Held is a checkpoint that somebody keeps outside of the program.
type Held struct {
	Name string // of the file
	Note string
}

// Against holds the chain against checkpoints from outside. The key is the public one
// that their keeper wrote down; blank: the school's own. It returns one line for each
// that holds and one for each that does not.
func (a *App) Against(ctx context.Context, held []Held, key string) (good, problems []string, err error) {
	for _, h := range held {
		c, problem, err := a.Trail.Extends(ctx, h.Note, key)
		switch {
		case err != nil:
			return nil, nil, err
		case problem != "":
			problems = append(problems, fmt.Sprintf("%s：%s", h.Name, problem))
		default:
			good = append(good, fmt.Sprintf("%s：现在的审计链接着 %s 的第 %d 条，它之前没有被改写", h.Name, c.At, c.N))
		}
	}
	return good, problems, nil
}
