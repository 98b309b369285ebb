package app

import (
	"sync"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
)

func counted(t *testing.T, a *App, q destination.Queue) int {
	t.Helper()
	w, err := a.Work.Worklist(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range w.Counts(access.Console("test"), access.School(), "2024") {
		if c.Queue == q {
			return c.N
		}
	}
	return -1
}

// TestWorklistIsFresh: what was written is in the list at the next look, whether
// the list was built along with the arrays or by itself.
func TestWorklistIsFresh(t *testing.T) {
	for _, along := range []bool{true, false} {
		a := small(t, Serving)
		if along {
			if err := a.Figures.warmUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			if a.Work.list == nil || a.Work.list.Len() != 3 {
				t.Error("the list was not built along with the arrays")
			}
		}
		if n := counted(t, a, destination.QueueUnregistered); n != 3 {
			t.Errorf("unregistered at first: %d", n)
		}
		importAs(t, a, "destinations", "学号,毕业去向代码,单位名称\n1,10,甲医院\n")
		if n := counted(t, a, destination.QueueUnregistered); n != 2 {
			t.Errorf("unregistered after an import: %d", n)
		}
		w, _ := a.Work.Worklist(t.Context())
		if f := w.Facts(access.School(), "2024"); f.N != 1 || f.Imported != 1 {
			t.Errorf("facts: %+v", f)
		}
	}
}

// TestWorklistBesideWriters: readers beside writers see whole states only.
func TestWorklistBesideWriters(t *testing.T) {
	a := small(t, Serving)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 20 {
				w, err := a.Work.Worklist(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				n := 0
				for _, c := range w.Classes(access.School(), "2024") {
					n += c.N
				}
				if n < 3 {
					t.Errorf("saw %d people, there were 3 before", n)
				}
			}
		})
	}
	all.Go(func() {
		for _, no := range []string{"4", "5", "6"} {
			importAs(t, a, "roster", "学号,姓名,学历\n"+no+",丁,本科\n")
		}
	})
	all.Wait()
	if n := counted(t, a, destination.QueueAll); n != 6 {
		t.Errorf("in the end: %d", n)
	}
}
