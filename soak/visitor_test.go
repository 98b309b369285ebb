package soak

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/html"
)

// visitor is one browser with one connection.
type visitor struct {
	guest
	g    *generator
	conn net.Conn
	in   *bufio.Reader
	form string // cookie
	send []byte // the registration, ready
	busy atomic.Bool
}

// dial opens the connection if there is none.
func (v *visitor) dial() (err error) {
	if v.conn != nil {
		return nil
	}
	if v.conn, err = net.DialTimeout("tcp", v.g.host, 20*time.Second); err == nil {
		v.in = bufio.NewReaderSize(v.conn, 2048)
	}
	return err
}

func (v *visitor) hangUp() {
	if v.conn != nil {
		v.conn.Close()
		v.conn = nil
	}
}

// request writes a request as a browser with two cookies sends it.
func (v *visitor) request(method, path, kind string, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nCookie: plain-sid=%s", method, path, v.g.host, v.Ticket)
	if v.form != "" {
		fmt.Fprintf(&b, "; plain-form=%s", v.form)
	}
	b.WriteString("\r\n")
	if method == http.MethodPost {
		fmt.Fprintf(&b, "Origin: http://%s\r\nSec-Fetch-Site: same-origin\r\nContent-Type: %s\r\nContent-Length: %d\r\n", v.g.host, kind, len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

// exchange sends a request and reads the answer.
func (v *visitor) exchange(what string, request []byte, meant time.Time) (body []byte, a answered) {
	a = answered{Graduate: v.Graduate, What: what, At: ms(meant.Sub(v.g.began))}
	body, err := v.roundTrip(request, &a)
	a.Ms = ms(time.Since(meant))
	if err != nil {
		a.Err = err.Error()
		v.hangUp()
	}
	return body, a
}

func (v *visitor) roundTrip(request []byte, a *answered) ([]byte, error) {
	if err := v.dial(); err != nil {
		return nil, err
	}
	_ = v.conn.SetDeadline(time.Now().Add(90 * time.Second))
	if _, err := v.conn.Write(request); err != nil {
		return nil, err
	}
	r, err := http.ReadResponse(v.in, &http.Request{Method: strings.Fields(a.What)[0]})
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	a.Status, a.Location, a.Retry = r.StatusCode, r.Header.Get("Location"), r.Header.Get("Retry-After")
	for _, c := range r.Cookies() {
		if c.Name == "plain-form" {
			v.form = c.Value
		}
	}
	if r.Close {
		v.hangUp()
	}
	return body, err
}

const formPath = "/mine/register/form"

// get opens a page; false if it did not come.
func (v *visitor) get(path string, meant time.Time) ([]byte, answered) {
	return v.exchange("GET "+path, v.request("GET", path, "", nil), meant)
}

// fillIn opens the form and makes the registration ready.
func (v *visitor) fillIn(meant time.Time) answered {
	page, a := v.get(formPath, meant)
	if a.Status != http.StatusOK {
		return a
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range fieldsOf(page, formPath) {
		_ = form.WriteField(f[0], f[1])
	}
	_ = form.WriteField("attest", "yes")
	_ = form.WriteField("do", "submit")
	form.Close()
	v.send = v.request("POST", formPath, form.FormDataContentType(), body.Bytes())
	return a
}

// fieldsOf are names and values of the form with the action, as a browser sends
// them if nobody touches it.
func fieldsOf(page []byte, action string) (out [][2]string) {
	inside, name := false, ""
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out
		}
		t := z.Token()
		at := map[string]string{}
		for _, a := range t.Attr {
			at[a.Key] = a.Val
		}
		_, checked := at["checked"]
		_, chosen := at["selected"]
		switch {
		case t.Data == "form":
			inside = kind == html.StartTagToken && at["action"] == action
		case !inside || kind == html.EndTagToken:
		case t.Data == "select":
			name = at["name"]
		case t.Data == "textarea":
			text := ""
			if z.Next() == html.TextToken {
				text = z.Token().Data
			}
			out = append(out, [2]string{at["name"], text})
		case t.Data == "option" && chosen:
			out = append(out, [2]string{name, at["value"]})
		case t.Data == "input" && at["name"] != "" && at["name"] != "attest":
			switch at["type"] {
			case "file", "submit":
			case "radio", "checkbox":
				if checked {
					out = append(out, [2]string{at["name"], at["value"]})
				}
			default:
				out = append(out, [2]string{at["name"], at["value"]})
			}
		}
	}
}

// summary is what the page of a refusal says is wrong: the text of its links to fields.
func summary(page []byte) string {
	var out []string
	inside := false
	for z := html.NewTokenizer(bytes.NewReader(page)); z.Next() != html.ErrorToken; {
		t := z.Token()
		switch {
		case t.Type == html.StartTagToken && t.Data == "a":
			for _, a := range t.Attr {
				inside = inside || a.Key == "href" && strings.HasPrefix(a.Val, "#") && a.Val != "#main"
			}
		case t.Type == html.EndTagToken && t.Data == "a":
			inside = false
		case t.Type == html.TextToken && inside:
			out = append(out, strings.TrimSpace(t.Data))
		}
	}
	return strings.Join(out, "; ")
}
