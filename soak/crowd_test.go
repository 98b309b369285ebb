package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/roster"
)

// crowd is a school whose graduates are signed in and about to register.
type crowd struct {
	conf  app.Config
	seats []*seat
	next  int // the first who was not called up yet
}

// seat is one graduate at a browser.
type seat struct {
	no, id string
	ticket string // of the session
	form   string // cookie that forms are bound to
	body   []byte // of the registration that is filled in
	kind   string // its media type
}

// gather makes a school of n graduates in the folder or database, each with an
// account and a session: ten thousand passwords would take the machine minutes and
// are somebody else's test.
func gather(t *testing.T, conf app.Config, n int) *crowd {
	t.Helper()
	if _, err := app.Init(t.Context(), conf, app.NewSchool{Name: "滨海医科大学", Code: "99001", Admin: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), conf, app.Writing)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	rows := strings.Builder{}
	rows.WriteString("学号,姓名,学院,专业,班级,学历\n")
	c := &crowd{conf: conf}
	var numbers []string
	for i := range n {
		s := &seat{no: fmt.Sprintf("24%05d", i)}
		c.seats, numbers = append(c.seats, s), append(numbers, s.no)
		fmt.Fprintf(&rows, "%s,毕业生%d,学院%d,专业,%d班,本科\n", s.no, i, i%20, i%100)
	}
	report, err := a.Roster.Import(t.Context(), access.Console("soak"), app.TableFile("生源.csv", []byte(rows.String())), roster.ImportOptions{Cohort: "2024"})
	if err != nil || report.Refused > 0 {
		t.Fatal(err, report.Refusals)
	}
	people, err := a.Store.GraduatesByNumber(t.Context(), access.School(), numbers, nil)
	if err != nil || len(people) != n {
		t.Fatal(len(people), err)
	}
	ids := map[string]string{}
	for _, p := range people {
		ids[p.StudentNo] = p.ID
	}
	c.each(64, func(s *seat) error {
		s.id = ids[s.no]
		return s.signIn(t.Context(), a)
	}, t.Error)
	return c
}

// signIn gives the graduate an account and a session.
func (s *seat) signIn(ctx context.Context, a *app.App) error {
	who := access.Console("soak")
	account, _, err := a.Accounts.Add(ctx, who, access.Account{Login: s.no, Name: "毕业生", Graduate: s.id,
		Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(s.id)}}})
	if err != nil {
		return err
	}
	token, err := a.Accounts.DemoLink(ctx, who, account.ID)
	if err != nil {
		return err
	}
	s.ticket, err = a.Accounts.Enter(ctx, token, access.From{})
	return err
}

// each does the same for all seats, so many at a time.
func (c *crowd) each(atOnce int, do func(*seat) error, wrong func(...any)) {
	atOnceDo(c.seats, atOnce, func(s *seat) {
		if err := do(s); err != nil {
			wrong(s.no, err)
		}
	})
}

func atOnceDo(seats []*seat, atOnce int, do func(*seat)) {
	turns := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for _, s := range seats {
		turns <- struct{}{}
		wg.Go(func() {
			defer func() { <-turns }()
			do(s)
		})
	}
	wg.Wait()
}

// call takes the next n seats.
func (c *crowd) call(t *testing.T, n int) []*seat {
	t.Helper()
	if c.next+n > len(c.seats) {
		t.Fatalf("%d graduates are too few", len(c.seats))
	}
	c.next += n
	return c.seats[c.next-n : c.next]
}

