package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
)

// packedAtOnce is how many small objects stand in one stream.
const packedAtOnce = 500

// entry is where an object stands: at a byte, or in a stream of objects.
type entry struct {
	at     int // byte, or the stream's number
	packed bool
	place  int // in the stream
}

// joinPDF writes the file: objects, of which the last is the document's information, and small
// ones behind them, packed in streams: there are thousands, and each would take a row of
// the file's table.
func joinPDF(objects [][]byte, small []string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	var table []entry
	put := func(n int, o []byte) {
		table[n-1] = entry{at: out.Len()}
		fmt.Fprintf(&out, "%d 0 obj\n%sendobj\n", n, o)
	}
	streams := (len(small) + packedAtOnce - 1) / packedAtOnce
	table = make([]entry, len(objects)+len(small)+streams+1)
	for i, o := range objects {
		put(i+1, o)
	}
	for s := range streams {
		from, number := s*packedAtOnce, len(objects)+len(small)+s+1
		list := small[from:min(from+packedAtOnce, len(small))]
		var head, body strings.Builder
		for i, o := range list {
			table[len(objects)+from+i] = entry{number, true, i}
			fmt.Fprintf(&head, "%d %d ", len(objects)+from+i+1, body.Len())
			body.WriteString(o + "\n")
		}
		o, err := packedStream(fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(list), head.Len()), []byte(head.String()+body.String()))
		if err != nil {
			return nil, err
		}
		put(number, o)
	}
	id := sha256.Sum256(out.Bytes())
	at := out.Len()
	table[len(table)-1] = entry{at: at}
	o, err := packedStream(fmt.Sprintf("/Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Info %d 0 R/ID[<%x><%[3]x>]", len(table)+1, len(objects), id[:16]), rowsOf(table))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(&out, "%d 0 obj\n%sendobj\nstartxref\n%d\n%%%%EOF\n", len(table), o, at)
	return out.Bytes(), nil
}

// rowsOf are the rows of the file's table: a kind, a place of four bytes, one of two.
func rowsOf(table []entry) []byte {
	out := []byte{0, 0, 0, 0, 0, 0xFF, 0xFF} // of object 0, which is none
	for _, e := range table {
		kind := byte(1)
		if e.packed {
			kind = 2
		}
		out = append(out, kind)
		out = binary.BigEndian.AppendUint32(out, uint32(e.at))
		out = binary.BigEndian.AppendUint16(out, uint16(e.place))
	}
	return out
}
