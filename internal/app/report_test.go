package app_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/report"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

func annual(t *testing.T, a *app.App) report.Document { return composed(t, a, "annual") }

func composed(t *testing.T, a *app.App, template string) report.Document {
	t.Helper()
	day, err := calendar.ParseWhen("2024-08-31")
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.Annual.Annual(t.Context(), access.Console("test"), report.Order{Cohort: "2024", AsOf: day, Template: template})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// said is a document as lines of text.
func said(d report.Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		switch {
		case block.Heading != nil:
			fmt.Fprintf(&b, "\n%s %s\n", strings.Repeat("#", block.Heading.Level), block.Heading.Text)
		case block.Paragraph != nil:
			for _, s := range block.Paragraph.Spans {
				b.WriteString(s.Text)
			}
			b.WriteString("\n")
		case block.Table != nil:
			fmt.Fprintf(&b, "%s %s\n", block.Table.Number, block.Table.Caption)
			for _, r := range append(block.Table.Head, block.Table.Body...) {
				for _, c := range r {
					fmt.Fprintf(&b, "%s|", c.Text)
				}
				b.WriteString("\n")
			}
			b.WriteString(strings.Join(block.Table.Notes, "\n") + "\n")
		case block.Figure != nil:
			fmt.Fprintf(&b, "%s %s [%s] %s\n", block.Figure.Number, block.Figure.Caption, block.Figure.Chart, block.Figure.Alt)
		}
	}
	return b.String()
}

func TestAnnualReport(t *testing.T) {
	a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 2660, 1)
	d := annual(t, a)
	text := said(d)
	for _, want := range []string{"毕业生共2660人", "82.45%", "87.86%", "95.25%", "86.47%", "较上一届上升1.38个百分点", "境内升学人数逐年增加，境内升学率有升有降"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said in\n%s", want, text)
		}
	}
	if again := annual(t, a); again.Code != d.Code {
		t.Errorf("the same order gives %s and %s", d.Code, again.Code)
	}
	everyNumberIsCounted(t, a, d)
	model := composed(t, a, "model")
	everyNumberIsCounted(t, a, model)
	text = said(model)
	for _, want := range []string{"图 1-1", "图 1-2", "图 1-3", "图 1-4", "图 1-5", "表 1-1", "表 1-2", "表 1-3", "境内升学301人", "较上一届增加33人，较2022届增加43人"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said in\n%s", want, text)
		}
	}
}

// TestReportVerify: what was printed is recounted. A destination that changes later is told
// and breaks nothing; a digit that somebody changed in the file is named.
func TestReportVerify(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, place store.Config) { verifyReport(t, newTrial(t, place, 40)) })
}

