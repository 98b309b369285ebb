package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/httpd"
)

// takeFiles keeps the files that came with the form. What cannot be kept is said
// by its name; the others are kept all the same. refusal is that of the whole, nil if
// nothing is wrong: fault.Unavailable where the machine could not keep a file.
func (w *Web) takeFiles(r *httpd.Request, g *registration, d *destination.SavedDraft) (wrong []destination.Problem, refusal error) {
	refusal = errNotUploaded
	for _, kind := range w.Book().Table("document").All() {
		for _, f := range r.Files("file-" + kind.Code) {
			if len(d.Evidence) >= destination.MaxEvidence {
				return append(wrong, destination.Problem{Field: "evidence", Text: "一次最多交 20 份材料，后面的没有传上"}), refusal
			}
			doc, err := w.Destinations.Upload(r.Context(), r.Who, g.graduate, kind.Code, f.Body)
			if err != nil {
				text := "没有存下，请稍后再传"
				if fault.KindOf(err) != "" {
					text = err.Error()
				}
				if fault.KindOf(err) == fault.Unavailable {
					refusal = err
				}
				wrong = append(wrong, destination.Problem{Field: "evidence", Text: f.Name + "：" + text})
				continue
			}
			e := history.Evidence{SHA256: doc.SHA256, Kind: doc.Kind}
			if !slices.Contains(d.Evidence, e) {
				d.Evidence = append(d.Evidence, e)
			}
		}
	}
	if len(wrong) == 0 {
		refusal = nil
	}
	return wrong, refusal
}

var errNotUploaded = fault.Invalidf("evidence", "有材料没有传上")

// reload shows the form again with what is wrong; documents that came with it are
// shown too.
func (w *Web) reload(rw http.ResponseWriter, r *httpd.Request, g *registration, d destination.SavedDraft, wrong []destination.Problem, refusal error) error {
	var err error
	if g.rec, err = w.Destinations.Record(r.Context(), r.Who, g.graduate); err != nil {
		return err
	}
	return w.showForm(rw, r, g, d, wrong, refusal)
}

// unkept shows the form again when the machine can keep nothing now: the page itself
// carries what was typed (R6). Files have to be chosen again.
func (w *Web) unkept(rw http.ResponseWriter, r *httpd.Request, g *registration, d destination.SavedDraft, wrong []destination.Problem, why error) error {
	return w.reload(rw, r, g, d, append([]destination.Problem{{Text: why.Error()}}, wrong...), why)
}

// send submits the form, or proposes it to the graduate. What is not taken is kept
// as a draft; what is taken needs none, on the day when everybody sends at once.
func (w *Web) send(rw http.ResponseWriter, r *httpd.Request, g *registration, d destination.SavedDraft) error {
	sent := w.toSend(g, d)
	verb, to := w.Destinations.Submit, "/mine/receipt/"
	ticked := g.staff || r.PostFormValue("attest") == "yes"
	switch {
	case g.staff:
		verb, to = w.Destinations.Propose, g.base+"?done=1"
	case !ticked: // all that is wrong is said at once
		verb = w.Destinations.Check
	}
	sent.Also = func(ctx context.Context, change string) error {
		if g.staff {
			return r.KeepAnswer(ctx, to)
		}
		return r.KeepAnswer(ctx, to+change)
	}
	change, err := verb(r.Context(), r.Who, sent)
	wrong := destination.ProblemsOf(err)
	if fault.KindOf(err) == fault.Conflict {
		wrong = []destination.Problem{{Text: err.Error()}}
	}
	if !ticked && (err == nil || len(wrong) > 0) {
		err = fault.Invalidf("attest", "还没有勾选“以上是真的，是我自己填的”")
		wrong = append(wrong, destination.ProblemsOf(err)...)
	}
	if fault.KindOf(err) == fault.Unavailable {
		return w.unkept(rw, r, g, d, nil, err)
	}
	if err != nil {
		at, saving := w.Destinations.SaveDraft(r.Context(), r.Who, d)
		if fault.KindOf(saving) == fault.Unavailable {
			return w.unkept(rw, r, g, d, wrong, saving)
		}
		if saving != nil {
			return saving
		}
		d.At = at
	}
	switch {
	case len(wrong) > 0:
		return w.reload(rw, r, g, d, wrong, err)
	case err != nil:
		return err
	case g.staff:
		return httpd.SeeOther(rw, r, to)
	}
	return httpd.SeeOther(rw, r, to+change)
}

// toSend is what the form submits or proposes.
func (w *Web) toSend(g *registration, d destination.SavedDraft) destination.Draft {
	sent := draftFrom(w.Book(), g.graduate, d)
	p := scrutiny.ProfileOf(w.Book(), d.Code)
	sent.Evidence = slices.DeleteFunc(slices.Clone(d.Evidence), func(e history.Evidence) bool {
		return slices.Contains(g.rec.Evidence(g.kase()), e) || !takes(p, e.Kind) // of a category chosen before
	})
	sent.Act = g.act
	if g.rec.Fold.Change(g.about) != nil {
		sent.Change = g.about
	} else {
		sent.Case = g.about
	}
	return sent.Replacing(g.before(), shownFields(w.Book(), d.Code))
}

// takes says whether the form of the profile asks for documents of the kind.
func takes(p scrutiny.Profile, kind string) bool {
	return kind == "REL" || slices.ContainsFunc(p.Evidence, func(set []string) bool { return slices.Contains(set, kind) })
}

// floorHelp says at the pay what the rules will compare it with (A18b).
func (w *Web) floorHelp(r *httpd.Request, f *registerForm, d destination.SavedDraft) error {
	region := d.Values["region"]
	if region == "" || !scrutiny.ProfileOf(w.Book(), d.Code).PayFloor {
		return nil
	}
	day := calendar.Day(cmp.Or(dayOf(d.Values["start_day"]), dayOf(d.Values["sign_day"]), string(calendar.DayOf(w.Now()))))
	fen, ok, err := w.Destinations.WageFloor(r.Context(), region, day)
	for i := range f.Main {
		if ok && f.Main[i].Name == "pay" {
			f.Main[i].Help += "；当地月最低工资 " + yuanOf(strconv.FormatInt(fen, 10)) + " 元"
		}
	}
	return err
}
