package privacy

import (
	"slices"
	"testing"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// TestEveryFieldOfAPerson: whatever field an import can fill, the copy holds it (C10).
func TestEveryFieldOfAPerson(t *testing.T) {
	g := roster.Graduate{ID: "g1", Name: "v-name", StudentNo: "v-student", ExamNo: "v-exam", Profile: history.Fields{}, Secret: history.Fields{}}
	want := []string{"v-name", "v-student", "v-exam"}
	for _, f := range append(slices.Clone(roster.SecretFields), "politics", "graduation_day", "id_kind", "birthday") {
		g.Put(f, "v-"+f)
		want = append(want, "v-"+f)
	}
	for i := range history.Keys {
		g.Attrs[i] = "a-" + string(history.Keys[i])
		want = append(want, g.Attrs[i])
	}
	held := map[string][]Held{}
	personRows(held, &roster.Sheet{Graduate: g, Shower: roster.NewShower(codes.Builtin(), nil)}, codes.Builtin())
	for _, v := range want {
		found := false
		for purpose, rows := range held {
			if _, ok := PurposeByID(purpose); !ok {
				t.Errorf("%s is no purpose", purpose)
			}
			found = found || slices.ContainsFunc(rows, func(h Held) bool { return h.Value == v || h.Code == v })
		}
		if !found {
			t.Errorf("the copy lacks %s", v)
		}
	}
}