// client is a browser's connections; it follows nothing by itself.
func client(connections int) *http.Client {
	return &http.Client{
		Timeout:       20 * time.Second,
		Transport:     &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// send asks for a page or sends a form, and reads the whole answer.
func (s *seat) send(c *http.Client, method, address, kind string, body []byte) (status int, location, page string, err error) {
	r, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return 0, "", "", err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.AddCookie(&http.Cookie{Name: "plain-sid", Value: s.ticket})
	if s.form != "" {
		r.AddCookie(&http.Cookie{Name: "plain-form", Value: s.form})
	}
	answer, err := c.Do(r)
	if err != nil {
		return 0, "", "", err
	}
	defer answer.Body.Close()
	whole, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, "", "", err
	}
	for _, k := range answer.Cookies() {
		if k.Name == "plain-form" {
			s.form = k.Value
		}
	}
	return answer.StatusCode, answer.Header.Get("Location"), string(whole), nil
}

var hiddenInPage = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// hidden are the hidden fields of the form that goes to the address.
func hidden(page, action string) (url.Values, error) {
	at := strings.Index(page, `action="`+html.EscapeString(action)+`"`)
	if at < 0 {
		return nil, errors.New("no form to " + action)
	}
	page = page[at:]
	if end := strings.Index(page, "</form>"); end >= 0 {
		page = page[:end]
	}
	out := url.Values{}
	for _, f := range hiddenInPage.FindAllStringSubmatch(page, -1) {
		out.Add(f[1], html.UnescapeString(f[2]))
	}
	return out, nil
}

const (
	chooseAt = "/mine/register"
	formAt   = "/mine/register/form"
)

// fillIn walks to the form of a registration as a browser does and leaves it filled
// in, with a photo of its own: one key, to be sent as often as it takes.
func (s *seat) fillIn(c *http.Client, server string) error {
	_, _, page, err := s.send(c, "GET", server+chooseAt, "", nil)
	if err != nil {
		return err
	}
	fields, err := hidden(page, chooseAt)
	if err != nil {
		return err
	}
	fields.Set("code", "46")
	status, _, page, err := s.send(c, "POST", server+chooseAt, "application/x-www-form-urlencoded", []byte(fields.Encode()))
	if err != nil || status != http.StatusSeeOther {
		return fmt.Errorf("the category: %d %v %s", status, err, page)
	}
	if _, _, page, err = s.send(c, "GET", server+formAt, "", nil); err != nil {
		return err
	}
	if fields, err = hidden(page, formAt); err != nil {
		return err
	}
	for name, v := range map[string]string{"enlist_office": "丙县人民武装部", "enlist_day": "2024-06-20", "attest": "yes", "do": "submit"} {
		fields.Set(name, v)
	}
	s.body, s.kind, err = multipartForm(fields, "file-MIL", photoOf(s.no))
	return err
}

func multipartForm(fields url.Values, field string, content []byte) (body []byte, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				return nil, "", err
			}
		}
	}
	part, err := w.CreateFormFile(field, "照片.jpg")
	if err == nil {
		_, err = part.Write(content)
	}
	err = errors.Join(err, w.Close()) // before the bytes are taken
	return b.Bytes(), w.FormDataContentType(), err
}

// photoOf is a small picture that no other number has.
func photoOf(no string) []byte {
	img := image.NewGray(image.Rect(0, 0, 200, 280))
	for i := range img.Pix {
		img.Pix[i] = 230
	}
	for i, digit := range no { // blocks of eight, so that no two come out alike
		for x := range 8 {
			for y := range 8 {
				img.SetGray(8*i+x, 8+y, color.Gray{Y: uint8(20 * (digit - '0'))})
			}
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil) // a buffer takes everything
	return b.Bytes()
}

// acks is what clients were told, a line each, in a file of its own outside the
// server's folder. An ack is a whole answer that leads to a receipt; all else is
// unknown (reliability.md, Appendix B 1).
type acks struct {
	mu   sync.Mutex
	file *os.File
	seen map[string]string // change by number

}

func newAcks(t *testing.T) *acks {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "acks"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return &acks{file: f, seen: map[string]string{}}
}

func (a *acks) note(no, change string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fmt.Fprintln(a.file, no, change)
	a.seen[no] = change
}

func (a *acks) of(no string) (string, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change, ok := a.seen[no]
	return change, ok
}

func (a *acks) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.seen)
}

// register sends the form that is filled in. Unknown answers are no error.
func (s *seat) register(c *http.Client, server string, a *acks) error {
	status, to, page, err := s.send(c, "POST", server+formAt, s.kind, s.body)
	if err != nil {
		return nil
	}
	change, ok := strings.CutPrefix(to, "/mine/receipt/")
	if status != http.StatusSeeOther || !ok {
		_, page, _ = strings.Cut(page, "<main")
		return fmt.Errorf("refused: %d %s %.500s", status, to, page)
	}
	a.note(s.no, change)
	return nil
}
