package roster

import (
	"context"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Sheet is what a graduate checks: the own data with what is under way.
type Sheet struct {
	Graduate Graduate // unsealed
	Units    []Unit   // of the school, to choose from
	Shower   Shower
	Open     map[string]Correction // by field, unsealed
	Past     []Correction          // decided ones, newest first, unsealed
	Check    SourceCheck
	Stands   bool   // Check still holds
	Until    string // the day that the school set; blank if none
}

// settingUntil is the day until which the school asks for the check (生源核对截止日).
const settingUntil = "source_check_until"

// longestNote of a graduate or of who decides, in signs.
const longestNote = 200

// Sheet returns the own data of a graduate. Errors: fault.Forbidden;
// fault.NotFound for somebody else's.
func (s *Service) Sheet(ctx context.Context, who access.Actor, graduate string) (Sheet, error) {
	g, err := s.own(ctx, who, graduate)
	if err != nil {
		return Sheet{}, err
	}
	units, err := s.Store.Units(ctx)
	if err != nil {
		return Sheet{}, err
	}
	out := Sheet{Graduate: g, Units: units, Shower: NewShower(s.Book(), units), Open: map[string]Correction{}}
	all, err := s.Store.CorrectionsOf(ctx, graduate)
	if err != nil {
		return Sheet{}, err
	}
	for _, c := range all {
		if err := c.Unseal(s.Vault); err != nil {
			return Sheet{}, err
		}
		switch c.State {
		case Asked:
			out.Open[c.Field] = c
		case Accepted, Rejected:
			out.Past = append(out.Past, c)
		}
	}
	if out.Check, err = s.Store.SourceCheck(ctx, graduate); err != nil {
		return Sheet{}, err
	}
	out.Stands = out.Check.Stands(&g)
	out.Until, err = s.Store.Setting(ctx, settingUntil)
	return out, err
}

// own reads the graduate whose data the actor may correct. The scope is
// themselves, so that nobody else's are there.
func (s *Service) own(ctx context.Context, who access.Actor, graduate string) (Graduate, error) {
	if err := who.May(access.CorrectOwn); err != nil {
		return Graduate{}, err
	}
	return s.one(ctx, who.Within(access.CorrectOwn), graduate)
}

// one reads a graduate of the scope, unsealed.
func (s *Service) one(ctx context.Context, within access.Scope, graduate string) (Graduate, error) {
	list, err := s.Store.GraduatesByID(ctx, within, []string{graduate})
	if err != nil {
		return Graduate{}, err
	}
	if len(list) == 0 {
		return Graduate{}, fault.NotFoundf("graduate", "没有这位毕业生，或不在负责的范围内")
	}
	return list[0], list[0].Unseal(s.Vault)
}

// Correct changes a field that is the graduate's own, at once: a phone, an
// address. The value is read as an import reads it; blank empties where that may
// be. Correcting to what is there already is doing nothing.
//
// Errors: fault.Forbidden, fault.NotFound, fault.Invalid with the field;
// fault.Conflict when somebody changed the same graduate meanwhile.
func (s *Service) Correct(ctx context.Context, who access.Actor, graduate, field, value string) error {
	g, err := s.own(ctx, who, graduate)
	if err != nil {
		return err
	}
	f, ok := FindCheckField(field)
	if !ok || f.By != Own {
		return fault.Invalidf(field, "“%s”不能直接改，请点“不对”提出更正", f.Title())
	}
	kept, err := s.read(ctx, f, &g, value)
	if err != nil || kept == g.Value(field) {
		return err
	}
	c := Correction{ID: s.NewID(), Graduate: g.ID, Field: field, State: ByOneself, Asked: s.Now(), AskedBy: who.Account,
		Decided: s.Now(), Decider: who.Account}
	check, err := s.Store.SourceCheck(ctx, g.ID)
	if err != nil {
		return err
	}
	stood := check.Stands(&g)
	g.Put(field, kept)
	if err := g.Seal(s.Vault); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveProfile(ctx, g); err != nil {
			return err
		}
		if err := s.Store.AddCorrection(ctx, c); err != nil {
			return err
		}
		if stood { // their own word does not undo their own word
			check.Rev = g.Rev + 1
			if err := s.Store.SaveSourceCheck(ctx, check); err != nil {
				return err
			}
		}
		return s.Audit.Write(ctx, who, "roster.correct", g.ID, map[string]string{"field": field})
	})
}

// read turns what was typed into the form that is kept and says what is wrong with it.
func (s *Service) read(ctx context.Context, f CheckField, g *Graduate, typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		if f.Needed {
			return "", fault.Invalidf(f.ID, "请填写正确的%s", f.Title())
		}
		return "", nil
	}
	if f.Unit() {
		return typed, s.offers(ctx, f, g, typed)
	}
	kept, err := exchange.Value(s.Book(), exchange.Person, f.ID, typed)
	switch {
	case err != nil:
		return "", err
	case kept == "":
		return "", fault.Invalidf(f.ID, "请填写正确的%s", f.Title())
	case f.ID == "id_number" && residentPaper(g.Profile["id_kind"]):
		switch found := codes.CheckIDNumber(kept); found.Grade {
		case codes.Malformed:
			return "", fault.Invalidf(f.ID, "%s", found.Message)
		case codes.Overridable:
			return "", fault.Invalidf(f.ID, "身份证号的末位校验码不对，多半是抄错一位，请对着证件再看一遍")
		}
	case f.ID == "phone" && !exchange.Mobile(kept) && !strings.HasPrefix(kept, "+"):
		return "", fault.Invalidf(f.ID, "手机号码应为 1 开头的 11 位数字；境外号码请从 + 和国家代码写起")
	case f.ID == "email" && !looksLikeMail(kept):
		return "", fault.Invalidf(f.ID, "电子邮箱应像 name@example.com，请检查有没有漏写 @ 或网址")
	}
	return kept, nil
}

