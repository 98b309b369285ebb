package settings

import (
	"context"
	"fmt"
	"strconv"

	"quxiang/internal/domain/fault"
)

// Privacy is what a school decides about personal data, within what the law leaves.
type Privacy struct {
	EvidenceYears int // evidence is kept for so many years after graduation; at least 3
	AnswerDays    int // working days within which a request about personal data is answered
	ExportAlone   int // people that one person may export alone, without sensitive columns
}

// FewestEvidenceYears is how long evidence must be kept at the least.
const FewestEvidenceYears = 3

// DefaultPrivacy is what a school has that decided nothing.
func DefaultPrivacy() Privacy { return Privacy{EvidenceYears: 5, AnswerDays: 15, ExportAlone: 200} }

// fields are the numbers with their keys and bounds.
func (p *Privacy) fields() []privacyField {
	return []privacyField{
		{"evidence_years", &p.EvidenceYears, FewestEvidenceYears, 30, "佐证材料保存年限应为 3 到 30 年：规定至少保存三年"},
		{"answer_days", &p.AnswerDays, 1, 60, "答复期限应为 1 到 60 个工作日"},
		{"export_alone", &p.ExportAlone, 1, 100000, "一个人能直接导出的人数应为 1 到 100000"},
	}
}

type privacyField struct {
	key         string
	value       *int
	least, most int
	wrong       string
}

// orDefault puts the default where nothing was decided.
func (p Privacy) orDefault() Privacy {
	usual := DefaultPrivacy()
	from := usual.fields()
	for i, f := range p.fields() {
		if *f.value == 0 {
			*f.value = *from[i].value
		}
	}
	return p
}

func (p Privacy) check() error {
	for _, f := range p.fields() {
		if *f.value < f.least || *f.value > f.most {
			return fault.Invalidf(f.key, "%s", f.wrong)
		}
	}
	return nil
}

func (p Privacy) kept() (out [][2]string) {
	for _, f := range p.fields() {
		out = append(out, [2]string{f.key, strconv.Itoa(*f.value)})
	}
	return out
}

func (p Privacy) said() string {
	return fmt.Sprintf("%d/%d/%d", p.EvidenceYears, p.AnswerDays, p.ExportAlone)
}

func (s *Service) readPrivacy(ctx context.Context) (Privacy, error) {
	p := DefaultPrivacy()
	for _, f := range p.fields() {
		text, err := s.Store.Setting(ctx, f.key)
		if err != nil {
			return p, err
		}
		if text == "" {
			continue
		}
		if *f.value, err = strconv.Atoi(text); err != nil {
			return p, fmt.Errorf("setting %s: %w", f.key, err)
		}
	}
	return p, p.check()
}
