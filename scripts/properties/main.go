// Command properties prints docs/properties.md: which test answers which promise.
// It reads the doc comments of all tests for the ids of the test plan.
package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// families are the kinds of ids, in the order of the page.
var families = []struct{ letter, title string }{
	{"P", "Promises"}, {"S", "Checks of OWASP ASVS 5.0"}, {"X", "Attacks"}, {"R", "Reliability"}, {"F", "Fuzz targets"},
	{"Q", "Properties"}, {"C", "Duties of the law"}, {"U", "Accessibility, phones, old browsers"},
}

var (
	group = regexp.MustCompile(`\(([^()]*)\)|ids: ([^\n]*)`)
	id    = regexp.MustCompile(`\b([PSXRFQCU])(\d{1,2})(?:[–-][PSXRFQCU]?(\d{1,2}))?\b`)
)

func main() {
	cited := map[string][]string{} // id → package.Test
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		return read(path, cited)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	print(cited)
}

func read(path string, cited map[string][]string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		return err
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Doc == nil || !strings.HasPrefix(f.Name.Name, "Test") && !strings.HasPrefix(f.Name.Name, "Fuzz") {
			continue
		}
		name := filepath.ToSlash(filepath.Dir(path)) + " · " + f.Name.Name
		for _, one := range ids(f.Doc.Text()) {
			if !slices.Contains(cited[one], name) {
				cited[one] = append(cited[one], name)
			}
		}
	}
	return nil
}

// ids finds what stands in brackets: S27, X1–X9.
func ids(doc string) (out []string) {
	for _, g := range group.FindAllString(doc, -1) {
		for _, m := range id.FindAllStringSubmatch(g, -1) {
			from, _ := strconv.Atoi(m[2])
			to := from
			if m[3] != "" {
				to, _ = strconv.Atoi(m[3])
			}
			for n := from; n <= max(from, min(to, 99)); n++ {
				out = append(out, m[1]+strconv.Itoa(n))
			}
		}
	}
	return out
}

func print(cited map[string][]string) {
	fmt.Println("# Which test answers what")
	fmt.Println()
	fmt.Println("Made by `make generate` from the comments of the tests. The ids are those of the test plan: promises, checks, attacks, and so on;")
	fmt.Println("a test names the ones that it answers.")
	for _, f := range families {
		var have []string
		for one := range cited {
			if strings.HasPrefix(one, f.letter) {
				have = append(have, one)
			}
		}
		if len(have) == 0 {
			continue
		}
		slices.SortFunc(have, func(a, b string) int { return cmp.Compare(number(a), number(b)) })
		fmt.Printf("\n## %s\n\n| | test |\n|---|---|\n", f.title)
		for _, one := range have {
			slices.Sort(cited[one])
			fmt.Printf("| %s | %s |\n", one, strings.Join(cited[one], "<br>"))
		}
	}
}

func number(id string) int {
	n, _ := strconv.Atoi(id[1:])
	return n
}
