package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/release"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// twice runs the test over two schools that were filled alike: what is done in one
// by pages is done in the other by the verbs that the command calls. The second is
// always on SQLite, so that the engines are compared too.
func twice(t *testing.T, do func(t *testing.T, pages, verbs *campus)) {
	storetest.EachConfig(t, func(t *testing.T, s store.Config) {
		do(t, newCampus(t, s), newCampus(t, storetest.SQLite(t)))
	})
}

// ourID is an id of ours in a text.
var ourID = regexp.MustCompile(`[0-9a-hj-km-np-tv-z]{26}`)

// told are the events of the graduates as text: ids are numbered as they come, so
// that two schools can be compared, and instants are left out.
func (c *campus) told(numbers ...string) string {
	c.t.Helper()
	var seen []string
	var out strings.Builder
	for _, no := range numbers {
		for _, e := range c.story(no) {
			if err := e.Unseal(c.app.Vault); err != nil {
				c.t.Fatal(err)
			}
			e.KnownAt, e.Sealed = 0, ""
			line, err := json.Marshal(e)
			if err != nil {
				c.t.Fatal(err)
			}
			out.WriteString(ourID.ReplaceAllStringFunc(string(line), func(id string) string {
				i := slices.Index(seen, id)
				if i < 0 {
					i, seen = len(seen), append(seen, id)
				}
				return fmt.Sprintf("#%d", i)
			}) + "\n")
		}
	}
	return out.String()
}

// TestImportByPageAndByCommand: a file with people and one with destinations leave
// the same events, whether the wizard or the command brought them.
func TestImportByPageAndByCommand(t *testing.T) {
	people := "学号,姓名,学院,专业,班级,学历,手机号\n249001,闻人语,药学院,药学,药学一班,本科,10000009001\n249002,闻人言,药学院,药学,药学二班,硕士,\n240001,林临1,临床医学院,专业,临床二班,本科,\n"
	went := "学号,毕业去向类别代码,签约日期,单位名称\n249001,11,2024-06-20,甲医院\n249002,70,,\n240003,10,2024-06-21,乙公司\n"
	twice(t, func(t *testing.T, pages, verbs *campus) {
		w := pages.as(access.Office)
		office, _ := verbs.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
		for _, f := range []struct{ kind, content, source string }{{"roster", people, ""}, {"destinations", went, "legacy"}} {
			at := "/import/" + f.kind
			held := w.led("upload", w.upload(at, at, f.kind+".csv", f.content, "cohort", "2024", "source", f.source))
			w.led("confirm", w.post(held, held))
			report, err := verbs.app.Import(t.Context(), verbs.actor(office), f.kind, app.TableFile(f.kind+".csv", []byte(f.content)),
				app.ImportOptions{Cohort: "2024", Source: f.source})
			if err != nil || len(report.Refusals) > 0 {
				t.Fatal(err, report.Refusals)
			}
		}
		numbers := []string{"249001", "249002", "240001", "240003"}
		a, b := pages.told(numbers...), verbs.told(numbers...)
		if a != b {
			t.Errorf("by page:\n%s\nby command:\n%s", a, b)
		}
		if n := strings.Count(a, "\n"); n < 8 {
			t.Errorf("only %d events", n)
		}
	})
}

// TestSubmitByPageAndByVerb: a registration with a photo leaves the same event.
func TestSubmitByPageAndByVerb(t *testing.T) {
	twice(t, func(t *testing.T, pages, verbs *campus) {
		w := pages.student("240001")
		w.follow("category", "/mine/register", "/mine/register", "code", "46")
		w.led("sent", w.fill(registerAt, registerAt, "file-MIL", "通知书.jpg", photo(t, 40), "enlist_office", "丙县人民武装部",
			"enlist_day", "2024年6月20日", "attest", "yes", "do", "submit")())
		id := verbs.graduate("240001")
		a, _ := verbs.account("240001", id, access.Grant{Role: access.Graduate, Over: access.Self(id)})
		doc, err := verbs.app.Destinations.Upload(t.Context(), verbs.actor(a), id, "MIL", photo(t, 40))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := verbs.app.Destinations.Submit(t.Context(), verbs.actor(a), destination.Draft{Graduate: id, Act: history.Open, Code: "46",
			Fields:   history.Fields{"enlist_office": "丙县人民武装部", "enlist_day": "2024-06-20"},
			Evidence: []history.Evidence{{SHA256: doc.SHA256, Kind: "MIL"}}}); err != nil {
			t.Fatal(err)
		}
		if a, b := pages.told("240001"), verbs.told("240001"); a != b || strings.Count(a, "\n") != 2 {
			t.Errorf("by page:\n%s\nby verb:\n%s", a, b)
		}
	})
}

// TestFreezeByPageAndByVerb: two snapshots of one day and one school hold the same
// rows, whoever froze them.
func TestFreezeByPageAndByVerb(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.as(access.Office)
		if got := w.post("/snapshots", "/snapshots", "name", "PAGE", "cohort", "2024", "as_of", "08-31"); got.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		page, err := c.app.Store.Snapshot(t.Context(), "PAGE")
		if err != nil {
			t.Fatal(err)
		}
		verb, err := c.app.Releases.Freeze(t.Context(), access.Console("test"), release.Freezing{Name: "VERB", Cohort: "2024", AsOf: when(t, "08-31")})
		if err != nil {
			t.Fatal(err)
		}
		if page.People != 65 || verb.People != page.People || verb.Cut.True != page.Cut.True || verb.Definition != page.Definition || verb.Version != page.Version {
			t.Errorf("by page %+v\nby verb %+v", page, verb)
		}
		rows := func(name string) string {
			list, err := c.app.Store.SnapshotRows(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			lines := make([]string, len(list))
			for i := range list { // a pseudonym is of its snapshot
				list[i].Pseudonym, list[i].Sealed = "", ""
				lines[i] = fmt.Sprintf("%+v", list[i])
			}
			slices.Sort(lines)
			return strings.Join(lines, "\n")
		}
		if a, b := rows("PAGE"), rows("VERB"); a != b || strings.Count(a, "\n") != 64 {
			t.Error("the rows differ")
		}
	})
}
