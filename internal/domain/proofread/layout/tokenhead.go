package layout

import (
	"strings"

	"quxiang/internal/domain/proofread"
)

// columnsWanted is how many heads there must be, and how many of them are of labels.
type columnsWanted struct{ total, labels int }

// headRows reads the heads, nil if they do not fit.
func (t *tokenTable) headRows(head []token, want columnsWanted) [][]proofread.Cell {
	rows, _ := t.headCost(head, want)
	return rows
}

// headCost reads the heads and says how far they are from what heads look like.
func (t *tokenTable) headCost(head []token, want columnsWanted) ([][]proofread.Cell, int) {
	if p := t.pairs(head, want); p != nil {
		return p.rows, p.cost
	}
	var best [][]proofread.Cell
	bestCost := 1 << 30
	consider := func(heads, blank, extra int, line func([]proofread.Cell) []proofread.Cell) {
		units, cost := segment(head, heads)
		if len(head) == want.total && heads < want.total && !continuesHead(head) {
			return // a line for every column
		}
		if units != nil && cost <= want.total*2 && cost+extra < bestCost && t.agrees(units, want, blank) {
			best, bestCost = [][]proofread.Cell{line(unitCells(units))}, cost+extra
		}
	}
	consider(want.total, 0, 0, func(c []proofread.Cell) []proofread.Cell { return c })
	switch {
	case want.labels == 2 && !t.index: // one head above both columns of labels
		consider(want.total-1, 1, 3, func(c []proofread.Cell) []proofread.Cell {
			return append([]proofread.Cell{c[0], merged(c[0])}, c[1:]...)
		})
	case want.labels == 1: // the head above the labels may be blank
		consider(want.total-1, 1, 3, func(c []proofread.Cell) []proofread.Cell { return append([]proofread.Cell{{}}, c...) })
	}
	return best, bestCost
}

// continuesHead is true where a line can only be the second of a head.
func continuesHead(head []token) bool {
	for _, t := range head {
		for _, w := range never {
			if strings.HasPrefix(t.text, w) && t.text != "数" && t.text != "值" {
				return true
			}
		}
	}
	return false
}

func unitCells(units [][]token) []proofread.Cell {
	var out []proofread.Cell
	for _, u := range units {
		out = append(out, cellOf(u))
	}
	return out
}

// ends are the words that heads end with.
var ends = []string{"率", "数", "比例", "占比", "比重", "比", "%）", "%)", "）", ")", "计", "值", "名称", "专业", "学院", "院系", "系", "地区", "省", "省份", "市", "类型", "类别", "性质", "行业",
	"单位", "排序", "序号", "排名", "名次", "情况", "学历", "年份", "年度", "年", "届", "分布", "就业", "创业", "升学", "出国", "境", "总", "满意", "一般", "域", "地", "额", "度", "选项", "指标", "项目", "层次",
	"级", "族", "别", "生", "人", "次", "场", "份", "个", "入伍", "深造", "留学", "去向", "相关", "职业", "分", "企业", "机关", "部队", "代码", "高校", "院校", "系统", "院所", "业", "清楚", "经历", "成绩", "证书", "奖学金", "声誉", "对口", "好", "差", "愿意", "评价", "渠道", "总体", "全体", "全校", "本科", "专科", "硕士", "博士", "增加", "减少", "持平", "关系", "因素", "气质", "培养"}

// never are what no head begins with: the second line of one.
var never = []string{"（%", "(%", "%", "）", ")", "率", "数", "例", "比（", "去向落", "落实率", "向落实", "业率", "同就业", "同毕业", "业去向", "实率", "就业率", "意", "值", "家（", "人（", "相关", "均相关", "不相关"}

