package indicator

import (
	"slices"
	"strings"
	"sync"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/history"
)

// maxCells is how many cells a definition may have.
const maxCells = 256

// cellSet is a set of cells: bit i is cell i of the definition.
type cellSet [maxCells / 64]uint64

func (s *cellSet) add(i int)     { s[i/64] |= 1 << (i % 64) }
func (s cellSet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// outside is the sign of a destination that the table's base does not hold.
const outside = -1

// signature is what of a destination a definition can tell apart.
type signature struct {
	cells  cellSet
	part   int            // the cell of parts that takes it; -1 if none does
	detail history.Detail // of those in the seeking cell
	code   string         // if no part takes it: the code to complain about
}

// seen is a destination as one definition looks at it: codes in the ministry's
// scheme, the employer as the query wants it, and blank what does not matter.
type seen struct {
	detail                                      history.Detail
	code, nature, hospitalLevel, industry, post string
	region, schoolTier                          string
}

// signer says what destinations mean under one definition.
type signer struct {
	def      *Definition
	book     *codes.Book
	contract bool
	asks     struct{ nature, level, region, tier bool } // fields that some cell hangs on
}

func newSigner(p *plan) *signer {
	s := &signer{def: &p.def, book: p.env.Book, contract: p.query.Contract}
	for _, c := range p.def.Cells {
		s.asks.nature = s.asks.nature || len(c.Natures) > 0 || p.def.Each == "nature"
		s.asks.level = s.asks.level || len(c.HospitalLevels) > 0
		s.asks.region = s.asks.region || len(c.Prefixes) > 0
		s.asks.tier = s.asks.tier || len(c.SchoolTiers) > 0
	}
	return s
}

// sign classifies a destination; false if the base does not hold it.
func (s *signer) sign(d *seen) (signature, bool) {
	if s.def.WithEmployer && !s.hasEmployer(d) {
		return signature{}, false
	}
	sign := signature{part: -1}
	for i := range s.def.Cells {
		c := &s.def.Cells[i]
		part := slices.Contains(s.def.Parts, c.ID)
		if part && sign.part >= 0 || !(c.Rest || s.takes(c, d)) {
			continue
		}
		sign.cells.add(i)
		if part {
			sign.part = i
		}
	}
	if sign.part < 0 {
		sign.code = d.code
		return sign, true
	}
	for i := range s.def.Cells {
		if s.def.anyOf(s.def.Cells[i].Sum, sign.cells) {
			sign.cells.add(i)
		}
	}
	if s.def.Cells[sign.part].ID == seekingCell {
		sign.detail = d.detail
	}
	return sign, true
}

// seekingCell is the cell that seeking_detail splits.
const seekingCell = "seeking"

// cell returns the place of a cell by its id; -1 if there is none.
func (d *Definition) cell(id string) int {
	return slices.IndexFunc(d.Cells, func(c Cell) bool { return c.ID == id })
}

// anyOf reports that one of the cells named is in the set.
func (d *Definition) anyOf(ids []string, set cellSet) bool {
	return slices.ContainsFunc(ids, func(id string) bool {
		i := d.cell(id)
		return i >= 0 && set.has(i)
	})
}

func (s *signer) hasEmployer(d *seen) bool {
	c, ok := s.book.Table("destination").Find(d.code)
	return ok && c.Class == "就业" && c.Is("employer")
}

// takes reports whether a destination fits all conditions that the cell names;
// a cell that names none takes nobody.
func (s *signer) takes(c *Cell, d *seen) bool {
	if d.detail != history.Registered {
		return c.Unregistered
	}
	named := false
	for _, cond := range []struct {
		named bool
		fits  func() bool
	}{
		{len(c.Codes) > 0, func() bool { return s.under("destination", c.Codes, d.code) }},
		{len(c.HospitalLevels) > 0, func() bool { return s.under("hospital_level", c.HospitalLevels, d.hospitalLevel) }},
		{len(c.Natures) > 0, func() bool { return s.under("nature", c.Natures, d.nature) }},
		{len(c.SchoolTiers) > 0, func() bool { return slices.Contains(c.SchoolTiers, d.schoolTier) }},
		{len(c.Values) > 0, func() bool { return slices.Contains(c.Values, d.value(s.def.Each)) }},
		{len(c.Prefixes) > 0, func() bool { return hasPrefix(c.Prefixes, d.region) }},
	} {
		if !cond.named {
			continue
		}
		if !cond.fits() {
			return false
		}
		named = true
	}
	return named
}

// under reports that the code, or a code above it, is named: by itself, as a
// family (27x) or in a range (31-39).
func (s *signer) under(table string, named []string, code string) bool {
	t := s.book.Table(table)
	for code != "" {
		if slices.ContainsFunc(named, func(n string) bool {
			if from, to, isRange := strings.Cut(n, "-"); isRange && len(from) == len(to) && len(code) == len(from) {
				return from <= code && code <= to
			}
			return code == strings.TrimSuffix(n, "x")
		}) {
			return true
		}
		c, _ := t.Find(code)
		code = c.Parent
	}
	return false
}

func hasPrefix(list []string, code string) bool {
	return code != "" && slices.ContainsFunc(list, func(p string) bool { return strings.HasPrefix(code, p) })
}

// value of the field that a table with one cell a code is about.
func (d *seen) value(each string) string {
	switch each {
	case "nature":
		return d.nature
	case "industry":
		return d.industry
	case "post":
		return d.post
	}
	return ""
}

// look reads a destination and blanks what the definition does not ask for, so
// that the many destinations that it cannot tell apart are classified once.
func (s *signer) look(d *history.Destination) seen {
	out := seen{detail: d.Detail}
	if d.Detail != history.Registered {
		return out
	}
	out.code = d.Code
	if c, ok := s.book.Resolve("destination", d.Scheme, d.Code); ok {
		out.code = c.Code
		if as := c.Fields["counts_as"]; as != "" { // 77 counts where 12 does
			out.code = as
		}
	}
	v := placeValues(d)
	nature, level := v[placeNature], v[placeHospitalLevel]
	if s.contract {
		nature, level = v[contractNature], v[contractHospitalLevel]
	}
	for _, f := range []struct {
		asked bool
		to    *string
		value string
	}{
		{s.asks.nature, &out.nature, nature},
		{s.asks.level, &out.hospitalLevel, level},
		{s.def.Each == "industry", &out.industry, d.Counts.Industry},
		{s.def.Each == "post", &out.post, d.Counts.Post},
		{s.asks.region, &out.region, d.Counts.Region},
		{s.asks.tier, &out.schoolTier, d.Counts.SchoolTier},
	} {
		if f.asked {
			*f.to = f.value
		}
	}
	return out
}

// signing is what all places mean under one definition.
type signing struct {
	signs []signature
	of    []int32 // place → sign, or outside
}

// signings keeps what places mean, so that a warm question classifies nothing.
type signings struct {
	mu   sync.Mutex
	held map[signingKey]*heldSigning
}

type signingKey struct {
	definition string
	book       *codes.Book
	homeCity   string
	contract   bool
}

type heldSigning struct {
	signing
	byLook map[seen]int32
	bySign map[signature]int32
}

// maxSignings bounds what is kept: each edit of the codes makes a new book.
const maxSignings = 64

// signing returns what the places mean for the plan. The caller holds c.mu.
func (c *Columns) signing(p *plan) signing {
	key := signingKey{p.def.ID, p.env.Book, p.env.School.HomeCity, p.query.Contract}
	c.signings.mu.Lock()
	defer c.signings.mu.Unlock()
	h := c.signings.held[key]
	if h == nil {
		if c.signings.held == nil || len(c.signings.held) >= maxSignings {
			c.signings.held = map[signingKey]*heldSigning{}
		}
		h = &heldSigning{byLook: map[seen]int32{}, bySign: map[signature]int32{}}
		c.signings.held[key] = h
	}
	s := newSigner(p)
	for i := len(h.of); i < len(c.places.list); i++ {
		look := s.look(&c.places.list[i])
		n, ok := h.byLook[look]
		if !ok {
			n = h.number(s.sign(&look))
			h.byLook[look] = n
		}
		h.of = append(h.of, n)
	}
	return h.signing
}

func (h *heldSigning) number(s signature, inBase bool) int32 {
	if !inBase {
		return outside
	}
	n, ok := h.bySign[s]
	if !ok {
		n = int32(len(h.signs))
		h.signs = append(h.signs, s)
		h.bySign[s] = n
	}
	return n
}
