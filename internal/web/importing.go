package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/domain/roster"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// Imports takes files: each is held, checked, shown and published once.
type Imports interface {
	// Bring holds a file and checks it.
	Bring(ctx context.Context, who access.Actor, kind, name string, content []byte, o intake.Options) (intake.Held, error)
	// BringMended puts mended rows, or a whole file, in the place of a held one.
	BringMended(ctx context.Context, who access.Actor, id, name string, content []byte) (intake.Held, error)
	// State says where a held file of the actor's own stands.
	State(ctx context.Context, who access.Actor, id string) (intake.State, error)
	// Confirm publishes; Abandon lets go.
	Confirm(ctx context.Context, who access.Actor, id string) error
	Abandon(ctx context.Context, who access.Actor, id string) error
	// Batches returns the published imports, newest first; Undo takes one back.
	Batches(ctx context.Context, who access.Actor) ([]roster.Batch, error)
	Undo(ctx context.Context, who access.Actor, batch string) (exchange.Report, error)

	// Files, as xlsx.
	Template(who access.Actor, kind string, w io.Writer) error
	MendSheet(ctx context.Context, who access.Actor, id string, w io.Writer) error
	ResultSheet(ctx context.Context, who access.Actor, id string, w io.Writer) error
	CompareSheet(ctx context.Context, who access.Actor, id string, w io.Writer) error
}

// maxTable is the largest table file that a form may bring, with the form around
// it, in bytes: what the command line takes as well.
const maxTable = 64<<20 + 64<<10

// importRoutes are the addresses of files in.
func (w *Web) importRoutes() []httpd.Route {
	right, school := access.ImportRoster, httpd.Over(access.ImportRoster)
	get := func(pattern string, c httpd.Class, do httpd.Handler) httpd.Route {
		return httpd.Route{Method: "GET", Pattern: pattern, Permission: right, Scope: school, Class: c, Audit: httpd.NotAudited, Handle: do}
	}
	post := func(pattern, audit string, body int64, do httpd.Handler) httpd.Route {
		return httpd.Route{Method: "POST", Pattern: pattern, Permission: right, Scope: school, Class: httpd.Personal, Audit: audit, MaxBody: body, Handle: do}
	}
	return []httpd.Route{
		get("/import", httpd.Internal, w.imports),
		get("/import/{kind}", httpd.Internal, w.importForm),
		get("/import/{kind}/template.xlsx", httpd.Internal, w.importTemplate),
		post("/import/{kind}", "import.hold", maxTable, w.importUpload),
		get("/import/{kind}/{id}", httpd.Personal, w.importCheck),
		post("/import/{kind}/{id}", "import.publish", 0, w.importConfirm),
		post("/import/{kind}/{id}/mended", "import.hold", maxTable, w.importMended),
		post("/import/{kind}/{id}/drop", "import.drop", 0, w.importDrop),
		get("/import/{kind}/{id}/mend.xlsx", httpd.Personal, w.importMendSheet),
		get("/import/{kind}/{id}/result.xlsx", httpd.Personal, w.importResultSheet),
		get("/import/history", httpd.Internal, w.importHistory),
		get("/import/history/{id}/undo", httpd.Internal, w.importUndoForm),
		post("/import/history/{id}/undo", "import.undo", 0, w.importUndo),
	}
}

var importCrumb = part.Link{Title: "导入", Href: "/import"}

// importsPage is the page of GET /import.
type importsPage struct {
	part.Page
	Kinds   []kindRow
	Gone    bool // a file was just let go
	NoWages bool // no minimum wage is there to check by
}

// kindRow is one kind of file with its newest import.
type kindRow struct {
	intake.Kind
	Last *batchRow
}

// imports answers GET /import.
func (w *Web) imports(rw http.ResponseWriter, r *httpd.Request) error {
	list, err := w.batchRows(r)
	if err != nil {
		return err
	}
	p := importsPage{Page: w.desk(rw, r, "导入"), Gone: r.URL.Query().Has("gone")}
	if p.NoWages, err = w.noWages(r); err != nil {
		return err
	}
	for _, k := range intake.Kinds(r.Who) {
		p.Kinds = append(p.Kinds, kindRow{k, newest(list, k.ID)})
	}
	return show(rw, r, nil, importsView(p))
}

// noWages is what a school without minimum wages cannot do.
const noWages = "还没有最低工资标准，12、27、76 的月薪无从核对"

// noWages reports that the school has no minimum wages.
func (w *Web) noWages(r *httpd.Request) (bool, error) {
	list, err := w.Destinations.Store.MinimumWages(r.Context())
	return len(list) == 0, err
}

// importPage is the page of GET /import/{kind}: template, options, file.
type importPage struct {
	part.Page
	Kind    intake.Kind
	Options intake.Options
	Errors  map[string]string
	Wrong   []part.Wrong
	Last    *batchRow
}

// importForm answers GET /import/{kind}.
func (w *Web) importForm(rw http.ResponseWriter, r *httpd.Request) error {
	v := r.URL.Query()
	return w.showImport(rw, r, optionsOf(v), nil)
}

func optionsOf(v url.Values) intake.Options {
	return intake.Options{Cohort: v.Get("cohort"), Source: v.Get("source"), TrueFrom: calendar.Day(v.Get("true_from"))}
}

// showImport shows the form with what was chosen, and what is wrong with it.
func (w *Web) showImport(rw http.ResponseWriter, r *httpd.Request, o intake.Options, wrong error) error {
	k, err := importKind(r)
	if err != nil {
		return err
	}
	list, err := w.batchRows(r)
	if err != nil {
		return err
	}
	p := importPage{Page: w.desk(rw, r, "导入"+k.Title, importCrumb), Kind: k, Options: o, Last: newest(list, k.ID)}
	p.Errors, p.Wrong = wrongs(wrong, "file")
	return show(rw, r, wrong, importFormView(p))
}

