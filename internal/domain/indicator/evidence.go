package indicator

import (
	"sync"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Proof is the strongest fact that stands behind a case (凭据).
type Proof string

// The kinds of proof.
const (
	ProofNational Proof = "national" // 国家来源核对: recorded from a national system
	ProofEmployer Proof = "employer" // 单位已确认
	ProofSeen     Proof = "seen"     // 已看到材料
	ProofDeclared Proof = "declared" // 本人已登记: the graduate submitted it
	ProofImported Proof = "imported" // 只有学校导入
)

// Proofs lists the kinds from strong to weak.
var Proofs = []Proof{ProofNational, ProofEmployer, ProofSeen, ProofDeclared, ProofImported}

// proofTitles are the kinds as people read them.
var proofTitles = map[Proof]string{ProofNational: "国家来源核对", ProofEmployer: "单位已确认", ProofSeen: "已看到材料",
	ProofDeclared: "本人已登记", ProofImported: "只有学校导入"}

// Title is what people read; blank for what is no kind of proof.
func (p Proof) Title() string { return proofTitles[p] }

// Evidence are the people of one cell by the strongest fact behind each. Facts
// are for the inside: they say how firm a figure is, and are no part of it.
type Evidence struct {
	N  int
	By []Figure // by Proofs, of base N; they add up to it
}

// Evidence sorts the people of a cell by what stood behind their case at the
// query's cut, as it was known then. Errors: as Count, and fault.Invalid for a
// cell that the table does not have.
func (c *Columns) Evidence(q Query, env Env, cell string) (Evidence, error) {
	p, err := prepare(q, env)
	if err != nil {
		return Evidence{}, err
	}
	at := p.def.cell(cell)
	if at < 0 {
		return Evidence{}, fault.Invalidf("cell", "统计表“%s”没有“%s”这一列", p.def.Title, cell)
	}
	bounds := p.bounds()
	out := Evidence{By: make([]Figure, len(Proofs))}
	var mu sync.Mutex
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.standing(p, func(batch []entry, of signing) {
		mu.Lock()
		defer mu.Unlock()
		for i := range batch {
			if e := &batch[i]; of.signs[of.of[e.place]].cells.has(at) {
				out.N++
				out.By[rank(c.factsAt(e.graduate, bounds[e.cohort]))].K++
			}
		}
	})
	for i := range out.By {
		out.By[i].Base = out.N
	}
	return out, nil
}

func (c *Columns) proofOf(g int32, b bound) Proof { return Proofs[rank(c.factsAt(g, b))] }

// factsAt reads what stood behind the case that ran. The caller holds c.mu.
func (c *Columns) factsAt(g int32, b bound) uint32 {
	bits, _ := c.proof.at(g, b)
	return bits
}

// Facts as bits, the stronger the lower.
const (
	factNational = 1 << iota
	factEmployer
	factSeen
	factDeclared
	factImported
)

func factBits(f *history.Facts) (bits uint32) {
	for i, so := range [...]bool{f.National, f.EmployerConfirmed, f.Seen, f.Declared, f.Imported} {
		if so {
			bits |= 1 << i
		}
	}
	return bits
}

// rank is the place in Proofs of the strongest fact.
func rank(bits uint32) int {
	switch {
	case bits&factNational != 0:
		return 0
	case bits&factEmployer != 0:
		return 1
	case bits&factSeen != 0:
		return 2
	case bits&factDeclared != 0:
		return 3
	}
	return 4
}
