package app_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/httpd"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

var update = flag.Bool("update", false, "write testdata anew instead of comparing with it")

const matrixFile = "testdata/matrix/routes.txt"

// matrixHead explains the file to who reviews it.
const matrixHead = `# Who gets what: role × state × record × route (X1, S51–S54). Made by go test ./internal/app -run TestMatrix -update; read each
# line that changes. A block is a route: method, pattern · permission · class · audit kind. A line is what the viewers named at its end
# are answered about six records: their own (who sees a class or more: one in it) · of the same class · of another class of the college ·
# of a sibling college · of another cohort, long archived · one that is not there. Of things that are not graduates (accounts, held
# files, requests, views) the first is the viewer's own and the others are a colleague's.
#   login  the way to the login        *  the record is on the page        w  an audit entry was written (and undone by the test)
#   everyone/…  all roles in that state
# Scopes: graduate and tutor: the first record alone; counsellor: its class; secretary and college leader: its college; others: the school.
# States: active; disabled; over, future: the term has ended, not begun; revoked: the role was taken away in the session; deputy: holds it in
# another's place; lapsed: held it in another's place until yesterday. Roles that cannot be lent have neither.
`

// matrixBlocks walks the routes that take takes; every nth cell of them.
func (m *matrixCampus) blocks(h http.Handler, routes []httpd.Route, takes func(route, viewer int) bool) (map[string]*block, []string) {
	out := map[string]*block{}
	var problems []string
	var mu sync.Mutex
	type work struct{ route, viewer int }
	list := make(chan work)
	var wg sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for x := range list {
				t, v := &routes[x.route], m.viewers[x.viewer]
				row, err := m.row(h, t, v)
				mu.Lock()
				if err != nil {
					problems = append(problems, err.Error())
				}
				b := out[headOf(t)]
				if b == nil {
					b = &block{head: headOf(t), rows: map[string][]*viewer{}}
					out[b.head] = b
				}
				for i, c := range row {
					if c.problem != "" {
						problems = append(problems, fmt.Sprintf("%s %s: %s %s: %s: %s", t.Method, t.Pattern, v.role, v.state, relations[i], c.problem))
					}
				}
				if err == nil {
					b.rows[cellsOf(row)] = append(b.rows[cellsOf(row)], v)
				}
				mu.Unlock()
			}
		})
	}
	for i := range routes {
		for j := range m.viewers {
			if takes(i, j) {
				list <- work{i, j}
			}
		}
	}
	close(list)
	wg.Wait()
	for _, b := range out { // in the order of viewers, whoever was asked first
		for _, list := range b.rows {
			m.inOrder(list)
		}
	}
	return out, problems
}

func (m *matrixCampus) inOrder(list []*viewer) {
	at := map[*viewer]int{}
	for i, v := range m.viewers {
		at[v] = i
	}
	for i := range list {
		for j := i; j > 0 && at[list[j]] < at[list[j-1]]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// handler is the site's handler.
func handlerOf(t *testing.T, s httpd.Site) http.Handler {
	t.Helper()
	h, err := httpd.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestMatrix asks every route about every record as everybody, and compares with
// the reviewed file (P3; X1, X2, X7, X9, S51, S52, S54; C14).
func TestMatrix(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		m := newMatrixCampus(t, store.Config{})
		blocks, problems := m.blocks(handlerOf(t, m.site), m.site.Routes, func(int, int) bool { return true })
		for _, p := range problems {
			t.Error(p)
		}
		var text strings.Builder
		text.WriteString(matrixHead)
		for i := range m.site.Routes {
			text.WriteString("\n" + m.text(blocks[headOf(&m.site.Routes[i])]))
		}
		if *update {
			if err := os.WriteFile(matrixFile, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		compareText(t, matrixFile, text.String())
	})
	t.Run("postgres", func(t *testing.T) {
		m := newMatrixCampus(t, storetest.Postgres(t))
		blocks, problems := m.blocks(handlerOf(t, m.site), m.site.Routes, func(route, viewer int) bool { return (route+viewer)%5 == 0 })
		for _, p := range problems {
			t.Error(p)
		}
		want := m.readMatrix(t)
		for _, d := range differences(want, blocks) {
			t.Error(d)
		}
	})
}

// readMatrix reads the reviewed file: route → viewer → cells.
func (m *matrixCampus) readMatrix(t *testing.T) map[string]map[string]string {
	t.Helper()
	b, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	head := ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.Contains(line, " · ") {
			head = line
			out[head] = map[string]string{}
			continue
		}
		const width = 7*6 - 1
		cells, names := line[:width], line[width:]
		for _, one := range strings.Fields(names) {
			role, states, _ := strings.Cut(one, "/")
			for _, v := range m.viewers {
				if (role == v.role || role == "everyone") && slices.Contains(strings.Split(states, ","), v.state) {
					out[head][v.role+" "+v.state] = cells
				}
			}
		}
	}
	return out
}

// differences are the cells that are not as reviewed.
func differences(want map[string]map[string]string, got map[string]*block) (out []string) {
	reviewed := map[string]string{} // head by method and pattern
	for head := range want {
		name, _, _ := strings.Cut(head, " · ")
		reviewed[name] = head
	}
	for head, b := range got {
		name, _, _ := strings.Cut(head, " · ")
		if head != reviewed[name] {
			out = append(out, fmt.Sprintf("%s: reviewed as %s", head, reviewed[name]))
		}
		for cells, list := range b.rows {
			for _, v := range list {
				w := strings.TrimSpace(want[reviewed[name]][v.role+" "+v.state])
				if cells := strings.TrimSpace(cells); w != cells {
					out = append(out, fmt.Sprintf("%s: %s %s: %s, reviewed: %s", head, v.role, v.state, cells, w))
				}
			}
		}
	}
	return out
}

// compareText fails at each line that is another than in the file.
func compareText(t *testing.T, file, got string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(b), "\n")
	have := strings.Split(got, "\n")
	shown := 0
	for i := range max(len(want), len(have)) {
		w, h := "", ""
		if i < len(want) {
			w = want[i]
		}
		if i < len(have) {
			h = have[i]
		}
		if w != h {
			if shown++; shown > 10 {
				t.Errorf("and more; run with -update and read the difference")
				return
			}
			t.Errorf("%s:%d:\nreviewed %s\n     now %s", file, i+1, w, h)
		}
	}
}