// formFields are the fields of these forms that a refusal may name.
var formFields = []string{"source", "cohort", "true_from", "purpose", "as_of", "reason", "fields", "kind"}

// wrongs are the errors of a form by field, and its summary; one that names no
// field of the form belongs to the usual one.
func wrongs(err error, usual string) (map[string]string, []part.Wrong) {
	if err == nil {
		return nil, nil
	}
	field, text := usual, intake.Plain(err.Error())
	var f *fault.Fault
	if errors.As(err, &f) && slices.Contains(formFields, f.Field) {
		field = f.Field
	}
	return map[string]string{field: text}, []part.Wrong{{Field: field, Text: text}}
}

// importUpload answers POST /import/{kind}.
func (w *Web) importUpload(rw http.ResponseWriter, r *httpd.Request) error {
	k, err := importKind(r)
	if err != nil {
		return err
	}
	o := optionsOf(r.PostForm)
	name, content := oneFile(r)
	h, err := w.Imports.Bring(r.Context(), r.Who, k.ID, name, content, o)
	if refused(err) {
		return w.showImport(rw, r, o, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, heldAddress(h))
}

// importKind is the kind of import that the address names.
func importKind(r *httpd.Request) (intake.Kind, error) {
	id := r.PathValue("kind")
	if id == intake.Reconciliation {
		return intake.Kind{}, fault.NotFoundf("kind", "核对不是导入，请用“与上级系统核对”")
	}
	return intake.KindOf(r.Who, id)
}

// oneFile is the file of a form; none is a name and content that are blank.
func oneFile(r *httpd.Request) (name string, content []byte) {
	files := r.Files("file")
	if len(files) == 0 {
		return "", nil
	}
	return files[0].Name, files[0].Body
}

// refused reports that a form is to be shown again with what is wrong.
func refused(err error) bool {
	k := fault.KindOf(err)
	return k == fault.Invalid || k == fault.Usage || k == fault.Conflict
}

func heldAddress(h intake.Held) string { return "/import/" + h.Kind + "/" + h.ID }

// importConfirm answers POST /import/{kind}/{id}.
func (w *Web) importConfirm(rw http.ResponseWriter, r *httpd.Request) error {
	id := r.PathValue("id")
	err := w.Imports.Confirm(r.Context(), r.Who, id)
	if refused(err) {
		return w.showCheck(rw, r, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/import/"+url.PathEscape(r.PathValue("kind"))+"/"+url.PathEscape(id))
}

// importMended answers POST /import/{kind}/{id}/mended.
func (w *Web) importMended(rw http.ResponseWriter, r *httpd.Request) error {
	name, content := oneFile(r)
	h, err := w.Imports.BringMended(r.Context(), r.Who, r.PathValue("id"), name, content)
	if refused(err) {
		return w.showCheck(rw, r, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, heldAddress(h))
}

// importDrop answers POST /import/{kind}/{id}/drop.
func (w *Web) importDrop(rw http.ResponseWriter, r *httpd.Request) error {
	err := w.Imports.Abandon(r.Context(), r.Who, r.PathValue("id"))
	if refused(err) {
		return w.showCheck(rw, r, err)
	}
	if err != nil {
		return err
	}
	return httpd.SeeOther(rw, r, "/import?gone=1")
}

func (w *Web) importTemplate(rw http.ResponseWriter, r *httpd.Request) error {
	k, err := importKind(r)
	if err != nil {
		return err
	}
	return sendSheet(rw, k.Title+"模板.xlsx", func(out io.Writer) error { return w.Imports.Template(r.Who, k.ID, out) })
}

func (w *Web) importMendSheet(rw http.ResponseWriter, r *httpd.Request) error {
	return sendSheet(rw, "要改的行.xlsx", func(out io.Writer) error { return w.Imports.MendSheet(r.Context(), r.Who, r.PathValue("id"), out) })
}

func (w *Web) importResultSheet(rw http.ResponseWriter, r *httpd.Request) error {
	return sendSheet(rw, "检查结果.xlsx", func(out io.Writer) error { return w.Imports.ResultSheet(r.Context(), r.Who, r.PathValue("id"), out) })
}

// sendSheet answers with an xlsx file to keep. It is made whole before any of it
// is sent, so that what goes wrong is said on a page.
func sendSheet(rw http.ResponseWriter, name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	h := rw.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	_, _ = rw.Write(b.Bytes()) // the client may have gone: nothing to be done
	return nil
}

// sourceChoices say what each source means for who counts.
var sourceChoices = []part.Option{
	{Value: "national", Title: "国家或省级系统的导出", Help: "已在上级系统审过的去向，导入后直接计入统计；本人登记过的不会被改动，只列出不同。"},
	{Value: "legacy", Title: "本校的历史数据", Help: "往届的存档，导入后直接计入统计。"},
	{Value: "draft", Title: "代填，等本人提交", Help: "老师手里的线索。只做成草稿发给学生，本人提交并审核后才计入。"},
}

func cohortHelp(k intake.Kind) string {
	if k.ID == "roster" {
		return "填了就整份按这一届；不填则按文件里的届别、毕业年份或毕业日期。"
	}
	return "填了就只认这一届的人；不填则不限。"
}

func trueFromHelp(k intake.Kind) string {
	if k.ID == "roster" {
		return "转专业、换班这类变化填生效的那天；改正填错的内容请留空，视为一直如此。"
	}
	return "只用于文件里没有落实起始日、签约日期和毕业日期的行。"
}

func chosenOr(o intake.Options) string { return cmp.Or(chosen(o), "没有特别的选项") }

// dash stands for what there is none of.
func dash(s string) string { return cmp.Or(s, "—") }