func verifyReport(t *testing.T, x *trial) {
	day := calendar.DayOf(x.a.Now()).AddDays(1)
	order := report.Order{Cohort: "2024", AsOf: calendar.WhenAt(day.Start())}
	d, err := x.a.Annual.Annual(t.Context(), keeper, order)
	if err != nil {
		t.Fatal(err)
	}
	for _, ending := range app.ReportEndings {
		t.Run(ending, func(t *testing.T) {
			var file bytes.Buffer
			if err := app.WriteReport(&file, "r"+ending, d); err != nil {
				t.Fatal(err)
			}
			c, err := x.a.VerifyReport(t.Context(), keeper, "r"+ending, file.Bytes())
			if err != nil || !c.Holds() || len(c.Today) > 0 {
				t.Fatalf("untouched: %+v, %v", c.Changed, err)
			}
		})
	}
	x.registered(t)
	var file bytes.Buffer
	if err := app.WriteReport(&file, "r.xlsx", d); err != nil {
		t.Fatal(err)
	}
	c, err := x.a.VerifyReport(t.Context(), keeper, "r.xlsx", file.Bytes())
	if err != nil || !c.Holds() {
		t.Fatalf("a later registration breaks it: %+v %+v, %v", c.Changed, c.Broken, err)
	}
	if !strings.Contains(strings.Join(c.Today, "\n"), "2.50") {
		t.Errorf("what would differ now is not told: %q", c.Today)
	}
	moved := ""
	order.Tell = func(note string) { moved += note }
	same, err := x.a.Annual.Annual(t.Context(), keeper, order)
	if err != nil || same.Code != d.Code || !strings.Contains(moved, "--again") {
		t.Errorf("the same order gives another document, or does not say that the register has moved on: %q, %v", moved, err)
	}
	order.Again = true
	again, err := x.a.Annual.Annual(t.Context(), keeper, order)
	if err != nil || again.Code == d.Code {
		t.Errorf("a new report of the same day does not know what was registered since: %v", err)
	}
	order.Again, moved = false, ""
	if same, err = x.a.Annual.Annual(t.Context(), keeper, order); err != nil || same.Code != again.Code || moved != "" {
		t.Errorf("the newest of a name is not taken: %q, %v", moved, err)
	}
	changed := rewritten(t, file.Bytes(), "<v>40</v>", "<v>41</v>")
	if c, err = x.a.VerifyReport(t.Context(), keeper, "r.xlsx", changed); err != nil || c.Holds() {
		t.Errorf("a changed digit is not named: %v", err)
	} else if !strings.Contains(c.Changed[0], "41") {
		t.Errorf("named otherwise: %q", c.Changed)
	}
	file.Reset()
	if err := app.WriteReport(&file, "r.docx", d); err != nil {
		t.Fatal(err)
	}
	changed = rewritten(t, file.Bytes(), "</c:v></c:pt></c:numCache>", "1</c:v></c:pt></c:numCache>")
	if c, err = x.a.VerifyReport(t.Context(), keeper, "r.docx", changed); err != nil || len(c.Changed) != 1 || !strings.Contains(c.Changed[0], "第1个图") || c.Unread() == "" {
		t.Errorf("a changed digit of a chart is not named: %q, %v", c.Changed, err)
	}
	if _, err := x.a.Annual.Annual(t.Context(), byStaff("counsellor", access.Counsellor, access.School()), order); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a counsellor makes the school's report: %v", err)
	}
}

// registered has one graduate join the army, through all levels of review.
func (x *trial) registered(t *testing.T) {
	g := x.somebody()
	change, err := x.a.Destinations.Submit(t.Context(), bySelf(g), x.army(g))
	x.must(err)
	for i, role := range []access.Role{access.Counsellor, access.CollegeSecretary, access.Office} {
		by := byStaff(string(role), role, access.School())
		x.must(x.a.Destinations.Pass(t.Context(), by, destination.Decision{Graduate: g, Change: change, Level: i + 1, Note: "已核对"}))
	}
}

// rewritten replaces a text in the first part of a zip file that has it.
func rewritten(t *testing.T, file []byte, from, to string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out, done := zip.NewWriter(&b), false
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !done && bytes.Contains(part, []byte(from)) {
			part, done = bytes.Replace(part, []byte(from), []byte(to), 1), true
		}
		w, err := out.Create(f.Name)
		if err == nil {
			_, err = w.Write(part)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil || !done {
		t.Fatalf("%q is not in the file: %v", from, err)
	}
	return b.Bytes()
}

// TestReportsContradictNothing: the proofreader finds nothing in reports of schools that
// nobody looked at. A soak tries fifty.
func TestReportsContradictNothing(t *testing.T) {
	schools := 2
	if thorough() {
		schools = 50
	}
	for seed := range schools {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			a := buildDemo(t, app.Config{Data: t.TempDir() + "/data"}, 150+97*seed%700, uint64(seed)+11)
			model := composed(t, a, "model")
			everyNumberIsCounted(t, a, model)
			d := annual(t, a)
			everyNumberIsCounted(t, a, d)
			for _, d := range []report.Document{d, model} {
				contradictsNothing(t, d)
				nothingToMend(t, d)
			}
		})
	}
}

// contradictsNothing has the proofreader read all four forms of a report.
func contradictsNothing(t *testing.T, d report.Document) {
	t.Helper()
	for _, ending := range app.ReportEndings {
		var file bytes.Buffer
		if err := app.WriteReport(&file, "r"+ending, d); err != nil {
			t.Fatal(err)
		}
		p, err := app.Proofread("r"+ending, file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range p.Findings {
			t.Errorf("%s: %s %s: %s, not %s: %s", ending, f.Where, f.Cell, f.Printed, f.Expected, f.Explanation)
		}
	}
}
