package app_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"syscall"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/fault"
	"quxiang/internal/store/storetest"
)

// fullTrail writes nothing: the disk is full.
type fullTrail struct{ audit.Log }

func (fullTrail) Write(context.Context, access.Actor, string, string, map[string]string) error {
	return fault.Outagef(syscall.ENOSPC, "", "服务器磁盘已满，这次没有保存")
}

// TestAFullDiskLosesNothingTyped: a registration that cannot be kept comes back whole
// with 503, pages stay readable, and the same form goes through once there is room (R6).
func TestAFullDiskLosesNothingTyped(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240001")
		send := w.ready("240001")
		whole := c.app.Destinations.Audit
		c.app.Destinations.Audit = fullTrail{whole}
		got := send()
		w.wanted("full", got, 503, "服务器磁盘已满", `value="丙县人民武装部"`)
		if got.Header().Get("Retry-After") == "" {
			t.Error("nobody is told when to come back")
		}
		w.want("reading", "/mine", 200)
		c.clock += 5 * time.Minute // the session is noted as seen again, or not
		w.want("reading later", "/mine", 200)
		if n := c.submissions("240001"); n != 0 {
			t.Errorf("%d submissions", n)
		}
		c.app.Destinations.Audit = whole
		w.led("with room again", send())
		if n := c.submissions("240001"); n != 1 {
			t.Errorf("%d submissions", n)
		}
	})
}

// kept is the form that an answer carries, to be sent again by its button.
func (w *window) kept(what string, got *httptest.ResponseRecorder, action string, typed ...string) (again func() *httptest.ResponseRecorder) {
	w.c.t.Helper()
	w.wanted(what, got, 503, append([]string{"服务器磁盘已满，这次没有保存", `action="` + action + `"`, "再试一次"}, typed...)...)
	if got.Header().Get("Retry-After") == "" {
		w.c.t.Errorf("%s: nobody is told when to come back", what)
	}
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(got.Body.String(), -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	return func() *httptest.ResponseRecorder { return w.send(http.MethodPost, action, form) }
}

// TestAnOutageKeepsEveryForm: a correction, a reason of a reviewer and a decision that
// cannot be kept come back whole with a button that sends them again; once there is
// room that does it, once (R6, R18).
func TestAnOutageKeepsEveryForm(t *testing.T) {
	c := newCampus(t, storetest.SQLite(t))
	counsellor, _, _, office := c.reviewers()
	me := c.student("240000")
	graduate, change := c.applicant("240001", "23")
	events, cases, people := c.events(graduate), c.app.Destinations.Audit, c.app.Roster.Audit
	full := func() { c.app.Destinations.Audit, c.app.Roster.Audit = fullTrail{cases}, fullTrail{people} }
	room := func() { c.app.Destinations.Audit, c.app.Roster.Audit = cases, people }

	full()
	reason := counsellor.kept("a reason", counsellor.says(change, "return", "note", "请补<盖章>的一页"), change+"/return", `name="note" value="请补<盖章>的一页"`)
	asked := me.kept("a correction", me.post("/mine/source/class", "/mine/source/class", "value", c.unit("药学一班"), "note", "转专业了"), "/mine/source/class", `value="转专业了"`)
	again := counsellor.kept("still full", reason(), change+"/return", "请补<盖章>的一页")
	room()
	if n := c.events(graduate); n != events {
		t.Errorf("%d events of what was not kept", n-events)
	}
	counsellor.led("the reason, with room", again())
	counsellor.led("the reason, twice", again())
	if n := c.events(graduate); n != events+1 || c.returned(graduate) != "请补<盖章>的一页" {
		t.Errorf("%d events, returned for %q", n-events, c.returned(graduate))
	}
	me.led("the correction, with room", asked())
	body := office.want("the queue", "/corrections?by=registry", 200, "转专业了")
	at := "/corrections/" + between(body, `action="/corrections/`, `/accept"`) + "/refuse"
	full()
	decided := office.kept("a decision", office.post("/corrections", at, "by", "registry", "note", "没有文件"), at, `value="没有文件"`)
	room()
	office.led("the decision, with room", decided())
	office.want("the queue is empty", "/corrections?by=registry", 200, "没有等着核的更正")
}
