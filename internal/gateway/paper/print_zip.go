package paper

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"slices"
	"time"
)

// writeParts packs parts by name: sorted, all of one time, so that the same parts give the
// same bytes. [Content_Types].xml comes first by its name.
func writeParts(w io.Writer, parts map[string][]byte, when time.Time) error {
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if err := addPart(z, name, when.UTC(), parts[name]); err != nil {
			return err
		}
	}
	return z.Close()
}

// packParts is writeParts into memory.
func packParts(parts map[string][]byte, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	err := writeParts(&b, parts, when)
	return b.Bytes(), err
}
