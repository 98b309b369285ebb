package release

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
)

// plainForm opens the canonical plain form and names its version.
const plainForm = "quxiang snapshot 1"

// writePlain writes the canonical plain form of a snapshot, over which SHA256 is
// taken. It is UTF-8 text of lines that end in LF, the last one too; the fields
// of a line are separated by a TAB; in a field a backslash is written \\, a TAB \t,
// an LF \n and a CR \r; there is nothing else: no BOM, no quotes, no padding.
//
//	quxiang snapshot 1
//	name         INIT-2024
//	cohort       2024
//	true_before  2024-09-01T00:00:00.000+08:00      T, exclusive
//	known_before 2024-09-10T09:00:00.000+08:00      K, exclusive
//	definition   moe-2024  1                        id, version
//	codes        destination  1                     a line a code table, by id
//	people       2660
//	pseudonym cohort level … left cell detail scheme code nature … contract_hospital_level
//	p4k…      2024   …                              a line a person, by pseudonym
//
// The columns are the pseudonym, history.Keys in their order (the difficulty in
// the clear), the part of the definition, why somebody is without a destination
// (history.Detail), scheme and code, and history.CountedNames in their order.
func writePlain(to io.Writer, s *Snapshot, people []indicator.PersonRow) error {
	w := bufio.NewWriter(to)
	line := func(fields ...string) {
		for i, f := range fields {
			if i > 0 {
				_ = w.WriteByte('\t') // bufio keeps the first error for Flush
			}
			_, _ = plainEscapes.WriteString(w, f)
		}
		_ = w.WriteByte('\n')
	}
	line(plainForm)
	line("name", s.Name)
	line("cohort", s.Cohort)
	line("true_before", s.Cut.True.String())
	line("known_before", s.Cut.Known.String())
	line("definition", s.Definition, s.Version)
	for _, id := range slices.Sorted(maps.Keys(s.CodeVersions)) {
		line("codes", id, s.CodeVersions[id])
	}
	line("people", strconv.Itoa(s.People))
	line(plainColumns()...)
	for i := range people {
		line(plainValues(&people[i])...)
	}
	return w.Flush()
}

var plainEscapes = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func plainColumns() []string {
	out := []string{"pseudonym"}
	for _, k := range history.Keys {
		out = append(out, string(k))
	}
	out = append(out, "cell", "detail", "scheme", "code")
	return append(out, history.CountedNames[:]...)
}

// plainValues are a person's values in the order of plainColumns.
func plainValues(p *indicator.PersonRow) []string {
	out := make([]string, 0, 1+len(p.Attrs)+4+len(history.CountedNames))
	out = append(append(out, p.Graduate), p.Attrs[:]...)
	out = append(out, p.Cell, string(p.Detail), p.Scheme, p.Code)
	counted := p.Counts.Values()
	return append(out, counted[:]...)
}

// sum returns the SHA-256 of the canonical plain form, hex.
func (s *Snapshot) sum(people []indicator.PersonRow) (string, error) {
	h := sha256.New()
	if err := writePlain(h, s, people); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
