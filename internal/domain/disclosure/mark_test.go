package disclosure

import (
	"slices"
	"strconv"
	"testing"
)

// marked is a file of n people in the order of a number.
func marked(number string, n int) []string {
	var names []string
	for i := range n {
		names = append(names, "生"+strconv.Itoa(i))
	}
	for i := 1; i < n; i += 2 {
		if Swapped(number, names[i-1], names[i]) {
			names[i-1], names[i] = names[i], names[i-1]
		}
	}
	return names
}

// TestOrderNamesTheExport: the order of rows names the one export of many, also
// when rows were taken out, blanks came into names and a header stands on top; a
// sorted file and a file of somebody else's name none (C12).
func TestOrderNamesTheExport(t *testing.T) {
	var numbers []string
	for i := range 400 {
		numbers = append(numbers, "n"+strconv.Itoa(i))
	}
	named := func(names []string) (out []string) {
		for _, n := range numbers {
			if FitOf(n, names).Sure() {
				out = append(out, n)
			}
		}
		return out
	}
	file := marked("n7", 400)
	thinned := slices.Clone(file)
	for i := len(thinned) - 1; i > 0; i -= 9 {
		thinned = slices.Delete(thinned, i, i+1)
	}
	spaced := slices.Clone(file)
	for i := range spaced {
		spaced[i] = " " + spaced[i][:3] + "　" + spaced[i][3:]
	}
	sorted := slices.Sorted(slices.Values(file))
	for what, x := range map[string]struct {
		names []string
		want  []string
	}{
		"as it left": {file, []string{"n7"}}, "rows taken out": {thinned, []string{"n7"}}, "blanks": {spaced, []string{"n7"}},
		"below two more rows": {append([]string{"说明", "姓名"}, file...), []string{"n7"}}, "a short one": {marked("n7", 2*FewestPairs), []string{"n7"}},
		"sorted": {sorted, nil}, "another school's": {marked("else", 400), nil}, "too short": {marked("n7", 20), nil}, "none": {nil, nil},
	} {
		if got := named(x.names); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v", what, got)
		}
	}
}

// TestSwappedMovesNobodyFar: who stands where is off by one at most, about half of
// the pairs change, and two of one name never do.
func TestSwappedMovesNobodyFar(t *testing.T) {
	changed := 0
	for i := range 1000 {
		if Swapped("n", strconv.Itoa(2*i), strconv.Itoa(2*i+1)) {
			changed++
		}
	}
	if changed < 400 || changed > 600 {
		t.Errorf("%d of 1000 pairs change", changed)
	}
	if Swapped("n", "王 伟", "王伟") {
		t.Error("two of one name change places")
	}
}
