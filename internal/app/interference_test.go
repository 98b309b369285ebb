package app_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
)

// varying is what differs between two answers to the same question: keys of forms,
// request ids, and the minute at which a page was made.
var varying = regexp.MustCompile(`name="(form_token|once)" value="[^"]*"|编号 [0-9a-z]{16}|\d{2}(:|%3A)\d{2}((:|%3A)\d{2})?(\.\d{3})?`)

// TestOutOfSightChangesNothing: graduates of another college come in, change and
// register, and not one byte of what a secretary, a counsellor or a tutor can open
// is another (Q7).
func TestOutOfSightChangesNothing(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		windows := map[string]*window{}
		for name, g := range map[string]access.Grant{
			"secretary":  {Role: access.CollegeSecretary, Over: access.Colleges(c.unit("临床医学院"))},
			"counsellor": {Role: access.Counsellor, Over: access.Classes(c.unit("临床一班"))},
			"tutor":      {Role: access.Tutor, Over: access.Scope{Graduates: []string{c.graduate("240000"), c.graduate("240001")}}},
		} {
			a, _ := c.account(name, "", g)
			windows[name] = c.enter(a)
		}
		pages := map[string][]string{}
		for name, w := range windows {
			pages[name] = w.reached()
			if len(pages[name]) < 10 {
				t.Fatalf("%s reaches only %v", name, pages[name])
			}
		}
		before := map[string]string{}
		for name, w := range windows {
			for _, at := range pages[name] {
				before[name+" "+at] = varying.ReplaceAllString(w.get(at).Body.String(), "")
			}
		}
		who := access.Console("test")
		report, err := c.app.Roster.Import(t.Context(), who, app.TableFile("生源.csv", []byte(
			"学号,姓名,学院,专业,班级,学历,身份证号,手机号\n249001,林外人,药学院,专业,药学一班,本科,,13900009001\n240060,林改名,药学院,专业,药学一班,本科,,13900009002\n")),
			roster.ImportOptions{Cohort: "2024"})
		if err != nil || len(report.Refusals) > 0 {
			t.Fatal(err, report.Refusals)
		}
		report, err = c.app.Importer.Destinations(t.Context(), who, app.TableFile("去向.csv", []byte("学号,毕业去向类别代码,签约日期\n249001,11,2024-06-21\n240061,10,2024-06-21\n")),
			transfer.Options{Source: "legacy", Cohort: "2024"})
		if err != nil || len(report.Refusals) > 0 {
			t.Fatal(err, report.Refusals)
		}
		c.applicant("240063", "")
		for name, w := range windows {
			for _, at := range pages[name] {
				if now := varying.ReplaceAllString(w.get(at).Body.String(), ""); now != before[name+" "+at] {
					t.Errorf("%s: %s tells of somebody out of sight: %s", name, at, firstDifference(before[name+" "+at], now))
				}
			}
		}
		// The test can fail: somebody in sight changes.
		c.applicant("240001", "")
		changed := 0
		for _, at := range pages["secretary"] {
			if varying.ReplaceAllString(windows["secretary"].get(at).Body.String(), "") != before["secretary "+at] {
				changed++
			}
		}
		if changed == 0 {
			t.Error("nothing shows a registration in sight either")
		}
	})
}

var link = regexp.MustCompile(`href="(/[^"#]*)"`)

// reached are the pages that links lead to from the home page, a few of a pattern.
func (w *window) reached() []string {
	seen, known := map[string]int{}, map[string]bool{"/": true}
	queue := []string{"/"}
	for len(queue) > 0 && len(known) < 400 {
		at := queue[0]
		queue = queue[1:]
		if seen[patternOf(at)]++; seen[patternOf(at)] > 1 {
			delete(known, at)
			continue
		}
		got := w.get(at)
		if got.Code != http.StatusOK || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") {
			delete(known, at)
			continue
		}
		for _, m := range link.FindAllStringSubmatch(got.Body.String(), -1) {
			to := strings.ReplaceAll(m[1], "&amp;", "&")
			if !known[to] && !strings.HasPrefix(to, "/static") && to != "/me" {
				known[to], queue = true, append(queue, to)
			}
		}
	}
	return slices.Sorted(maps.Keys(known))
}