// segment cuts lines into that many heads at the least cost; nil if there are too few.
func segment(lines []token, heads int) ([][]token, int) {
	n := len(lines)
	if heads <= 0 || n < heads || n > 120 {
		return nil, 0
	}
	const most = 8 // lines of one head
	looks := make([]int, n*most)
	for b := range n {
		for i := b + 1; i <= min(n, b+most); i++ {
			looks[b*most+i-b-1] = unlikely(lines[b:i])
		}
	}
	const no = 1 << 29
	cost := make([][]int, heads+1)
	from := make([][]int, heads+1)
	for h := range cost {
		cost[h], from[h] = make([]int, n+1), make([]int, n+1)
		for i := range cost[h] {
			cost[h][i] = no
		}
	}
	cost[0][0] = 0
	for h := 1; h <= heads; h++ {
		for i := h; i <= n; i++ {
			for b := max(h-1, i-most); b < i; b++ {
				if c := cost[h-1][b] + looks[b*most+i-b-1]; c < cost[h][i] {
					cost[h][i], from[h][i] = c, b
				}
			}
		}
	}
	if cost[heads][n] >= no {
		return nil, 0
	}
	units := make([][]token, heads)
	for h, i := heads, n; h > 0; h-- {
		units[h-1] = lines[from[h][i]:i]
		i = from[h][i]
	}
	return units, cost[heads][n]
}

// unlikely is how little these lines look like one head.
func unlikely(lines []token) int {
	text := joinTokens(lines)
	cost := 0
	if !endsAsHead(text) && !lines[0].number {
		cost += 5
	}
	for _, w := range never {
		if strings.HasPrefix(lines[0].text, w) && !(lines[0].text == "数" || lines[0].text == "值") || lines[0].text == w {
			cost += 6
			break
		}
	}
	for i := 1; i < len(lines); i++ {
		before := joinTokens(lines[:i])
		complete := endsAsHead(before) && !strings.HasPrefix(lines[i].text, "（") && !strings.HasPrefix(lines[i].text, "(")
		switch {
		case lines[i].number || lines[i-1].number:
			cost += 6
		case complete && (strings.HasSuffix(before, "率") || strings.HasSuffix(before, "人数") || strings.HasSuffix(before, "）")):
			cost += 4
		case lines[i].width() > lines[0].width()+4:
			cost += 2 // broken before its line was full
		case complete:
			cost++
		}
	}
	if open := strings.Count(text, "（") - strings.Count(text, "）"); open != 0 {
		cost += 4
	}
	return cost
}

func endsAsHead(s string) bool {
	for _, e := range ends {
		if strings.HasSuffix(s, e) {
			return true
		}
	}
	return false
}

// agrees: counts stand below 人数, figures with a point below 率 and %.
func (t *tokenTable) agrees(units [][]token, want columnsWanted, blank int) bool {
	for c := want.labels; c < want.total; c++ {
		if !t.suits(joinTokens(units[c-blank]), c-want.total) {
			return false
		}
	}
	return true
}

// suits tells whether the figures of a column, counted from the last (-1), are what the
// head says.
func (t *tokenTable) suits(head string, column int) bool {
	var figures []string
	for _, r := range t.rows {
		if i := len(t.slots) + column; i < len(r.cells) && len(r.cells[i]) == 1 {
			figures = append(figures, r.cells[i][0].text)
		}
	}
	return headSuits(head, figures)
}

// pairHead is a head of two or three rows, over pairs of columns: 人数, 比例.
type pairHead struct {
	rows [][]proofread.Cell
	cost int
}

// unitsOf cuts lines that are known to be heads of pairs.
type leafPair struct{ from, mid, to int } // lines of 人数, and of 比例

// pairs reads a head whose lower row repeats 人数, 比例; nil if it does not.
func (t *tokenTable) pairs(head []token, want columnsWanted) *pairHead {
	leaves := leafPairs(head)
	if len(leaves) < 2 {
		return nil
	}
	singles := want.total - want.labels - 2*len(leaves)
	if singles < 0 {
		return nil
	}
	nested := map[int][]token{}
	for i := 1; i < len(leaves); i++ {
		if between := head[leaves[i-1].to:leaves[i].from]; len(between) > 0 {
			nested[i] = between
		}
	}
	if leaves[len(leaves)-1].to != len(head) {
		return nil
	}
	outers := len(leaves) - len(nested)
	top, cost := segment(head[:leaves[0].from], want.labels+singles+outers)
	if top == nil && want.labels == 1 { // nothing stands above the labels
		if top, cost = segment(head[:leaves[0].from], singles+outers); top != nil {
			top = append([][]token{nil}, top...)
		}
	}
	if top == nil || cost > 3*len(top) {
		return nil
	}
	p := &pairHead{cost: cost}
	p.lay(head, top, leaves, nested, want.labels, singles)
	if !t.pairsSuit(p, want) {
		return nil
	}
	return p
}

