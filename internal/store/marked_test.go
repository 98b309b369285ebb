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

	"quxiang/internal/store/migrations"
)

// unmarked are the functions that write rows with imprints without marking them:
// what they change is replayed from the events, or marked by who calls them.
var unmarked = map[string]string{
	"advance":         "the end of a history: compared with the events",
	"moveHeads":       "the end of a history: compared with the events",
	"moveOthers":      "the end of a history: compared with the events",
	"refold":          "attributes: replayed from the events",
	"moveKnownPeople": "PublishBatch marks the staged people",
	"moveNewPeople":   "PublishBatch marks the staged people",
	"saveFactor":      "SaveFactor marks it",
	"BeginBatch":      "counts from its publication on",
	"DropBatch":       "was never published",
	"firstImprints":   "removes the note that rows are without imprints",
	"SaveSession":     "when an account was last used counts for nothing",
	"TouchSession":    "when an account was last used counts for nothing",
}

var writes = regexp.MustCompile(`(?is)^\s*(?:insert into|update|delete from)\s+([a-z_]+)`)

// TestWhoWritesMarks: a function that writes rows of a kind marks them before, so
// that verify does not call the program's own work tampering, and no such work hides
// somebody else's (C5).
func TestWhoWritesMarks(t *testing.T) {
	tables := map[string]bool{}
	for _, k := range kinds {
		tables[k.name] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			written, at, marks := "", token.NoPos, token.NoPos
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.BasicLit:
					text, _ := strconv.Unquote(n.Value)
					if m := writes.FindStringSubmatch(text); m != nil && tables[m[1]] && written == "" {
						written, at = m[1], n.Pos()
					}
				case *ast.SelectorExpr:
					if (n.Sel.Name == "mark" || n.Sel.Name == "look") && marks == token.NoPos {
						marks = n.Pos()
					}
				}
				return true
			})
			if written == "" {
				continue
			}
			seen++
			if unmarked[f.Name.Name] == "" && (marks == token.NoPos || marks > at) {
				t.Errorf("%s: %s writes %s and does not mark what it writes before it does (Store.mark)", name, f.Name.Name, written)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d functions found: is the test looking at the right thing?", seen)
	}
}

// bare are the tables whose rows leave no imprint, and why.
var bare = map[string]string{
	"audit": "the chain itself", "event": "items of the audit entry", "document": "items of the audit entry", "snapshot": "items of the audit entry",
	"snapshot_unlock": "items of the audit entry", "snapshot_row": "under the snapshot's SHA-256", "graduate_cohort": "replayed from the events",
	"imprint": "items of the audit entry", "login_link": "gone within days", "login_session": "gone within days", "activation": "says when a code was used", "key_given": "an entry of the trail says it too",
	"notice_acceptance": "an entry of the trail says it too", "batch_graduate": "events name their import", "batch_before": "sealed; opened by verify",
	"stage_graduate": "not published", "stage_event": "not published", "draft": "nobody's word", "held_file": "not published", "form_answer": "gone within days",
	"saved_view": "a list's name", "report_file": "under the SHA-256 in its release, compared whenever it is handed out",
	"password_history": "refuses, and says since when a password holds", "key_rotation": "how far a rotation came; its entries of the trail say what was done",
	"shown": "says whom an entry showed, never less than the entry", "retention_run": "an entry of the trail says it too",
}

// TestEveryTableIsThoughtOf: a new table says how a change behind the program's back
// is found, or why it need not be.
func TestEveryTableIsThoughtOf(t *testing.T) {
	files, err := migrations.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	create := regexp.MustCompile(`(?m)^create table (?:if not exists )?([a-z_]+)`)
	for _, f := range files {
		text, err := migrations.Files.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range create.FindAllStringSubmatch(string(text), -1) {
			covered := slices.ContainsFunc(kinds, func(k kind) bool { return k.name == m[1] })
			if !covered && bare[m[1]] == "" {
				t.Errorf("%s: the table %s has no kind of imprint (imprint.go) and no reason (marked_test.go)", f.Name(), m[1])
			}
		}
	}
}
