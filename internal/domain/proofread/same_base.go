package proofread

import (
	"fmt"
	"slices"
	"strings"
)

// baseDoubts finds columns of shares that are all of another number than the one that
// the text above the table names: 占留学人数比例 where the text has 855 and all shares
// are of 853.
func baseDoubts(d Document, g *grid) []doubt {
	var out []doubt
	for c, l := range g.cols {
		if l.kind != percent {
			continue
		}
		name := baseName(l.path)
		r, ok := g.explain(c)
		if name == "" || !ok || r.of != ofOne || len(r.misses) > 0 || r.hits < 3 {
			continue
		}
		lo, hi := g.onlyBases(r)
		stated, at, ok := statedBase(d, g.block, name, lo, hi)
		if !ok {
			continue
		}
		for row := range g.rows {
			k, _, p, usable := g.triple(r, row)
			if usable && !Prints(k, stated, p) {
				out = append(out, g.baseDoubt(r, row, stated, at, name))
			}
		}
	}
	return out
}

// baseName is what a head says its shares are of: 留学 in 占留学人数比例(%).
func baseName(path []string) string {
	for _, s := range slices.Backward(path) {
		s = squeeze(Fold(s))
		s, _, _ = strings.Cut(strings.ReplaceAll(s, "（", "("), "(")
		rest, ok := strings.CutPrefix(s, "占")
		if !ok {
			continue
		}
		for _, suffix := range []string{"比例", "比重", "百分比", "比", "的", "人数", "总数", "总人数", "总"} {
			rest = strings.TrimSuffix(rest, suffix)
		}
		return rest
	}
	return ""
}

// onlyBases are the numbers of which all shares of the column are.
func (g *grid) onlyBases(r relation) (lo, hi int64) {
	lo, hi = 0, maxUnits
	for row := range g.rows {
		k, _, p, ok := g.triple(r, row)
		if !ok || k == 0 || p.Units == 0 {
			continue
		}
		l, h := bases(k, p)
		lo, hi = max(lo, l), min(hi, h)
	}
	return lo, hi
}

// statedBase is the number that the paragraphs above a table, back to the last heading,
// say of the base: only if they say one, close to those that fit and none of them.
func statedBase(d Document, block int, name string, lo, hi int64) (int64, Place, bool) {
	var found int64
	var at Place
	for i := block - 1; i >= 0 && i > block-8; i-- {
		b := d.Blocks[i]
		if b.Kind == Heading || b.Kind == TableBlock {
			break
		}
		if b.Kind != Paragraph {
			continue
		}
		for _, f := range Figures(b.Text) {
			n := f.Value.Units
			if f.Sort != Count || f.Value.Digits > 0 || f.Approx || f.Unit != "人" && f.Unit != "名" || n < lo*9/10 || n > hi*11/10 {
				continue
			}
			if !near(b.Text, f, name) {
				continue
			}
			if n >= lo && n <= hi || found != 0 && found != n {
				return 0, Place{}, false
			}
			found, at = n, At(b.Spans, f.From)
		}
	}
	return found, at, found != 0
}

// near tells whether a word stands in the clause of a figure.
func near(text string, f Figure, name string) bool {
	rs := []rune(text)
	from, to := f.From, f.To
	for from > 0 && !strings.ContainsRune("，。；", rs[from-1]) {
		from--
	}
	for to < len(rs) && !strings.ContainsRune("，。；", rs[to]) {
		to++
	}
	return strings.Contains(squeeze(string(rs[from:to])), name)
}

func (g *grid) baseDoubt(r relation, row int, stated int64, at Place, name string) doubt {
	k, used, p, _ := g.triple(r, row)
	ref := g.ref(row, r.share)
	right := Share(k, stated, p.Digits)
	d := doubt{Finding: Finding{
		Where: g.where(), Cell: ref.g.cellName(ref.r, ref.c), Printed: p.String(), Expected: right.String(),
		Rule: DenominatorScope, Severity: Fault, Place: ref.value().place, Other: at,
	}}
	d.Explanation = fmt.Sprintf("正文说%s人数是 %d，%d 占其 %s%%；本列各项都是按 %d 算的。", name, stated, k, right, used)
	d.mends = []mend{{at: at, name: g.where() + " 基数", lo: Whole(used), hi: Whole(used)}}
	return d
}
