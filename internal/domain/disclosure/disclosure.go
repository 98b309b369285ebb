// Package disclosure lets sensitive columns of people leave the house (敏感列导出):
// one asks and says what for, another person approves, and the file is taken once
// within a day.
package disclosure

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/roster"
)

// Term is how long an approved file can be taken.
const Term = 24 * time.Hour

// State of a request.
type State string

// The states.
const (
	Asked    State = "asked"    // 待批准
	Approved State = "approved" // 已批准，待下载
	Refused  State = "refused"  // 未批准
	Taken    State = "taken"    // 已下载
)

// Request is somebody's wish for a table of people with sensitive columns.
type Request struct {
	ID        string
	Account   string   // who asks
	Kind      string   // roster or destinations
	Cohorts   []string // none: all
	Fields    []string // of roster.SecretFields; none: it is about how many people there are
	Layout    string   // moe-39, moe-74, or blank for all our columns
	AsOf      string   // of destinations, as typed; blank: now
	Purpose   string
	Asked     calendar.Instant
	State     State
	DecidedBy string // account
	Decided   calendar.Instant
	Reason    string // of a refusal
	Taken     calendar.Instant
	Recipient string // ForEmployers, or blank: the house itself
	People    int    // in the file that was taken
	LeftOut   int    // kept out of it: they did not agree to its being handed on
}

// ForEmployers is the recipient of a file for employers (提供给用人单位): only who
// agreed to that is in it, with no more than how to reach them.
const ForEmployers = "employers"

// employerFields are the sensitive columns that employers may be given at all.
var employerFields = []string{"phone", "email"}

// Open reports that the file can be taken now.
func (r Request) Open(now calendar.Instant) bool {
	return r.State == Approved && now < r.Decided+calendar.Instant(Term.Milliseconds())
}

// Store keeps requests.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// AddRequest keeps a new one.
	AddRequest(ctx context.Context, r Request) error
	// MoveRequest replaces one that is in the state. Error: fault.Conflict if it is
	// in another.
	MoveRequest(ctx context.Context, r Request, from State) error
	// RequestByID returns one. Error: fault.NotFound.
	RequestByID(ctx context.Context, id string) (Request, error)
	// Requests returns the newest; of one account, or of all when it is blank.
	Requests(ctx context.Context, account string, limit int) ([]Request, error)
}

// Service holds the verbs. Every field is needed.
type Service struct {
	Store Store
	Audit audit.Log
	NewID ident.Source
	Now   func() calendar.Instant
}

// Fields are the columns that can be asked for.
func Fields() []exchange.Column {
	var out []exchange.Column
	for _, f := range roster.SecretFields {
		out = append(out, exchange.Field(exchange.Person, f)[0])
	}
	return out
}

// AskLarge makes a request for a file without sensitive columns that one person may
// not take alone. Errors: those of Ask.
func (s *Service) AskLarge(ctx context.Context, who access.Actor, r Request) (Request, error) {
	r.Fields = nil
	return s.ask(ctx, who, r)
}

// Ask makes a request for sensitive columns. Errors: fault.Forbidden; fault.Invalid, naming the field.
func (s *Service) Ask(ctx context.Context, who access.Actor, r Request) (Request, error) {
	if len(r.Fields) == 0 {
		return Request{}, fault.Invalidf("fields", "请选要带哪些敏感列，用不到的不要选")
	}
	return s.ask(ctx, who, r)
}

func (s *Service) ask(ctx context.Context, who access.Actor, r Request) (Request, error) {
	if err := who.May(access.ExportPeople); err != nil {
		return Request{}, err
	}
	if err := r.check(); err != nil {
		return Request{}, err
	}
	r.ID, r.Account, r.Asked, r.State = s.NewID(), who.Account, s.Now(), Asked
	return r, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.AddRequest(ctx, r); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "export.ask", r.ID, r.detail())
	})
}

func (r Request) detail() map[string]string {
	out := map[string]string{"kind": r.Kind, "cohorts": strings.Join(r.Cohorts, ","), "fields": strings.Join(r.Fields, ","), "purpose": r.Purpose}
	if r.People > 0 {
		out["people"] = strconv.Itoa(r.People)
	}
	if r.Recipient != "" {
		out["recipient"], out["left_out"] = r.Recipient, strconv.Itoa(r.LeftOut)
	}
	return out
}

