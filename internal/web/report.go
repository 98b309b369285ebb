package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// reportPage is the page where a report is written: its outline, the document as it will be
// printed, and what is wrong with it.
type reportPage struct {
	part.Page
	report.Draft
	Version   report.Version
	At, By    string
	Standings []string // what each cohort is counted from
	Unfrozen  bool     // some of it is of today
	Bound     int      // how many numbers are bound
	Wants     int      // problems that have to be put right or answered for
	May       bool     // write
	Outline   []outlineLine
	Pieces    []pieceView
	Problems  []problemView
	Chosen    *chosenNumber
	Edit      *pieceForm
	Endings   []string
	Snapshots []part.Option
	Asking    groundForm
	Wrongs    []part.Wrong
	view      *reportDrawing
}

type groundForm struct{ Snapshot, AsOf string }

// outlineLine is a heading on the left.
type outlineLine struct {
	Title, Href string
	Level       int
	Problems    int
}

// pieceView is one line of the text with its blocks.
type pieceView struct {
	report.Piece
	Blocks []report.Block
	First  int // place of the first block in the document
	Edit   *pieceForm
	Marks  []int // numbers of the problems that stand here
}

// Anchor is where links to the piece lead.
func (p *pieceView) Anchor() string { return "p-" + strconv.Itoa(p.No) }

// pieceForm edits one line, or adds one behind it.
type pieceForm struct {
	Op    report.Op
	Line  int
	Was   string
	Text  string
	Rows  int
	Now   string // the line as it is by now, where somebody changed it meanwhile
	Error string
}

// problemView is one problem on the right.
type problemView struct {
	report.Problem
	N     int
	Title string
	Href  string
	Fix   string // the line with the proposal in the place of the words; blank: nothing to do at once
	Line  int
	Was   string
	Fault bool // the line cannot be printed
}

// chosenNumber is the bound number that was selected.
type chosenNumber struct {
	report.Number
	N        int
	K, Base  part.Number
	Snapshot part.Link
	Places   []part.Link
}

// reportAsk is what a request wants of the page beside its address.
type reportAsk struct {
	edit   *pieceForm
	wrongs []part.Wrong
}

// report answers GET /reports/{id}.
func (w *Web) report(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showReport(rw, r, reportAsk{}, nil)
}

func (w *Web) showReport(rw http.ResponseWriter, r *httpd.Request, ask reportAsk, refusal error) error {
	d, v, err := w.versionOf(r.Context(), r.Who, r.PathValue("id"), 0)
	if err != nil {
		return err
	}
	shown, err := w.Workshop.Reports.Preview(r.Context(), r.Who, d.ID, v.Title, v.Text)
	if err != nil {
		return err
	}
	p := reportPage{Page: w.desk(rw, r, v.Title, part.Link{Title: "年度报告", Href: "/reports"}), Draft: d, Version: v, At: minuteOf(v.At),
		May: mayWhole(r.Who, access.EditReports), Endings: w.Workshop.Endings, Asking: groundForm{d.Snapshot, string(d.LastDay())}, Wrongs: ask.wrongs}
	if p.By, err = w.namesOfAccounts(r.Context()).name(v.By); err != nil {
		return err
	}
	if p.Snapshots, err = w.snapshotChoices(r, d.Cohort); err != nil {
		return err
	}
	p.Page = w.script(p.Page, "report.js")
	for _, s := range shown.Standings {
		p.Standings = append(p.Standings, standingWords(s))
		p.Unfrozen = p.Unfrozen || s.Snapshot == ""
	}
	p.layOut(&shown, w.Workshop.Draw)
	if p.May {
		p.Edit = ask.edit
		if p.Edit == nil {
			p.Edit = pieceAsked(r, &shown)
		}
		p.placeForm()
	}
	if err := w.chooseNumber(r, &p, &shown); err != nil {
		return err
	}
	return show(rw, r, refusal, reportView(p))
}

