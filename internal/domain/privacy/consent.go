package privacy

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
)

// Choice is one time that a graduate agreed to a purpose or took it back. Choices
// are only ever added.
type Choice struct {
	ID       string
	Graduate string
	Purpose  string
	Version  string // of the words
	Given    bool
	At       calendar.Instant
	Account  string
}

// Standing is a purpose that needs consent, with what a graduate says to it now.
type Standing struct {
	Purpose Purpose
	Given   bool
	Since   calendar.Instant // of the newest choice; 0: none was made
	Lapsed  bool             // agreed to older words: counts as not given
	Past    []Choice         // newest first
}

// Choices keeps what graduates chose.
type Choices interface {
	// AddChoice keeps a new one.
	AddChoice(ctx context.Context, c Choice) error
	// ChoicesOf returns those of a graduate, newest first.
	ChoicesOf(ctx context.Context, graduate string) ([]Choice, error)
	// NewestChoices returns the newest choice about the purpose of each of the
	// graduates who made one.
	NewestChoices(ctx context.Context, purpose string, graduates []string) ([]Choice, error)
}

// Store is what the verbs need kept.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// Await lets one transaction on at a time, of those that name the same, until it
	// is over.
	Await(ctx context.Context, what string) error
	Choices
	Requests
	Sightings
}

// Service holds the verbs. Every field is needed.
type Service struct {
	Store Store
	Audit audit.Log
	Vault history.Vault
	NewID ident.Source
	Now   func() calendar.Instant
	// AnswerDays is within how many working days a request is answered.
	AnswerDays func() int
}

// own refuses whoever is not the graduate.
func own(who access.Actor, graduate string) error {
	if err := who.May(access.CorrectOwn); err != nil {
		return err
	}
	if graduate == "" || !who.Within(access.CorrectOwn).Holds(graduate, "", "") {
		return fault.NotFoundf("", "这个账号没有对应的毕业生，请联系就业中心")
	}
	return nil
}

// Consents returns what the graduate says to each purpose that needs consent. Not
// asked, not answered and taken back are all the same: not given.
// Errors: fault.Forbidden, fault.NotFound for somebody else.
func (s *Service) Consents(ctx context.Context, who access.Actor, graduate string) ([]Standing, error) {
	if err := own(who, graduate); err != nil {
		return nil, err
	}
	all, err := s.Store.ChoicesOf(ctx, graduate)
	return standings(all), err
}

func standings(all []Choice) (out []Standing) {
	for _, p := range Optional() {
		x := Standing{Purpose: p}
		for _, c := range all {
			if c.Purpose == p.ID {
				x.Past = append(x.Past, c)
			}
		}
		if len(x.Past) > 0 {
			newest := x.Past[0]
			x.Given, x.Since = holds(newest), newest.At
			x.Lapsed = newest.Given && !x.Given
		}
		out = append(out, x)
	}
	return out
}

// holds reports that the choice is consent to the words in force.
func holds(c Choice) bool { return c.Given && c.Version == WordsVersion }

// Choose notes that the graduate agrees to a purpose, or takes it back: both are
// one tap on one page. Choosing what holds already is doing nothing.
//
// Errors: fault.Forbidden; fault.NotFound for somebody else's; fault.Invalid for a
// purpose that needs no consent.
func (s *Service) Choose(ctx context.Context, who access.Actor, graduate, purpose string, given bool) error {
	if err := own(who, graduate); err != nil {
		return err
	}
	if p, ok := PurposeByID(purpose); !ok || p.Basis != Consent {
		return fault.Invalidf("purpose", "没有这一项可选，请从“同意与撤回”页面进入")
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		now, err := s.Store.NewestChoices(ctx, purpose, []string{graduate})
		if err != nil {
			return err
		}
		if holding := len(now) > 0 && holds(now[0]); holding == given && (given || len(now) > 0 && !now[0].Given) {
			return nil
		}
		c := Choice{ID: s.NewID(), Graduate: graduate, Purpose: purpose, Version: WordsVersion, Given: given, At: s.Now(), Account: who.Account}
		if err := s.Store.AddChoice(ctx, c); err != nil {
			return err
		}
		action := "privacy.consent"
		if !given {
			action = "privacy.withdraw"
		}
		return s.Audit.Write(ctx, who, action, graduate, map[string]string{"purpose": purpose, "version": c.Version})
	})
}

// Agreed returns which of the graduates agree to the purpose now. Whatever hands
// data on by consent asks this first, every time: a withdrawal holds at once.
func (s *Service) Agreed(ctx context.Context, purpose string, graduates []string) (map[string]bool, error) {
	out := map[string]bool{}
	list, err := s.Store.NewestChoices(ctx, purpose, graduates)
	for _, c := range list {
		if holds(c) {
			out[c.Graduate] = true
		}
	}
	return out, err
}