// looksLikeMail takes whatever can be an address and refuses what cannot.
func looksLikeMail(s string) bool {
	name, domain, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(domain, ".") && !strings.ContainsAny(s, " ，,;；") && len(s) <= 254
}

// offers refuses a unit that is not of the kind, or a class of another cohort.
func (s *Service) offers(ctx context.Context, f CheckField, g *Graduate, id string) error {
	units, err := s.Store.Units(ctx)
	if err != nil {
		return err
	}
	for _, u := range units {
		if u.ID == id && string(u.Kind) == f.ID && (u.Kind != Class || u.Cohort == g.Attrs.Value(history.Cohort)) {
			return nil
		}
	}
	return fault.Invalidf(f.ID, "请从列出的%s里选一个", f.Title())
}

// Ask says that a field is wrong and what it should say; the college or the
// registry decides. Asking again replaces; asking the same again is asking once.
//
// Errors: fault.Forbidden, fault.NotFound; fault.Invalid with the field, also for
// a value that is there already; fault.Conflict for somebody off the roster.
func (s *Service) Ask(ctx context.Context, who access.Actor, graduate, field, value, note string) error {
	g, err := s.own(ctx, who, graduate)
	if err != nil {
		return err
	}
	f, ok := FindCheckField(field)
	if !ok || f.By == Own {
		return fault.Invalidf(field, "没有“%s”这一项可提更正，请从核对页面进入", field)
	}
	if g.Attrs.Value(history.Left) == history.True {
		return fault.Conflictf("", "你已不在本届名单中，资料由学院核对，请联系学院")
	}
	note = strings.TrimSpace(note)
	if utf8.RuneCountInString(note) > longestNote {
		return fault.Invalidf("note", "说明请写在 %d 个字以内", longestNote)
	}
	if !f.Secret() { // that of a secret field lies sealed with it
		if err := codes.NoNumbers("note", note); err != nil {
			return err
		}
	}
	kept, err := s.read(ctx, f, &g, value)
	if err != nil {
		return err
	}
	if kept == g.Kept(field) {
		return fault.Invalidf(field, "和现在的一样，不用改；要撤回已提的更正，请点“改回”")
	}
	open, err := s.open(ctx, g.ID, field)
	if err != nil || open != nil && open.Value == kept && open.Note == note {
		return err
	}
	c := Correction{ID: s.NewID(), Graduate: g.ID, Field: field, Before: g.Kept(field), Value: kept, Note: note, State: Asked,
		Asked: s.Now(), AskedBy: who.Account}
	if err := c.Seal(s.Vault); err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if open != nil {
			if err := s.end(ctx, who, *open, Replaced, ""); err != nil {
				return err
			}
		}
		if err := s.Store.AddCorrection(ctx, c); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "roster.correction.ask", g.ID, map[string]string{"field": field, "correction": c.ID})
	})
}

// open returns the open correction of the field, unsealed; nil if there is none.
func (s *Service) open(ctx context.Context, graduate, field string) (*Correction, error) {
	all, err := s.Store.CorrectionsOf(ctx, graduate)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].State == Asked && all[i].Field == field {
			return &all[i], all[i].Unseal(s.Vault)
		}
	}
	return nil, nil
}

// end closes an open correction inside a transaction.
func (s *Service) end(ctx context.Context, who access.Actor, c Correction, state CorrectionState, reason string) error {
	c.State, c.Decided, c.Decider, c.Reason = state, s.Now(), who.Account, reason
	return s.Store.EndCorrection(ctx, c)
}

// TakeBack withdraws the open correction of a field (改回). Without one it does nothing.
func (s *Service) TakeBack(ctx context.Context, who access.Actor, graduate, field string) error {
	if _, err := s.own(ctx, who, graduate); err != nil {
		return err
	}
	open, err := s.open(ctx, graduate, field)
	if err != nil || open == nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.end(ctx, who, *open, TakenBack, ""); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "roster.correction.take_back", graduate, map[string]string{"field": field, "correction": open.ID})
	})
}

// Confirm notes the graduate's word that all but what they asked to correct is
// right (其余都对). Confirming what stands already is confirming once.
func (s *Service) Confirm(ctx context.Context, who access.Actor, graduate string) error {
	g, err := s.own(ctx, who, graduate)
	if err != nil {
		return err
	}
	check, err := s.Store.SourceCheck(ctx, graduate)
	if err != nil || check.Stands(&g) {
		return err
	}
	check = SourceCheck{Graduate: g.ID, At: s.Now(), Rev: g.Rev, Basis: basisOf(g.Attrs)}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveSourceCheck(ctx, check); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "roster.confirm", g.ID, nil)
	})
}

// dayOr returns the day, refusing what is none; blank stays blank.
func dayOr(day calendar.Day) error {
	if day == "" {
		return nil
	}
	if _, err := calendar.ParseDay(string(day)); err != nil {
		return fault.Invalidf("day", "起始日“%s”读不出来，请写成 2024-06-30 的样子", day)
	}
	return nil
}
