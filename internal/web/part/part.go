// Package part is the design system: the frames of pages and the pieces that
// pages share. The page /design of a running program shows them all.
//
// Colours and sizes live in static/css/00-tokens.css alone; a component names
// what a thing is, never how it looks.
package part

// Number is a figure of a table: plain text, or a link to the people it counts.
type Number struct {
	Text string
	Href string // blank: no link
	Says string // what the link opens, for who cannot see the table around it
	Zero bool   // shown grey
}

// State of a registration: a glyph, a word and a soft ground.
type State struct {
	// Kind is draft (dashed ring), wait (quarter), half (half), pass (tick), back
	// (hook), dispute (triangle), void (cross), old (bar).
	Kind string
	Word string
}

// Empty says that a list holds nothing, why, and what to do next.
type Empty struct {
	Title string
	Text  string
	Next  Link // blank: nothing to do
}

// Pager leads through a list by key.
type Pager struct {
	From, To, Total int
	First, Next     string // addresses; blank: not from here
	Unit            string // 人, 件 …
}

// Stage of a wizard or of a way: done, now, or still to come (blank).
type Stage struct {
	Title string
	State string
}

// Moment of a timeline.
type Moment struct {
	Title  string
	When   string // and who, in the small line
	Detail string // blank: none
	// State is done (tick), now (ring), stop (given back), or blank: to come.
	State string
}

// Card is a number card: what, how many, out of how many, as of when.
type Card struct {
	Title  string
	Value  string
	Unit   string
	Base   string // such as 2,300 / 2,660 人
	AsOf   string
	Change string // since the chosen day, in words
	Href   string // the people behind it; blank: none
}
