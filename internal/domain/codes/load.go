package codes

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed data/*.csv
var files embed.FS

// fixed are the columns of every table; further columns become Fields.
const fixed = 8 // code,name,parent,class,from,to,source,aliases

// load reads data/tables.csv and each table that it names. The files are part of
// the program, so that a defect in them is a defect of the program: it panics,
// and the tests see it first.
func load() *Book {
	b := &Book{tables: map[string]*Table{}, schemes: map[string]string{}}
	for _, r := range read("tables")[1:] {
		t := &Table{ID: r[0], Scheme: r[1], Version: r[2], base: r[2], Title: r[3], Source: r[4], paths: r[5] == "yes"}
		t.fill(read(t.ID))
		b.tables[t.ID] = t
		b.schemes[t.Scheme] = t.ID
	}
	for _, file := range []string{"mappings", "region_mappings"} {
		for _, r := range read(file)[1:] {
			if err := b.Table(r[0]).mapTo(Mapping{Table: r[0], FromScheme: r[1], From: r[2], To: r[3], Source: r[4]}); err != nil {
				panic(fmt.Sprintf("codes: %s.csv: %v", file, err))
			}
		}
	}
	for _, t := range b.tables {
		t.shipped, t.mapped = t.mapped, nil
	}
	for _, c := range b.Table("region_group").rows {
		b.groups = append(b.groups, RegionGroup{ID: c.Code, Name: c.Name, Prefixes: strings.Fields(c.Fields["prefixes"])})
	}
	return b
}

// read returns the lines of data/<name>.csv, the header first.
func read(name string) [][]string {
	f, err := files.Open("data/" + name + ".csv")
	if err != nil {
		panic(fmt.Sprintf("codes: %v", err))
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("codes: %s.csv: %v", name, err))
	}
	return lines
}

func (t *Table) fill(lines [][]string) {
	header, lines := lines[0], lines[1:]
	t.rows = make([]Code, len(lines))
	t.index = make(map[string]int, len(lines))
	for i, l := range lines {
		c := Code{Scheme: t.Scheme, Code: l[0], Name: l[1], Parent: l[2], Class: l[3], From: l[4], To: l[5], Source: l[6]}
		if l[7] != "" {
			c.Aliases = strings.Split(l[7], "|")
		}
		for k, v := range l[fixed:] {
			if v == "" {
				continue
			}
			if c.Fields == nil {
				c.Fields = make(map[string]string, len(l)-fixed)
			}
			c.Fields[header[fixed+k]] = v
		}
		t.rows[i] = c
		t.index[c.Code] = i
	}
}
