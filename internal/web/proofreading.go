package web

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/proofread"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// Reports checks published reports (报告体检), each in memory: nothing of them is kept.
type Reports interface {
	// Proofread reads a report and finds where it contradicts itself; findings whose
	// numbers, from 1, are dismissed are left out, and the list says why. Errors: fault.Usage for a file that
	// cannot be read, fault.Unavailable while too many are being read.
	Proofread(ctx context.Context, who access.Actor, name string, content []byte, dismissed map[int]string) (Proofread, error)
}

// Proofread is one report, checked.
type Proofread interface {
	Read() (proofread.Document, []proofread.Finding)
	// At says where a finding stands in the file; blank where its words say it better.
	At(f proofread.Finding) string
	// Marked is the file with its findings marked; its name ends with Extension. List is
	// a page for whoever signs, as .docx.
	Marked() ([]byte, error)
	Extension() string
	List() ([]byte, error)
}

// maxReport is the largest report that the page takes, with the form around it, in bytes.
const maxReport = 20<<20 + 64<<10

// proofreadRoutes are the addresses of the proofreader.
func (w *Web) proofreadRoutes() []httpd.Route {
	right := access.ViewFigures
	return []httpd.Route{
		{Method: "GET", Pattern: "/proofread", Permission: right, Scope: httpd.Nobody, Class: httpd.Internal, Audit: httpd.NotAudited, Handle: w.proofreadForm},
		{Method: "POST", Pattern: "/proofread", Permission: right, Scope: httpd.Nobody, Class: httpd.Internal, Audit: "report.proofread", MaxBody: maxReport, Handle: w.proofread},
	}
}

// proofreadPage is the page of /proofread: the form, and below it what was found.
type proofreadPage struct {
	part.Page
	Errors   map[string]string
	Wrong    []part.Wrong
	Name     string // of the file; blank: none was checked yet
	Summary  string
	Extent   string // how much was read
	Kinds    []foundKind
	Findings []foundLine
	Blocks   []proofread.MarkedBlock
	list     []proofread.Finding
	tables   map[int]int // number of a table, by block
}

// foundKind is a severity with its number of findings.
type foundKind struct {
	Severity proofread.Severity
	N        int
}

// foundLine is a finding as it is listed.
type foundLine struct {
	proofread.Finding
	N      int
	At     string
	Others string
	Placed bool
}

// proofreadForm answers GET /proofread.
func (w *Web) proofreadForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showProofread(rw, r, proofreadPage{}, nil)
}

func (w *Web) showProofread(rw http.ResponseWriter, r *httpd.Request, p proofreadPage, wrong error) error {
	p.Page = w.script(w.desk(rw, r, "报告体检"), "proofread.js")
	if wrong != nil {
		p.Errors, p.Wrong = map[string]string{"file": wrong.Error()}, []part.Wrong{{Field: "file", Text: wrong.Error()}}
	}
	return show(rw, r, wrong, proofreadView(p))
}

// proofread answers POST /proofread: a page, or one of the files.
func (w *Web) proofread(rw http.ResponseWriter, r *httpd.Request) error {
	name, content, err := oneReport(r)
	var report Proofread
	if err == nil {
		report, err = w.Reports.Proofread(r.Context(), r.Who, name, content, dismissed(r.PostForm))
	}
	if refused(err) || fault.KindOf(err) == fault.Unavailable {
		return w.showProofread(rw, r, proofreadPage{}, err)
	}
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(name, path.Ext(name))
	switch r.PostForm.Get("do") {
	case "marked":
		return sendReport(rw, base+"-批注"+report.Extension(), report.Marked)
	case "list":
		return sendReport(rw, base+"-清单.docx", report.List)
	}
	return w.showProofread(rw, r, proofreadAnswer(name, report), nil)
}

// oneReport is the file that came. Error: fault.Invalid where none did.
func oneReport(r *httpd.Request) (string, []byte, error) {
	files := r.Files("file")
	if len(files) != 1 || len(files[0].Body) == 0 {
		return "", nil, fault.Invalidf("file", "请选择一份要检查的报告")
	}
	return path.Base(strings.ReplaceAll(files[0].Name, `\`, "/")), files[0].Body, nil
}

// longestWhy is how much is taken of a reason, in characters.
const longestWhy = 100

// dismissed reads without=1,3,5 with its reasons why1, why3, why5; what is no number is
// left out.
func dismissed(form url.Values) map[int]string {
	out := map[int]string{}
	for _, f := range strings.Split(form.Get("without"), ",") {
		if n, err := strconv.Atoi(f); err == nil {
			why := []rune(strings.TrimSpace(form.Get("why" + f)))
			out[n] = string(why[:min(len(why), longestWhy)])
		}
	}
	return out
}

func proofreadAnswer(name string, report Proofread) proofreadPage {
	d, list := report.Read()
	p := proofreadPage{Name: name, Summary: proofread.Summary(list), Extent: d.Extent(), list: list, tables: map[int]int{}}
	blocks, placed := proofread.Marked(d, list)
	p.Blocks = blocks
	for i, b := range blocks {
		if b.Kind == proofread.TableBlock {
			p.tables[i] = len(p.tables) + 1
		}
	}
	for i, f := range list {
		p.Findings = append(p.Findings, foundLine{Finding: f, N: i + 1, At: report.At(f), Others: proofread.SameFault(list, i), Placed: placed[i]})
	}
	for _, s := range proofread.Severities() {
		n := len(slices.DeleteFunc(slices.Clone(list), func(f proofread.Finding) bool { return f.Severity != s }))
		if n > 0 {
			p.Kinds = append(p.Kinds, foundKind{s, n})
		}
	}
	return p
}

// markClass is how a marked piece looks: as its worst finding.
func (p proofreadPage) markClass(piece proofread.Piece) string {
	return "pf-mark " + string(p.list[piece.Findings[0]].Severity)
}

// reportMedia are the media types of files that are sent.
var reportMedia = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".html": "text/html; charset=utf-8",
}

// sendReport sends a file to be saved.
func sendReport(rw http.ResponseWriter, name string, write func() ([]byte, error)) error {
	content, err := write()
	if err != nil {
		return err
	}
	h := rw.Header()
	h.Set("Content-Type", reportMedia[path.Ext(name)])
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	_, _ = rw.Write(content) // the client may have gone: nothing to be done
	return nil
}
