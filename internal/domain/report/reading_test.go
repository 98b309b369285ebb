package report

import (
	"testing"

	"quxiang/internal/domain/proofread"
)

// TestReading: what the proofreader finds stands at the block that it is in, also in a
// table with merged heads.
func TestReading(t *testing.T) {
	d := Document{Blocks: []Block{
		{Heading: &Heading{Level: 1, Text: "一、基本情况"}},
		{Table: &Table{Number: "表 1-1", Caption: "毕业去向",
			Head: [][]Cell{{{Text: "学历", Rows: 2}, {Text: "毕业生数", Rows: 2}, {Text: "毕业去向落实率", Cols: 2}}, {{Text: "人数"}, {Text: "比例（%）"}}},
			Body: [][]Cell{
				{{Text: "本科"}, {Text: "1117"}, {Text: "921"}, {Text: "82.63"}},
				{{Text: "硕士"}, {Text: "1227"}, {Text: "1078"}, {Text: "87.86"}},
				{{Text: "博士"}, {Text: "316"}, {Text: "301"}, {Text: "95.25"}},
				{{Text: "合计"}, {Text: "2660"}, {Text: "2300"}, {Text: "86.47"}},
			}}},
	}}
	found := proofread.Check(Reading(d))
	if len(found) == 0 {
		t.Fatal("82.63% of 921 among 1117 is not found")
	}
	for _, f := range found {
		if BlockAt(f.Place) != 1 || f.Printed != "82.63" || f.Expected != "82.45" || f.Place.Cell != "D3" {
			t.Errorf("found otherwise: %+v", f)
		}
	}
	d.Blocks[1].Table.Body[0][3].Text = "82.45"
	if found := proofread.Check(Reading(d)); len(found) > 0 {
		t.Errorf("found in what is right: %+v", found)
	}
}
