package report

import "quxiang/internal/domain/indicator"

// Format says which side of a figure is printed.
type Format string

// Formats of a bound number.
const (
	Count Format = "k" // how many people
	Base  Format = "n" // of how many
	Share Format = "%" // k in hundred of n, two decimals; its text has the sign
)

// Binding says what a number is: everything that somebody needs to count it again.
type Binding struct {
	Snapshot   string   // name
	SHA256     string   // of the snapshot, hex
	Cohort     string   // 2024
	Stage      string   // 初次 or 年终, where the number is of one of the cohort\'s two; blank: of the report\'s own
	Table      string   // of the catalogue, such as destination
	Definition string   // id
	Version    string   // of the definition
	Cell       string   // id of the column; blank with Base: the row's n
	Where      []string // conditions as 学历层次=本科, in the order of dimensions
	Format     Format
}

// Number is a bound number with its value.
type Number struct {
	Binding
	Title string // what it is called: 毕业去向落实率
	indicator.Figure
	Text string // as it is printed; ※ where it is withheld
}
