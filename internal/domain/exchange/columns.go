package exchange

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/fault"
)

// Group says whose a column is: which import reads it.
type Group string

// The groups.
const (
	Person      Group = "person"      // 生源
	Destination Group = "destination" // 去向

	Employers      Group = "employer"       // 单位主数据
	HospitalLevels Group = "hospital_level" // 医院等级
	Wages          Group = "wage"           // 最低工资标准
	Institutions   Group = "institution"    // 院校
	Codes          Group = "code"           // 代码与对照
	Externals      Group = "external"       // 外部数据
)

// Form says how a cell of a column is read and in which form it is kept.
type Form string

// The forms.
const (
	Text     Form = "text"      // as it stands, ends trimmed
	Number   Form = "number"    // an identifier: half width, no spaces
	IDNumber Form = "id_number" // as Number, the letter X a capital
	Phone    Form = "phone"     // as Number, without +86 and dashes
	DayForm  Form = "day"       // kept as 2006-01-02
	Month    Form = "month"     // kept as 2006-01-02, or as 2006-01 where no day is given
	Year     Form = "year"      // kept as 2006; 2006届 is read
	Pay      Form = "pay"       // yuan in the file, kept as fen
	Coded    Form = "code"      // kept as a code of the table
)

// Part of a pair of columns that fill one field, such as 性别代码 and 性别.
type Part string

// The parts. Either may hold a code or a name; where both are filled the code
// part wins.
const (
	Whole    Part = ""     // the only column of its field
	CodePart Part = "code" // …代码
	NamePart Part = "name"
)

// Column is one column that an import reads or an export writes. Group, Field
// and Part together are unique.
type Column struct {
	Group   Group
	Field   string // the field that it fills, such as sex or employer_name
	Part    Part
	Form    Form
	Table   string   // code table of a Coded column
	Secret  bool     // kept as ciphertext: blank in exports, never printed in a difference
	Stars   bool     // may hold two asterisks without being a masked value
	Title   string   // as exports write it
	Aliases []string // other headers of other systems, pinyin initials among them
}

//go:embed columns.csv
var columnsCSV string

//go:embed layouts.csv
var layoutsCSV string

var catalogue = sync.OnceValue(loadColumns)

// Columns returns the columns of the groups in their fixed order.
func Columns(groups ...Group) []Column {
	var out []Column
	for _, c := range catalogue() {
		if slices.Contains(groups, c.Group) {
			out = append(out, c)
		}
	}
	return out
}

// Field returns the columns of one field.
func Field(group Group, field string) []Column {
	return slices.DeleteFunc(Columns(group), func(c Column) bool { return c.Field != field })
}

// Numbers are the two columns that name a graduate in any file: 学号 and 考生号.
func Numbers() []Column {
	return append(Field(Person, "student_no"), Field(Person, "exam_no")...)
}

// Title returns the name that people read for a field, without 代码.
func Title(group Group, field string) string {
	columns := Field(group, field)
	if len(columns) == 0 {
		return field
	}
	return columns[len(columns)-1].Title
}

// Layouts that exports write, beside the columns of each group as they are.
const (
	MOE39 = "moe-39" // 39 columns of the 就业方案 export (2024届), and 落实起始日
	MOE74 = "moe-74" // 74 columns of the old national system, and 落实起始日
)

// Layout returns the columns of a layout in its order, each with the layout's
// own title. Error: fault.Usage for an unknown name.
func Layout(name string) ([]Column, error) {
	all := catalogue()
	var out []Column
	for _, l := range csvLines(layoutsCSV) {
		if l[0] != name {
			continue
		}
		i := slices.IndexFunc(all, func(c Column) bool {
			return c.Group == Group(l[2]) && c.Field == l[3] && c.Part == Part(l[4])
		})
		c := all[i]
		c.Title = l[1]
		out = append(out, c)
	}
	if out == nil {
		return nil, fault.Usagef("layout", "没有名为“%s”的表格样式，可用 %s 或 %s，或不写", name, MOE39, MOE74)
	}
	return out, nil
}

func loadColumns() []Column {
	var out []Column
	for _, l := range csvLines(columnsCSV) {
		c := Column{Group: Group(l[0]), Field: l[1], Part: Part(l[2]), Form: Form(l[3]), Table: l[4],
			Secret: l[5] == "yes", Stars: l[6] == "yes", Title: l[7]}
		if l[8] != "" {
			c.Aliases = strings.Split(l[8], "|")
		}
		out = append(out, c)
	}
	return out
}

// csvLines returns the lines of an embedded file without its header. A defect in
// it is one of the program, which the tests see first.
func csvLines(text string) [][]string {
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("exchange: %v", err))
	}
	return lines[1:]
}
