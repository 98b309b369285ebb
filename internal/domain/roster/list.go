package roster

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
)

// Listing narrows the roster; what is blank narrows nothing. Who left the roster
// is never in a list.
type Listing struct {
	Cohort, College, Class, Level string
	Name                          string // part of a name, as typed
}

// Place is where somebody stands in the order of the roster: class, then number.
type Place struct {
	Graduate string
	Class    string
	Number   string // 学号, else 考生号
	Apart    bool   // in the roster, and not in the statistics (不计入统计)
}

// Lists is what lists and searches of people need kept.
type Lists interface {
	// Places returns whom the listing and the scope hold, in the order of the roster.
	Places(ctx context.Context, within access.Scope, l Listing) ([]Place, error)
	// FindPeople returns at most limit graduates whom the query means, in the order
	// of the roster.
	FindPeople(ctx context.Context, within access.Scope, q Query, limit int) ([]Place, error)
	// Mentioned returns at most limit graduates with a step that names the text in
	// a payload field, by id: candidates, since fields are read in Go.
	Mentioned(ctx context.Context, within access.Scope, text string, limit int) ([]string, error)
}

// Places returns whom the listing holds within the actor's scope, in the order of
// the roster. Error: fault.Forbidden.
func (s *Service) Places(ctx context.Context, who access.Actor, l Listing) ([]Place, error) {
	if err := who.May(access.ViewPeople); err != nil {
		return nil, err
	}
	l.Name = Searchable(l.Name)
	return s.Store.Places(ctx, who.Within(access.ViewPeople), l)
}

// Units returns all units of the school: colleges, then majors, then classes, by
// id. Their names are nobody's secret.
func (s *Service) Units(ctx context.Context) ([]Unit, error) { return s.Store.Units(ctx) }

// TakenList is a list of people that somebody takes with them.
type TakenList struct {
	Number  string // of the export
	List    string // which list, as its address says
	Purpose string // what it is for
	People  []string
	Shown   func(ctx context.Context, graduates []string) error // notes beside the entry whom it held
}

// Exported writes down that somebody takes a list with them. Error: fault.Forbidden.
func (s *Service) Exported(ctx context.Context, who access.Actor, l TakenList) error {
	if err := who.May(access.ExportPeople); err != nil {
		return err
	}
	detail := map[string]string{"people": strconv.Itoa(len(l.People)), "purpose": l.Purpose}
	if l.List != "" {
		detail["list"] = l.List
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := l.Shown(ctx, l.People); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "roster.export", l.Number, detail)
	})
}

// Query is what a search field means. Blank parts find nobody.
type Query struct {
	Name       string // part of a name, see Searchable
	Number     string // beginning of a 学号 or 考生号
	PhoneIndex string // keyed digest of a whole phone number
	IDIndex    string // keyed digest of a whole identity number
}

// Searchable is a name without what people leave out or write in many ways: the
// dot of a minority's name and spaces.
func Searchable(name string) string {
	return without.Replace(codes.Normalize(strings.TrimSpace(name)))
}

// LeftOut is what Searchable leaves out of a name that is kept: the ways to write the
// dot of a name, and spaces. Full-width ones are none any more when a name is kept.
var LeftOut = []string{"·", "•", "・", "‧", "∙", ".", " "}

var without = func() *strings.Replacer {
	var pairs []string
	for _, sign := range LeftOut {
		pairs = append(pairs, sign, "")
	}
	return strings.NewReplacer(pairs...)
}()

// Found is somebody whom a search found.
type Found struct {
	Place
	By string // name, number, phone, id_number or employer
}

