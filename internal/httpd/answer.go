package httpd

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"quxiang/internal/domain/fault"
)

// errSignIn asks for a login; the answer to a GET or HEAD is the way there.
var errSignIn = fault.Forbiddenf("session", "请先登录")

// What somebody owes who came in; the answer to a GET or HEAD is the way there, and nothing
// else is open (S39, C13).
var (
	errOwesSecond   = fault.Forbiddenf("second", "学校要求先启用第二道验证，启用后再办")
	errOwesPassword = fault.Forbiddenf("password", "密码已到期，改好后再办")
)

// errProve asks who is signed in to prove it again; the answer to a GET is the way
// there (S50: reauth).
var errProve = fault.Forbiddenf("reauth", "办这件事前要再确认是你本人，请先确认再办")

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
	case fault.Unavailable:
		return http.StatusServiceUnavailable
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
	http.StatusServiceUnavailable:    "现在办不了，稍后再试",
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

// retryAfter is when to come again, in seconds, where the machine cannot now.
const retryAfter = "30"

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
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	deliver(w, status, b.Bytes())
	return nil
}

// WriteBytes answers with what the caller has ready; its headers are set.
func WriteBytes(w http.ResponseWriter, b []byte) { deliver(w, http.StatusOK, b) }

// unpacked is the length below which packing is not worth it, in bytes.
const unpacked = 1 << 10

// deliver writes the body, packed if the browser takes it so. Whoever can make a
// browser send guesses and watch the length learns nothing: the one secret of a
// page, its form token, looks different each time.
func deliver(w http.ResponseWriter, status int, body []byte) {
	a, ok := w.(*answer)
	if ok && a.packs && len(body) >= unpacked {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(body)
		_ = z.Close()
		body = b.Bytes()
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Add("Vary", "Accept-Encoding")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone: nothing to be done
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
