package httpd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"quxiang/internal/domain/fault"
)

// maxBody of a request, in bytes, where its route says nothing else.
const maxBody = 1 << 20

// drained is how much of a body beyond its bound is read and thrown away, so that
// the browser shows the answer instead of a broken connection.
const drained = 64 << 20

// slowest is the rate, in bytes a second, at which a large body must come in:
// what a phone manages in a dormitory, and ten times what an attack would give.
const slowest = 32 << 10

// Upload is one file of a form. It was never on a disk.
type Upload struct {
	Name string // as the browser calls it: for messages only, it is nobody's word on the content
	Body []byte
}

// Files returns the files that the form gave under the field, in the form's
// order; a field left empty has none.
func (r *Request) Files(field string) []Upload { return r.files[field] }

// limit is the most bytes that a body of the route may have.
func (t *Route) limit() int64 {
	if t.MaxBody > 0 {
		return t.MaxBody
	}
	return maxBody
}

// takeBody reads the form of a request, files included, into memory. While it comes
// in over somebody's line, the turn is another's. Errors: *http.MaxBytesError beyond
// the route's limit; fault.Invalid for what is no form; fault.Unavailable where too
// many large ones are under way.
func (r *Request) takeBody(w http.ResponseWriter, t *Route) error {
	if r.queue == nil {
		return r.readBody(w, t)
	}
	return r.queue.outside(func() error { return r.readBody(w, t) })
}

func (r *Request) readBody(w http.ResponseWriter, t *Route) error {
	limit := t.limit()
	body := &paced{ReadCloser: r.Body, at: http.NewResponseController(w), began: time.Now()}
	r.Body = body
	if r.ContentLength > limit {
		_, _ = io.CopyN(io.Discard, r.Body, drained)
		return &http.MaxBytesError{Limit: limit}
	}
	if err := r.reserve(r.Context(), limit); err != nil {
		return err
	}
	body.began = time.Now() // not of the sender's doing that they waited
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return badForm(r.ParseForm())
	}
	return badForm(r.readParts(limit))
}

// mostParts is how many fields and files a form may have.
const mostParts = 1000

// readParts reads a form with files into one piece of memory as large as the body: it
// grows no buffer and copies nothing, so that a large file takes its size and no more.
// No part of it ever goes to a disk.
func (r *Request) readParts(limit int64) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return err
	}
	if r.ContentLength >= 0 {
		limit = r.ContentLength
	}
	memory := make([]byte, 0, limit)
	values := url.Values{}
	r.files = map[string][]Upload{}
	for range mostParts {
		p, err := parts.NextPart()
		if err == io.EOF {
			r.MultipartForm = &multipart.Form{Value: values}
			r.PostForm = values
			for name, list := range values {
				r.Form[name] = append(r.Form[name], list...)
			}
			return nil
		}
		if err != nil {
			return err
		}
		from := len(memory)
		if memory, err = appendAll(memory, p); err != nil {
			return err
		}
		body := memory[from:len(memory):len(memory)]
		switch name := p.FormName(); {
		case name == "":
		case !isFile(p):
			values.Add(name, string(body))
		case p.FileName() != "" || len(body) > 0: // a field left empty has none
			r.files[name] = append(r.files[name], Upload{Name: p.FileName(), Body: body})
		}
	}
	return errors.New("httpd: too many parts")
}

// isFile reports that the part is a file, be it one without a name.
func isFile(p *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	_, named := params["filename"]
	return err == nil && named
}

// appendAll reads to the end into the memory that there is; it cannot be too little,
// since the parts of a body are shorter than the body.
func appendAll(memory []byte, from io.Reader) ([]byte, error) {
	for {
		if len(memory) == cap(memory) {
			return memory, atEnd(from)
		}
		n, err := from.Read(memory[len(memory):cap(memory)])
		memory = memory[:len(memory)+n]
		if err == io.EOF {
			return memory, nil
		}
		if err != nil {
			return memory, err
		}
	}
}

// atEnd reads what must be the end.
func atEnd(from io.Reader) error {
	var one [1]byte
	n, err := from.Read(one[:])
	if n > 0 {
		return errors.New("httpd: a form longer than it said")
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// reserve waits for the memory that a body takes of which at most limit is held. No
// account and no network has more than a share of it.
func (r *Request) reserve(ctx context.Context, limit int64) error {
	size := r.ContentLength
	if size < 0 || size > limit {
		size = limit
	}
	switch {
	case size <= notCounted || r.site == nil:
		return nil
	case !r.SignedIn(): // larger ones are not listened to
		return r.reserveShare(ctx, r.site.outside, network(r.Peer), size, ofNetwork)
	case size <= maxBody:
		return r.reserveShare(ctx, r.site.inside, r.Account.ID, size, ofAccount)
	}
	return r.reserveLarge(ctx, r.site.room, size)
}

func (r *Request) reserveShare(ctx context.Context, m *room, whose string, size, most int64) error {
	if !m.share(ctx, whose, size, most) {
		return fault.Unavailablef("", "现在提交的人太多，请过几分钟再提交")
	}
	r.giveBack = func() { m.unshare(whose, size, size) }
	return nil
}

// reserveLarge waits for the memory that a large body takes: as it came, and once more
// as the files that are made of it.
func (r *Request) reserveLarge(ctx context.Context, m *room, size int64) error {
	account := r.Account.ID
	if !m.begin(ctx, account) {
		return fault.Unavailablef("file", "你的另一次上传还没有完，请等它完成后再传")
	}
	r.giveBack = func() { m.end(account, 0) }
	size = min(2*size, largeBodies)
	if !m.take(ctx, size) {
		return fault.Unavailablef("file", "现在上传文件的人太多，请过几分钟再传")
	}
	r.giveBack = func() { m.end(account, size) }
	return nil
}

// release gives back what reserve took.
func (r *Request) release() {
	if r.giveBack != nil {
		r.giveBack()
	}
}

// grace is how long a body may take to begin, and a small one in all.
const grace = 20 * time.Second

// paced is a body that must keep coming: who sends less than slowest is cut off,
// however much they said they would send.
type paced struct {
	io.ReadCloser
	at    *http.ResponseController
	began time.Time
	n     int64
	until time.Time
}

// Read moves the deadline on by what came. A writer without deadlines, as in tests,
// has none to move.
func (p *paced) Read(b []byte) (int, error) {
	if until := p.began.Add(grace + time.Duration(p.n/slowest)*time.Second); until.Sub(p.until) >= time.Second {
		p.until = until
		_ = p.at.SetReadDeadline(until)
		_ = p.at.SetWriteDeadline(until.Add(writeTimeout))
	}
	n, err := p.ReadCloser.Read(b)
	p.n += int64(n)
	return n, err
}

func badForm(err error) error {
	if err == nil || statusOf(err) == http.StatusRequestEntityTooLarge {
		return err
	}
	return fault.Invalidf("", "提交的内容读不出来，请返回后重新填写")
}

// inWords writes a number of bytes as people read it.
func inWords(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d KB", n>>10)
}
