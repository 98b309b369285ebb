package transfer

import (
	"strings"
	"unicode"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
)

// over returns the base as the claim leaves it: blank keeps, Emptied empties, a
// text that differs in width or spaces only is no difference, and what another
// code cannot have goes with the code.
func (w *planning) over(base history.Content, c *dated) history.Content {
	after := history.Content{TrueOn: c.day, Scheme: c.Scheme, Code: c.Code, Counts: c.Counts, Fields: c.Fields}
	counts, fields := destination.Shed(w.Book, base, after)
	base.Counts, base.Fields = merged(base, counts, fields)
	after.Counts, after.Fields = merged(base, c.Counts, c.Fields)
	return after
}

// merged returns the base's payload with what was said over it.
func merged(base history.Content, counts history.Counted, fields history.Fields) (history.Counted, history.Fields) {
	base.Counts.Merge(counts)
	out := base.Fields.Plain()
	for k, v := range fields {
		switch {
		case v == "":
		case v == history.Emptied:
			delete(out, k)
		case plainText(v) != plainText(out[k]):
			out[k] = v
		}
	}
	return base.Counts.Plain(), out
}

// plainText is what two writings of one text have in common: half width, no
// spaces, no apostrophe of a spreadsheet before it.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.TrimLeft(codes.Normalize(s), "'"))
}

// delta is the payload of the amendment that leads from one content to another.
func delta(before, after history.Content) (history.Counted, history.Fields) {
	var counts history.Counted
	var fields history.Fields
	destination.EachDifference(before, after, func(field, _, now string) {
		if now == "" {
			now = history.Emptied
		}
		if counts.Put(field, now) {
			return
		}
		if fields == nil {
			fields = history.Fields{}
		}
		fields[field] = now
	})
	return counts, fields
}
