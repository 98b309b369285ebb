package proofread

import "testing"

// TestTheRootComesFirst: of what one fault spoils, the finding at the figure that two
// sources speak against is told first, not the right total beside it.
func TestTheRootComesFirst(t *testing.T) {
	list := Check(Document{Blocks: []Block{
		{Text: "学校2024届毕业生共有2500人，其中男生1100人，女生1390人。", Spans: []Span{{0, Place{Line: 1}}}},
		{Kind: Caption, Text: "表1-1 2024届毕业生性别分布", Spans: []Span{{0, Place{Line: 3}}}},
		tableAt(5, "性别", "人数", "男生", "1100", "女生", "1400", "合计", "2500"),
	}})
	if len(list) != 2 || list[0].Printed != "1390" || list[0].Expected != "1400" || list[0].Root != list[1].Root {
		t.Errorf("%+v", list)
	}
}

// tableAt is a table of two columns, a row a line from one on.
func tableAt(line int, texts ...string) Block {
	var rows [][]Cell
	for i := 0; i < len(texts); i += 2 {
		at := Place{Line: line + i/2}
		second := at
		second.Rune = 10
		rows = append(rows, []Cell{{Text: texts[i], Spans: []Span{{0, at}}}, {Text: texts[i+1], Spans: []Span{{0, second}}}})
	}
	return Block{Kind: TableBlock, Table: &Table{Cells: rows}}
}
