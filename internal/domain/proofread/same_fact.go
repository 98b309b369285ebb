package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// outcomes are kinds of destinations in the words that tables use for them.
var outcomes = map[string][]string{
	"毕业生":     {"毕业人数", "毕业生"},
	"落实":      {"毕业去向落实人数", "落实去向人数", "已落实人数", "落实人数", "落实毕业去向人数", "已落实毕业去向人数"},
	"协议和合同就业": {"协议和合同就业", "协议和合同就业人数"},
	"灵活就业":    {"灵活就业", "灵活就业人数"},
	"自主创业":    {"自主创业", "自主创业人数", "创业人数"},
	"升学":      {"升学", "升学人数", "深造人数", "升学深造人数", "继续深造人数"},
	"国内升学":    {"国内升学", "境内升学", "国内升学人数", "境内升学人数"},
	"出国":      {"出国(境)", "出国(境)人数", "出国(境)留学", "出国(境)深造", "出国出境", "出国出境深造", "出国出境人数", "出国/境", "出国、出境", "出国出境深造人数", "出国(境)留学人数"},
	"待就业":     {"待就业", "待就业人数"},
	"暂不就业":    {"暂不就业", "暂不就业人数"},
}

var outcomeOf = func() map[string]string {
	out := map[string]string{}
	for name, words := range outcomes {
		for _, w := range words {
			out[w] = name
		}
	}
	return out
}()

// subsets are titles of tables that count only some.
var subsets = []string{"男", "女", "困难", "少数民族", "师范", "定向", "残疾", "留学生", "港澳", "第二学位", "辅修", "委培", "建档", "低保", "民族班", "预科", "体育", "省内", "省外", "生源", "本地", "留省", "基层", "公费", "非全日制", "初次", "年终"}

// factDoubts finds numbers of graduates with one destination that two tables have
// differently by a few: totals of the same level and cohort.
func factDoubts(d Document, gs []*grid) []doubt {
	known := map[string][]fact{}
	var ids []string
	for _, f := range facts(gs) {
		id := outcomeID(d, f)
		if id == "" {
			continue
		}
		if known[id] == nil {
			ids = append(ids, id)
		}
		known[id] = append(known[id], f)
	}
	var out []doubt
	for _, id := range ids {
		list := known[id]
		for i, b := range list {
			for _, a := range list[:i] {
				if few(a, b) {
					out = append(out, factDoubt(b.ref, a.ref))
					break
				}
			}
		}
	}
	return out
}

// outcomeID is the destination, level and cohort that a total counts; "" for others.
func outcomeID(d Document, f fact) string {
	g := f.ref.g
	if f.kind != count || g.excused || g.shared || containsAny(g.title, subsets) || f.ref.value().Units < 50 {
		return ""
	}
	keys := slices.Clone(f.keys)
	for i, k := range keys {
		if name := groupOf(k); name != "" {
			keys[i] = name
		}
	}
	if len(keys) != 1 && !(f.whole && len(keys) == 1) {
		return ""
	}
	name, ok := outcomeOf[keys[0]]
	row, col := g.rows[f.ref.r], g.cols[f.ref.c]
	if !ok || row.role == part && col.role == part && !f.levelled(row, col) && !barelyCounts(row, col) {
		return ""
	}
	level, cohort := f.level, f.cohort
	if level == "" {
		level = headingLevel(d, g.block)
	}
	if level == "合计" {
		level = ""
	}
	return name + "|" + level + "|" + cohort
}

// levelled tells whether one of the labels is a level: the cell is that level's total.
func (f fact) levelled(row, col line) bool {
	in := func(l line) bool {
		return slices.ContainsFunc(l.keys, func(k string) bool { return slices.Contains(levels, k) })
	}
	return in(row) || in(col)
}

// barelyCounts tells whether one of the labels says only that persons are counted.
func barelyCounts(row, col line) bool {
	is := func(l line) bool { return len(l.keys) == 1 && l.keys[0] == "人数" }
	return is(row) || is(col)
}

// headingLevel is the level that the headings above a table name, the nearest first.
func headingLevel(d Document, block int) string {
	for i, seen := block-1, 0; i >= 0 && seen < 3; i-- {
		if d.Blocks[i].Kind != Heading {
			continue
		}
		seen++
		if l := levelIn(d.Blocks[i].Text); l != "" {
			return l
		}
		if strings.Contains(d.Blocks[i].Text, "全体") || strings.Contains(d.Blocks[i].Text, "总体") {
			return ""
		}
	}
	return ""
}

// few tells whether two figures of different tables differ by so little that they were
// meant to be one.
func few(a, b fact) bool {
	if a.ref.g.block == b.ref.g.block || otherTime(a.ref.g, b.ref.g) {
		return false
	}
	x, y := a.ref.value().Units, b.ref.value().Units
	diff := max(x-y, y-x)
	return diff > 0 && (diff <= 3 || 200*diff <= max(x, y))
}

func factDoubt(a, b cellRef) doubt {
	tell := func(a, b cellRef) Finding {
		x, y := a.value().Decimal, b.value().Decimal
		return Finding{
			Where: a.g.where(), Cell: a.g.cellName(a.r, a.c), Printed: x.String(), Expected: y.String(),
			Rule: TableVsTable, Severity: Fault, Place: a.value().place, Other: b.value().place,
			Explanation: fmt.Sprintf("%s“%s”是 %s，这里是 %s。", b.g.where(), b.g.cellName(b.r, b.c), y, x),
		}
	}
	return twoDoubt(a, b, tell)
}
