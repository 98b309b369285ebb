package privacy

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Sightings keeps whom an entry of the trail showed, when it is about several.
type Sightings interface {
	// MarkShown notes inside a transaction that its entry showed the graduates.
	MarkShown(ctx context.Context, graduates []string) error
	// ShownTo returns the entries that showed a graduate among others, newest first.
	ShownTo(ctx context.Context, graduate string, limit int) ([]audit.Entry, error)
	// ShownBy returns whom each of the entries showed.
	ShownBy(ctx context.Context, entries []string) (map[string][]string, error)
	// Entries returns what the audit trail says, the newest first, see audit.Reader.
	Entries(ctx context.Context, f audit.Filter, after audit.Key, limit int) ([]audit.Entry, error)
}

// ActionExported is written when an export with sensitive columns was taken: whom
// it held, beside the entry of the request itself.
const ActionExported = "people.exported"

// Showed writes down that the actor was shown several people at once, and whom: by
// a search (people.view), or in a file (ActionExported). detail may be nil.
func (s *Service) Showed(ctx context.Context, who access.Actor, action, subject string, graduates []string, detail map[string]string) error {
	said := map[string]string{"people": strconv.Itoa(len(graduates))}
	for k, v := range detail {
		said[k] = v
	}
	ids := slices.Clone(graduates)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.MarkShown(ctx, ids); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, action, subject, said)
	})
}

// Sighting is one time that somebody saw a graduate among others.
type Sighting struct {
	At      calendar.Instant
	Account string
	Action  string
	Subject string
	Detail  map[string]string
}

// SeenAmong returns when searches and exports showed the graduate, newest first,
// at most 200. Errors: fault.Forbidden, fault.NotFound for somebody else.
func (s *Service) SeenAmong(ctx context.Context, who access.Actor, graduate string) ([]Sighting, error) {
	if err := own(who, graduate); err != nil {
		return nil, err
	}
	list, err := s.Store.ShownTo(ctx, graduate, 200)
	var out []Sighting
	for i := range list {
		out = append(out, sightingOf(&list[i]))
	}
	return out, err
}

func sightingOf(e *audit.Entry) Sighting {
	x := Sighting{At: e.At, Account: e.Account, Action: e.Action, Subject: e.Subject, Detail: map[string]string{}}
	_ = json.Unmarshal([]byte(e.Detail), &x.Detail) // blank: nothing more is known
	return x
}

// Exposure is one person whom an account saw, or a list that it leafed through.
type Exposure struct {
	Graduate string // blank: a list, see List
	Sighting
	List string // how a list was narrowed, with how many people it held
}

// exposing are the actions by which an account sees people.
var exposing = []string{"people.", "evidence.view", "roster.export", "destination.export", "account.invite", "account.reissue"}

// Exposed returns whom an account saw from an instant to another, the newest first:
// what a breach is answered with (个人信息保护法 §57). It needs the right to read the
// trail. Errors: fault.Forbidden; fault.Invalid for instants in the wrong order.
func (s *Service) Exposed(ctx context.Context, who access.Actor, account string, from, to calendar.Instant) ([]Exposure, error) {
	if err := who.May(access.ReadAudit); err != nil {
		return nil, err
	}
	if to <= from {
		return nil, fault.Invalidf("to", "止时不晚于起时，请核对")
	}
	var out []Exposure
	for _, action := range exposing {
		f := audit.Filter{Account: account, Action: action, From: calendar.DayOf(from), To: calendar.DayOf(to)}
		for after := (audit.Key{}); ; {
			page, err := s.Store.Entries(ctx, f, after, audit.MostEntries)
			if err != nil {
				return nil, err
			}
			list, err := s.exposures(ctx, page, from, to)
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
			if len(page) < audit.MostEntries {
				break
			}
			after = audit.Key{At: page[len(page)-1].At, ID: page[len(page)-1].ID}
		}
	}
	slices.SortStableFunc(out, func(a, b Exposure) int { return int(b.At - a.At) })
	return out, nil
}

func (s *Service) exposures(ctx context.Context, page []audit.Entry, from, to calendar.Instant) (out []Exposure, err error) {
	var ids []string
	for i := range page {
		ids = append(ids, page[i].ID)
	}
	shown, err := s.Store.ShownBy(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range page {
		e := &page[i]
		if e.At < from || e.At > to {
			continue
		}
		x := sightingOf(e)
		switch people := shown[e.ID]; {
		case len(people) > 0:
			for _, g := range people {
				out = append(out, Exposure{Graduate: g, Sighting: x})
			}
		case strings.HasSuffix(e.Action, ".export"), x.Detail["people"] != "" && x.Detail["people"] != "1":
			out = append(out, Exposure{Sighting: x, List: e.Subject + "，" + x.Detail["people"] + " 人"})
		default:
			out = append(out, Exposure{Graduate: e.Subject, Sighting: x})
		}
	}
	return out, nil
}
