package sheet

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The file of issue 3: 100,000 people × 40 columns, as excelize's StreamWriter
// writes it (inline strings and numbers).
const benchRows, benchColumns = 100_000, 40

func benchFile(b *testing.B) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "bench.xlsx")
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	row := make([]any, benchColumns)
	for r := range benchRows + 1 {
		for c := range row {
			row[c] = benchCell(r, c)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", r+1), row); err != nil {
			b.Fatal(err)
		}
	}
	if err := errors.Join(w.Flush(), f.SaveAs(name)); err != nil {
		b.Fatal(err)
	}
	return name
}

// benchCell is like a roster's: a few columns differ for everybody, most hold one of
// some names or codes.
func benchCell(r, c int) any {
	switch {
	case c < 3:
		return fmt.Sprintf("2024%d%07d", c, r*7919%9_999_991)
	case c%8 == 7:
		return r * c % 100
	}
	return fmt.Sprintf("第%d列的名称 %d", c, r*7919%11)
}

func BenchmarkReadOurs(b *testing.B) {
	name := benchFile(b)
	for b.Loop() {
		f, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			b.Fatal(err)
		}
		r, err := Open(name, f, info.Size())
		cells := 0
		for err == nil {
			var row Row
			row, err = r.Next()
			cells += len(row.Cells)
		}
		if !errors.Is(err, io.EOF) || cells != (benchRows+1)*benchColumns {
			b.Fatalf("%d cells, %v", cells, err)
		}
		f.Close()
	}
}

func BenchmarkReadExcelize(b *testing.B) {
	name := benchFile(b)
	for b.Loop() {
		f, err := excelize.OpenFile(name)
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows("Sheet1")
		if err != nil {
			b.Fatal(err)
		}
		cells := 0
		for rows.Next() {
			columns, err := rows.Columns()
			if err != nil {
				b.Fatal(err)
			}
			cells += len(columns)
		}
		if cells != (benchRows+1)*benchColumns {
			b.Fatalf("%d cells", cells)
		}
		b.StopTimer()
		_ = errors.Join(rows.Close(), f.Close())
		b.StartTimer()
	}
}

func BenchmarkWriteXLSX(b *testing.B) {
	for b.Loop() {
		if err := WriteXLSX(io.Discard, benchBook()); err != nil {
			b.Fatal(err)
		}
	}
}

func benchBook() Book {
	t := Table{Name: "名单"}
	for c := range benchColumns {
		t.Columns = append(t.Columns, Column{Title: fmt.Sprintf("列%d", c), Number: c%8 == 7})
	}
	t.Rows = func(yield func([]string, error) bool) {
		row := make([]string, benchColumns)
		for r := 1; r <= benchRows; r++ {
			for c := range row {
				row[c] = fmt.Sprint(benchCell(r, c))
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return Book{Tables: []Table{t}}
}
