// Package fault is how the domain says no: a kind for programs, a message for
// people, a field for forms.
//
// Every error that a user may see is a *fault.Fault; anything else is a defect
// or a broken machine, and doors show it only as a request number.
package fault

import (
	"errors"
	"fmt"
)

// Kind of refusal, for programs.
type Kind string

const (
	NotFound  Kind = "not_found" // 查无此项: absent, or outside the actor's scope
	Invalid   Kind = "invalid"   // 填写有误: one value is wrong
	Conflict  Kind = "conflict"  // 与现状冲突: right by itself, not now
	Forbidden Kind = "forbidden" // 无权办理
	Usage     Kind = "usage"     // a file or a call that cannot be taken as a whole

	Unavailable Kind = "unavailable" // 暂时办不了: too busy, or no room on the disk; nothing was changed
)

// Fault is a refusal that a user can read. Message says what is wrong and what
// to do, in an employment officer's words.
type Fault struct {
	Kind    Kind
	Field   string // the form field or column concerned; may be blank
	Message string
	cause   error // for the log; nil if the message says all
}

// Unwrap returns what is behind the refusal, for the log; nil if nothing is.
func (f *Fault) Unwrap() error { return f.cause }

// Error returns the message alone: kinds and fields are for programs.
func (f *Fault) Error() string { return f.Message }

// NotFoundf says that the thing named is not there for this actor.
func NotFoundf(field, format string, args ...any) error { return newf(NotFound, field, format, args) }

// Invalidf says that the value of the field is wrong.
func Invalidf(field, format string, args ...any) error { return newf(Invalid, field, format, args) }

// Conflictf says that the present state forbids it.
func Conflictf(field, format string, args ...any) error { return newf(Conflict, field, format, args) }

// Forbiddenf says that the actor may not.
func Forbiddenf(field, format string, args ...any) error { return newf(Forbidden, field, format, args) }

// Usagef says that a file or call cannot be taken as a whole (exit 2).
func Usagef(field, format string, args ...any) error { return newf(Usage, field, format, args) }

// Unavailablef says that the machine cannot do it now; the same again later may go well.
func Unavailablef(field, format string, args ...any) error {
	return newf(Unavailable, field, format, args)
}

// Outagef is Unavailablef with the error of the machine that is behind it.
func Outagef(cause error, field, format string, args ...any) error {
	return &Fault{Kind: Unavailable, Field: field, Message: fmt.Sprintf(format, args...), cause: cause}
}

func newf(k Kind, field, format string, args []any) error {
	return &Fault{Kind: k, Field: field, Message: fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of the first Fault in err's chain, or "" if there is none.
func KindOf(err error) Kind {
	var f *Fault
	if errors.As(err, &f) {
		return f.Kind
	}
	return ""
}
