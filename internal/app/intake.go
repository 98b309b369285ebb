package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
)

// Intake takes files from pages: the verbs of intake, with checking and
// publishing as jobs of this process, so that a page can say how far they are.
// What a job found is kept in memory; after a restart a file is checked anew.
type Intake struct {
	*intake.Service
	app     *App
	running sync.WaitGroup
	turns   chan struct{} // two jobs read at a time, the others wait
	ctx     context.Context
	stop    context.CancelFunc

	mu   sync.Mutex
	jobs map[string]*job // by id of the held file
}

// job is one checking or publishing.
type job struct {
	publish     bool
	reach       string // of who began it: what it found is for that
	done, total int64
	state       intake.State // once it is over
	over        chan struct{}
	ended       time.Time
}

// How long a page waits for a job before it shows progress instead, how long what
// a job found is kept, and of how many files.
const (
	pageWait = 1500 * time.Millisecond
	keepJobs = time.Hour
	maxJobs  = 64
)

func newIntake(a *App) *Intake {
	ctx, stop := context.WithCancel(context.Background())
	return &Intake{app: a, ctx: ctx, stop: stop, turns: make(chan struct{}, 2), jobs: map[string]*job{},
		Service: &intake.Service{Store: a.Store, Audit: a.Store, Files: a.Files, Now: a.Now, NewID: a.Roster.NewID, Table: TableFile,
			Take: func(ctx context.Context, who access.Actor, kind string, f exchange.File, run intake.Run) (exchange.Report, error) {
				return a.Import(ctx, who, kind, f, ImportOptions{Cohort: run.Cohort, Source: run.Source, TrueFrom: run.TrueFrom,
					Batch: run.Batch, DryRun: run.DryRun, Progress: run.Progress})
			}}}
}

// close ends the jobs that run: what they had not published yet is not written.
func (i *Intake) close() {
	i.stop()
	i.running.Wait()
}

// Bring holds a file and checks it. A small one is checked when it returns; one
// that cannot be taken as a whole is let go again.
//
// Errors: those of Hold; fault.Usage for a file that cannot be taken as a whole.
func (i *Intake) Bring(ctx context.Context, who access.Actor, kind, name string, content []byte, o intake.Options) (intake.Held, error) {
	h, err := i.Hold(ctx, who, kind, name, content, o)
	if err != nil {
		return h, err
	}
	return h, i.begin(ctx, who, h.ID)
}

// BringMended takes rows that were mended, or a whole file, in the place of a
// held one. Errors: those of Mend and Bring.
func (i *Intake) BringMended(ctx context.Context, who access.Actor, id, name string, content []byte) (intake.Held, error) {
	h, err := i.Mend(ctx, who, id, name, content, writeLines)
	if err != nil {
		return h, err
	}
	i.forget(id)
	return h, i.begin(ctx, who, h.ID)
}

// begin checks a new file and waits a little for what is found.
func (i *Intake) begin(ctx context.Context, who access.Actor, id string) error {
	j := i.start(who, id, false)
	if !j.wait(ctx) || j.state.Stage != intake.Failed {
		return nil
	}
	if err := i.Abandon(ctx, who, id); err != nil {
		return err
	}
	return j.state.Problem
}

// Abandon lets a held file go. Error: fault.Conflict while it is being written,
// or when it was.
func (i *Intake) Abandon(ctx context.Context, who access.Actor, id string) error {
	if j := i.find(id); j != nil && j.publish && !j.isOver() {
		return fault.Conflictf("held", "这份文件正在写入，不能放弃；写完后可在导入记录里撤销")
	}
	if err := i.Drop(ctx, who, id); err != nil {
		return err
	}
	i.forget(id)
	return nil
}

// Confirm publishes a held file; sending it twice is sending it once. A small file
// is written when it returns. Errors: those of intake.Service.Publish that are
// known before the file is read.
func (i *Intake) Confirm(ctx context.Context, who access.Actor, id string) error {
	st, err := i.State(ctx, who, id)
	if err != nil || st.Stage == intake.Published || st.Stage == intake.Publishing {
		return err
	}
	if st.Stage != intake.Checked || st.Checked == nil || st.Checked.Refused > 0 {
		return fault.Conflictf("held", "这份文件还不能写入，请先看检查结果")
	}
	i.start(who, id, true).wait(ctx)
	return nil
}

// State says where a held file of the actor's own stands, and checks it if nobody
// did since the program started. Error: fault.NotFound.
func (i *Intake) State(ctx context.Context, who access.Actor, id string) (intake.State, error) {
	h, err := i.Own(ctx, who, id)
	if err != nil {
		return intake.State{}, err
	}
	j := i.find(id)
	if j != nil && j.isOver() && j.reach != who.Reach() { // found over others than the actor's today
		i.forget(id)
		j = nil
	}
	if j == nil {
		if err := i.Settle(ctx, &h); err != nil {
			return intake.State{}, err
		}
		if h.Published == 0 {
			j = i.start(who, id, false)
			j.wait(ctx)
		}
	}
	switch {
	case h.Published != 0:
		return intake.State{Held: h, Stage: intake.Published}, nil
	case !j.isOver():
		return i.progress(h, j), nil
	}
	return j.state, nil
}

