package sheet

import "strings"

// A text that begins like a formula would run when the file is opened (OWASP:
// formula injection). A ' in front stops that; reading takes it off again. Texts
// that by themselves begin with ' and one of these get one more, so that every
// text survives the round.
var formulaStarts = []string{"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}

func startsFormula(s string) bool {
	for _, f := range formulaStarts {
		if strings.HasPrefix(s, f) {
			return true
		}
	}
	return false
}

// guard makes a text safe to open in csv.
func guard(s string) string {
	if startsFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// guardQuote is guard for formats that say themselves that a cell is text: there
// only what unguard would strip needs it.
func guardQuote(s string) string {
	if strings.HasPrefix(s, "'") {
		return guard(s)
	}
	return s
}

// unguard undoes guard and guardQuote.
func unguard(s string) string {
	if strings.HasPrefix(s, "'") && startsFormula(strings.TrimLeft(s, "'")) {
		return s[1:]
	}
	return s
}
