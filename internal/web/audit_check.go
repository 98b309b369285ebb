package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
)

// Checks is the check of everything (quxiang verify) as a job of the server.
type Checks interface {
	// Start begins one, unless one is under way. Error: fault.Forbidden.
	Start(who access.Actor) error
	// State is how far the last one is. Error: fault.Forbidden.
	State(who access.Actor) (Checking, error)
}

// Checking is a check that was asked for on a page; the zero one: none was.
type Checking struct {
	Running      bool
	Began, Ended calendar.Instant
	By           string // account
	Failed       bool   // it could not be done
	Problems     []string
	Looked       []string // what was looked at, in words
}

// wholeCheck is a check as the page shows it.
type wholeCheck struct {
	Running, Failed          bool
	Began, Ended, By, Looked string
	Problems                 []string
}

// keptView is a checkpoint in the list.
type keptView struct{ N, At, Why string }

// checkpointsOnPage is how many checkpoints the page lists: a month of them and some.
const checkpointsOnPage = 40

// checkingRefresh is after how many seconds the page of a running check looks again.
const checkingRefresh = "5"

// fillChecks adds the check that was asked for last and the checkpoints.
func (w *Web) fillChecks(rw http.ResponseWriter, r *httpd.Request, p *auditPage, names *namesOfAccounts) error {
	c, err := w.Office.Check.State(r.Who)
	if err != nil {
		return err
	}
	by, err := names.name(c.By)
	if err != nil {
		return err
	}
	p.Check = wholeCheck{c.Running, c.Failed, minuteOf(c.Began), minuteOf(c.Ended), by, strings.Join(c.Looked, "；"), c.Problems}
	kept, err := w.Office.Trail.Checkpoints(r.Context(), r.Who)
	if err != nil {
		return err
	}
	if c.Running {
		rw.Header().Set("Refresh", checkingRefresh)
	}
	for _, k := range kept[:min(len(kept), checkpointsOnPage)] {
		p.Kept = append(p.Kept, keptView{strconv.FormatInt(k.N, 10), minuteOf(k.At), k.Why})
	}
	return nil
}

// startCheck answers POST /audit/verify.
func (w *Web) startCheck(rw http.ResponseWriter, r *httpd.Request) error {
	if err := w.Office.Check.Start(r.Who); err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/audit#chain")
}

// checkpoint answers GET /audit/checkpoints/{n}: the signed text as a file.
func (w *Web) checkpoint(rw http.ResponseWriter, r *httpd.Request) error {
	n, err := strconv.ParseInt(r.PathValue("n"), 10, 64)
	if err != nil {
		return fault.NotFoundf("checkpoint", "没有这个检查点，请到审计页的清单里选")
	}
	c, err := w.Office.Trail.CheckpointAt(r.Context(), r.Who, n)
	if err != nil {
		return err
	}
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("Content-Disposition", `attachment; filename="checkpoint-`+strconv.FormatInt(c.N, 10)+`.txt"`)
	_, err = rw.Write([]byte(c.Note))
	return err
}

// subjects says whom ids in the trail mean, each asked for once.
type subjects struct {
	r        *httpd.Request
	of       func(ctx context.Context, who access.Actor, id string) (string, bool, error)
	accounts *namesOfAccounts
	held     map[string]string
}

// title of a subject that is the id of a graduate or an account; other for any other.
func (g *subjects) title(subject, other string) (string, error) {
	if subject == "" || strings.ContainsAny(subject, "?= /") {
		return other, nil
	}
	if got, ok := g.held[subject]; ok {
		return got, nil
	}
	title, ok, err := g.of(g.r.Context(), g.r.Who, subject)
	switch {
	case err != nil:
		return "", err
	case !ok && other == subject:
		title, err = g.accounts.name(subject)
	case !ok:
		title = other
	}
	g.held[subject] = title
	return title, err
}
