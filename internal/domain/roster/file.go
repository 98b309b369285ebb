package roster

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// File is one graduate as staff see them: identity and contacts masked.
type File struct {
	Graduate Graduate // without secrets
	Masked   map[string]string
	Shower   Shower
	Events   []history.Event // sealed payloads stay sealed
	Check    SourceCheck
	Stands   bool // Check still holds
	Open     int  // corrections that wait
}

// File reads a graduate within the actor's scope. That it was opened is written
// down by access.Service.Opened. Errors: fault.Forbidden, fault.NotFound.
func (s *Service) File(ctx context.Context, who access.Actor, graduate string) (File, error) {
	if err := who.May(access.ViewPeople); err != nil {
		return File{}, err
	}
	within := who.Within(access.ViewPeople)
	g, err := s.one(ctx, within, graduate)
	if err != nil {
		return File{}, err
	}
	units, err := s.Store.Units(ctx)
	if err != nil {
		return File{}, err
	}
	out := File{Shower: NewShower(s.Book(), units), Masked: map[string]string{}}
	for _, field := range SecretFields {
		if v := g.Secret[field]; v != "" {
			out.Masked[field] = out.Shower.Masked(field, v)
		}
	}
	all, err := s.Store.Histories(ctx, within, []string{graduate})
	if err != nil {
		return File{}, err
	}
	out.Events = all[graduate]
	if out.Check, err = s.Store.SourceCheck(ctx, graduate); err != nil {
		return File{}, err
	}
	out.Stands = out.Check.Stands(&g)
	corrections, err := s.Store.CorrectionsOf(ctx, graduate)
	for _, c := range corrections {
		if c.State == Asked {
			out.Open++
		}
	}
	g.Secret, g.Sealed, g.IDIndex, g.PhoneIndex = nil, "", "", ""
	out.Graduate = g
	return out, err
}

// ActionReveal is written when somebody looked at a value that is masked.
const ActionReveal = "people.reveal"

// RevealReasons are why one looks at somebody's number, as lists offer them.
var RevealReasons = []string{"联系本人", "核实去向", "核实单位", "核对证件", "办理手续"}

// MayReveal returns the permission that shows a masked field; blank for a field
// that nobody may be shown.
func MayReveal(field string) access.Permission {
	switch {
	case field == "id_number":
		return access.RevealIdentity
	case slices.Contains(SecretFields, field):
		return access.RevealContact
	}
	return ""
}

// Reveal returns a masked value of a graduate in full, after who looked and why
// was written down; the graduate sees that too. A console is nobody to show it to.
//
// Errors: fault.Forbidden, fault.NotFound; fault.Invalid without a reason.
func (s *Service) Reveal(ctx context.Context, who access.Actor, graduate, field, reason string) (string, error) {
	p := MayReveal(field)
	if p == "" || !who.Person() {
		return "", fault.Forbiddenf("", "这一项不能显示")
	}
	if err := who.May(p); err != nil {
		return "", err
	}
	reason = strings.TrimSpace(reason)
	switch n := utf8.RuneCountInString(reason); {
	case n < 2:
		return "", fault.Invalidf("reason", "请选或写明为什么要看，本人看得到")
	case n > longestNote:
		return "", fault.Invalidf("reason", "理由请写在 %d 个字以内", longestNote)
	}
	if err := codes.NoNumbers("reason", reason); err != nil {
		return "", err
	}
	g, err := s.one(ctx, who.Within(p), graduate)
	if err != nil {
		return "", err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, ActionReveal, g.ID, map[string]string{"field": field, "reason": reason})
	})
	if err != nil { // what could not be written down is not shown
		return "", err
	}
	return g.Secret[field], nil
}

// Sighting is one time that somebody looked at a graduate's file.
type Sighting struct {
	At      calendar.Instant
	Account string // who
	What    string // title of the field, 材料, or blank: the file as a whole
	Reason  string
}

// sightings are the actions that mean that somebody looked.
var sightings = []string{string(access.ViewPeople), ActionReveal, "evidence.view"}

// Seen returns who looked at the graduate's own file, newest first, at most 200 of
// the newest entries about them (谁看过我). Errors: fault.Forbidden, fault.NotFound.
func (s *Service) Seen(ctx context.Context, who access.Actor, graduate string) ([]Sighting, error) {
	if _, err := s.own(ctx, who, graduate); err != nil {
		return nil, err
	}
	var out []Sighting
	for _, action := range sightings {
		list, err := s.Store.Entries(ctx, audit.Filter{Subject: graduate, Action: action}, audit.Key{}, 200)
		if err != nil {
			return nil, err
		}
		for i := range list {
			if list[i].Account != who.Account {
				out = append(out, sighting(&list[i]))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Sighting) int { return int(b.At - a.At) })
	return out[:min(len(out), 200)], nil
}

func sighting(e *audit.Entry) Sighting {
	detail := map[string]string{}
	_ = json.Unmarshal([]byte(e.Detail), &detail) // blank: nothing more is known
	x := Sighting{At: e.At, Account: e.Account, Reason: detail["reason"]}
	switch e.Action {
	case ActionReveal:
		x.What = exchange.Title(exchange.Person, detail["field"])
	case "evidence.view":
		x.What = "佐证材料"
	}
	return x
}
