package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"

	"quxiang/internal/app"
)

// grid is a table as a command prints it, in every format but JSON.
type grid struct {
	title  []string // lines above the table
	header []string
	rows   [][]string
	number []bool   // by column: numbers, aligned right
	notes  []string // lines below the table
}

// print writes the answer in the format that was asked for: value for JSON, the
// grid for all others.
func (s *session) print(value any, g grid) error {
	var b bytes.Buffer
	switch s.global.format {
	case "json":
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(value); err != nil {
			return err
		}
	case "csv", "xlsx":
		if s.global.format == "xlsx" && s.global.output == "" {
			return usageError{fmt.Errorf("xlsx 不能显示在屏幕上，请用 -o 指定文件")}
		}
		if err := app.WriteTable(&b, s.global.format, g.titleName(), g.header, g.number, g.rows); err != nil {
			return err
		}
	default:
		g.text(&b)
	}
	return s.deliver(b.Bytes())
}

// deliver writes to the file of -o, else to standard output.
func (s *session) deliver(content []byte) error {
	if s.global.output == "" {
		_, err := s.call.Out.Write(content)
		return err
	}
	return s.toFile(func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// toFile has the file of -o written; it appears whole or not at all.
func (s *session) toFile(write func(io.Writer) error) error {
	f, err := s.call.Create(s.global.output)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		if a, ok := f.(interface{ Abandon() }); ok {
			a.Abandon()
		}
		return err
	}
	return f.Close()
}

func (g *grid) titleName() string {
	if len(g.title) > 0 {
		return g.title[0]
	}
	return "quxiang"
}

// text draws the grid for a terminal; a Chinese character is two columns wide.
func (g *grid) text(w io.Writer) {
	for _, t := range g.title {
		fmt.Fprintln(w, t)
	}
	if len(g.title) > 0 && len(g.header) > 0 {
		fmt.Fprintln(w)
	}
	wide := make([]int, len(g.header))
	for _, r := range append([][]string{g.header}, g.rows...) {
		for i, c := range r {
			if i < len(wide) {
				wide[i] = max(wide[i], columns(c))
			}
		}
	}
	line := func(r []string) {
		var b strings.Builder
		for i, c := range r {
			if i > 0 {
				b.WriteString("  ")
			}
			pad := strings.Repeat(" ", max(0, wide[i]-columns(c)))
			if i < len(g.number) && g.number[i] {
				b.WriteString(pad + c)
			} else {
				b.WriteString(c + pad)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
	if len(g.header) > 0 {
		line(g.header)
	}
	for _, r := range g.rows {
		line(r)
	}
	if len(g.notes) > 0 {
		fmt.Fprintln(w)
	}
	for _, n := range g.notes {
		fmt.Fprintln(w, n)
	}
}

// columns is how wide a text stands on a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
