// Package internal holds the three rules of ARCHITECTURE.md by test.
package internal

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "quxiang/"

// rank of every package: the domain by height, the doors by name. A domain
// package may import domain packages of lower rank only.
var domainRank = map[string]int{
	"fault": 1, "ident": 1, "calendar": 2, "codes": 3, "access": 4, "audit": 5, "history": 6, "exchange": 7,
	"roster": 10, "employer": 11, "reference": 12, "destination": 13, "transfer": 14, "intake": 15, "disclosure": 15, "settings": 15,
	"privacy": 16, "proofread": 23, "proofread/layout": 24, "indicator": 20, "release": 21, "external": 22, "matching": 22, "report": 25,
}

// doors are the ways in and out, with the hinge that they may share.
var doors = map[string][]string{
	"store":           nil,
	"httpd":           nil,
	"web":             {"httpd"},
	"gateway/backup":  nil,
	"gateway/blob":    nil,
	"gateway/chart":   nil,
	"gateway/paper":   {"gateway/chart"},
	"gateway/picture": nil,
	"gateway/sheet":   {"gateway/chart"},
	"gateway/totp":    nil,
	"gateway/vault":   nil,
	"demo":            nil,
}

// imports of one package, its tests left out.
type imports map[string][]string // package path below the module → what it imports

func TestArchitecture(t *testing.T) {
	for _, v := range violations(read(t, "..")) {
		t.Error(v)
	}
}

// TestPlanted: each rule notices when it is broken.
func TestPlanted(t *testing.T) {
	for name, c := range map[string]struct {
		where string
		what  string
	}{
		"domain imports a third party":  {"internal/domain/codes", "github.com/spf13/cobra"},
		"domain imports a door":         {"internal/domain/roster", "quxiang/internal/store"},
		"domain imports a higher rank":  {"internal/domain/history", "quxiang/internal/domain/indicator"},
		"domain imports database/sql":   {"internal/domain/roster", "database/sql"},
		"domain imports net/http":       {"internal/domain/access", "net/http"},
		"a door imports another door":   {"internal/web", "quxiang/internal/store"},
		"a part of a door does":         {"internal/web/part", "quxiang/internal/gateway/vault"},
		"a door imports app":            {"internal/store", "quxiang/internal/app"},
		"cmd imports a door":            {"cmd/quxiang", "quxiang/internal/store"},
		"the hinge imports a door":      {"internal/httpd", "quxiang/internal/web"},
		"a package without a rank":      {"internal/helper", "fmt"},
		"a domain package without rank": {"internal/domain/util", "fmt"},
	} {
		if len(violations(imports{c.where: {c.what}})) == 0 {
			t.Errorf("%s: not noticed", name)
		}
	}
}

func violations(all imports) []string {
	var out []string
	for pkg, list := range all {
		if !ranked(pkg) {
			out = append(out, fmt.Sprintf("%s has no rank: give it one in architecture_test.go and ARCHITECTURE.md", pkg))
			continue
		}
		for _, to := range list {
			if why := forbidden(pkg, to); why != "" {
				out = append(out, fmt.Sprintf("%s imports %s: %s", pkg, to, why))
			}
		}
	}
	slices.Sort(out)
	return out
}

func ranked(pkg string) bool {
	if d, ok := domainOf(pkg); ok {
		return domainRank[d] > 0
	}
	return doorOf(pkg) != "" || strings.HasPrefix(pkg, "internal/app") || pkg == "cmd/quxiang" || outside(pkg)
}

// outside are programs and tests beside the product: they may use all of it.
func outside(pkg string) bool {
	return pkg == "bench" || pkg == "e2e" || pkg == "soak" || pkg == "internal" || pkg == "." || strings.HasPrefix(pkg, "bench/") || strings.HasPrefix(pkg, "scripts/") ||
		strings.HasSuffix(pkg, "/gen")
}

func forbidden(pkg, to string) string {
	own, inside := strings.CutPrefix(to, module)
	inside = inside || to == "quxiang"
	std := !inside && !strings.Contains(strings.SplitN(to, "/", 2)[0], ".")
	if from, ok := domainOf(pkg); ok && !outside(pkg) {
		return forbiddenInDomain(from, to, own, inside, std)
	}
	switch {
	case !inside, outside(pkg), strings.HasPrefix(pkg, "internal/app"):
		return ""
	case pkg == "cmd/quxiang":
		if _, domain := domainOf(own); !domain && own != "internal/app" && to != "quxiang" {
			return "a command knows app and the domain only"
		}
		return ""
	}
	if _, domain := domainOf(own); domain {
		return ""
	}
	from, at := doorOf(pkg), doorOf(own)
	if at == "" {
		return "a door knows the domain only"
	}
	if at != from && !slices.Contains(doors[from], at) {
		return "doors never import each other"
	}
	return ""
}

func forbiddenInDomain(from, to, own string, inside, std bool) string {
	if !inside {
		if !std {
			return "the domain imports no third party"
		}
		if to == "database/sql" || to == "net/http" || to == "os/exec" {
			return "the domain knows no SQL, no HTTP and no processes"
		}
		return ""
	}
	at, ok := domainOf(own)
	if !ok {
		return "the domain imports the domain only"
	}
	if at != from && domainRank[at] >= domainRank[from] {
		return "only packages of lower rank may be imported"
	}
	return ""
}

func domainOf(pkg string) (string, bool) {
	rest, ok := strings.CutPrefix(pkg, "internal/domain/")
	return strings.SplitN(rest, "/", 2)[0], ok
}

func doorOf(pkg string) string {
	rest, ok := strings.CutPrefix(pkg, "internal/")
	if !ok {
		return ""
	}
	for d := range doors {
		if rest == d || strings.HasPrefix(rest, d+"/") {
			return d
		}
	}
	return ""
}

func read(t *testing.T, root string) imports {
	t.Helper()
	all := imports{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); path != root && (strings.HasPrefix(n, ".") || n == "testdata" || n == "quxiang-data") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg = filepath.ToSlash(pkg)
		all[pkg] = append(all[pkg], []string{}...)
		for _, i := range f.Imports {
			all[pkg] = append(all[pkg], strings.Trim(i.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal(os.ErrNotExist)
	}
	return all
}
