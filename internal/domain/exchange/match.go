package exchange

import (
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Mapping says which column of a file fills which column of ours.
type Mapping struct {
	found   []matched
	Unknown []string // headers that nobody knows
	Ignored []string // headers of a roster or of destinations that this import does not read
}

type matched struct {
	Column
	index  int    // in the row
	header string // as it stands in the file
}

// Has reports that the file has a column for the field.
func (m Mapping) Has(field string) bool {
	return slices.ContainsFunc(m.found, func(x matched) bool { return x.Field == field })
}

// Header returns the header of the field's column as it stands in the file, of a
// pair the code column's; our own title if the file has none.
func (m Mapping) Header(field string) string {
	for _, x := range m.found {
		if x.Field == field {
			return x.header
		}
	}
	return field
}

// Heading is a column of a file and the column of ours that it fills.
type Heading struct {
	Column
	Index  int    // in the row, from 0
	Header string // as it stands in the file
}

// Headings returns the columns of the file that are read, in its order.
func (m Mapping) Headings() []Heading {
	out := make([]Heading, len(m.found))
	for i, x := range m.found {
		out[i] = Heading{x.Column, x.index, x.header}
	}
	return out
}

// Match finds the columns of a header, in any order and width of letters, by
// title or alias. A header that two of the columns claim goes to the first that
// no other header claims: yxmc is the college, but the school beside szyx. Of
// each list of fields in needs at least one must be there.
//
// Error: fault.Usage, naming both columns, when two say the same or have one
// name; and naming what lacks, with its aliases.
func Match(header Row, columns []Column, needs ...[]string) (Mapping, error) {
	var m Mapping
	if err := sameHeaders(header); err != nil {
		return m, err
	}
	claims := claimsOf(columns)
	taken := make([]int, len(columns)) // column number + 1 in the file
	take := func(i, at int) error {
		if first := taken[i]; first > 0 {
			return fault.Usagef(columns[i].Field, "第 %s 列“%s”和第 %s 列“%s”都是“%s”，请只保留一列",
				letter(first-1), clean(header.Cells[first-1]), letter(at), clean(header.Cells[at]), columns[i].Title)
		}
		taken[i] = at + 1
		m.found = append(m.found, matched{columns[i], at, clean(header.Cells[at])})
		return nil
	}
	var shared []int // headers that several columns claim
	for at, cell := range header.Cells {
		switch c := claims[headerKey(cell)]; {
		case headerKey(cell) == "":
		case len(c) == 0:
			m.other(cell)
		case len(c) > 1:
			shared = append(shared, at)
		default:
			if err := take(c[0], at); err != nil {
				return m, err
			}
		}
	}
	named := m.Has("employer_name")
	for _, at := range shared {
		if err := take(choose(claims[headerKey(header.Cells[at])], columns, taken, named), at); err != nil {
			return m, err
		}
	}
	slices.SortStableFunc(m.found, func(a, b matched) int { return a.index - b.index })
	return m, m.lacking(columns, needs)
}

// choose picks the column that a shared header goes to: the first that is free.
// Where the file names the unit of actual work apart (实际用人单位), 单位名称 and what
// stands with it speak of the contracting unit.
func choose(claims []int, columns []Column, taken []int, workNamed bool) int {
	for _, i := range claims {
		if workNamed && strings.HasPrefix(columns[i].Field, "contract_") {
			return i
		}
	}
	for _, i := range claims {
		if taken[i] == 0 {
			return i
		}
	}
	return claims[0]
}

// other files a header that none of the columns claims. A roster and a list of
// destinations come as one file, so that either knows the other's columns.
func (m *Mapping) other(cell string) {
	key := headerKey(cell)
	for _, c := range Columns(Person, Destination) {
		if headerKey(c.Title) == key || slices.ContainsFunc(c.Aliases, func(a string) bool { return headerKey(a) == key }) {
			m.Ignored = append(m.Ignored, clean(cell))
			return
		}
	}
	m.Unknown = append(m.Unknown, clean(cell))
}

// lacking says which needed column is not there.
func (m Mapping) lacking(columns []Column, needs [][]string) error {
	for _, need := range needs {
		if slices.ContainsFunc(need, m.Has) {
			continue
		}
		var names []string
		for _, c := range columns {
			if slices.Contains(need, c.Field) {
				names = append(names, fmt.Sprintf("“%s”（也可写作 %s）", c.Title, strings.Join(c.Aliases, "、")))
			}
		}
		return fault.Usagef(need[0], "缺少必需的列：%s，请补上这一列后重新上传", strings.Join(names, "或"))
	}
	return nil
}

// claimsOf maps each header to the columns that claim it.
func claimsOf(columns []Column) map[string][]int {
	claims := map[string][]int{}
	for i, c := range columns {
		for _, name := range append([]string{c.Title}, c.Aliases...) {
			key := headerKey(name)
			if !slices.Contains(claims[key], i) {
				claims[key] = append(claims[key], i)
			}
		}
	}
	return claims
}

// sameHeaders refuses two columns of one name, known or not: nobody can say
// which of them is meant.
func sameHeaders(header Row) error {
	first := map[string]int{}
	for at, cell := range header.Cells {
		key := headerKey(cell)
		if key == "" {
			continue
		}
		if i, twice := first[key]; twice {
			return fault.Usagef("", "第 %s 列和第 %s 列的表头都是“%s”，请只保留一列", letter(i), letter(at), clean(cell))
		}
		first[key] = at
	}
	return nil
}

// headerKey is what two spellings of a header have in common: half width, small
// letters, without spaces, asterisks and (必填).
func headerKey(s string) string {
	s = strings.ToLower(codes.Normalize(s))
	for _, hint := range []string{"(必填)", "(必填项)", "(选填)"} {
		s = strings.ReplaceAll(s, hint, "")
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '*' || r == ':' {
			return -1
		}
		return r
	}, s)
}

// letter names a column as spreadsheets do: A, B … Z, AA.
func letter(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}