// Find searches for people by part of a name, the beginning of a number, a whole
// phone or identity number (by keyed index), or the employer or school of what
// is registered, within the actor's scope: at most limit, and whether there are
// more. The text itself is not kept.
//
// Error: fault.Forbidden.
func (s *Service) Find(ctx context.Context, who access.Actor, text string, limit int) (found []Found, more bool, err error) {
	if err := who.May(access.ViewPeople); err != nil {
		return nil, false, err
	}
	text = strings.TrimSpace(codes.Normalize(text))
	if utf8.RuneCountInString(text) < 2 && !hanOnly(text) {
		return nil, false, nil
	}
	within := who.Within(access.ViewPeople)
	q, by := s.query(text)
	places, err := s.Store.FindPeople(ctx, within, q, limit+1)
	if err != nil {
		return nil, false, err
	}
	for _, p := range places {
		found = append(found, Found{p, by})
	}
	if by != "name" || len(found) > limit || utf8.RuneCountInString(text) < 2 {
		return found[:min(len(found), limit)], len(found) > limit, nil
	}
	employed, err := s.employed(ctx, within, text, found)
	found = append(found, employed...)
	return found[:min(len(found), limit)], len(found) > limit, err
}

// query reads what a text means: digits are numbers, all else is a name.
func (s *Service) query(text string) (Query, string) {
	if strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789Xx+- ", r) }) >= 0 {
		if asciiOnly(text) && strings.ContainsAny(text, "0123456789") {
			return Query{Number: text}, "number"
		}
		return Query{Name: Searchable(text)}, "name"
	}
	text = strings.ReplaceAll(text, " ", "")
	if phone, err := exchange.Value(s.Book(), exchange.Person, "phone", text); err == nil && exchange.Mobile(phone) {
		return Query{Number: text, PhoneIndex: s.Vault.Index("phone", phone)}, "phone"
	}
	if len(text) == 18 {
		return Query{Number: text, IDIndex: s.Vault.Index("id_number", strings.ToUpper(text))}, "id_number"
	}
	return Query{Number: text}, "number"
}

// Numeric reports that the text is, or holds, a number that may be a phone or an
// identity number, with or without spaces and dashes: nothing that belongs into an
// address, a log or a saved view.
func Numeric(text string) bool {
	digits := 0
	for _, r := range codes.Normalize(text) {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case r == ' ' || r == '-' || r == '+':
		default:
			digits = 0
		}
		if digits >= shortestNumber {
			return true
		}
	}
	return false
}

// shortestNumber is from how many digits on a number is treated as personal: a
// landline has seven; whole student numbers with as many are treated so too.
const shortestNumber = 7

func asciiOnly(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0x7e }) < 0
}

// hanOnly reports that the text is one sign of a name.
func hanOnly(s string) bool { return s != "" && !asciiOnly(s) }

// mentions bounds how many candidates a search by employer reads.
const mentions = 400

// employed returns those whose registration names the text as employer or school.
func (s *Service) employed(ctx context.Context, within access.Scope, text string, already []Found) ([]Found, error) {
	ids, err := s.Store.Mentioned(ctx, within, text, mentions)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	histories, err := s.Store.Histories(ctx, within, ids)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, f := range already {
		seen[f.Graduate] = true
	}
	var out []Found
	for _, id := range ids {
		if !seen[id] && strings.Contains(EmployerOf(histories[id]), text) {
			out = append(out, Found{Place{Graduate: id}, "employer"})
		}
	}
	return out, nil
}

// EmployerOf returns the employer or school of what is under way, else of the
// newest case that still stands; blank without any.
func EmployerOf(events []history.Event) string {
	f := history.NewFold(func(string, string) bool { return false }) // what counts is not asked here
	for i := range events {
		f.Apply(&events[i])
	}
	if c := f.UnderWay(); c != nil {
		if name := named(c.Given.Fields); name != "" {
			return name
		}
	}
	for _, k := range slices.Backward(f.Cases()) {
		if s := k.Standing(); s.Opened && !s.Voided && s.Ends == "" {
			return named(s.Fields)
		}
	}
	return ""
}

func named(f history.Fields) string {
	plain := f.Plain()
	return cmp.Or(plain["employer_name"], plain["school_name"])
}
