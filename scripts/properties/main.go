// Command properties prints docs/properties.md: which test answers which promise.
// It reads the doc comments of all tests for the ids of the test plan.
package main

import (
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

// families are the kinds of ids, in the order of the page, and how many the plan has.
var families = []struct {
	letter, title string
	last          int
}{
	{"P", "Promises", 12}, {"S", "Checks of OWASP ASVS 5.0", 60}, {"X", "Attacks", 42}, {"R", "Reliability", 35}, {"F", "Fuzz targets", 15},
	{"Q", "Properties", 14}, {"C", "Duties of the law", 30}, {"U", "Accessibility, phones, old browsers", 11},
}

// absent is what the plan is about and the program does not have, so that there is
// nothing to test.
var absent = []struct{ what, ids string }{
	{"rich text", "(S6)"}, {"connections to other servers", "(S7, X28, X40, R19)"}, {"mail and messages", "(S8, S45)"},
	{"a virus scanner", "(S33)"}, {"places that are limited", "(S16)"}, {"sign-on by another system", "(S46, X35, X36, F13)"},
	{"links for employers", "(X38, S56)"}, {"WeChat", "(X39, F7)"}, {"reports as documents", "(F3, F15, Q6)"},
	{"more than one tenant", "(S55)"}, {"matching and warnings by machine", "(C22)"},
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
	fmt.Println("a test names the ones that it answers. At the end stand those that no test names.")
	for _, f := range families {
		fmt.Printf("\n## %s\n\n| | test |\n|---|---|\n", f.title)
		for n := 1; n <= f.last; n++ {
			one := f.letter + strconv.Itoa(n)
			if slices.Sort(cited[one]); len(cited[one]) > 0 {
				fmt.Printf("| %s | %s |\n", one, strings.Join(cited[one], "<br>"))
			}
		}
	}
	printOpen(cited)
}

// printOpen says which ids no test names: first those of things that there are.
func printOpen(cited map[string][]string) {
	without := map[string]bool{}
	fmt.Print("\n## Without a test\n\n| the program has no | |\n|---|---|\n")
	for _, a := range absent {
		var open []string
		for _, one := range ids(a.ids) {
			if without[one] = true; len(cited[one]) == 0 {
				open = append(open, one)
			}
		}
		if len(open) > 0 {
			fmt.Printf("| %s | %s |\n", a.what, strings.Join(open, ", "))
		}
	}
	fmt.Print("\nNo test names these either:")
	for _, f := range families {
		for n := 1; n <= f.last; n++ {
			if one := f.letter + strconv.Itoa(n); len(cited[one]) == 0 && !without[one] {
				fmt.Print(" ", one)
			}
		}
	}
	fmt.Println(".")
}
