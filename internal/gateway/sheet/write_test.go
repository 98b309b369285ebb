package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"quxiang/internal/domain/fault"
)

// rowsOf makes a Table's rows of a slice.
func rowsOf(rows ...[]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// tricky are the texts that files and programs like to change.
var tricky = []string{
	"张三", "䶮㛃𠮷", "00123", "990101200001011234", "2.0240001E7", "=1+1", "+86 138", "-", "@x", "\tx", "＝1", "'=1", "''=1", "'",
	" 前后空格 ", "两行\n文字", "a\r\nb", "_x000D_", "_x0000_", "_xD800_", "_x", "<&>\"'", "TRUE", "2024-06-30", "a;=1", "a,\"b\"", "1,2", "\x01\x1F", "#N/A",
}

// trickyTable holds each of them, numbers, a short row and an empty cell.
func trickyTable() Table {
	t := Table{Name: "名单[1]/2", Columns: []Column{{Title: "学号"}, {Title: "=标题"}, {Title: "人数", Number: true}}}
	var rows [][]string
	for i, s := range tricky {
		rows = append(rows, []string{fmt.Sprint(i), s, fmt.Sprint(i * 1000)})
	}
	rows = append(rows, []string{"短"}, []string{"", "", "3.5"}, []string{"a", "b", "—"}, []string{"a", "b", "-2"}, []string{"a", "b", "007"})
	t.Rows = rowsOf(rows...)
	return t
}

// shown is what reading the table gives back.
func shown(t Table) string {
	rows := []Row{{1, t.titles()}}
	for cells, err := range t.Rows {
		if err != nil {
			panic(err)
		}
		rows = append(rows, Row{len(rows) + 1, cells})
	}
	return show(rows)
}

func xlsxOf(t testing.TB, tables ...Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteXLSX(&b, Book{Made: time.Date(2024, 9, 10, 8, 30, 15, 999, time.FixedZone("", 8*3600)), Tables: tables}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func csvOf(t testing.TB, table Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCSV(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsReadBackUnchanged(t *testing.T) {
	want := shown(trickyTable())
	if got := show(mustRead(t, xlsxOf(t, trickyTable()))); got != want {
		t.Errorf("xlsx: got\n%swant\n%s", got, want)
	}
	// csv has one line more for each line end inside a cell, so only cells compare
	cells := func(rows []Row) (all [][]string) {
		for _, r := range rows {
			all = append(all, r.Cells)
		}
		return all
	}
	fromCSV, fromXLSX := cells(mustRead(t, csvOf(t, trickyTable()))), cells(mustRead(t, xlsxOf(t, trickyTable())))
	if fmt.Sprintf("%q", fromCSV) != fmt.Sprintf("%q", fromXLSX) {
		t.Errorf("csv: got\n%q\nwant\n%q", fromCSV, fromXLSX)
	}
}

func TestEveryTextSurvivesTheRound(t *testing.T) {
	text := rapid.OneOf(rapid.SampledFrom(tricky), rapid.StringOf(rapid.OneOf(
		rapid.RuneFrom([]rune("=+-@'\"\t\r\n,;_x0D <&一＝𠮷\uFFFE\x01")), rapid.Rune())))
	rapid.Check(t, func(r *rapid.T) {
		row := rapid.SliceOfN(text, 1, 6).Draw(r, "row")
		for i := range row {
			row[i] = strings.ReplaceAll(row[i], "\x00", "") // no file holds it
			row[i] = strings.ReplaceAll(row[i], "\uFFFD", "")
		}
		table := Table{Name: "a", Columns: make([]Column, len(row)), Rows: rowsOf(row)}
		for i := range table.Columns {
			table.Columns[i] = Column{Title: fmt.Sprint("t", i), Number: i%2 == 0}
		}
		want := append([]string(nil), row...)
		for len(want) > 0 && want[len(want)-1] == "" {
			want = want[:len(want)-1]
		}
		for name, data := range map[string][]byte{"xlsx": xlsxOf(t, table), "csv": csvOf(t, table)} {
			rows, err := readAll(data)
			if err != nil {
				r.Fatalf("%s: %v", name, err)
			}
			switch {
			case blank(want) && len(rows) == 1:
			case len(rows) != 2 || !slices.Equal(rows[1].Cells, want):
				r.Errorf("%s: got %s, want %q", name, show(rows[1:]), want)
			}
		}
	})
}

// TestNothingWrittenIsAFormula: whatever a cell begins with, it is text (X18, S5).
func TestNothingWrittenIsAFormula(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(xlsxOf(t, trickyTable())))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	name := f.GetSheetList()[0]
	for i := range tricky {
		cell := fmt.Sprintf("B%d", i+2)
		formula, err1 := f.GetCellFormula(name, cell)
		kind, err2 := f.GetCellType(name, cell)
		if err := errors.Join(err1, err2); err != nil || formula != "" || kind != excelize.CellTypeInlineString {
			t.Errorf("%s: formula %q, type %v, %v", cell, formula, kind, err)
		}
	}
	for line := range strings.SplitSeq(string(csvOf(t, trickyTable())), "\r\n") {
		for _, start := range formulaStarts {
			if strings.Contains(line, ","+start) || strings.Contains(line, ",\""+start) {
				if !strings.HasSuffix(line, ",-2") { // a number, in a column of numbers
					t.Errorf("%q would run", line)
				}
			}
		}
	}
}

func TestExcelizeReadsWhatIsWritten(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(xlsxOf(t, trickyTable(), Table{Name: "二", Columns: []Column{{Title: "a"}}, Rows: rowsOf()})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"名单_1__2", "二"}) {
		t.Errorf("sheets %q", got)
	}
	rows, err := f.GetRows("名单_1__2")
	if err != nil || len(rows) != len(tricky)+6 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, s := range tricky {
		if strings.ContainsAny(s, "\x01") || strings.HasPrefix(s, "_x0000_") || strings.HasPrefix(s, "_xD800_") {
			continue // excelize has its own idea of these
		}
		if got := rows[i+1][1]; got != guardQuote(s) {
			t.Errorf("%q became %q", s, got)
		}
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "C3": excelize.CellTypeUnset} {
		if got, err := f.GetCellType("名单_1__2", cell); err != nil || got != want {
			t.Errorf("%s has type %v, %v", cell, got, err)
		}
	}
	if p, err := f.GetPanes("名单_1__2"); err != nil || !p.Freeze || p.YSplit != 1 {
		t.Errorf("header does not stay: %+v, %v", p, err)
	}
}

func TestTheSameBookGivesTheSameBytes(t *testing.T) {
	book := func(zone *time.Location) []byte {
		var b bytes.Buffer
		made := time.Date(2024, 9, 10, 8, 30, 15, 0, time.UTC).In(zone)
		if err := WriteXLSX(&b, Book{Made: made, Tables: []Table{trickyTable()}}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	first := book(time.UTC)
	if !bytes.Equal(first, book(time.FixedZone("", 8*3600))) {
		t.Error("bytes depend on the zone")
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		if want := time.Date(2024, 9, 10, 8, 30, 15, 0, time.UTC); !f.Modified.Equal(want) {
			t.Errorf("%s is dated %v", f.Name, f.Modified)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("parts are not in order: %q", names)
	}
}

func TestWidthsFitChineseText(t *testing.T) {
	for text, want := range map[string]int{"": 8, "学号": 8, "abcdefghij": 14, "毕业去向落实率统计": 22, strings.Repeat("长", 100): 60} {
		table := Table{Columns: []Column{{Title: text}}}
		if got := table.newWidths()[0].chars(); got != want {
			t.Errorf("%.20s: got %d, want %d", text, got, want)
		}
	}
}

func TestManyRowsAreWrittenAndReadAsAStream(t *testing.T) {
	const n = 3000 // far beyond the rows read ahead
	row := make([]string, 2)
	table := Table{Name: "a", Columns: []Column{{Title: "学号"}, {Title: "n", Number: true}}}
	table.Rows = func(yield func([]string, error) bool) {
		for i := range n {
			row[0], row[1] = fmt.Sprintf("%05d", i), fmt.Sprint(i) // one slice for all
			if !yield(row, nil) {
				return
			}
		}
	}
	rows := mustRead(t, xlsxOf(t, table))
	if len(rows) != n+1 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, r := range rows[1:] {
		if want := []string{fmt.Sprintf("%05d", i), fmt.Sprint(i)}; r.Number != i+2 || !slices.Equal(r.Cells, want) {
			t.Fatalf("row %d: got %v, want %q", i+2, r, want)
		}
	}
}

func TestWhatNoTableCanHoldIsRefused(t *testing.T) {
	failing := errors.New("store is gone")
	one := []Column{{Title: "a"}}
	for name, c := range map[string]struct {
		tables []Table
		want   string
	}{
		"no table":         {nil, "没有可以写出的表"},
		"two of one name":  {[]Table{{Name: "A", Rows: rowsOf()}, {Name: "a", Rows: rowsOf()}}, "改名"},
		"too many cells":   {[]Table{{Name: "a", Columns: one, Rows: rowsOf([]string{"1", "2"})}}, "第 2 行有 2 格"},
		"not UTF-8":        {[]Table{{Name: "a", Columns: one, Rows: rowsOf([]string{"\xFF"})}}, "第 2 行 A 列"},
		"NUL in the title": {[]Table{{Name: "a", Columns: []Column{{Title: "\x00"}}, Rows: rowsOf()}}, "第 1 行 A 列"},
		"text too long":    {[]Table{{Name: "a", Columns: one, Rows: rowsOf([]string{strings.Repeat("长", 32_768)})}}, "超过 32767 字"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, WriteXLSX(new(bytes.Buffer), Book{Tables: c.tables}), fault.Usage, c.want)
			if len(c.tables) == 1 {
				refused(t, WriteCSV(new(bytes.Buffer), c.tables[0]), fault.Usage, c.want)
			}
		})
	}
	broken := Table{Name: "a", Columns: one, Rows: func(yield func([]string, error) bool) { yield(nil, failing) }}
	if err := WriteXLSX(new(bytes.Buffer), Book{Tables: []Table{broken}}); !errors.Is(err, failing) {
		t.Errorf("xlsx hides %v", err)
	}
	if err := WriteCSV(new(bytes.Buffer), broken); !errors.Is(err, failing) {
		t.Errorf("csv hides %v", err)
	}
}

func TestSheetNames(t *testing.T) {
	for name, want := range map[string]string{
		"名单": "名单", "": "Sheet", "a/b\\c:d*e?f[g]": "a_b_c_d_e_f_g_", "'x'": "_x",
		strings.Repeat("长", 40): strings.Repeat("长", 31), strings.Repeat("𠮷", 40): strings.Repeat("𠮷", 15),
	} {
		if got := sheetName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestLibreOfficeOpensWhatIsWritten(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("QUXIANG_CI") != "" {
			t.Fatal("soffice is not installed")
		}
		t.Skip("soffice is not installed")
	}
	dir := t.TempDir()
	table := Table{Name: "名单", Columns: []Column{{Title: "学号"}, {Title: "n", Number: true}}, Rows: rowsOf([]string{"007", "3"}, []string{"=1+1", "-4"})}
	written := map[string][]byte{"a.xlsx": xlsxOf(t, table), "b.csv": csvOf(t, table)}
	convert := func(name, format string) []byte {
		if err := os.WriteFile(filepath.Join(dir, name), written[name], 0o600); err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(format, ":")
		cmd := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless",
			"--convert-to", format, "--outdir", filepath.Join(dir, "out"), filepath.Join(dir, name))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		got, err := os.ReadFile(filepath.Join(dir, "out", strings.TrimSuffix(name, filepath.Ext(name))+"."+kind))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	// text cells come out in quotes, numbers without
	if got := string(convert("a.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1")); got != "\"学号\",\"n\"\n\"007\",3\n\"=1+1\",-4\n" {
		t.Errorf("LibreOffice sees %q", got)
	}
	if got := show(mustRead(t, convert("a.xlsx", "xlsx"))); got != shown(table) {
		t.Errorf("saved as xlsx by LibreOffice: got\n%swant\n%s", got, shown(table))
	}
	if got := mustRead(t, convert("b.csv", "xlsx")); got[2].Cells[0] != "=1+1" {
		t.Errorf("csv saved as xlsx by LibreOffice: %s", show(got))
	}
}
