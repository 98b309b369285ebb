package demo

import (
	"strings"
	"testing"

	"quxiang/internal/domain/codes"
)

// TestNobodyReal: no number of a person can be one that was given out, and no
// two people share one; each has the right form.
func TestNobodyReal(t *testing.T) {
	s := small(t, 1000, 5)
	seen := map[string]bool{}
	s.everybody(func(p *teller) {
		id := codes.CheckIDNumber(p.Secret["id_number"])
		if id.Grade != codes.Warning || id.Region[:2] != "98" {
			t.Errorf("%s: the check says %q of the prefix %s", p.Secret["id_number"], id.Grade, id.Region)
		}
		if string(id.Birthday) != p.Profile["birthday"] || id.Sex != p.sex {
			t.Errorf("%s: born %s, sex %s", p.Secret["id_number"], p.Profile["birthday"], p.sex)
		}
		if tel := p.Secret["phone"]; len(tel) != 11 || !strings.HasPrefix(tel, "100") {
			t.Errorf("phone %s", tel)
		}
		if !strings.HasSuffix(p.Secret["email"], "@example.com") {
			t.Errorf("email %s", p.Secret["email"])
		}
		for _, v := range []string{p.ID, p.StudentNo, p.Secret["id_number"], p.Secret["phone"]} {
			if seen[v] {
				t.Errorf("%s twice", v)
			}
			seen[v] = true
		}
		for _, e := range p.events {
			if tel := e.Fields["contact_mobile"]; tel != "" && !strings.HasPrefix(tel, "101") {
				t.Errorf("employer's phone %s", tel)
			}
			for _, field := range []string{"credit_code", "contract_code"} {
				if c := e.Fields[field]; c != "" {
					notIssued(t, c)
				}
			}
		}
	})
	for _, w := range s.market.places {
		if w.CreditCode != "" {
			notIssued(t, w.CreditCode)
		}
	}
}

// notIssued: the credit code has the right form, and an authority that there is not.
func notIssued(t *testing.T, code string) {
	t.Helper()
	if f := codes.CheckCreditCode(code); f.Grade != codes.Fine {
		t.Errorf("%s: %s", code, f.Message)
	}
	if strings.Contains("123456789ANY", code[:1]) {
		t.Errorf("%s: an authority has that sign", code)
	}
}

// TestIDNumbersOfMany: the walk through the combinations meets none twice among
// as many people as the largest school has.
func TestIDNumbersOfMany(t *testing.T) {
	seen := make([]bool, prefixes*yearDays*sequences)
	for n := range uint64(5_000_000) {
		at := n * stride % uint64(len(seen))
		if seen[at] {
			t.Fatalf("person %d has the combination of another", n)
		}
		seen[at] = true
	}
}

// TestNothingReal: the school, its city, the employers and the universities bear
// no name or code that the official tables have.
func TestNothingReal(t *testing.T) {
	s := small(t, Size, 5)
	for _, table := range []string{"region", "institution"} {
		official := codes.Builtin().Table(table)
		for _, c := range localCodes() {
			if c.Scheme != official.Scheme {
				continue
			}
			if row, ok := official.Find(c.Code); ok {
				t.Errorf("%s is %s", c.Code, row.Name)
			}
			if row, ok := official.ByName(c.Name); ok {
				t.Errorf("%s is real: %s", c.Name, row.Code)
			}
		}
	}
	for _, c := range codes.Builtin().Table("institution").All() {
		for _, w := range s.market.places {
			if strings.HasPrefix(w.Name, c.Name) {
				t.Errorf("%s is called after %s", w.Name, c.Name)
			}
		}
	}
	for _, c := range codes.Builtin().Table("region").All() {
		for _, w := range s.market.places {
			if strings.HasPrefix(w.Name, c.Name) {
				t.Errorf("%s is in the real %s", w.Name, c.Name)
			}
		}
	}
}