func (i *Intake) progress(h intake.Held, j *job) intake.State {
	i.mu.Lock()
	defer i.mu.Unlock()
	st := intake.State{Held: h, Stage: intake.Checking}
	if j.publish {
		st.Stage = intake.Publishing
	}
	if j.total > 0 {
		st.Percent = int(min(99, 100*j.done/j.total))
	}
	return st
}

// start begins a job for the file, or returns the one that runs.
func (i *Intake) start(who access.Actor, id string, publish bool) *job {
	i.mu.Lock()
	defer i.mu.Unlock()
	if j := i.jobs[id]; j != nil && (!j.isOver() || j.publish == publish && j.reach == who.Reach() && j.state.Stage == intake.Checked) {
		return j
	}
	i.tidy()
	j := &job{publish: publish, reach: who.Reach(), over: make(chan struct{})}
	i.jobs[id] = j
	i.running.Go(func() {
		st := i.run(who, id, j)
		i.mu.Lock()
		defer i.mu.Unlock()
		j.state, j.ended = st, time.Now()
		close(j.over)
	})
	return j
}

// run does the work of a job.
func (i *Intake) run(who access.Actor, id string, j *job) (st intake.State) {
	defer func() {
		if cause := recover(); cause != nil {
			st = intake.State{Held: st.Held, Stage: intake.Failed, Problem: fmt.Errorf("intake: panic: %v", cause)}
		}
		if st.Problem != nil && fault.KindOf(st.Problem) == "" {
			i.app.Log.Error("intake", "held", id, "publish", j.publish, "cause", st.Problem.Error())
		}
	}()
	i.turns <- struct{}{}
	defer func() { <-i.turns }()
	set := func(done, total int64) {
		i.mu.Lock()
		defer i.mu.Unlock()
		j.done, j.total = done, total
	}
	if !j.publish {
		return i.check(who, id, set)
	}
	h, report, err := i.Publish(i.ctx, who, id, set)
	switch {
	case err != nil:
		return intake.State{Held: h, Stage: intake.Failed, Problem: err}
	case report.Refused > 0:
		st = i.check(who, id, set)
		st.Moved = true
		return st
	}
	return intake.State{Held: h, Stage: intake.Published}
}

// check reads a file and changes nothing.
func (i *Intake) check(who access.Actor, id string, set func(done, total int64)) intake.State {
	h, err := i.Own(i.ctx, who, id)
	st := intake.State{Held: h, Stage: intake.Checked}
	if err == nil && h.Kind == intake.Reconciliation {
		var c transfer.Reconciliation
		if c, err = i.compare(who, h); err == nil {
			st.Compare = &c
			return st
		}
	} else if err == nil {
		var r intake.Result
		if r, err = i.Check(i.ctx, who, id, set); err == nil {
			st.Held, st.Result = r.Held, &r
			return st
		}
	}
	st.Stage, st.Problem = intake.Failed, err
	return st
}

func (i *Intake) compare(who access.Actor, h intake.Held) (transfer.Reconciliation, error) {
	f, err := i.Content(h)
	if err != nil {
		return transfer.Reconciliation{}, err
	}
	return i.app.Importer.Reconcile(i.ctx, who, f, h.Options.Cohort)
}

// tidy forgets what is old, and the oldest where there are too many.
func (i *Intake) tidy() {
	var oldest string
	for id, j := range i.jobs {
		switch {
		case !j.isOver():
		case time.Since(j.ended) > keepJobs:
			delete(i.jobs, id)
		case oldest == "" || j.ended.Before(i.jobs[oldest].ended):
			oldest = id
		}
	}
	if len(i.jobs) >= maxJobs && oldest != "" {
		delete(i.jobs, oldest)
	}
}

func (i *Intake) find(id string) *job {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.jobs[id]
}

func (i *Intake) forget(id string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.jobs, id)
}

// wait waits for a job as long as a page may; it reports that the job is over.
func (j *job) wait(ctx context.Context) bool {
	t := time.NewTimer(pageWait)
	defer t.Stop()
	select {
	case <-j.over:
	case <-t.C:
	case <-ctx.Done():
	}
	return j.isOver()
}

func (j *job) isOver() bool {
	select {
	case <-j.over:
		return true
	default:
		return false
	}
}

// Batches returns the published imports, newest first. Error: fault.Forbidden.
func (i *Intake) Batches(ctx context.Context, who access.Actor) ([]roster.Batch, error) {
	return i.app.Roster.Batches(ctx, who)
}

// Undo takes a published import back. Errors: those of transfer.Service.Undo.
func (i *Intake) Undo(ctx context.Context, who access.Actor, batch string) (exchange.Report, error) {
	return i.app.Importer.Undo(ctx, who, batch)
}
