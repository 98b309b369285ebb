package privacy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// Kind of what a graduate asks for (个人信息保护法 §44 to §48).
type Kind string

// The kinds. What a graduate can do alone, such as a copy or a correction, needs
// no request.
const (
	Delete  Kind = "delete"  // 删除
	Limit   Kind = "limit"   // 限制处理
	Object  Kind = "object"  // 拒绝
	Explain Kind = "explain" // 解释说明
)

// Kinds are all, as a form offers them.
var Kinds = []Kind{Delete, Limit, Object, Explain}

// Title returns the kind as people call it.
func (k Kind) Title() string {
	return map[Kind]string{Delete: "删除", Limit: "限制使用", Object: "不同意这样用", Explain: "解释说明"}[k]
}

// RequestState is how far a request is.
type RequestState string

// The states.
const (
	Open      RequestState = "open"      // 待答复
	Granted   RequestState = "granted"   // 已照办
	Refused   RequestState = "refused"   // 未照办，有理由
	Withdrawn RequestState = "withdrawn" // 本人撤回
)

// Request is what a graduate asks of the school about their data.
type Request struct {
	ID       string
	Graduate string
	Kind     Kind
	Purpose  string // of the register
	Words    string // the graduate's own; blank while sealed
	Sealed   string
	Asked    calendar.Instant
	Due      calendar.Day // by which the school answers
	State    RequestState
	Decided  calendar.Instant
	Decider  string // account
	Answer   string // with the reason
}

// Late reports that the school has let the day pass.
func (r *Request) Late(today calendar.Day) bool { return r.State == Open && r.Due < today }

// Left is how many working days remain; negative ones are not counted.
func (r *Request) Left(today calendar.Day) int { return calendar.Workdays(today, r.Due) }

// Requests keeps what was asked.
type Requests interface {
	// AddPrivacyRequest keeps a new one.
	AddPrivacyRequest(ctx context.Context, r Request) error
	// MovePrivacyRequest replaces state, decision and answer of an open one. Error:
	// fault.Conflict when it is not open any more.
	MovePrivacyRequest(ctx context.Context, r Request) error
	// PrivacyRequest returns one within the scope. Error: fault.NotFound.
	PrivacyRequest(ctx context.Context, within access.Scope, id string) (Request, error)
	// PrivacyRequestsOf returns those of a graduate, newest first.
	PrivacyRequestsOf(ctx context.Context, graduate string) ([]Request, error)
	// PrivacyRequests returns those within the scope: the open ones with the nearest
	// day first, then the newest of the others, at most limit.
	PrivacyRequests(ctx context.Context, within access.Scope, limit int) ([]Request, error)
}

// Limits of requests.
const (
	longestWords = 500
	mostOpen     = 10
)

// Ask sends a request to the employment office, past the college, and returns by
// which day it is answered. Asking the same again while it is open is asking once.
//
// Errors: fault.Forbidden, fault.NotFound; fault.Invalid with the field;
// fault.Conflict with too many open ones.
func (s *Service) Ask(ctx context.Context, who access.Actor, graduate string, kind Kind, purpose, words string) (Request, error) {
	if err := own(who, graduate); err != nil {
		return Request{}, err
	}
	words = strings.TrimSpace(words)
	_, known := PurposeByID(purpose)
	switch n := utf8.RuneCountInString(words); {
	case !slices.Contains(Kinds, kind):
		return Request{}, fault.Invalidf("kind", "请选要学校做什么")
	case !known:
		return Request{}, fault.Invalidf("purpose", "请选是关于哪一项用途")
	case n < 4:
		return Request{}, fault.Invalidf("words", "请写明是哪些信息、为什么，至少 4 个字")
	case n > longestWords:
		return Request{}, fault.Invalidf("words", "请写在 %d 个字以内", longestWords)
	}
	for {
		r, err := s.ask(ctx, who, Request{Graduate: graduate, Kind: kind, Purpose: purpose, Words: words, State: Open})
		if !errors.Is(err, errMeanwhile) {
			return r, err
		}
	}
}

// errMeanwhile says that the graduate asked for something else in the same instant.
var errMeanwhile = errors.New("asked meanwhile")

