// Package part is the design system: the frame of every page and the pieces
// that pages share.
//
// Colours and sizes live in static/app.css alone; a component names what a thing
// is, never how it looks.
package part

// Page is what the frame of a page needs to know.
type Page struct {
	Title     string // of the page, before the school's name
	School    string
	Style     string // address of the stylesheet
	Icon      string // address of the site's icon
	User      string // name of who is signed in; blank if nobody is
	Role      string // what they are, as people call it
	FormToken string // for the log-out form; blank if nobody is signed in
	Insecure  bool   // passwords travel in the clear: red banner
	Demo      bool   // an invented school: say so
	Bare      bool   // no way in or out on this page: an error is shown
}

// Field is one input of a form.
type Field struct {
	Name     string
	Label    string
	Kind     string // text, password, date
	Value    string
	Help     string
	Error    string // what is wrong and what to do; blank if nothing is
	Complete string // the autocomplete purpose
}

// describedBy names the lines that belong to the field.
func (f Field) describedBy() string {
	switch {
	case f.Error != "" && f.Help != "":
		return f.Name + "-help " + f.Name + "-error"
	case f.Error != "":
		return f.Name + "-error"
	case f.Help != "":
		return f.Name + "-help"
	}
	return ""
}

// Number is a figure of a table: plain text, or a link to the people it counts.
type Number struct {
	Text string
	Href string // blank: no link
	Says string // what the link opens, for who cannot see the table around it
	Zero bool   // shown grey
}

// State of a registration: a glyph, a word and a soft ground.
type State struct {
	Kind string // wait, pass, back, void or old
	Word string
}
