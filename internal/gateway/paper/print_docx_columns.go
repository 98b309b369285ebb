package paper

import "slices"

func total(widths []int) int {
	sum := 0
	for _, w := range widths {
		sum += w
	}
	return sum
}

// columnNeeds is how wide each column must be, so that heads and words take so many lines
// and what is short, as numbers are, one.
func columnNeeds(l tableLayout, columns, size, lines int) []int {
	widths := make([]int, columns)
	for _, merged := range []bool{false, true} {
		for i, row := range append(l.head[:len(l.head):len(l.head)], l.body...) {
			at := 0
			for _, c := range row {
				if (c.cols > 1) == merged {
					most := 1
					if i < len(l.head) || c.Left || docxWidth(c.Text) > 1000 {
						most = lines
					}
					widen(widths[at:at+c.cols], cellNeed(c.Text, size, most))
				}
				at += c.cols
			}
		}
	}
	return widths
}

// alike makes columns of one head, such as 人数, of one width, if there is room.
func alike(widths []int, head [][]gridCell, room int) []int {
	if len(head) == 0 {
		return widths
	}
	out := slices.Clone(widths)
	most := map[string]int{}
	for range 2 {
		at := 0
		for _, c := range head[len(head)-1] {
			if c.cols == 1 && c.Text != "" {
				most[c.Text] = max(most[c.Text], out[at])
				out[at] = most[c.Text]
			}
			at += c.cols
		}
	}
	if total(out) > room {
		return widths
	}
	return out
}

// widen makes columns together so wide, each by an equal part.
func widen(widths []int, need int) {
	for n, left := 0, need-total(widths); n < len(widths) && left > 0; n++ {
		part := left / (len(widths) - n)
		widths[n] += part
		left -= part
	}
}

// cellNeed is the width of a cell whose text takes so many lines, with some room for bold
// letters and for digits of another font.
func cellNeed(text string, size, lines int) int {
	width := docxWidth(text)
	if lines > 1 {
		width = min(width, max(docxLongest(text), width/lines+100, 200))
	}
	for _, r := range text {
		if !isFullWidth(r) {
			width += 15
		}
	}
	return width*size/10 + 2*cellBeside + 40
}

// spread deals out the room that is left: to columns that then need no second line, those
// that want the least first and those that want the same together; the rest to all that
// still want some, else to all alike.
func spread(widths, wish []int, room int) {
	lacks := func(n int) int { return wish[n] - widths[n] }
	for {
		var want []int // columns, those that want the least first
		for n := range widths {
			if lacks(n) > 0 {
				want = append(want, n)
			}
		}
		if len(want) == 0 {
			break
		}
		slices.SortStableFunc(want, func(a, b int) int { return lacks(a) - lacks(b) })
		least, left, same := lacks(want[0]), room-total(widths), 1
		for same < len(want) && lacks(want[same]) == least {
			same++
		}
		if least*same > left {
			for _, n := range want {
				widths[n] += left / len(want)
			}
			break
		}
		for _, n := range want[:same] {
			widths[n] = wish[n]
		}
	}
	widen(widths, room)
}

// shrink makes columns narrower by the same share.
func shrink(widths []int, room int) {
	all := max(total(widths), 1)
	for n, w := range widths {
		widths[n] = max(w*room/all, 2*cellBeside+40)
	}
}
