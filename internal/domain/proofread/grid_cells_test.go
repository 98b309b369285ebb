package proofread

import "testing"

// TestCountsOfABase: 145/147 is a count of a base of its own, not a count and a share; each
// row of such a table has another base.
func TestCountsOfABase(t *testing.T) {
	in := `
项目 | 数值 | 对象 | 样本
就业现状满意度 | 85.78% | 毕业生 | 181/211
专业相关度 | 91.00% | 毕业生 | 192/211
职业期待吻合度 | 68.72% | 毕业生 | 145/211
职业期待 | 68.87% | 毕业生 | 146/212
护士资格考试通过率 | 98.64% | 参加考试的毕业生 | 145/147`
	if fs := inTables(in); len(fs) > 0 {
		t.Errorf("found %q", told(fs))
	}
	if g := grids(sketch(in)); len(g) != 1 || len(g[0].cols) != 3 {
		t.Errorf("%d columns beside the names, not 3", len(g[0].cols))
	}
	d := sketch("学院 | 人数/占比\n理 | 30/30\n工 | 40/40\n文 | 30/30\n合计 | 100/100")
	if g := grids(d); len(g) != 1 || len(g[0].cols) != 2 {
		t.Error("a head that speaks of shares makes no two columns of it")
	}
}