func (r Request) check() error {
	if r.Kind != "roster" && r.Kind != "destinations" {
		return fault.Invalidf("kind", "只有生源名单和毕业去向可以带敏感列导出")
	}
	if _, err := calendar.ParseWhen(r.AsOf); r.AsOf != "" && err != nil {
		return fault.Invalidf("as_of", "时点“%s”读不出来，请写成 2024-08-31", r.AsOf)
	}
	for _, f := range r.Fields {
		if !slices.Contains(roster.SecretFields, f) {
			return fault.Invalidf("fields", "没有叫“%s”的敏感列，可用的有 %s", f, strings.Join(roster.SecretFields, "、"))
		}
	}
	if r.Recipient == ForEmployers && len(r.Fields) == 0 {
		return fault.Invalidf("fields", "请选要带哪些敏感列，用不到的不要选")
	}
	if r.Recipient == ForEmployers && r.Kind != "roster" {
		return fault.Invalidf("kind", "给用人单位的只能是名单，不含去向")
	}
	if r.Recipient != "" && r.Recipient != ForEmployers {
		return fault.Invalidf("recipient", "请选给谁用")
	}
	for _, f := range r.Fields {
		if r.Recipient == ForEmployers && !slices.Contains(employerFields, f) {
			return fault.Invalidf("fields", "给用人单位的名单只能带手机号码和电子邮箱")
		}
	}
	return CheckPurpose(r.Purpose)
}

// CheckPurpose refuses what does not say what an export is for: whoever approves
// judges by it, and whoever looks later. Error: fault.Invalid, field "purpose".
func CheckPurpose(purpose string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(purpose)); n < 4 || n > 100 {
		return fault.Invalidf("purpose", "请写明导出去做什么，4 到 100 个字；会和导出的人、时间一起留痕")
	}
	return codes.NoNumbers("purpose", purpose)
}

// approves says whether the actor may decide: requests are about the whole school,
// so the right over a part of it is not enough.
func approves(who access.Actor) error {
	if err := who.May(access.ApproveExport); err != nil {
		return err
	}
	if !who.Within(access.ApproveExport).School {
		return fault.Forbiddenf("", "敏感信息的导出由管全校的就业中心老师批准")
	}
	return nil
}

// Requests lists the newest: of everybody for who may approve, else the actor's
// own. Error: fault.Forbidden.
func (s *Service) Requests(ctx context.Context, who access.Actor) ([]Request, error) {
	if err := who.May(access.ExportPeople); err != nil {
		return nil, err
	}
	of := who.Account
	if approves(who) == nil {
		of = ""
	}
	return s.Store.Requests(ctx, of, 100)
}

// Decide approves a request or refuses it with a reason. Deciding the same again
// does nothing.
//
// Errors: fault.Forbidden, for one's own request and for a console too;
// fault.NotFound; fault.Invalid without a reason; fault.Conflict when it was
// decided otherwise.
func (s *Service) Decide(ctx context.Context, who access.Actor, id string, approve bool, reason string) error {
	if err := approves(who); err != nil {
		return err
	}
	r, err := s.Store.RequestByID(ctx, id)
	if err != nil {
		return err
	}
	if !who.Person() || r.Account == who.Account {
		return fault.Forbiddenf("", "自己的申请须由就业中心另一位同事批准")
	}
	to, action := Approved, "export.approve"
	if !approve {
		to, action = Refused, "export.refuse"
		if reason == "" {
			return fault.Invalidf("reason", "请写明为什么不批准，申请的人会看到")
		}
	}
	if err := codes.NoNumbers("reason", reason); err != nil {
		return err
	}
	if r.State == to && r.DecidedBy == who.Account {
		return nil
	}
	if r.State != Asked {
		return fault.Conflictf("", "这份申请已经处理过了")
	}
	r.State, r.DecidedBy, r.Decided, r.Reason = to, who.Account, s.Now(), reason
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.MoveRequest(ctx, r, Asked); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, action, r.ID, map[string]string{"asked_by": r.Account, "reason": reason})
	})
}

// Take hands the file of an approved request to who asked, once. make makes it
// before that is noted: a file that could not be made can be asked for again, one
// that was made for two calls at once is given to the first.
//
// Errors: fault.NotFound, for the requests of others too; fault.Conflict when it
// is not approved, was taken, or waited too long; those of make.
func (s *Service) Take(ctx context.Context, who access.Actor, id string, make func(*Request) error) (Request, error) {
	r, err := s.Store.RequestByID(ctx, id)
	if err == nil && r.Account != who.Account {
		err = fault.NotFoundf("request", "没有这份申请")
	}
	if err == nil {
		err = who.May(access.ExportPeople)
	}
	if err != nil {
		return Request{}, err
	}
	if !r.Open(s.Now()) {
		return Request{}, fault.Conflictf("", "这份文件现在不能下载：还没有批准、已下载过一次，或批准后满 24 小时；需要时请重新申请")
	}
	if err := make(&r); err != nil {
		return Request{}, err
	}
	r.State, r.Taken = Taken, s.Now()
	return r, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.MoveRequest(ctx, r, Approved); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "export.take", r.ID, r.detail())
	})
}
