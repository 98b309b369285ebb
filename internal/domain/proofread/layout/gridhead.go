package layout

import (
	"slices"

	"quxiang/internal/domain/proofread"
)

// headPiece is a head with the columns that it stands over.
type headPiece struct {
	from, to int
	text     *joint
}

// buildHead makes rows of the lines above the body.
func (g *grid) buildHead() bool {
	stacks := make([][]headPiece, len(g.columns))
	lines := make([][]piece, g.headEnd)
	for i, l := range g.lines[:g.headEnd] {
		lines[i] = g.splitHead(l.pieces)
	}
	leaves := g.repeatedLeaves(lines)
	all := make([][][2]int, len(lines))
	for i, pieces := range lines {
		if all[i] = g.spans(pieces, g.needs(lines, i, leaves, stacks)); all[i] == nil {
			return false
		}
		for _, s := range all[i] {
			for c := s[0]; c < s[1]; c++ {
				stacks[c] = append(stacks[c], headPiece{})
			}
		}
	}
	g.narrowSpans(all)
	stacks = make([][]headPiece, len(g.columns))
	for i, pieces := range lines {
		for k, p := range pieces {
			h := headPiece{all[i][k][0], all[i][k][1], &joint{}}
			h.text.addPiece(p)
			g.stack(stacks, h, p, ownLevel(all, leaves, h.from, p.text))
		}
	}
	return g.layHead(stacks)
}

// ownLevel is true of a leaf that stands below wide heads elsewhere and not here: 人数
// below 合计, beside 硕士 over 人数 and 占比.
func ownLevel(all [][][2]int, leaves []string, c int, text string) bool {
	if leaves[c] != text || wideAt(all, c) {
		return false
	}
	for o, l := range leaves {
		if l == text && wideAt(all, o) {
			return true
		}
	}
	return false
}

func wideAt(all [][][2]int, c int) bool {
	for _, line := range all {
		for _, s := range line {
			if s[1]-s[0] > 1 && s[0] <= c && c < s[1] {
				return true
			}
		}
	}
	return false
}

// narrowSpans takes back what stands over several columns without heads below them all:
// it is the head of the one column that has no other.
func (g *grid) narrowSpans(all [][][2]int) {
	for i, line := range all {
		for k, s := range line {
			if s[1]-s[0] < 2 {
				continue
			}
			var bare []int
			covered := true
			for c := s[0]; c < s[1]; c++ {
				above, below := headsAt(all[:i], c), headsAt(all[i+1:], c)
				covered = covered && below > 0
				if above+below == 0 {
					bare = append(bare, c)
				}
			}
			if !covered && len(bare) > 0 {
				all[i][k] = [2]int{bare[0], bare[len(bare)-1] + 1}
			}
		}
	}
}

func headsAt(lines [][][2]int, c int) int {
	n := 0
	for _, line := range lines {
		for _, s := range line {
			if s[0] <= c && c < s[1] {
				n++
			}
		}
	}
	return n
}

// stack puts a head under those above it, or joins it with the one right above where
// both stand over the same columns: a head broken over lines. One that other columns have
// too is a head of its own.
func (g *grid) stack(stacks [][]headPiece, h headPiece, p piece, repeated bool) {
	top := stacks[h.from]
	if n := len(top); n > 0 && !repeated && top[n-1].from == h.from && top[n-1].to == h.to {
		top[n-1].text.addPiece(p)
		return
	}
	for c := h.from; c < h.to; c++ {
		stacks[c] = append(stacks[c], h)
	}
}

// layHead writes the stacks as rows; a head with nothing below it reaches down.
func (g *grid) layHead(stacks [][]headPiece) bool {
	depth := 0
	for _, s := range stacks {
		depth = max(depth, len(s))
	}
	if depth > 4 {
		return false
	}
	g.head = make([][]proofread.Cell, depth)
	used := map[*joint]bool{}
	for r := range depth {
		g.head[r] = make([]proofread.Cell, len(g.columns))
		for c, s := range stacks {
			if len(s) == 0 {
				continue
			}
			h := s[min(r, len(s)-1)]
			cell := h.text.cell()
			cell.Merged = used[h.text]
			used[h.text] = true
			g.head[r][c] = cell
		}
	}
	return true
}

