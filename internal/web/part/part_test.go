package part

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestInputTiesItsLinesToTheField(t *testing.T) {
	for name, c := range map[string]struct {
		field Field
		has   []string
		lacks []string
	}{
		"plain": {Field{Name: "x", Label: "账号"}, []string{`for="x"`, `id="x"`}, []string{"aria-describedby", "aria-invalid"}},
		"help":  {Field{Name: "x", Help: "多写几个字"}, []string{`aria-describedby="x-help"`, `id="x-help"`}, []string{"aria-invalid"}},
		"error": {Field{Name: "x", Error: "太短"}, []string{`aria-describedby="x-error"`, `aria-invalid="true"`, "field wrong"}, []string{"x-help"}},
		"both":  {Field{Name: "x", Help: "h", Error: "太短"}, []string{`aria-describedby="x-help x-error"`}, nil},
		"value": {Field{Name: "x", Value: `"><svg onload=x>`}, []string{"&gt;&lt;svg"}, []string{"<svg"}},
	} {
		got := render(t, Input(c.field))
		for _, s := range c.has {
			if !strings.Contains(got, s) {
				t.Errorf("%s: no %s in %s", name, s, got)
			}
		}
		for _, s := range c.lacks {
			if strings.Contains(got, s) {
				t.Errorf("%s: %s in %s", name, s, got)
			}
		}
	}
}

func TestFigureIsALinkOnlyWhereItOpensSomebody(t *testing.T) {
	for name, c := range map[string]struct {
		number Number
		link   bool
	}{
		"opens people":   {Number{Text: "7", Href: "/people?cell=a", Says: "7 人，打开名单"}, true},
		"zero":           {Number{Text: "0", Href: "/people?cell=a", Zero: true}, false},
		"for the public": {Number{Text: "7"}, false},
	} {
		if got := strings.Contains(render(t, Figure(c.number)), "<a "); got != c.link {
			t.Errorf("%s: link %v", name, got)
		}
	}
}

func TestShellOffersTheWayInOrOut(t *testing.T) {
	for name, c := range map[string]struct {
		page    Page
		in, out bool
	}{
		"a visitor": {Page{}, true, false},
		"signed in": {Page{User: "周澜", FormToken: "t"}, false, true},
		"an error":  {Page{Bare: true}, false, false},
	} {
		got := render(t, Shell(c.page))
		if strings.Contains(got, `href="/login"`) != c.in || strings.Contains(got, `action="/logout"`) != c.out {
			t.Errorf("%s: %s", name, got)
		}
	}
}
