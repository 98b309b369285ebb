package audit

import (
	"context"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Filter says which entries are looked for; a blank field is no condition.
type Filter struct {
	Account string       // id
	Action  string       // such as destination.pass; with a dot at its end all that begin so
	Subject string       // id
	From    calendar.Day // first day
	To      calendar.Day // last day
}

// Key is an entry's place in a list: the list goes on behind it. Its zero value
// is before the newest entry.
type Key struct {
	At calendar.Instant
	ID string
}

// MostEntries is how many entries one page of a search has at most.
const MostEntries = 500

// Reader reads the trail.
type Reader interface {
	Log
	InTx(ctx context.Context, do func(context.Context) error) error
	// Entries returns up to limit entries behind the key, the newest first, without
	// their Items.
	Entries(ctx context.Context, f Filter, after Key, limit int) ([]Entry, error)
	// ChainEnd returns the newest entry that has a place in the chain; the zero
	// Entry before the first. Waiting is how many have none yet.
	ChainEnd(ctx context.Context) (newest Entry, waiting int, err error)
	// Settle chains the entries that still wait.
	Settle(ctx context.Context) error
	// HashAt returns the hash of the entry at a place of the chain; zero where there
	// is none.
	HashAt(ctx context.Context, n int64) ([32]byte, error)
	// SaveCheckpoint keeps a signed end of the chain.
	SaveCheckpoint(ctx context.Context, c Checkpoint) error
	// Checkpoints returns up to limit, the newest first, without origin and hash.
	Checkpoints(ctx context.Context, limit int) ([]Checkpoint, error)
	// CheckpointOfRelease returns the first one that holds the release of a snapshot.
	CheckpointOfRelease(ctx context.Context, snapshot string) (Checkpoint, error)
}

// Service holds the verbs of who reads the trail and signs its end. Every field is
// needed.
type Service struct {
	Store  Reader
	Notary Notary
	Now    func() calendar.Instant
}

// Search returns entries, the newest first, up to limit behind the key.
//
// Errors: fault.Forbidden; fault.Invalid for a day that is none.
func (s *Service) Search(ctx context.Context, who access.Actor, f Filter, after Key, limit int) ([]Entry, error) {
	if err := who.May(access.ReadAudit); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	return s.Store.Entries(ctx, f, after, min(max(limit, 1), MostEntries))
}

// State is how far the trail is chained.
type State struct {
	Newest  Entry // of the chain
	Waiting int   // entries without a place yet
	Checked Entry // the last check of the whole chain; the zero Entry: never from a command
}

// ActionChecked is written when somebody had the chain checked (quxiang verify).
const ActionChecked = "audit.verify"

// State returns how far the trail is chained. Error: fault.Forbidden.
func (s *Service) State(ctx context.Context, who access.Actor) (out State, err error) {
	if err := who.May(access.ReadAudit); err != nil {
		return out, err
	}
	if out.Newest, out.Waiting, err = s.Store.ChainEnd(ctx); err != nil {
		return out, err
	}
	checked, err := s.Store.Entries(ctx, Filter{Action: ActionChecked}, Key{}, 1)
	if len(checked) > 0 {
		out.Checked = checked[0]
	}
	return out, err
}

// Export calls do with every entry of the filter, the newest first, and writes
// down that they left the house. Errors: as Search, and do's own.
func (s *Service) Export(ctx context.Context, who access.Actor, f Filter, do func(Entry) error) error {
	if err := who.May(access.ReadAudit); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	if err := s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Store.Write(ctx, who, "audit.export", "", f.detail())
	}); err != nil {
		return err
	}
	for after := (Key{}); ; {
		page, err := s.Store.Entries(ctx, f, after, MostEntries)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := do(e); err != nil {
				return err
			}
		}
		if len(page) < MostEntries {
			return nil
		}
		last := page[len(page)-1]
		after = Key{last.At, last.ID}
	}
}

func (f *Filter) check() error {
	for _, d := range []struct {
		field string
		day   calendar.Day
	}{{"from", f.From}, {"to", f.To}} {
		if d.day == "" {
			continue
		}
		if _, err := calendar.ParseDay(string(d.day)); err != nil {
			return fault.Invalidf(d.field, "日期“%s”读不出来，请写成 2024-08-31 的样子", d.day)
		}
	}
	if f.From != "" && f.To != "" && f.To < f.From {
		return fault.Invalidf("to", "止日 %s 早于起日 %s，请核对", f.To, f.From)
	}
	return nil
}

func (f *Filter) detail() map[string]string {
	out := map[string]string{}
	for k, v := range map[string]string{"account": f.Account, "action": f.Action, "subject": f.Subject, "from": string(f.From), "to": string(f.To)} {
		if v != "" {
			out[k] = v
		}
	}
	return out
}

// Group reports that the action stands for all that begin so, and returns what
// they begin with.
func (f *Filter) Group() (prefix string, ok bool) {
	return f.Action, strings.HasSuffix(f.Action, ".")
}
