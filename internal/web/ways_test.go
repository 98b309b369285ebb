package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// signing are the handlers of this package that give a browser a session.
func signing(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "SignIn" {
					out[fn.Name.Name] = true
				}
				return true
			})
		}
	}
	return out
}

var wayIn = regexp.MustCompile("(?m)^\\| `((?:GET|POST) /[^`]*)` \\|")

// TestWaysInAreWrittenDown: each address that gives a session is on the list in SECURITY.md
// with what proves who comes, and the list names no other (S40).
func TestWaysInAreWrittenDown(t *testing.T) {
	handlers, found := signing(t), []string{}
	for _, r := range (&Web{Deps: Deps{Demo: true}}).routes() {
		name := runtime.FuncForPC(reflect.ValueOf(r.Handle).Pointer()).Name()
		name = strings.TrimSuffix(name[strings.LastIndex(name, ".")+1:], "-fm")
		if handlers[name] {
			found = append(found, r.Method+" "+r.Pattern)
			handlers[name] = false
		}
	}
	for name, open := range handlers {
		if open {
			t.Errorf("%s gives a session and is the handler of no route: name its route in this test", name)
		}
	}
	text, err := os.ReadFile("../../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, m := range wayIn.FindAllStringSubmatch(string(text), -1) {
		listed = append(listed, m[1])
	}
	slices.Sort(found)
	slices.Sort(listed)
	if len(found) < 4 || !slices.Equal(found, listed) {
		t.Errorf("ways in: %v\nlisted:  %v", found, listed)
	}
}
