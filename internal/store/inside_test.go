package store

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
)

// TestInsideIsNoWayIn: who asks for named people of one college does not go
// through everybody of the college. As an offer of indexes the scope was taken.
func TestInsideIsNoWayIn(t *testing.T) {
	s, err := Open(t.Context(), Config{SQLite: filepath.Join(t.TempDir(), "a.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	college, ids := access.Colleges("c01"), make(in, 50) // a page of a list
	plan := func(query string, args ...any) string {
		lines, err := collect(s.query(t.Context(), "explain query plan "+query, args...), func(rows *sql.Rows, to *string) error {
			var id, parent, unused int
			return rows.Scan(&id, &parent, &unused, to)
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(lines, "; ")
	}
	for _, query := range []string{
		`select g.id from graduate g where $1 and (g.id in ($2) or g.student_no in ($3) or g.exam_no in ($3))`,
		`select e.seq from event e join graduate g on g.id = e.graduate_id where $1 and e.graduate_id in ($2) order by e.graduate_id, e.seq`,
		`select f.id from finding f join graduate g on g.id = f.graduate_id where $1 and f.graduate_id in ($2) order by f.at, f.id`,
	} {
		if p := plan(query, inside(college), ids, in(nil)); strings.Contains(p, "graduate_college") || strings.Contains(p, "SCAN") {
			t.Errorf("%s\nis answered by %s", query, p)
		}
		if p := plan(query, scope(college), ids, in(nil)); !strings.Contains(p, "graduate_college") {
			t.Errorf("the scope as an offer is not taken any more: %s", p)
		}
	}
}
