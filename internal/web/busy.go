package web

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// busyPage is what somebody is shown who is to come again: more came at this moment
// than the server can do.
type busyPage struct {
	part.Page
	httpd.Busy
}

// busy renders it. Nobody was looked up, so that the page names nobody.
func (w *Web) busy(out io.Writer, r *httpd.Request, b httpd.Busy) error {
	title := "现在人太多"
	if b.Why != "" {
		title = "没有办成，稍后再试"
	}
	frame := w.bareFrame(r, title)
	frame.User, frame.Role, frame.Bare = "", "", true
	if b.Get {
		frame.Refresh = b.After
	}
	return busyView(busyPage{frame, b}).Render(r.Context(), out)
}

// livez answers GET /livez and /healthz: the process answers. It says nothing more.
func (w *Web) livez(rw http.ResponseWriter, _ *httpd.Request) error {
	return plain(rw, http.StatusOK, "ok")
}

// readyz answers GET /readyz: the server can do its work. Why it cannot, and what
// somebody must see to, is told to this machine only.
func (w *Web) readyz(rw http.ResponseWriter, r *httpd.Request) error {
	if w.Ready == nil {
		return plain(rw, http.StatusOK, "ok")
	}
	reasons, notes := w.Ready()
	status, lines := http.StatusOK, []string{"ok"}
	if len(reasons) > 0 {
		status, lines = http.StatusServiceUnavailable, []string{"not ready"}
	}
	if r.FromThisMachine() {
		lines = slices.Concat(lines, reasons, notes)
	}
	return plain(rw, status, strings.Join(lines, "\n"))
}

func plain(rw http.ResponseWriter, status int, text string) error {
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, text+"\n")
	return nil
}