// leafPairs finds 人数 followed by 比例, each perhaps over two lines.
func leafPairs(head []token) []leafPair {
	var out []leafPair
	for i := 0; i < len(head); i++ {
		for mid := i + 1; mid <= min(i+2, len(head)); mid++ {
			if !isOneOf(joinTokens(head[i:mid]), "人数", "数量", "场次", "单位数", "人次") {
				continue
			}
			to := 0
			for end := mid + 1; end <= min(mid+3, len(head)); end++ {
				if isOneOf(joinTokens(head[mid:end]), "比例", "占比", "比率", "百分比", "比重", "比例（%）", "占比（%）", "比率（%）", "比例(%)", "占比(%)", "比率(%)", "百分比（%）", "比例％", "比例%", "占比%") {
					to = end
				}
			}
			if to > 0 {
				out = append(out, leafPair{i, mid, to})
				i = to - 1
				break
			}
		}
	}
	return out
}

func isOneOf(s string, list ...string) bool {
	for _, w := range list {
		if s == w {
			return true
		}
	}
	return false
}

// lay writes the rows: labels and single columns reach down, the others stand over
// their pairs.
func (p *pairHead) lay(head []token, top [][]token, leaves []leafPair, nested map[int][]token, labels, singles int) {
	depth := 2
	if len(nested) > 0 {
		depth = 3
	}
	p.rows = make([][]proofread.Cell, depth)
	pair := 0
	for i, u := range top {
		cell := cellOf(u)
		if i < labels || singles > 0 && isSingle(u, top[labels:], singles, i-labels) {
			p.column(cell)
			continue
		}
		for first := true; first || pair < len(leaves) && len(nested[pair]) > 0; first = false {
			if pair >= len(leaves) {
				break
			}
			l := leaves[pair]
			p.pair(cell, nested[pair], head[l.from:l.mid], head[l.mid:l.to])
			cell = merged(cell)
			pair++
		}
	}
}

// column adds one column whose head reaches down.
func (p *pairHead) column(cell proofread.Cell) {
	for r := range p.rows {
		p.rows[r] = append(p.rows[r], cell)
		cell = merged(cell)
	}
}

// pair adds two columns.
func (p *pairHead) pair(outer proofread.Cell, nested, count, share []token) {
	last := len(p.rows) - 1
	p.rows[0] = append(p.rows[0], outer, merged(outer))
	if last == 2 {
		middle := merged(outer)
		if nested != nil {
			middle = cellOf(nested)
		}
		p.rows[1] = append(p.rows[1], middle, merged(middle))
	}
	p.rows[last] = append(p.rows[last], cellOf(count), cellOf(share))
}

// isSingle tells which of the upper heads have no pair below: those that name a figure
// themselves, else the first ones.
func isSingle(u []token, list [][]token, singles, at int) bool {
	named := 0
	self := func(u []token) bool {
		s := joinTokens(u)
		return strings.HasSuffix(s, "率") || strings.HasSuffix(s, "数") || strings.HasSuffix(s, "率（%）") || strings.HasSuffix(s, "率(%)") || strings.HasSuffix(s, "比例（%）")
	}
	for _, o := range list {
		if self(o) {
			named++
		}
	}
	if named == singles {
		return self(u)
	}
	return at < singles
}

// pairsSuit: below 人数 stand counts, below 比例 shares.
func (t *tokenTable) pairsSuit(p *pairHead, want columnsWanted) bool {
	if len(p.rows[0]) != want.total {
		return false
	}
	for c := want.labels; c < want.total; c++ {
		if !t.suits(p.rows[len(p.rows)-1][c].Text, c-want.total) {
			return false
		}
	}
	return true
}
