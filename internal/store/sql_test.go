package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/store/migrations"
)

var isSQL = regexp.MustCompile(`(?i)^\s*(select|insert|update|delete|with|create|alter)\s`)

// banned are the spellings that differ between the engines or count in SQL.
var banned = map[string]*regexp.Regexp{
	"names columns, never *":       regexp.MustCompile(`(?i)(select|,|\.)\s*\*|\(\s*\*\s*\)`),
	"divides in Go":                regexp.MustCompile(`[^-]/[^*]`),
	"rounds in Go":                 regexp.MustCompile(`(?i)\b(round|avg|trunc|ceil|floor)\s*\(`),
	"ilike is PostgreSQL's":        regexp.MustCompile(`(?i)\bilike\b`),
	"like ignores case on one":     regexp.MustCompile(`(?i)\blike\b`),
	"instants are arguments":       regexp.MustCompile(`(?i)\bnow\(\)|current_(timestamp|date|time)|strftime|datetime\(`),
	"cast(x as t), not x::t":       regexp.MustCompile(`::`),
	"JSON is read in Go":           regexp.MustCompile(`->|json_|jsonb`),
	"pages by key":                 regexp.MustCompile(`(?i)\boffset\b`),
	"or replace is SQLite's":       regexp.MustCompile(`(?i)insert or |rowid`),
	"numbered placeholders, not ?": regexp.MustCompile(`\?`),
}

// catalogued are the files whose statements go over every table: names come from the
// schema's own catalogue or from a list of this package, never from a user.
var catalogued = map[string]string{
	"bulk.go":   "long lists of values",
	"dump.go":   "a copy of everything, out of each engine's own catalogue",
	"fill.go":   "a copy of everything, back",
	"reseal.go": "every sealed column, from the list of them",
}

// TestSQLText reads every SQL text of the package (S2).
func TestSQLText(t *testing.T) {
	texts := 0
	check := func(where, text string) {
		texts++
		for rule, pattern := range banned {
			if pattern.MatchString(text) {
				t.Errorf("%s: %s:\n%s", where, rule, text)
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil && isSQL.MatchString(text) {
					if catalogued[name] != "" {
						texts++
						return true
					}
					check(set.Position(n.Pos()).String(), text)
				}
			case *ast.BinaryExpr:
				if n.Op == token.ADD && isSQL.MatchString(leftmost(n)) && catalogued[name] == "" {
					t.Errorf("%s: SQL put together with +", set.Position(n.Pos()))
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(f.Sel.Name, "Sprint") && catalogued[name] == "" && len(n.Args) > 0 && isSQL.MatchString(leftmost(n.Args[0])) {
					t.Errorf("%s: SQL put together with %s", set.Position(n.Pos()), f.Sel.Name)
				}
			}
			return true
		})
	}
	if texts < 60 {
		t.Errorf("only %d SQL texts found: is the test looking at the right thing?", texts)
	}
}

// leftmost is the text that a string expression begins with.
func leftmost(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return leftmost(e.X)
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	}
	return ""
}

// TestBannedNotices: each rule finds what it is for.
func TestBannedNotices(t *testing.T) {
	for _, text := range []string{
		"select * from a", "select a.* from a", "select count(*) from a", "select a / b from c", "select round(a) from c", "select a from b where c ilike 'x'",
		"select a from b where c like 'x'", "select now()", "select a::text from b", "select a->'b' from c", "select a from b offset 3",
		"insert or replace into a values (1)", "select a from b where c = ?",
	} {
		found := false
		for _, pattern := range banned {
			found = found || pattern.MatchString(text)
		}
		if !found || !isSQL.MatchString(text) {
			t.Errorf("not noticed: %s", text)
		}
	}
}

func TestMigrationsUseTheSharedTypes(t *testing.T) {
	files, err := migrations.Files.ReadDir(".")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	column := regexp.MustCompile(`(?m)^  [a-z_0-9]+ +([a-z]+)`)
	for _, f := range files {
		text, err := migrations.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range column.FindAllStringSubmatch(string(text), -1) {
			switch m[1] {
			case "text", "bigint", "boolean", "bytea", "key":
			default:
				t.Errorf("%s: type %s is not one of both engines", f.Name(), m[1])
			}
		}
	}
}

func TestBind(t *testing.T) {
	for name, c := range map[string]struct {
		query string
		args  []any
		want  string
		n     int
	}{
		"no fragment":       {"a = $2 and b = $1", []any{1, 2}, "a = $2 and b = $1", 2},
		"a list":            {"a in ($1) and b = $2", []any{in{"x", "y"}, 7}, "a in ($1, $2) and b = $3", 3},
		"an empty list":     {"a in ($1)", []any{in{}}, "a in (null)", 0},
		"a number repeated": {"($2 = '' or a = $2) and b in ($1)", []any{in{"x"}, "c"}, "($1 = '' or a = $2) and b in ($3)", 3},
		"the school":        {"$1 and a = $2", []any{scope(access.School()), 7}, "true and a = $1", 1},
		"a scope": {"$1", []any{scope{Colleges: []string{"c"}, Graduates: []string{"g"}}},
			"(g.college_id in ($1) or g.class_id in (null) or g.id in ($2))", 2},
		"nobody": {"$1", []any{scope{}}, "(g.college_id in (null) or g.class_id in (null) or g.id in (null))", 0},
		"ten":    {"a = $10 and b in ($1)", []any{in{"x"}, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "a = $1 and b in ($2)", 2},
	} {
		text, args := bind(c.query, c.args, false)
		if text != c.want || len(args) != c.n {
			t.Errorf("%s: got %s with %v, want %s", name, text, args, c.want)
		}
		bare, same := bind(c.query, c.args, true)
		if name != "no fragment" {
			c.want = regexp.MustCompile(`\$\d+`).ReplaceAllString(c.want, "?")
		}
		if bare != c.want || !slices.Equal(same, args) {
			t.Errorf("%s: bare: got %s with %v, want %s", name, bare, same, c.want)
		}
	}
}