// splitHead cuts heads that stand with one space between them.
func (g *grid) splitHead(pieces []piece) []piece {
	var out []piece
	for _, p := range pieces {
		parts := fieldsOf(p)
		if known(parts, pieces) {
			out = append(out, parts...)
			continue
		}
		last := -1
		for _, q := range parts {
			c := g.nearest(q, g.allColumns())
			if c <= last || !g.columns[c].meets(q) && len(parts) > 2 || g.columns[c].centre() < q.left-2*unit || g.columns[c].centre() > q.right+2*unit {
				parts = nil
				break
			}
			last = c
		}
		if len(parts) > 1 {
			out = append(out, parts...)
			continue
		}
		out = append(out, p)
	}
	return out
}

// known is true of parts that stand on the line by themselves too: 月 月 among 月, 人数 占比
// among 人数 and 占比.
func known(parts, line []piece) bool {
	for _, q := range parts {
		if !slices.ContainsFunc(line, func(p piece) bool { return p.text == q.text }) {
			return false
		}
	}
	return true
}

// repeatedLeaves are the lowest heads that stand over several columns: 人数, 占比, 人数,
// 占比. Such a head says nothing without one above it.
func (g *grid) repeatedLeaves(lines [][]piece) []string {
	count := map[string]int{}
	leaf := make([]string, len(g.columns))
	for _, pieces := range lines {
		for _, p := range pieces {
			if at := g.columnsOf(p); len(at) == 1 {
				leaf[at[0]] = p.text
			}
		}
	}
	for _, t := range leaf {
		count[t]++
	}
	for c, t := range leaf {
		if count[t] < 2 {
			leaf[c] = ""
		}
	}
	return leaf
}

// needs returns, for a line of the head, the leaves below it that have no head yet.
func (g *grid) needs(lines [][]piece, i int, leaves []string, stacks [][]headPiece) []string {
	out := make([]string, len(g.columns))
	if len(lines[i]) < 2 {
		return out
	}
	for _, pieces := range lines[i+1:] {
		for _, p := range pieces {
			for _, c := range g.columnsOf(p) {
				if len(stacks[c]) == 0 {
					out[c] = leaves[c]
				}
			}
		}
	}
	return out
}

// spans finds which columns each piece of a line stands over: in order, each over
// columns next to each other, its middle near theirs. nil if there are more pieces than
// columns.
func (g *grid) spans(pieces []piece, needed []string) [][2]int {
	n, m := len(pieces), len(g.columns)
	if n > m {
		return nil
	}
	const never = 1 << 40
	cost := make([][]int, n+1)
	from := make([][]int, n+1) // where the span of the last piece began; -1: the column is passed over
	for i := range cost {
		cost[i] = slices.Repeat([]int{never}, m+1)
		from[i] = slices.Repeat([]int{-1}, m+1)
	}
	cost[0][0] = 0
	for c := 1; c <= m; c++ {
		pass := 0
		if needed[c-1] != "" {
			pass = 6 * unit
		}
		for i := 0; i <= n; i++ {
			cost[i][c] = cost[i][c-1] + pass
			for b := 0; i > 0 && b < c; b++ {
				if v := cost[i-1][b] + g.offset(pieces[i-1], b, c) + uneven(needed, b, c); v < cost[i][c] {
					cost[i][c], from[i][c] = v, b
				}
			}
		}
	}
	if cost[n][m] >= never {
		return nil
	}
	out := make([][2]int, n)
	for i, c := n, m; i > 0; {
		if b := from[i][c]; b >= 0 {
			out[i-1] = [2]int{b, c}
			i, c = i-1, b
			continue
		}
		c--
	}
	return out
}

// offset is how far the middle of a head is from that of the columns from and to.
func (g *grid) offset(p piece, from, to int) int {
	left, right := g.columns[from].left, g.columns[to-1].right
	d := abs((left+right)/2 - p.centre())
	if to-from == 1 && g.columns[from].meets(p) {
		d /= 2
	}
	return d + (to-from-1)*2
}

// uneven is what it costs to set a head over the columns from and to where that cuts
// through a group of leaves: each group begins with the same leaf.
func uneven(needed []string, from, to int) int {
	first := slices.IndexFunc(needed, func(s string) bool { return s != "" })
	if first < 0 {
		return 0
	}
	starts := func(c int) bool { return needed[c] == needed[first] }
	any, all := false, true
	for c := from; c < to; c++ {
		any, all = any || needed[c] != "", all && needed[c] != ""
	}
	if !any || all && starts(from) && (to == len(needed) || needed[to] == "" || starts(to)) {
		return 0
	}
	return 8 * unit
}
