package app

import (
	"fmt"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/indicator"
)

// TestWhatIsRememberedIsTrue: asked again, a figure is the same and is told of
// the present; once something is written, it is counted anew.
func TestWhatIsRememberedIsTrue(t *testing.T) {
	a := small(t, Serving)
	ctx, who := t.Context(), access.Console("test")
	q := indicator.Query{Table: "destination", Cohorts: []string{"2024"}}
	first, err := a.Figures.Count(ctx, who, q)
	if err != nil {
		t.Fatal(err)
	}
	a.offset.Add(time.Second.Milliseconds())
	again, err := a.Figures.Count(ctx, who, q)
	if err != nil || again.Rows[0].N != 3 || *again.AsOf < *first.AsOf+1000 || again.Rows[0].AsOf != *again.AsOf || *again.KnownAt != *again.AsOf {
		t.Errorf("a second later: %v, %v", again, err)
	}
	if n := len(a.Figures.memory.kept); n != 1 {
		t.Errorf("%d answers are kept for one question", n)
	}
	importAs(t, a, "roster", "学号,姓名,学历\n4,丁,博士\n")
	if n, err := count(ctx, a); err != nil || n != 4 {
		t.Errorf("after a write: %d, %v", n, err)
	}
	if list, err := a.Figures.Cohorts(ctx); err != nil || len(list) != 1 {
		t.Errorf("cohorts: %v, %v", list, err)
	}
	if _, err := a.Import(ctx, who, "roster", TableFile("r.csv", []byte("学号,姓名,学历\n5,戊,博士\n")), ImportOptions{Cohort: "2025"}); err != nil {
		t.Fatal(err)
	}
	if list, err := a.Figures.Cohorts(ctx); err != nil || len(list) != 2 {
		t.Errorf("cohorts after a new one came: %v, %v", list, err)
	}
	if first.Rows[0].N != 3 {
		t.Error("what was answered before has changed")
	}
}

// TestScopesDoNotShareAnswers: what one may see is not remembered for another.
func TestScopesDoNotShareAnswers(t *testing.T) {
	a := small(t, Serving)
	q := indicator.Query{Table: "destination", Cohorts: []string{"2024"}}
	days := []calendar.Day{calendar.DayOf(a.Now())}
	for _, over := range []access.Scope{access.School(), access.Colleges("none")} {
		who := access.Actor{Account: "a", Grants: []access.Grant{{Role: access.CollegeSecretary, Over: over}}}
		points, err := a.Figures.Curve(t.Context(), who, q, "settled", days)
		if want := map[bool]int{true: 3}[over.School]; err != nil || points[0].Base != want {
			t.Errorf("%v: %v, %v", over, points, err)
		}
		e, err := a.Figures.Evidence(t.Context(), who, q, "settled")
		if err != nil || e.N != 0 {
			t.Errorf("%v: %v, %v", over, e, err)
		}
	}
	if _, err := a.Figures.Curve(t.Context(), access.Actor{}, q, "settled", days); err == nil {
		t.Error("nobody sees a curve")
	}
}

// TestQuestionsThatReadAlike: what somebody types into an address is no answer to
// what others ask.
func TestQuestionsThatReadAlike(t *testing.T) {
	a := small(t, Serving)
	ask := func(values ...string) indicator.Query {
		q := indicator.Query{Table: "destination", Cohorts: []string{"2024"}}
		for _, v := range values {
			q.Where = append(q.Where, indicator.Condition{Dim: "college", Value: v})
		}
		return q
	}
	if one, two := a.Figures.keyOf("count", ask("c01} {Dim:college Value:c02")), a.Figures.keyOf("count", ask("c01", "c02")); one == two {
		t.Errorf("two questions, one key: %s", one)
	}
	if once, again := a.Figures.keyOf("count", ask("c01")), a.Figures.keyOf("count", ask("c01")); once != again {
		t.Error("one question, two keys")
	}
}

// TestMovesNameNobody: how many went which way, within the right to see figures.
func TestMovesNameNobody(t *testing.T) {
	a := small(t, Serving)
	before := calendar.WhenAt(a.Now())
	time.Sleep(2 * time.Millisecond)
	importAs(t, a, "destinations", "学号,毕业去向类别代码,签约日期\n1,10,2024-06-20\n")
	who := access.Actor{Account: "a", Grants: []access.Grant{{Role: access.SchoolLeader, Over: access.School()}}}
	d, err := a.Figures.Moves(t.Context(), who, indicator.Query{Table: "destination", Cohorts: []string{"2024"}},
		indicator.Moment{KnownAt: before}, indicator.Moment{})
	if err != nil || len(d.Moves) != 1 || d.Moves[0].N != 1 || d.Moves[0].Graduates != nil || d.Stayed != 2 {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestMemoryIsBounded: it forgets what was longest not asked for, and what was
// counted on older ground never comes back.
func TestMemoryIsBounded(t *testing.T) {
	var m remembered
	g := ground{news: 1}
	for i := range maxRemembered + 10 {
		m.put(g, fmt.Sprint(i), i)
		m.get(g, "0")
	}
	if _, ok := m.get(g, "0"); !ok || len(m.kept) != maxRemembered || len(m.oldest) != maxRemembered {
		t.Errorf("%d kept, the one in use among them: %v", len(m.kept), ok)
	}
	if _, ok := m.get(g, "5"); ok {
		t.Error("nothing was forgotten")
	}
	m.put(ground{news: 2}, "new", 1)
	m.put(g, "late", 1)
	if _, ok := m.get(ground{news: 2}, "late"); ok || len(m.kept) != 1 {
		t.Error("an answer of before is kept as one of now")
	}
}
