package bench

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/report"
)

// The school of the report, and the names of the files in the folder that both sides share.
const (
	reportPeople = 2660
	reportFile   = "report.docx"
	templateFile = "template.docx"
	documentFile = "document.json"
	valuesFile   = "values.txt"
	copies       = 4 // that one start of LibreOffice converts
)

// TestReportTemplate: the template that the peer fills gives the report back, part by part,
// so that both sides make the same document.
func TestReportTemplate(t *testing.T) {
	var docx bytes.Buffer
	d := report.Document{Title: "年报", Blocks: []report.Block{{Paragraph: &report.Paragraph{Spans: []report.Span{{Text: "毕业生共 1117 人，占 82.45%"}}}},
		{Figure: &report.Figure{ID: "f", Chart: report.Columns, Unit: "人", Categories: []string{"本科"}, Series: []report.Series{{Points: []report.Point{{Text: "921"}}}}}}}}
	if err := app.WriteReport(&docx, reportFile, d); err != nil {
		t.Fatal(err)
	}
	template, values := emptied(t, docx.Bytes())
	if len(values) != 3 || values[0] != "921" && values[0] != "1117" {
		t.Errorf("values %q", values)
	}
	filled, err := fillBlanks(template, values)
	if err != nil {
		t.Fatal(err)
	}
	want, got := unzipped(t, docx.Bytes()), unzipped(t, filled)
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s is not what it was", name)
		}
	}
	if len(got) != len(want) || strings.Contains(unzipped(t, template)["word/document.xml"], "1117") {
		t.Error("the template is no template")
	}
}

// BenchmarkReport prints the annual report of a school as docx and pdf, against what a
// school's programmer would do today: a Word template filled by replacing text, and converted
// by LibreOffice. In turns, the same document, both sides with the numbers in hand; and ours
// once more with all that comes before: opening the register, counting, composing.
func BenchmarkReport(b *testing.B) {
	if _, err := exec.LookPath("soffice"); err != nil {
		b.Skip("LibreOffice is not installed: ", err)
	}
	folder, data := b.TempDir(), keptData(b)
	reportOf(b, folder, data)
	names := []string{"print", "whole", "template", "templates"}
	want := map[string]int{"print": 1, "whole": 1, "template": 1, "templates": copies}
	taken := map[string][]run{}
	for range 3 {
		for _, name := range names {
			r := child(b, name, folder, data, want[name])
			taken[name] = append(taken[name], r)
			b.Logf("%s: %v", name, r)
		}
	}
	for _, name := range names {
		metrics(b, name, middle(taken[name]))
	}
	ours, whole, theirs := middle(taken["print"]), middle(taken["whole"]), middle(taken["template"])
	further := (middle(taken["templates"]).Wall - theirs.Wall) / (copies - 1)
	ratio := theirs.Wall.Seconds() / ours.Wall.Seconds()
	b.ReportMetric(ratio, "ratio")
	b.ReportMetric(theirs.CPU.Seconds()/ours.CPU.Seconds(), "cpu-ratio")
	b.ReportMetric(theirs.Wall.Seconds()/whole.Wall.Seconds(), "ratio-whole")
	b.ReportMetric(further.Seconds()/ours.Wall.Seconds(), "ratio-further")
	b.ReportMetric(0, "ns/op")
	if ratio < 10 {
		b.Errorf("median: ours took %v, a template and LibreOffice %v", ours, theirs)
	}
}

