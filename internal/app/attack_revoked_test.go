package app_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/intake"
	"quxiang/internal/store/storetest"
)

// opened are the addresses that a browser is led to from the home page and from those,
// at most mostOf of one pattern.
func (w *window) opened(from ...string) (list []string) {
	w.c.t.Helper()
	queue, met, patterns := append([]string{"/"}, from...), map[string]bool{}, map[string]int{}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if met[at] || patterns[patternOf(at)] >= mostOf {
			continue
		}
		met[at] = true
		patterns[patternOf(at)]++
		list = append(list, at)
		got := w.get(at)
		if got.Code != 200 || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") {
			continue
		}
		doc, err := html.Parse(got.Body)
		if err != nil {
			w.c.t.Fatal(err)
		}
		queue = append(queue, hrefs(at, doc)...)
	}
	return list
}

// answers is what an answer says, the texts of a workbook too.
func (w *window) answers(at string) (code int, text string) {
	w.c.t.Helper()
	got := w.get(at)
	return got.Code, unpackedText(got.Body.Bytes())
}

func unpackedText(b []byte) string {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return string(b)
	}
	var out strings.Builder
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			_, _ = io.Copy(&out, r)
			r.Close()
		}
	}
	return out.String()
}

// digest is over all rows but what notes that somebody looked.
func (c *campus) digest() string {
	c.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.app.Data, "quxiang.db"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	text := func(query string) (out []string) {
		rows, err := db.Query(query)
		if err != nil {
			c.t.Fatal(query, err)
		}
		defer rows.Close()
		columns, _ := rows.Columns()
		for rows.Next() {
			cells, to := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				to[i] = &cells[i]
			}
			if err := rows.Scan(to...); err != nil {
				c.t.Fatal(err)
			}
			out = append(out, fmt.Sprint(cells...))
		}
		return out
	}
	sum := sha256.New()
	for _, name := range text(`select name from sqlite_schema where type = 'table' order by name`) {
		if slices.Contains([]string{"audit", "login_session", "shown"}, name) {
			continue
		}
		rows := text(`select * from ` + name)
		slices.Sort(rows)
		fmt.Fprintln(sum, name, rows)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

var (
	anybody  = regexp.MustCompile(`林[临药]\d`)
	pharmacy = regexp.MustCompile(`林药\d|1000000006[0-4]`)
)

// underWay is what a secretary of two colleges has begun: a held file, a view, codes
// that were shown, an approved file to take; and a paper that was handed in. It returns their
// addresses, and that of the file to take.
func (c *campus) underWay(w *window, who access.Actor) (addresses []string, take string) {
	c.t.Helper()
	must := func(err error) {
		c.t.Helper()
		if err != nil {
			c.t.Fatal(err)
		}
	}
	ctx, peer := c.t.Context(), c.graduate("240062")
	paper, err := c.app.Destinations.Upload(ctx, access.Console("test"), peer, "CON", photo(c.t, 40))
	must(err)
	must(c.app.Roster.KeepView(ctx, who, "/graduates", "药学", "cohort=2024&college="+c.unit("药学院")))
	held, err := c.app.Intake.Bring(ctx, who, intake.Reconciliation, "省平台.csv", []byte("学号,姓名,毕业去向类别代码,签约日期\n240000,林临0,11,2024-06-21\n"), intake.Options{Cohort: "2024"})
	must(err)
	ask, err := c.app.Disclosures.Ask(ctx, who, disclosure.Request{Kind: "roster", Cohorts: []string{"2024"}, Fields: []string{"phone"}, Purpose: "银行批量开户"})
	must(err)
	office, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
	must(c.app.Disclosures.Decide(ctx, access.Actor{Account: office.ID, Grants: office.Grants}, ask.ID, true, ""))
	codes, _ := w.follow("codes", "/slips", "/slips", "cohort", "2024", "unit", c.unit("药学一班"), "reach", "without")
	return []string{codes, "/reconcile/" + held.ID, "/graduates/" + peer, "/graduates/" + c.graduate("240060"), "/evidence/" + peer + "/" + paper.SHA256,
		"/export/requests", "/people?cohort=2024&college=" + c.unit("药学院"), "/search?q=药62"}, "/export/requests/" + ask.ID + "/take"
}

// TestRevokedSeesNothingAnywhere: what a secretary opened or began yesterday is gone from
// lists, files, views, held imports, codes and approved exports with the college, all
// of it with the role, and everything with the account; the browser stays open. And
// looking at all that changed nothing (X5, X9, S24).
func TestRevokedSeesNothingAnywhere(t *testing.T) {
	c := newCampus(t, storetest.SQLite(t))
	clinic, pharma := c.unit("临床医学院"), c.unit("药学院")
	a, _ := c.account("chen", "", access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(clinic, pharma)})
	w := c.enter(a)
	begun, take := c.underWay(w, access.Actor{Account: a.ID, Grants: a.Grants})
	before := c.digest()
	list := w.opened(begun...)
	if c.digest() != before {
		t.Error("looking changed something")
	}
	every := func(stage string, never *regexp.Regexp, atLeast int) {
		t.Helper()
		told := 0
		for _, at := range list {
			code, text := w.answers(at)
			if code >= 500 {
				t.Errorf("%s: %s: %d", stage, at, code)
			}
			if !never.MatchString(text) {
				continue
			}
			if told++; atLeast == 0 {
				t.Errorf("%s: %s answers %d and tells of %s", stage, at, code, never.FindString(text))
			}
		}
		if told < atLeast {
			t.Fatalf("%s: %d of %d addresses tell of anybody", stage, told, len(list))
		}
	}
	every("before", pharmacy, 8)
	regrant := func(g access.Grant) {
		t.Helper()
		if err := c.app.Accounts.Grants(t.Context(), access.Console("test"), a.ID, []access.Grant{g}); err != nil {
			t.Fatal(err)
		}
	}
	regrant(access.Grant{Role: access.CollegeSecretary, Over: access.Colleges(clinic)})
	every("without one college", pharmacy, 0)
	every("without one college", anybody, 5)
	if text := unpackedText(w.post("/me", take).Body.Bytes()); pharmacy.MatchString(text) {
		t.Error("the approved export still holds the college that was taken away")
	}
	regrant(access.Grant{Role: access.SchoolLeader, Over: access.School()})
	every("as a leader, who sees no people", anybody, 0)
	if err := c.app.Accounts.Disable(t.Context(), access.Console("test"), a.ID); err != nil {
		t.Fatal(err)
	}
	every("disabled", anybody, 0)
	for _, at := range begun {
		if got := w.get(at); got.Code != 303 || !strings.HasPrefix(got.Header().Get("Location"), "/login") {
			t.Errorf("disabled: %s: %d", at, got.Code)
		}
	}
}
