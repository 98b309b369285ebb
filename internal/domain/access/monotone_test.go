package access

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// permissions are all that some role has.
func permissions() (out []Permission) {
	seen := map[Permission]bool{}
	for _, list := range rights {
		for _, p := range list {
			if !seen[p] {
				seen[p], out = true, append(out, p)
			}
		}
	}
	return out
}

func drawScope(t *rapid.T, name string) Scope {
	some := func(letter string) []string {
		var out []string
		for i := range 3 {
			if rapid.Bool().Draw(t, fmt.Sprint(name, letter, i)) {
				out = append(out, fmt.Sprint(letter, i))
			}
		}
		return out
	}
	return Scope{School: rapid.IntRange(0, 9).Draw(t, name+"school") == 0, Colleges: some("c"), Classes: some("k"), Graduates: some("g")}
}

// TestMoreGrantsNeverShowLess: one grant more takes no permission and nobody out of
// sight, and what two scopes share is no more than either (Q13).
func TestMoreGrantsNeverShowLess(t *testing.T) {
	roles := append(Roles(), string(Graduate), string(Employer), string(Client))
	all := permissions()
	rapid.Check(t, func(t *rapid.T) {
		var a Actor
		for i := range rapid.IntRange(0, 3).Draw(t, "grants") {
			a.Grants = append(a.Grants, Grant{Role: Role(rapid.SampledFrom(roles).Draw(t, "role")), Over: drawScope(t, fmt.Sprint("over", i))})
		}
		more := Actor{Grants: append(append([]Grant(nil), a.Grants...), Grant{Role: Role(rapid.SampledFrom(roles).Draw(t, "another")), Over: drawScope(t, "more")})}
		for _, p := range all {
			if a.May(p) == nil && more.May(p) != nil {
				t.Fatalf("one grant more, and %s is gone", p)
			}
			before, after := a.Within(p), more.Within(p)
			if a.May(p) != nil && !before.Empty() {
				t.Fatalf("nobody may %s, over %+v", p, before)
			}
			for c := range 3 {
				for k := range 3 {
					for g := range 3 {
						id, college, class := fmt.Sprint("g", g), fmt.Sprint("c", c), fmt.Sprint("k", k)
						in, out := before.Holds(id, college, class), after.Holds(id, college, class)
						if in && !out {
							t.Fatalf("%s: one grant more, and %s of %s is out of sight", p, id, class)
						}
						if both := before.Both(after); both.Holds(id, college, class) && !(in && out) {
							t.Fatalf("%s: what both hold is more than each", p)
						}
					}
				}
			}
		}
	})
}
