package transfer

import (
	"context"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

// table is a file in memory.
type table struct{ lines [][]string }

func (f table) Name() string   { return "表.csv" }
func (f table) SHA256() string { return "00" }
func (f table) Open(context.Context) (exchange.Source, error) {
	return &tableSource{lines: f.lines}, nil
}

type tableSource struct {
	lines [][]string
	row   int
}

func (s *tableSource) Sheet() string            { return "" }
func (s *tableSource) Progress() (int64, int64) { return int64(s.row), int64(len(s.lines)) }
func (s *tableSource) Close() error             { return nil }
func (s *tableSource) Next() (exchange.Row, error) {
	if s.row == len(s.lines) {
		return exchange.Row{}, io.EOF
	}
	s.row++
	return exchange.Row{Number: s.row, Cells: s.lines[s.row-1]}, nil
}

// written reads the cells that an export writes of a content as a claim.
func written(t interface{ Fatal(...any) }, c history.Content, layout string) (Claim, bool) {
	book := codes.Builtin()
	columns := append(exchange.Numbers(), exchange.Columns(exchange.Destination)...)
	if layout != "" {
		columns, _ = exchange.Layout(layout)
	}
	file := table{lines: make([][]string, 2)}
	for _, col := range columns {
		v := "S1"
		if col.Group == exchange.Destination {
			v = cell(book, c, col)
		}
		if col.Field == "name" || col.Group == exchange.Person && col.Field != "student_no" {
			v = ""
		}
		file.lines[0], file.lines[1] = append(file.lines[0], col.Title), append(file.lines[1], v)
	}
	r, err := exchange.Begin(context.Background(), file, book, append(exchange.Columns(exchange.Destination), identity()...))
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Next()
	if err != nil || len(l.Refusals) > 0 || len(l.Notes) > 0 {
		t.Fatal(err, l.Refusals, l.Notes)
	}
	return claimOf(book, l, l.Values["code"]), l.Values["code"] != ""
}

// oddities are texts that a spreadsheet, a csv file or an import takes for
// something else.
var oddities = []string{"滨海医院", "a,b", `他说"好"`, "=1+1", "@x", "+86", "-", "'撇", exchange.Clear, "**公司", "㛃䶮𬭸·阿不都", " 前后 ", "全角ＡＢ（１）", "1E+5 号楼", "两\n行", "12.0", "2024"}

// Exporting a case and importing the row changes nothing, whatever it holds (Q10).
func TestImportOfAnExportChangesNothing(t *testing.T) {
	book := codes.Builtin()
	pick := func(t *rapid.T, tableID, label string) string {
		all := book.Table(tableID).All()
		if rapid.Bool().Draw(t, label+" blank") {
			return ""
		}
		return rapid.SampledFrom(all).Draw(t, label).Code
	}
	var known []string
	for _, c := range book.Table("destination").All() {
		if c.Fields["refused"] == "" {
			known = append(known, c.Code)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := history.Content{TrueOn: "2024-06-20", Scheme: "MOE-2021", Code: rapid.SampledFrom(known).Draw(t, "code"), Fields: history.Fields{}}
		c.Counts = history.Counted{Nature: pick(t, "nature", "nature"), Industry: pick(t, "industry", "industry"), Post: pick(t, "post", "post"),
			Region: pick(t, "region", "region"), HospitalLevel: pick(t, "hospital_level", "level"), SchoolTier: pick(t, "school_tier", "tier")}
		for _, f := range []string{"employer_name", "school_name", "employer_address", "position", "contract_name", "platform", "country", "reason_text"} {
			if rapid.Bool().Draw(t, f+" given") {
				c.Fields[f] = rapid.SampledFrom(oddities).Draw(t, f)
			}
		}
		for _, f := range []string{"credit_code", "transfer_no", "shop_id"} {
			c.Fields[f] = rapid.SampledFrom([]string{"", "00123", "91AB 12", "W1234567X"}).Draw(t, f)
		}
		c.Fields["sign_day"] = rapid.SampledFrom([]string{"", "2024-05-01"}).Draw(t, "sign_day")
		c.Fields["contact_phone"], c.Fields["pay"] = "10000001234", "500000"
		e := history.Event{Change: "x", Case: "k", Act: history.Open, Step: history.Recorded, Source: history.SourceLegacy,
			TrueOn: c.TrueOn, Scheme: c.Scheme, Code: c.Code, Counts: c.Counts, Fields: c.Fields.Plain()}
		for _, layout := range []string{"", exchange.MOE39, exchange.MOE74} {
			row, ok := written(t, c, layout)
			if !ok {
				t.Fatalf("%s: no code", layout)
			}
			got := testPlanner(history.SourceNational).Plan(Subject{ID: "g", Cohort: "2024", Events: told(e)}, []Claim{row})
			if outline(got) != "same" {
				t.Fatalf("%s: %s\n%+v", layout, outline(got), got.Differences)
			}
			own := ownCase("k", "2024-06-20", c.Code)
			own[0].Counts, own[0].Fields = c.Counts, c.Fields.Plain()
			got = testPlanner(history.SourceNational).Plan(Subject{ID: "g", Cohort: "2024", Events: told(own...)}, []Claim{row})
			if outline(got) != "same" {
				t.Fatalf("%s, submitted by the graduate: %s\n%+v", layout, outline(got), got.Differences)
			}
		}
	})
}

func TestRunningIsReadAtTheMoment(t *testing.T) {
	book := codes.Builtin()
	events := told(recordedCase("a", "2024-03-01", "70"), recordedCase("k", "2024-06-20", "10"))
	struck := append(slices.Clone(events), history.Event{Case: "k", Mark: history.Struck})
	when := func(s string) calendar.When {
		w, err := calendar.ParseWhen(s)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	now := calendar.Day("2024-12-01").Start()
	for name, c := range map[string]struct {
		events []history.Event
		asOf   calendar.When
		want   string
	}{
		"now":                        {events, calendar.When{}, "10"},
		"before the first":           {events, when("2024-02-01"), ""},
		"between the two":            {events, when("06-19"), "70"},
		"on the day of the second":   {events, when("06-20"), "10"},
		"a struck case says nothing": {struck, calendar.When{}, ""},
	} {
		if got := running(book, c.events, c.asOf, "2024", now).Code; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
