package destination

import (
	"reflect"
	"strings"
)

// Preset is a review chain that a school may choose.
type Preset struct {
	ID    string
	Chain Chain
}

// Presets are the chains to choose from, the longest first.
func Presets() []Preset {
	levels := DefaultChain().Levels
	return []Preset{
		{"counsellor-college-school", Chain{Levels: levels}},
		{"college-school", Chain{Levels: levels[1:]}},
		{"school", Chain{Levels: levels[2:]}},
	}
}

// PresetByID returns the chain of a preset; false if there is none.
func PresetByID(id string) (Chain, bool) {
	for _, p := range Presets() {
		if p.ID == id {
			return p.Chain, true
		}
	}
	return Chain{}, false
}

// Preset returns the id of the preset that the chain is; blank if it is the
// school's own.
func (c Chain) Preset() string {
	for _, p := range Presets() {
		if reflect.DeepEqual(p.Chain, c) {
			return p.ID
		}
	}
	return ""
}

// Titles names the levels from near to far: 辅导员—学院—学校.
func (c Chain) Titles() string { return titles(c.Levels) }

func titles(levels []Level) string {
	out := make([]string, len(levels))
	for i, l := range levels {
		out[i] = l.Title
	}
	return strings.Join(out, "—")
}

// TitlesFor names the levels that a change to the code goes through.
func (r Review) TitlesFor(code string) string { return titles(r.For(code)) }
