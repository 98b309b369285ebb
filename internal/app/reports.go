package app

import (
	"context"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
	"quxiang/internal/web"
)

// Reports checks reports for the pages: in memory, a few at a time, for a while.
type Reports struct {
	log   reportLog
	turns chan struct{}
}

// reportLog writes down that a report was checked.
type reportLog interface {
	audit.Log
	InTx(ctx context.Context, do func(context.Context) error) error
}

// Limits of the pages' proofreader.
const (
	reportsAtOnce = 2
	reportWait    = 20 * time.Second // for a turn
	reportTime    = 60 * time.Second // for the check
)

func newReports(log reportLog) *Reports {
	return &Reports{log: log, turns: make(chan struct{}, reportsAtOnce)}
}

// Proofread reads and checks a report. That it was done is written down, and nothing of
// the report: neither its name nor what stands in it. Errors: fault.Forbidden, fault.Usage
// for a file that cannot be read or takes too long, fault.Unavailable while others are at it.
func (r *Reports) Proofread(ctx context.Context, who access.Actor, name string, content []byte, dismissed map[int]string) (web.Proofread, error) {
	if err := who.May(access.ViewFigures); err != nil {
		return nil, err
	}
	err := r.log.InTx(ctx, func(ctx context.Context) error { return r.log.Write(ctx, who, "report.proofread", "", nil) })
	if err != nil {
		return nil, err
	}
	wait, stop := context.WithTimeout(ctx, reportWait)
	defer stop()
	select {
	case r.turns <- struct{}{}:
	case <-wait.Done():
		return nil, fault.Unavailablef("file", "现在检查报告的人太多，请过一分钟再试")
	}
	type answer struct {
		report Proofreading
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() { <-r.turns }()
		report, err := Proofread(name, content)
		done <- answer{report, err}
	}()
	late := time.NewTimer(reportTime)
	defer late.Stop()
	select {
	case a := <-done:
		if a.err != nil {
			return nil, a.err
		}
		return a.report.without(dismissed), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-late.C:
		return nil, fault.Usagef("file", "%s：%d 秒内没有检查完，请拆成几个文件分别检查", name, int(reportTime/time.Second))
	}
}

// without takes out findings by their numbers, from 1, each with the reason given.
func (r Proofreading) without(dismissed map[int]string) Proofreading {
	var left []proofread.Finding
	for i, f := range r.Findings {
		if why, ok := dismissed[i+1]; ok {
			r.Dismissed = append(r.Dismissed, proofread.Dismissed{Finding: f, Why: why})
			continue
		}
		left = append(left, f)
	}
	r.Findings = left
	return r
}

// Read returns the document and what was found in it.
func (r Proofreading) Read() (proofread.Document, []proofread.Finding) { return r.Document, r.Findings }
