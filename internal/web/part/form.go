package part

// Field is one input of a form.
type Field struct {
	Name     string
	Label    string
	Kind     string // text, password, date, tel, email, number, file; blank: text
	Value    string
	Help     string
	Error    string // what is wrong and what to do; blank if nothing is
	Complete string // the autocomplete purpose; blank: off
	Mode     string // keyboard of a phone: numeric, decimal, tel; blank: the usual
	Suffix   string // unit behind the field: 元/月
	Optional bool   // says 选填; the browser does not insist
	Accept   string // of files
	Capture  bool   // of files: offers the camera
	Multiple bool   // of files
	Rows     int    // of a text area
	Max      int    // characters; 0: no limit
	Choices  []Option
	Fixed    bool // shown, and sent, but not to be changed
}

// Option is one choice of a list.
type Option struct {
	Value    string
	Title    string
	Help     string // of radios: the second line
	Group    string // of selects: the heading that it stands under; those of a group follow each other
	Selected bool
}

// kind is the type of the input.
func (f Field) kind() string {
	if f.Kind == "" {
		return "text"
	}
	return f.Kind
}

// complete is the autocomplete attribute.
func (f Field) complete() string {
	if f.Complete == "" {
		return "off"
	}
	return f.Complete
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

// groups cuts the choices where the heading changes.
func (f Field) groups() [][]Option {
	var out [][]Option
	for i, o := range f.Choices {
		if i == 0 || o.Group != f.Choices[i-1].Group {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], o)
	}
	return out
}

// Wrong is one line of the summary above a form: the field and what is wrong.
type Wrong struct {
	Field string // name; blank: the form as a whole
	Text  string
}
