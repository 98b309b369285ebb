package sheet

// Limits say how much one file may hold. They keep an import within its memory
// and a hostile file within seconds; no roster of a university comes near them.
type Limits struct {
	Packed   int64 // bytes of an xlsx file
	Unpacked int64 // bytes of its parts, counted while inflating; of a csv file, its size
	Ratio    int64 // of unpacked to packed, for each part larger than ratioFrom
	Entries  int   // files in the zip
	Elements int   // XML elements in all parts read
	Strings  int   // bytes of the shared strings, which are the only thing held in memory
	Rows     int   // the header included; also the highest row number
	Columns  int
	Cells    int // in the whole table, empty ones included
	Text     int // characters in one cell (the limit of Excel)
}

// ratioFrom is the size in bytes below which a part may be of any ratio.
const ratioFrom = 8 << 20

// ProductLimits returns what the product takes: 200,000 people, 256 columns.
func ProductLimits() Limits {
	return Limits{
		Packed:   20 << 20,
		Unpacked: 512 << 20,
		Ratio:    200,
		Entries:  200,
		Elements: 40_000_000,
		Strings:  64 << 20,
		Rows:     200_001,
		Columns:  256,
		Cells:    9_000_000,
		Text:     32_767,
	}
}
