package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/intake"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// batchRow is one import as people read it.
type batchRow struct {
	roster.Batch
	What   string // 生源, 撤销生源
	Origin string // where the data came from; blank where it makes no difference
	When   string
	Person string
	State  part.State
	CanGo  bool // may be undone
}

// Numbers says what the import did.
func (b batchRow) Numbers() string {
	var parts []string
	for _, k := range []struct {
		kind  exchange.Kind
		words string
	}{{exchange.Added, "新增"}, {exchange.Changed, "修改"}, {exchange.Same, "不变"}} {
		if n := b.Counts[string(k.kind)]; n > 0 {
			parts = append(parts, k.words+" "+thousands(n))
		}
	}
	return strings.Join(parts, " · ")
}

// batchRows reads the imports, newest first.
func (w *Web) batchRows(r *httpd.Request) ([]batchRow, error) {
	list, err := w.Imports.Batches(r.Context(), r.Who)
	if err != nil {
		return nil, err
	}
	names, err := w.accountNames(r.Context(), list)
	if err != nil {
		return nil, err
	}
	out := make([]batchRow, len(list))
	for i, b := range list {
		row := batchRow{Batch: b, What: intake.Title(b.Kind), Origin: batchSource(b.Source), When: minute(b.Published),
			Person: cmp.Or(names[b.Account], b.Account), State: part.State{Kind: "pass", Word: "已写入"}}
		if strings.HasPrefix(b.Account, "console:") {
			row.Person = "命令行"
		}
		switch {
		case b.Source == history.SourceUndo:
			row.What, row.Origin, row.State = "撤销"+row.What, "", part.State{Kind: "old", Word: "撤销"}
		case b.Undone != 0:
			row.State = part.State{Kind: "void", Word: "已撤销"}
		default:
			row.CanGo = true
		}
		out[i] = row
	}
	return out, nil
}

func (w *Web) accountNames(ctx context.Context, list []roster.Batch) (map[string]string, error) {
	var ids []string
	for _, b := range list {
		ids = append(ids, b.Account)
	}
	slices.Sort(ids)
	people, err := w.Accounts.People(ctx, slices.Compact(ids))
	names := map[string]string{}
	for id, a := range people {
		names[id] = a.Name
	}
	return names, err
}

// batchSource says where data came from.
func batchSource(source string) string {
	switch source {
	case history.SourceLegacy:
		return "历史数据"
	case history.SourceNational:
		return "国家系统"
	case transfer.SourceDraft:
		return "代填，待本人提交"
	case history.SourceMaster:
		return "按单位库补全"
	}
	return ""
}

func minute(i calendar.Instant) string { return i.Time().Format("2006-01-02 15:04") }

// newest is the latest import of the kind that stands; nil if there is none.
func newest(list []batchRow, kind string) *batchRow {
	i := slices.IndexFunc(list, func(b batchRow) bool { return b.Kind == kind && b.CanGo })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// historyPage is the page of GET /import/history.
type historyPage struct {
	part.Page
	Rows  []batchRow
	Kinds []part.Option
	Kind  string
	Done  string // file of the import that was just undone
	Pager part.Pager
}

// importHistory answers GET /import/history.
func (w *Web) importHistory(rw http.ResponseWriter, r *httpd.Request) error {
	list, err := w.batchRows(r)
	if err != nil {
		return err
	}
	v := r.URL.Query()
	p := historyPage{Page: w.desk(rw, r, "导入记录", importCrumb), Kind: v.Get("kind")}
	for _, k := range intake.Kinds(r.Who) {
		if k.Undo {
			p.Kinds = append(p.Kinds, part.Option{Value: k.ID, Title: k.Title})
		}
	}
	for _, b := range list {
		if b.ID == v.Get("undone") && b.Undone != 0 {
			p.Done = b.File
		}
	}
	if p.Kind != "" {
		list = slices.DeleteFunc(list, func(b batchRow) bool { return b.Kind != p.Kind })
	}
	from := 0
	if after := v.Get("after"); after != "" {
		from = slices.IndexFunc(list, func(b batchRow) bool { return b.ID == after }) + 1
		p.Pager.First = "/import/history?" + url.Values{"kind": {p.Kind}}.Encode()
	}
	p.Rows = list[from:min(from+pageSize, len(list))]
	p.Pager.Total, p.Pager.Unit = len(list), "次"
	p.Pager.From, p.Pager.To = min(from+1, len(list)), from+len(p.Rows)
	if p.Pager.To < len(list) {
		p.Pager.Next = "/import/history?" + url.Values{"kind": {p.Kind}, "after": {p.Rows[len(p.Rows)-1].ID}}.Encode()
	}
	return show(rw, r, nil, historyView(p))
}

// undoPage is the page that asks once before an import is taken back.
type undoPage struct {
	part.Page
	Batch batchRow
	Alert string
}

// importUndoForm answers GET /import/history/{id}/undo.
func (w *Web) importUndoForm(rw http.ResponseWriter, r *httpd.Request) error {
	return w.showUndo(rw, r, nil)
}

func (w *Web) showUndo(rw http.ResponseWriter, r *httpd.Request, wrong error) error {
	list, err := w.batchRows(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(b batchRow) bool { return b.ID == r.PathValue("id") })
	if i < 0 {
		return fault.NotFoundf("batch", "没有这次导入，请从导入记录里选")
	}
	p := undoPage{Page: w.desk(rw, r, "撤销导入", importCrumb, part.Link{Title: "导入记录", Href: "/import/history"}), Batch: list[i]}
	if wrong != nil {
		p.Alert = wrong.Error()
	}
	return show(rw, r, wrong, undoView(p))
}

// importUndo answers POST /import/history/{id}/undo.
func (w *Web) importUndo(rw http.ResponseWriter, r *httpd.Request) error {
	id := r.PathValue("id")
	if _, err := w.Imports.Undo(r.Context(), r.Who, id); err != nil {
		if refused(err) {
			return w.showUndo(rw, r, err)
		}
		return err
	}
	return httpd.SeeOther(rw, r, "/import/history?undone="+url.QueryEscape(id))
}
