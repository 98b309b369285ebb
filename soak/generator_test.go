package soak

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// The generator is this test binary once more, in a process of its own: what it
// costs is not counted as the server's, and both share the machine's processors.

// order is what the generator is asked to do; it comes as JSON in the environment.
type order struct {
	Do      string        // instant, minute, peak, flood
	Address string        // http://127.0.0.1:port
	Guests  string        // file
	From    int           // first guest
	Count   int           // how many
	Over    time.Duration // how long
	Rate    int           // requests a second, of flood
}

// answered is what came of one request, as one line of the generator's output.
type answered struct {
	Graduate string
	What     string  // GET or POST and path
	Status   int     // 0: no answer
	Location string  // where it led
	Ms       float64 // since it was meant to be sent
	At       float64 // when it was meant to be sent, in ms since the beginning
	Retry    string  // Retry-After
	Kept     bool    // the answer holds the form
	Err      string
}

// orderVariable is set in the generator's process.
const orderVariable = "QUXIANG_SOAK_ORDER"

// generate carries out the order in a process of its own.
func generate(t *testing.T, o order) []answered {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Env = append(os.Environ(), orderVariable+"="+string(text))
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		t.Fatalf("the generator: %v\n%s", err, said.String())
	}
	t.Logf("generator: %s", strings.TrimSpace(said.String()))
	var list []answered
	for in := json.NewDecoder(&out); in.More(); {
		var one answered
		if err := in.Decode(&one); err != nil {
			t.Fatal(err)
		}
		list = append(list, one)
	}
	return list
}

// carryOut is the generator's main function.
func carryOut(text string) error {
	g := &generator{out: json.NewEncoder(os.Stdout)}
	if err := json.Unmarshal([]byte(text), &g.order); err != nil {
		return err
	}
	g.host = strings.TrimPrefix(g.Address, "http://")
	lines, err := os.ReadFile(g.Guests)
	if err != nil {
		return err
	}
	for in := json.NewDecoder(bytes.NewReader(lines)); in.More(); {
		var v visitor
		if err := in.Decode(&v.guest); err != nil {
			return err
		}
		v.g = g
		g.visitors = append(g.visitors, &v)
	}
	g.visitors = g.visitors[g.From:][:g.Count]
	switch g.Do {
	case "instant":
		return g.instant()
	case "minute":
		return g.minute()
	case "peak", "flood":
		return g.flood()
	}
	return errors.New("no such order: " + g.Do)
}

type generator struct {
	order
	host     string
	visitors []*visitor
	began    time.Time

	mu  sync.Mutex
	out *json.Encoder
}

func (g *generator) report(a answered) {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.out.Encode(a)
}

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

// instant has everybody press the button at one moment: pages are open, connections
// are made, then all requests are written as fast as the machine can.
func (g *generator) instant() error {
	if err := g.prepare(); err != nil {
		return err
	}
	var wait sync.WaitGroup
	gates := make(chan struct{}, 256)
	for _, v := range g.visitors {
		v.hangUp()
		gates <- struct{}{}
		wait.Go(func() {
			defer func() { <-gates }()
			if err := v.dial(); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		})
	}
	wait.Wait()
	start := make(chan struct{})
	list := make([]answered, len(g.visitors))
	for i, v := range g.visitors {
		wait.Go(func() {
			<-start
			_, list[i] = v.exchange("POST "+formPath, v.send, g.began)
		})
	}
	time.Sleep(time.Second)
	g.began = time.Now()
	close(start)
	wait.Wait()
	fmt.Fprintf(os.Stderr, "%d answers in %s\n", len(list), time.Since(g.began).Round(time.Millisecond))
	for _, a := range list {
		g.report(a)
	}
	return nil
}

// prepare opens everybody's form, a few at a time.
func (g *generator) prepare() error {
	g.began = time.Now()
	var wait sync.WaitGroup
	var bad atomic.Int64
	work := make(chan *visitor)
	for range 16 {
		wait.Go(func() {
			for v := range work {
				if a := v.fillIn(time.Now()); a.Status != http.StatusOK {
					if bad.Add(1) < 4 {
						fmt.Fprintf(os.Stderr, "%+v\n", a)
					}
				}
				v.hangUp()
			}
		})
	}
	for _, v := range g.visitors {
		work <- v
	}
	close(work)
	wait.Wait()
	if n := bad.Load(); n > 0 {
		return fmt.Errorf("%d of %d pages did not open", n, len(g.visitors))
	}
	return nil
}

// minute has everybody come at a time of their own: home, how it stands, the form,
// the registration, the receipt.
func (g *generator) minute() error {
	g.began = time.Now()
	var wait sync.WaitGroup
	for i, v := range g.visitors {
		meant := g.began.Add(g.Over * time.Duration(i) / time.Duration(len(g.visitors)))
		wait.Go(func() {
			time.Sleep(time.Until(meant))
			for _, path := range []string{"/", "/mine"} {
				_, a := v.get(path, meant)
				g.report(a)
				meant = time.Now()
			}
			a := v.fillIn(meant)
			g.report(a)
			if a.Status != http.StatusOK {
				return
			}
			_, a = v.exchange("POST "+formPath, v.send, time.Now())
			g.report(a)
			if a.Status == http.StatusSeeOther {
				_, a = v.get(a.Location, time.Now())
				a.What = "GET /mine/receipt"
				g.report(a)
			}
			v.hangUp()
		})
	}
	wait.Wait()
	return nil
}

// flood keeps a draft of one visitor after the other: peak with as many at a time as
// keep the server busy, flood at a rate that nothing slows down.
func (g *generator) flood() error {
	g.began = time.Now()
	end := g.began.Add(g.Over)
	var next atomic.Int64
	one := func(meant time.Time) {
		v := g.visitors[int(next.Add(1))%len(g.visitors)]
		if !v.busy.CompareAndSwap(false, true) {
			return // still waits: a person, not a machine
		}
		defer v.busy.Store(false)
		if v.send == nil {
			if a := v.fillIn(meant); a.Status != http.StatusOK {
				g.report(a)
				return
			}
			v.send = bytes.Replace(v.send, []byte("\r\n\r\nsubmit\r\n"), []byte("\r\n\r\nnotyet\r\n"), 1)
			meant = time.Now()
		}
		page, a := v.exchange("POST "+formPath, v.send, meant)
		a.Kept = a.Status == http.StatusServiceUnavailable && bytes.Contains(page, []byte(`name="once"`)) && bytes.Contains(page, []byte(`name="form_token"`))
		g.report(a)
	}
	var wait sync.WaitGroup
	if g.Do == "peak" {
		for range 64 {
			wait.Go(func() {
				for time.Now().Before(end) {
					one(time.Now())
				}
			})
		}
		wait.Wait()
		return nil
	}
	for i := 0; ; i++ {
		meant := g.began.Add(time.Duration(i) * time.Second / time.Duration(g.Rate))
		if meant.After(end) {
			break
		}
		time.Sleep(time.Until(meant))
		wait.Go(func() { one(meant) })
	}
	wait.Wait()
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
