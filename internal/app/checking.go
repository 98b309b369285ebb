package app

import (
	"context"
	"sync"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/web"
)

// checking is the check of everything that somebody asked for on a page. One runs at
// a time, in the server, while it goes on serving; what it found is told until the
// server ends, that it was done and how many differences there were stays in the trail.
type checking struct {
	app *App

	mu  sync.Mutex
	now web.Checking
	end sync.WaitGroup
}

// Start begins a check, unless one is under way. Error: fault.Forbidden.
func (c *checking) Start(who access.Actor) error {
	if err := who.May(access.ReadAudit); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.Running {
		return nil
	}
	c.now = web.Checking{Running: true, Began: c.app.Now(), By: who.Account}
	c.end.Go(func() { c.run(who) })
	return nil
}

func (c *checking) run(who access.Actor) {
	problems, checked, err := c.app.VerifyFor(context.Background(), who)
	if err != nil {
		c.app.Log.Error("check of everything", "error", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now.Running, c.now.Ended, c.now.Failed, c.now.Problems, c.now.Looked = false, c.app.Now(), err != nil, problems, checked.Lines()
}

// State is how far the check is that was asked for last. Error: fault.Forbidden.
func (c *checking) State(who access.Actor) (web.Checking, error) {
	if err := who.May(access.ReadAudit); err != nil {
		return web.Checking{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now, nil
}

// graduateOf says whom an id in the trail means to who reads it: number and first
// character of the name, or the whole name to who may see the person. ok is false of
// an id that is no graduate's.
func (a *App) graduateOf(ctx context.Context, who access.Actor, id string) (title string, ok bool, err error) {
	list, err := a.Store.GraduatesByID(ctx, access.School(), []string{id})
	if err != nil || len(list) == 0 {
		return "", false, err
	}
	g := &list[0]
	name := codes.MaskName(g.Name)
	seen, err := a.Store.GraduatesByID(ctx, who.Within(access.ViewPeople), []string{id})
	if len(seen) > 0 {
		name = g.Name
	}
	number := g.StudentNo
	if number == "" {
		number = g.ExamNo
	}
	return number + " " + name, true, err
}

// graduateNumbered is the graduate with a 学号 or 考生号; blank if there is none. Who
// reads the trail looks up by the whole number.
func (a *App) graduateNumbered(ctx context.Context, who access.Actor, number string) (string, error) {
	if err := who.May(access.ReadAudit); err != nil {
		return "", err
	}
	list, err := a.Store.GraduatesByNumber(ctx, access.School(), []string{number}, []string{number})
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].ID, nil
}
