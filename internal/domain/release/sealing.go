package release

import (
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/history"
	"quxiang/internal/domain/indicator"
)

// envelopeSize is what a difficulty is padded to with blanks before it is
// sealed. Everybody has an envelope, and all are of one length: the database
// does not show who has a difficulty.
const envelopeSize = 16

var difficultyAt = slices.Index(history.Keys, history.Difficulty)

func owner(snapshot, pseudonym string) string { return snapshot + "/" + pseudonym }

// sealer makes the rows of one snapshot. It remembers what it sealed, so that
// the work on the ciphers can be done before the transaction that freezes.
type sealer struct {
	vault    history.Vault
	snapshot string
	held     map[string]heldSeal // by graduate
}

type heldSeal struct{ pseudonym, difficulty, envelope string }

// rows returns the people under their pseudonyms, in the order of these: as they
// are hashed, and as they are kept.
func (s *sealer) rows(counted []indicator.PersonRow) (plain []indicator.PersonRow, kept []Row, err error) {
	plain = slices.Clone(counted)
	for i := range plain {
		h, err := s.seal(&plain[i])
		if err != nil {
			return nil, nil, err
		}
		plain[i].Graduate = h.pseudonym
		r := Row{Pseudonym: h.pseudonym, Attrs: plain[i].Attrs, Cell: plain[i].Cell, Destination: plain[i].Destination, Sealed: h.envelope}
		r.Attrs[difficultyAt] = ""
		kept = append(kept, r)
	}
	sortPeople(plain)
	slices.SortFunc(kept, func(a, b Row) int { return strings.Compare(a.Pseudonym, b.Pseudonym) })
	return plain, kept, nil
}

func sortPeople(list []indicator.PersonRow) {
	slices.SortFunc(list, func(a, b indicator.PersonRow) int { return strings.Compare(a.Graduate, b.Graduate) })
}

func (s *sealer) seal(p *indicator.PersonRow) (heldSeal, error) {
	difficulty := p.Attrs[difficultyAt]
	h, ok := s.held[p.Graduate]
	if ok && h.difficulty == difficulty {
		return h, nil
	}
	if !ok {
		h.pseudonym = s.vault.Pseudonym(p.Graduate)
	}
	h.difficulty = difficulty
	var err error
	plain := fmt.Appendf(nil, "%-*s", envelopeSize, difficulty)
	if h.envelope, err = s.vault.Seal(string(history.Difficulty), owner(s.snapshot, h.pseudonym), plain); err != nil {
		return h, err
	}
	s.held[p.Graduate] = h
	return h, nil
}

// open turns kept rows back into what was hashed, but for the difficulty of
// those whose envelope does not open: their pseudonyms are returned.
func (s *Service) open(snapshot string, rows []Row) (people []indicator.PersonRow, broken []string) {
	people = asPeople(rows)
	for i := range rows {
		plain, err := s.Vault.Open(string(history.Difficulty), owner(snapshot, rows[i].Pseudonym), rows[i].Sealed)
		if err != nil {
			broken = append(broken, rows[i].Pseudonym)
			continue
		}
		people[i].Attrs[difficultyAt] = strings.TrimRight(string(plain), " ")
	}
	return people, broken
}

// asPeople returns the rows as they are counted, the difficulty still sealed.
func asPeople(rows []Row) []indicator.PersonRow {
	out := make([]indicator.PersonRow, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = indicator.PersonRow{Graduate: r.Pseudonym, Attrs: r.Attrs, Cell: r.Cell, Destination: r.Destination}
	}
	return out
}