// standingWords say what a cohort is counted from.
func standingWords(s report.Standing) string {
	switch {
	case s.Snapshot == "":
		return s.Cohort + " 届：今天的登记（还没有冻结）"
	case s.Released:
		return s.Cohort + " 届：快照 " + s.Snapshot + "（已发布）"
	}
	return s.Cohort + " 届：快照 " + s.Snapshot + "（未发布）"
}

// layOut fills in what the page shows of a preview.
func (p *reportPage) layOut(shown *report.Preview, draw func(*report.Figure) string) {
	for _, n := range shown.Document.Numbers {
		if n.Format != "" {
			p.Bound++
		}
	}
	at := map[int]*pieceView{} // by place in shown.Pieces
	for i, x := range shown.Pieces {
		if x.Remark() && !p.May {
			continue
		}
		p.Pieces = append(p.Pieces, pieceView{Piece: x, Blocks: shown.Document.Blocks[x.From:x.To], First: x.From})
		at[i] = nil
	}
	for i := range p.Pieces {
		at[slices.IndexFunc(shown.Pieces, func(x report.Piece) bool { return x.No == p.Pieces[i].No })] = &p.Pieces[i]
	}
	p.problems(shown, at)
	p.view = newDrawing(p, shown, draw)
	p.outline()
}

// problems lists the lines that cannot be printed, then what the lint found.
func (p *reportPage) problems(shown *report.Preview, at map[int]*pieceView) {
	add := func(x problemView, piece *pieceView) {
		x.N = len(p.Problems) + 1
		if piece != nil {
			x.Href, x.Line, x.Was = "#"+piece.Anchor(), piece.No, piece.Source
			piece.Marks = append(piece.Marks, x.N)
			if x.Instead != "" && x.Words != "" && strings.Count(piece.Source, x.Words) == 1 {
				x.Fix = strings.Replace(piece.Source, x.Words, x.Instead, 1)
			}
		}
		p.Problems = append(p.Problems, x)
	}
	for i, x := range shown.Pieces {
		if x.Refused != "" {
			add(problemView{Problem: report.Problem{Where: fmt.Sprintf("第 %d 行", x.No), Text: x.Refused}, Title: "这一行印不出来", Fault: true}, at[i])
		}
	}
	for _, x := range shown.Problems {
		var piece *pieceView
		if i := shown.PieceOf(x.At); i >= 0 {
			piece = at[i]
		}
		add(problemView{Problem: x, Title: report.RuleTitle(x.Rule)}, piece)
	}
	p.Wants = len(p.Problems)
}

// outline lists the headings with the number of problems below each.
func (p *reportPage) outline() {
	for i := range p.Pieces {
		x := &p.Pieces[i]
		for _, b := range x.Blocks {
			if b.Heading != nil {
				p.Outline = append(p.Outline, outlineLine{Title: b.Heading.Text, Href: "#" + x.Anchor(), Level: b.Heading.Level})
			}
		}
		if n := len(p.Outline); n > 0 {
			p.Outline[n-1].Problems += len(x.Marks)
		}
	}
}

// pieceAsked is the form that the address asks for: ?edit=LINE or ?after=LINE.
func pieceAsked(r *httpd.Request, shown *report.Preview) *pieceForm {
	q := r.URL.Query()
	for _, ask := range []struct {
		name string
		op   report.Op
	}{{"edit", report.Replace}, {"after", report.After}} {
		line, err := strconv.Atoi(q.Get(ask.name))
		if err != nil {
			continue
		}
		f := &pieceForm{Op: ask.op, Line: line}
		i := slices.IndexFunc(shown.Pieces, func(x report.Piece) bool { return x.No == line })
		if i >= 0 {
			f.Was = shown.Pieces[i].Source
		} else if line != 0 || ask.op != report.After {
			continue
		}
		if ask.op == report.Replace {
			f.Text = f.Was
		}
		return f
	}
	return nil
}

// placeForm puts the form at its piece; one whose piece is gone stands on top.
func (p *reportPage) placeForm() {
	if p.Edit == nil {
		return
	}
	p.Edit.Rows = min(max(len([]rune(p.Edit.Text))/32+2, 3), 16)
	for i := range p.Pieces {
		if p.Pieces[i].No == p.Edit.Line {
			p.Pieces[i].Edit = p.Edit
			p.Edit = nil
			return
		}
	}
}

