// Package report is the annual report on the quality of employment as a document:
// text, tables and figures whose numbers are bound to the catalogue of indicators.
//
// A number is bound once and printed everywhere from there, so that no two places of a
// report can differ; words such as 逐年增长 are bound as well.
package report

import "quxiang/internal/domain/calendar"

// Document is a report as it is printed: blocks in order, every figure worded. Writers
// lay it out and decide nothing. The same document gives the same bytes.
type Document struct {
	School  string
	Title   string           // such as 2024 届毕业生就业质量年度报告
	Issued  string           // on the cover, such as 2024 年 12 月
	Cut     calendar.Instant // of the snapshot: the only time that a file may say
	Code    string           // 校验码, in every footer
	Blocks  []Block
	Numbers []Number // what is bound, in the order of first use

	Externals []External // what others measured, in the order of first use
	Ledger    int64      // entry up to which their ledger was read; 0: not at all
}

// Block is one of its first four fields.
type Block struct {
	Heading   *Heading
	Paragraph *Paragraph
	Table     *Table
	Figure    *Figure
	Line      int // of the template that it is made of, 1-based; 0: of none
}

// Heading of a chapter (level 1), section (2) or paragraph (3), number included: 一、基本情况.
type Heading struct {
	ID    string // letters, digits and -, of the whole document's ids
	Level int
	Text  string
}

// Paragraph of running text.
type Paragraph struct {
	Kind  Kind
	Spans []Span
}

// Kind says how a paragraph looks.
type Kind string

// Kinds of paragraphs.
const (
	Body Kind = ""     // two characters of indent on its first line
	Item Kind = "item" // of a list that carries its own numbers or letters, no indent
	Note Kind = "note" // small: 注, 数据来源
)

// Span is a piece of a paragraph.
type Span struct {
	Text     string
	Bold     bool
	Number   int    // 1-based place in Document.Numbers; 0: none
	Ref      string // id of the table or figure that the text names, such as 表 1-1
	Footnote string // hangs behind the text; blank: none
	External int    // 1-based place in Document.Externals; 0: none
}

// Table with its number above it.
type Table struct {
	ID      string
	Number  string // 表 1-1
	Caption string
	Head    [][]Cell // printed again on each page
	Body    [][]Cell
	Notes   []string // under it
}

// ListsNumbers is true of the table of the appendix that says where each number comes from, a
// row a number.
func (t *Table) ListsNumbers() bool { return t.ID == provenance }

// Cell of a table. What a merged cell covers is not listed.
type Cell struct {
	Text   string
	Cols   int  // that it spans; 0 and 1 are one
	Rows   int  // that it spans
	Left   bool // words of a row; else it is centred
	Bold   bool // 合计
	Number int  // 1-based place in Document.Numbers; 0: none

	External int // 1-based place in Document.Externals; 0: none
}

// Figure is a chart with its number below it.
type Figure struct {
	ID         string
	Number     string // 图 1-1
	Caption    string
	Alt        string // the chart in words, for who does not see it
	Chart      Chart
	Unit       string // of the values: 人 or %
	Categories []string
	Series     []Series // of a pie one
}

// Chart is a kind of chart. Value axes begin at 0.
type Chart string

// Kinds of charts.
const (
	Columns Chart = "columns"
	Stacked Chart = "stacked" // columns whose series add up
	Bars    Chart = "bars"    // lying, for long labels; the first category on top
	Lines   Chart = "lines"
	Pie     Chart = "pie"
)

// Series of a chart, one point a category.
type Series struct {
	Name   string
	Points []Point
}

// Point is a value as it is printed: 82.45, 1117; blank where nothing is shown.
type Point struct {
	Text   string
	Number int  // 1-based place in Document.Numbers; 0: none
	K, N   int  // the count and its base, where Text is shown
	Hidden bool // withheld; else a blank is of nobody
}