// reportOf makes a school and its report, once as a document and once as a template with the
// numbers beside it.
func reportOf(b *testing.B, folder, data string) {
	b.Helper()
	a, err := app.OpenDemo(b.Context(), app.Config{Data: data}, app.Demo{Graduates: reportPeople, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	d, err := annual(b.Context(), a)
	if err != nil {
		b.Fatal(err)
	}
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
	document, err := json.Marshal(d)
	if err != nil {
		b.Fatal(err)
	}
	var docx bytes.Buffer
	if err := app.WriteReport(&docx, reportFile, d); err != nil {
		b.Fatal(err)
	}
	template, values := emptied(b, docx.Bytes())
	for name, content := range map[string][]byte{documentFile: document, templateFile: template, valuesFile: []byte(strings.Join(values, "\n"))} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

func annual(ctx context.Context, a *app.App) (report.Document, error) {
	day, err := calendar.ParseWhen("2024-08-31")
	if err != nil {
		return report.Document{}, err
	}
	return a.Annual.Annual(ctx, access.Console("bench"), report.Order{Cohort: "2024", AsOf: day})
}

func init() {
	tasks["print"] = func(folder string) (int, error) { return printDocument(folder) }
	tasks["whole"] = func(folder string) (int, error) { return printReport(folder) }
	tasks["template"] = func(folder string) (int, error) { return fillTemplates(folder, 1) }
	tasks["templates"] = func(folder string) (int, error) { return fillTemplates(folder, copies) }
}

// printDocument prints a report whose numbers are known.
func printDocument(folder string) (int, error) {
	content, err := os.ReadFile(filepath.Join(folder, documentFile))
	if err != nil {
		return 0, err
	}
	var d report.Document
	if err := json.Unmarshal(content, &d); err != nil {
		return 0, err
	}
	for _, name := range []string{reportFile, "report.pdf"} {
		var out bytes.Buffer
		if err := app.WriteReport(&out, name, d); err != nil {
			return 0, err
		}
		if err := os.WriteFile(filepath.Join(folder, name), out.Bytes(), 0o600); err != nil {
			return 0, err
		}
	}
	return 1, nil
}

// printReport does what `quxiang report annual` does, for docx and pdf.
func printReport(folder string) (int, error) {
	ctx := context.Background()
	a, err := app.Open(ctx, app.Config{Data: os.Getenv(folderVariable)}, app.Writing)
	if err != nil {
		return 0, err
	}
	defer a.Close()
	d, err := annual(ctx, a)
	if err != nil {
		return 0, err
	}
	document, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(filepath.Join(folder, documentFile), document, 0o600); err != nil {
		return 0, err
	}
	return printDocument(folder)
}

// fillTemplates fills the template n times and has one LibreOffice convert all.
func fillTemplates(folder string, n int) (int, error) {
	template, err := os.ReadFile(filepath.Join(folder, templateFile))
	if err != nil {
		return 0, err
	}
	values, err := os.ReadFile(filepath.Join(folder, valuesFile))
	if err != nil {
		return 0, err
	}
	args := []string{"--headless", "-env:UserInstallation=file://" + folder + "/profile", "--convert-to", "pdf", "--outdir", folder}
	for i := range n {
		filled, err := fillBlanks(template, strings.Split(string(values), "\n"))
		if err != nil {
			return 0, err
		}
		file := filepath.Join(folder, fmt.Sprintf("filled%d.docx", i))
		if err := os.WriteFile(file, filled, 0o600); err != nil {
			return 0, err
		}
		args = append(args, file)
	}
	if out, err := exec.Command("soffice", args...).CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w: %s", err, out)
	}
	made, err := filepath.Glob(filepath.Join(folder, "filled*.pdf"))
	for _, f := range made {
		err = os.Remove(f)
	}
	return len(made), err
}

var (
	printedText = regexp.MustCompile(`(<w:t(?: [^>]*)?>|<c:v>)([^<]*)(</)`)
	digits      = regexp.MustCompile(`\d+(?:\.\d+)?`)
	blank       = regexp.MustCompile(`\{\{\d+\}\}`)
)

// emptied takes every number out of the text and the charts of a docx and returns what is
// left, with the numbers.
func emptied(t testing.TB, docx []byte) ([]byte, []string) {
	t.Helper()
	var values []string
	out, err := eachPart(docx, func(text string) string {
		return printedText.ReplaceAllStringFunc(text, func(s string) string {
			m := printedText.FindStringSubmatch(s)
			return m[1] + digits.ReplaceAllStringFunc(m[2], func(number string) string {
				values = append(values, number)
				return fmt.Sprintf("{{%d}}", len(values)-1)
			}) + m[3]
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, values
}

// fillBlanks puts values where a template has blanks.
func fillBlanks(template []byte, values []string) ([]byte, error) {
	return eachPart(template, func(text string) string {
		return blank.ReplaceAllStringFunc(text, func(s string) string {
			if n, err := strconv.Atoi(s[2 : len(s)-2]); err == nil && n < len(values) {
				return values[n]
			}
			return s
		})
	})
}

// eachPart writes a docx again with its text and charts changed.
func eachPart(docx []byte, change func(string) string) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		part, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		if f.Name == "word/document.xml" || strings.HasPrefix(f.Name, "word/charts/chart") {
			part = []byte(change(string(part)))
		}
		w, err := z.Create(f.Name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return out.Bytes(), err
}

func unzipped(t testing.TB, docx []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(part)
	}
	return out
}
