package destination

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// SavedDraft is a form as somebody left it (草稿): no event, nobody's word, never
// counted. It outlives a dead battery and goes when the form is sent.
type SavedDraft struct {
	Graduate string
	Account  string            // whose draft it is
	About    string            // change that is submitted again, or case that is amended; blank: a new case
	Code     string            // 毕业去向类别代码; blank: not chosen
	Values   map[string]string // as typed, right or wrong, by field of the form
	Evidence []history.Evidence
	At       calendar.Instant // when it was saved
	Sealed   string           // what lies in the store; blank once opened
}

// maxDraft is how many bytes a draft may have: forms have no longer texts.
const maxDraft = 64 << 10

// draftContent is what of a draft is sealed.
type draftContent struct {
	Code     string             `json:"code,omitempty"`
	Values   map[string]string  `json:"values,omitempty"`
	Evidence []history.Evidence `json:"evidence,omitempty"`
}

// SaveDraft keeps what the actor typed about the graduate: their own form, or one
// that staff fill in for them. It returns when it was saved. The trail says that
// a draft was begun, not each time that it is saved.
func (s *Service) SaveDraft(ctx context.Context, who access.Actor, d SavedDraft) (calendar.Instant, error) {
	p, err := formRight(who)
	if err != nil {
		return 0, err
	}
	list, err := s.dossiers(ctx, who.Within(p), []string{d.Graduate})
	if err != nil {
		return 0, err
	}
	// One a change and case: nobody fills the store with drafts about nothing, or the
	// trail with words of their own.
	if f := list[0].fold; d.About != "" && f.Change(d.About) == nil && f.Case(d.About) == nil {
		return 0, fault.NotFoundf("about", "没有找到这项登记，请刷新后再填")
	}
	before, err := s.openDrafts(ctx, who, p, d.Graduate)
	if err != nil {
		return 0, err
	}
	plain, err := json.Marshal(draftContent{d.Code, d.Values, d.Evidence})
	if err != nil {
		return 0, err
	}
	if len(plain) > maxDraft {
		return 0, fault.Invalidf("", "填写的内容太长，请删减后再保存")
	}
	d.Account, d.At = who.Account, s.Now()
	if d.Sealed, err = s.Vault.Seal("draft", d.Graduate, plain); err != nil {
		return 0, err
	}
	begun := slices.ContainsFunc(before, func(x SavedDraft) bool { return x.About == d.About })
	return d.At, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveDraft(ctx, d); err != nil || begun {
			return err
		}
		return s.Audit.Write(ctx, who, "destination.draft.begin", d.Graduate, map[string]string{"about": d.About})
	})
}

// Drafts returns the actor's own drafts about the graduate, newest first.
func (s *Service) Drafts(ctx context.Context, who access.Actor, graduate string) ([]SavedDraft, error) {
	p, err := formRight(who)
	if err != nil {
		return nil, err
	}
	if _, err := s.dossiers(ctx, who.Within(p), []string{graduate}); err != nil {
		return nil, err
	}
	return s.openDrafts(ctx, who, p, graduate)
}

func (s *Service) openDrafts(ctx context.Context, who access.Actor, p access.Permission, graduate string) ([]SavedDraft, error) {
	list, err := s.Store.Drafts(ctx, who.Within(p), graduate, who.Account)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := list[i].open(s.Vault); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// DraftAbout returns the actor's draft about one change or case; false if there is none.
func (s *Service) DraftAbout(ctx context.Context, who access.Actor, graduate, about string) (SavedDraft, bool, error) {
	list, err := s.Drafts(ctx, who, graduate)
	i := slices.IndexFunc(list, func(d SavedDraft) bool { return d.About == about })
	if err != nil || i < 0 {
		return SavedDraft{}, false, err
	}
	return list[i], true, nil
}

// DropDraft forgets a draft of the actor. Dropping none is no error.
func (s *Service) DropDraft(ctx context.Context, who access.Actor, graduate, about string) error {
	_, ok, err := s.DraftAbout(ctx, who, graduate, about)
	if err != nil || !ok {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.DropDraft(ctx, graduate, who.Account, about); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "destination.draft.drop", graduate, map[string]string{"about": about})
	})
}

// formRight is the right by which an actor fills in forms: the own one, or for
// graduates in their care.
func formRight(who access.Actor) (access.Permission, error) {
	if who.May(access.RegisterOwn) == nil {
		return access.RegisterOwn, nil
	}
	return access.ProposeCase, who.May(access.ProposeCase)
}

func (d *SavedDraft) open(v history.Vault) error {
	plain, err := v.Open("draft", d.Graduate, d.Sealed)
	if err != nil {
		return fmt.Errorf("draft of %s: %w", d.Graduate, err)
	}
	var c draftContent
	if err := json.Unmarshal(plain, &c); err != nil {
		return fmt.Errorf("draft of %s: %w", d.Graduate, err)
	}
	d.Code, d.Values, d.Evidence, d.Sealed = c.Code, c.Values, c.Evidence, ""
	return nil
}
