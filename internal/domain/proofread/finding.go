package proofread

// Severity says how sure a fault is one. The order is the order of printing.
type Severity string

// Severities (cli.md).
const (
	Fault    Severity = "error"    // two figures that cannot both be right
	Rounding Severity = "rounding" // the last digit is more than any rounding explains
	Scope    Severity = "scope"    // the base is not the one that the words say
	Label    Severity = "label"    // a number, year or rank is misnamed
	Claim    Severity = "claim"    // the words say more than the figures
)

// Rule names the check that a finding comes from (cli.md).
type Rule string

// Rules (cli.md).
const (
	PctVsCounts      Rule = "pct_vs_counts"
	PctImpossible    Rule = "pct_impossible_for_n"
	DenominatorScope Rule = "denominator_scope"
	TotalVsSum       Rule = "total_vs_sum"
	SubtotalVsSum    Rule = "subtotal_vs_sum"
	PartsVs100       Rule = "parts_vs_100"
	RateVsParts      Rule = "rate_vs_sum_of_parts"
	RateVsWeighted   Rule = "rate_vs_weighted_parts"
	TextVsTable      Rule = "text_vs_table"
	TableVsTable     Rule = "table_vs_table"
	TextVsText       Rule = "text_vs_text"
	DeltaOrYear      Rule = "delta_or_year_label"
	ClaimVsTable     Rule = "claim_vs_table"
	LabelOrNumber    Rule = "label_or_number"
)

// Finding is one contradiction.
type Finding struct {
	Where       string // the table or passage, in the report's own words: 表 1-1 …
	Cell        string // row/column, or the words that hold the figure
	Printed     string // one figure as it stands; "" if there is none
	Expected    string // as it should stand; "" if that cannot be said
	Rule        Rule
	Severity    Severity
	Root        string // findings of one fault share it
	Explanation string // in Chinese, a sentence or two, with the counts

	Place Place // of the printed figure
	Other Place // of what it contradicts; zero: nothing in particular
}

// Dismissed is a finding that whoever works on the report holds to be none, and why.
type Dismissed struct {
	Finding
	Why string
}
