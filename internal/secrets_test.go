package internal

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guarded are the packages whose randomness and comparisons keep somebody out. The
// invented school is the one that wants chance that repeats.
var guarded = []string{"app", "domain", "gateway", "httpd", "store", "web"}

// repeatable are the files whose chance must repeat.
var repeatable = map[string]string{
	"domain/destination/scrutiny/draw.go": "a sample is drawn again from the seed that is kept with it",
	"domain/matching/synthetic.go":        "an invented market is made again from its seed",
}

// guessable are names of values that an attacker would guess byte by byte.
var guessable = regexp.MustCompile(`(?i)(^|[a-z])(mac|hmac|signature|csrf)$|^(want|got)?(mac|tag|token|secret)$`)

// careless are the places of a file that break the rules of S57.
func careless(f *ast.File, at func(token.Pos) token.Position) (out []string) {
	for _, i := range f.Imports {
		if path := strings.Trim(i.Path.Value, `"`); path == "math/rand" || path == "math/rand/v2" {
			out = append(out, at(i.Pos()).String()+": "+path+": use crypto/rand")
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpr)
		if !ok || b.Op != token.EQL && b.Op != token.NEQ || literal(b.X) || literal(b.Y) {
			return true
		}
		if guessable.MatchString(called(b.X)) || guessable.MatchString(called(b.Y)) {
			out = append(out, at(b.Pos()).String()+": compared byte by byte: use crypto/subtle or hmac.Equal")
		}
		return true
	})
	return out
}

// literal is a constant text or nil: comparing with one tells nobody anything.
func literal(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return e.Name == "nil"
	}
	return false
}

// called is the last name of an expression.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		return called(e.Fun)
	}
	return ""
}

// TestSecretsAreDrawnAndComparedWithCare (S57).
func TestSecretsAreDrawnAndComparedWithCare(t *testing.T) {
	files, read := token.NewFileSet(), 0
	for _, dir := range guarded {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			read++
			f, err := parser.ParseFile(files, path, nil, 0)
			if err == nil && repeatable[path] == "" {
				for _, wrong := range careless(f, files.Position) {
					t.Error(wrong)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 200 {
		t.Errorf("only %d files read", read)
	}
	for what, text := range map[string]string{
		"chance that repeats": `package x; import "math/rand/v2"; var _ = rand.Int()`,
		"a MAC with ==":       `package x; func f(mac, sum string) bool { return mac == sum }`,
		"a token with !=":     `package x; func f(r struct{ Token string }, sum string) bool { return sum != r.Token }`,
	} {
		f, err := parser.ParseFile(files, "planted.go", text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(careless(f, files.Position)) == 0 {
			t.Errorf("%s: not noticed", what)
		}
	}
}