// changeReport answers POST /reports/{id}: one line is changed.
func (w *Web) changeReport(rw http.ResponseWriter, r *httpd.Request) error {
	id := r.PathValue("id")
	c := changeTyped(r)
	_, line, err := w.Workshop.Reports.Change(r.Context(), r.Who, id, c)
	if shownOnForm(err) {
		f, failed := w.refusedForm(r, id, c, err)
		if failed != nil {
			return failed
		}
		return w.showReport(rw, r, reportAsk{edit: f, wrongs: []part.Wrong{{Field: "text", Text: err.Error()}}}, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, reportAddress(id)+"#p-"+strconv.Itoa(line))
}

// refusedForm is the form again, with everything typed. Where somebody changed the line
// meanwhile it shows what stands there, and is about that line from now on; where the
// line is gone it adds one in its place.
func (w *Web) refusedForm(r *httpd.Request, id string, c report.Change, why error) (*pieceForm, error) {
	f := &pieceForm{Op: c.Op, Line: c.Line, Was: c.Was, Text: c.Text, Error: why.Error()}
	if c.Op != report.Replace && c.Op != report.After {
		f.Op, f.Text = report.Replace, c.Was
	}
	seen, err := wholeNumber(r.PostFormValue("base"))
	if err != nil || seen == 0 || fault.KindOf(why) != fault.Conflict {
		return f, nil
	}
	was, err := w.Workshop.Reports.Version(r.Context(), r.Who, id, seen)
	if err != nil {
		return nil, err
	}
	is, err := w.Workshop.Reports.Version(r.Context(), r.Who, id, 0)
	if err != nil {
		return nil, err
	}
	now, behind := report.LineNow(was.Text, is.Text, c.Line)
	if f.Line = now; now == 0 {
		f.Op, f.Line = report.After, behind
	}
	f.Was = lineOf(is.Text, f.Line)
	f.Now = f.Was
	if f.Op == report.After {
		f.Now = ""
	}
	return f, nil
}

func changeTyped(r *httpd.Request) report.Change {
	line, err := strconv.Atoi(r.PostFormValue("line"))
	if err != nil {
		line = -1 // no such line: the verb says so
	}
	return report.Change{Op: report.Op(r.PostFormValue("op")), Line: line, Was: r.PostFormValue("was"), Text: r.PostFormValue("text")}
}

// lineOf is one line of a text, 1-based; blank where there is none.
func lineOf(text string, n int) string {
	lines := strings.Split(text, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

// previewReport answers POST /reports/{id}/preview: the line as it would be printed, a piece
// of a page for the script. It keeps nothing.
func (w *Web) previewReport(rw http.ResponseWriter, r *httpd.Request) error {
	id, c := r.PathValue("id"), changeTyped(r)
	v, err := w.Workshop.Reports.Version(r.Context(), r.Who, id, 0)
	if err != nil {
		return err
	}
	text, line, err := c.Apply(v.Text)
	if err != nil {
		return show(rw, r, nil, reportPreviewRefused(err.Error()))
	}
	shown, err := w.Workshop.Reports.Preview(r.Context(), r.Who, id, v.Title, text)
	if err != nil {
		return err
	}
	p := reportPage{May: true}
	p.layOut(&shown, w.Workshop.Draw)
	return show(rw, r, nil, reportPreview(p, line, strings.Count(strings.Trim(c.Text, "\r\n"), "\n")))
}

func formLabel(f *pieceForm) string {
	if f.Op == report.After {
		return "新的一段"
	}
	return fmt.Sprintf("第 %d 行", f.Line)
}

// fileWord is what people call a form of the report.
func fileWord(ending string) string {
	switch ending {
	case ".docx":
		return "Word（.docx）"
	case ".pdf":
		return "PDF（.pdf）"
	case ".html":
		return "网页（.html）"
	case ".xlsx":
		return "数据附表（.xlsx）"
	}
	return ending
}
