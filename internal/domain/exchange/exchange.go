// Package exchange is what every import and export shares: columns with their
// names and aliases, differences, and refusals that say where and what to do.
//
// A file is taken whole or not at all.
package exchange

import (
	"context"
	"fmt"
)

// File is a table file that can be read more than once.
type File interface {
	Name() string   // as the user gave it, without folder
	SHA256() string // hex
	Open(ctx context.Context) (Source, error)
}

// Source yields the rows of a table file, the header first. Wholly empty rows
// are left out.
type Source interface {
	Sheet() string // name of the sheet; blank for csv
	Next() (Row, error)
	Progress() (done, total int64) // bytes of the packed file
	Close() error
}

// Row of a file. Cells are text, as a person sees them; a cell beyond the end is blank.
type Row struct {
	Number int // as the user counts: the header is row 1
	Cells  []string
}

// Cell returns the cell of a column; blank for a column that is not there.
func (r Row) Cell(column int) string {
	if column < 0 || column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column]
}

// Clear in a cell empties the field; a blank cell keeps it.
const Clear = "**CLEAR**"

// Refusal is one thing that keeps a file from being taken.
type Refusal struct {
	File    string `json:"file"`
	Sheet   string `json:"sheet,omitempty"`
	Row     int    `json:"row"`
	Column  string `json:"column,omitempty"` // header as it stands in the file
	Value   string `json:"value,omitempty"`
	Message string `json:"message"`
}

// String prints the refusal as the user reads it.
func (r Refusal) String() string {
	s := r.File
	if r.Sheet != "" {
		s += " [" + r.Sheet + "]"
	}
	s += fmt.Sprintf(" 第 %d 行", r.Row)
	if r.Column != "" {
		s += " “" + r.Column + "”列"
	}
	if r.Value != "" {
		s += " 值“" + r.Value + "”"
	}
	return s + "：" + r.Message
}

// Kind of a difference that an import makes, or would make.
type Kind string

// The kinds.
const (
	Added     Kind = "added"     // 新增
	Changed   Kind = "changed"   // 更新
	Same      Kind = "same"      // 无变化
	Skipped   Kind = "skipped"   // 空行、空代码
	LeftOut   Kind = "left_out"  // 不在范围内，如留学生
	Untouched Kind = "untouched" // 本人已登记，不改动，只列出
	Assumed   Kind = "assumed"   // 按默认取值，如日期
	Noted     Kind = "noted"     // 核查提示
	Created   Kind = "created"   // 新建的学院、专业、班级、单位
)

// Difference is one line of what an import changes.
type Difference struct {
	Kind   Kind   `json:"kind"`
	Row    int    `json:"row,omitempty"`
	Who    string `json:"who,omitempty"`    // 学号 or 考生号, or name of a unit
	Field  string `json:"field,omitempty"`  // column title
	Before string `json:"before,omitempty"` // never of a secret field
	After  string `json:"after,omitempty"`
	Text   string `json:"text,omitempty"`
}

// MaxLines is how many differences and refusals of one kind a report lists;
// more are only counted.
const MaxLines = 1000

// Report says what an import did, or would do.
type Report struct {
	Batch       string       `json:"batch,omitempty"` // id; blank if nothing was published
	DryRun      bool         `json:"dry_run,omitempty"`
	Rows        int          `json:"rows"`
	Counts      map[Kind]int `json:"counts"`
	Refused     int          `json:"refused"`
	Refusals    []Refusal    `json:"refusals,omitempty"`
	Differences []Difference `json:"differences,omitempty"`
}

// Refuse adds a refusal.
func (r *Report) Refuse(x Refusal) {
	r.Refused++
	if len(r.Refusals) < MaxLines {
		r.Refusals = append(r.Refusals, x)
	}
}

// Note adds a difference.
func (r *Report) Note(d Difference) {
	if r.Counts == nil {
		r.Counts = map[Kind]int{}
	}
	r.Counts[d.Kind]++
	if d.Kind != Same && r.Counts[d.Kind] <= MaxLines {
		r.Differences = append(r.Differences, d)
	}
}

// NoteAll adds what happened to one person or thing: counted once, listed line
// by line.
func (r *Report) NoteAll(k Kind, lines ...Difference) {
	if r.Counts == nil {
		r.Counts = map[Kind]int{}
	}
	r.Counts[k]++
	if r.Counts[k] > MaxLines {
		return
	}
	for _, d := range lines {
		d.Kind = k
		r.Differences = append(r.Differences, d)
	}
}