// ask keeps what was not asked for already. Error: errMeanwhile, to look again:
// words are not deciphered inside a transaction.
func (s *Service) ask(ctx context.Context, who access.Actor, r Request) (Request, error) {
	past, err := s.requestsOf(ctx, r.Graduate)
	if err != nil {
		return Request{}, err
	}
	open := 0
	for _, p := range past {
		if p.State != Open {
			continue
		}
		if p.Kind == r.Kind && p.Purpose == r.Purpose && p.Words == r.Words {
			return p, nil
		}
		open++
	}
	if open >= mostOpen {
		return Request{}, fault.Conflictf("words", "你已有 %d 条请求在办，请等答复，或撤回不再需要的", open)
	}
	r.ID, r.Asked = s.NewID(), s.Now()
	r.Due = afterWorkdays(calendar.DayOf(r.Asked), s.AnswerDays())
	if r.Sealed, err = s.Vault.Seal("privacy_request", r.ID, []byte(r.Words)); err != nil {
		return Request{}, err
	}
	return r, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.Await(ctx, "privacy "+r.Graduate); err != nil {
			return err
		}
		if now, err := s.Store.PrivacyRequestsOf(ctx, r.Graduate); err != nil {
			return err
		} else if len(now) != len(past) {
			return errMeanwhile
		}
		if err := s.Store.AddPrivacyRequest(ctx, r); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "privacy.ask", r.Graduate, map[string]string{"request": r.ID, "kind": string(r.Kind), "purpose": r.Purpose, "until": string(r.Due)})
	})
}

// afterWorkdays is the day on which n working days after the first have passed.
func afterWorkdays(from calendar.Day, n int) calendar.Day {
	day := from
	for n > 0 {
		day = day.AddDays(1)
		if w := day.Start().Time().Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return day
}

func (s *Service) requestsOf(ctx context.Context, graduate string) ([]Request, error) {
	list, err := s.Store.PrivacyRequestsOf(ctx, graduate)
	if err == nil {
		err = unseal(s.Vault, list)
	}
	return list, err
}

func unseal(v history.Vault, list []Request) error {
	for i := range list {
		if list[i].Sealed == "" {
			continue // let go of: the answer stands, the words are gone
		}
		plain, err := v.Open("privacy_request", list[i].ID, list[i].Sealed)
		if err != nil {
			return fmt.Errorf("privacy request %s: %w", list[i].ID, err)
		}
		list[i].Words = string(plain)
	}
	return nil
}

// OwnRequests returns the graduate's own, newest first. Errors: fault.Forbidden,
// fault.NotFound for somebody else's.
func (s *Service) OwnRequests(ctx context.Context, who access.Actor, graduate string) ([]Request, error) {
	if err := own(who, graduate); err != nil {
		return nil, err
	}
	return s.requestsOf(ctx, graduate)
}

// TakeBack withdraws an own request. One that is not open stays as it is.
func (s *Service) TakeBack(ctx context.Context, who access.Actor, graduate, id string) error {
	if err := own(who, graduate); err != nil {
		return err
	}
	r, err := s.Store.PrivacyRequest(ctx, access.Self(graduate), id)
	if err != nil || r.State != Open {
		return err
	}
	r.State, r.Decided, r.Decider = Withdrawn, s.Now(), who.Account
	return s.move(ctx, who, r, "privacy.take_back")
}

// Requests returns what waits for the office and what it answered, within the
// actor's scope. Error: fault.Forbidden.
func (s *Service) Requests(ctx context.Context, who access.Actor) ([]Request, error) {
	if err := who.May(access.AnswerPrivacy); err != nil {
		return nil, err
	}
	list, err := s.Store.PrivacyRequests(ctx, who.Within(access.AnswerPrivacy), 200)
	if err == nil {
		err = unseal(s.Vault, list)
	}
	return list, err
}

// Answer grants or refuses a request, with a reason that the graduate reads.
// Answering the same again does nothing.
//
// Errors: fault.Forbidden, fault.NotFound; fault.Invalid without a reason;
// fault.Conflict when it was answered otherwise or withdrawn.
func (s *Service) Answer(ctx context.Context, who access.Actor, id string, grant bool, answer string) error {
	if err := who.May(access.AnswerPrivacy); err != nil {
		return err
	}
	r, err := s.Store.PrivacyRequest(ctx, who.Within(access.AnswerPrivacy), id)
	if err != nil {
		return err
	}
	answer = strings.TrimSpace(answer)
	if n := utf8.RuneCountInString(answer); n < 4 || n > longestWords {
		return fault.Invalidf("answer", "请写明怎么办的、或为什么不能照办，4 到 %d 个字，本人会看到", longestWords)
	}
	if err := codes.NoNumbers("answer", answer); err != nil {
		return err
	}
	to, action := Granted, "privacy.grant"
	if !grant {
		to, action = Refused, "privacy.refuse"
	}
	if r.State == to && r.Decider == who.Account && r.Answer == answer {
		return nil
	}
	if r.State != Open {
		return fault.Conflictf("", "这条请求已经答复过或本人已撤回，请刷新后再看")
	}
	r.State, r.Decided, r.Decider, r.Answer = to, s.Now(), who.Account, answer
	return s.move(ctx, who, r, action)
}

func (s *Service) move(ctx context.Context, who access.Actor, r Request, action string) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.MovePrivacyRequest(ctx, r); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, action, r.Graduate, map[string]string{"request": r.ID, "kind": string(r.Kind)})
	})
}
