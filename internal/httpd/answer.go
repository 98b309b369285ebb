package httpd

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"quxiang/internal/domain/fault"
)

// errSignIn asks for a login; the answer to a GET is the way there.
var errSignIn = fault.Forbiddenf("session", "请先登录")

// Problem is an error as a page shows it.
type Problem struct {
	Status    int
	Title     string
	Message   string
	RequestID string // what to tell the office when it was our fault
}

// statusOf is the only place where a refusal becomes a status code.
func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	switch fault.KindOf(err) {
	case "":
		return http.StatusInternalServerError
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	}
	return http.StatusBadRequest
}

// titles of error pages, by status.
var titles = map[int]string{
	http.StatusBadRequest:            "提交的内容有误",
	http.StatusForbidden:             "无权查看或办理",
	http.StatusNotFound:              "没有找到",
	http.StatusMethodNotAllowed:      "这个地址不能这样使用",
	http.StatusConflict:              "与现状冲突",
	http.StatusRequestEntityTooLarge: "提交的内容太大",
	http.StatusMisdirectedRequest:    "地址不对",
	http.StatusInternalServerError:   "系统出错了",
}

func problemOf(err error, id string) Problem {
	p := Problem{Status: statusOf(err), RequestID: id}
	p.Title = titles[p.Status]
	switch {
	case p.Status == http.StatusInternalServerError:
		p.Message = "这不是你的操作造成的，数据没有改动。请稍后重试；仍不行，请把下面的编号告诉就业中心。"
	case p.Status == http.StatusRequestEntityTooLarge:
		var tooLarge *http.MaxBytesError
		errors.As(err, &tooLarge)
		p.Message = "一次最多提交 " + inWords(tooLarge.Limit) + "，请减少内容或分几次提交。"
	default:
		var f *fault.Fault
		errors.As(err, &f)
		p.Message = f.Message
	}
	return p
}

// Write answers with a page. problem is nil, or the refusal that the page itself
// shows (a form with its error): it decides the status. The page is rendered
// whole before anything is sent.
func Write(w http.ResponseWriter, problem error, page func(io.Writer) error) error {
	var b bytes.Buffer
	if err := page(&b); err != nil {
		return err
	}
	status := http.StatusOK
	if problem != nil {
		status = statusOf(problem)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client may have gone: nothing to be done
	return nil
}

// SeeOther sends the browser on to a page of ours.
func SeeOther(w http.ResponseWriter, r *Request, to string) error {
	http.Redirect(w, r.Request, LocalPath(to), http.StatusSeeOther)
	return nil
}

// LocalPath returns the address if it lies on this site, else the home page: no
// link of ours sends anybody elsewhere.
func LocalPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(s, "/") ||
		strings.HasPrefix(s, "//") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return s
}
