package access

import (
	"context"

	"quxiang/internal/domain/calendar"
)

// Account is somebody who can come in.
type Account struct {
	ID       string
	Login    string // unique
	Name     string
	Graduate string // id of the graduate whose account it is; blank for staff
	Password string // argon2id string; blank: not set yet
	Disabled bool
	Created  calendar.Instant
	Grants   []Grant
}

// Link is a one-time link (一次性链接). Only the digest of its token is kept.
type Link struct {
	Digest  string // SHA-256 of the token, hex
	Account string
	Purpose string // password: set one; demo: come in
	Expires calendar.Instant
	Used    calendar.Instant // 0: not yet
}

// Session is one login. Only the digest of its token is kept.
type Session struct {
	Digest  string
	Account string
	Began   calendar.Instant
	Seen    calendar.Instant
}

// Accounts keeps accounts, links and sessions.
type Accounts interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	Account(ctx context.Context, id string) (Account, error)
	AccountByLogin(ctx context.Context, login string) (Account, error)
	AccountList(ctx context.Context) ([]Account, error)
	// SaveAccount adds or replaces by id, grants included. Error: fault.Conflict
	// when another account has the login.
	SaveAccount(ctx context.Context, a Account) error
	SaveLink(ctx context.Context, l Link) error
	// Link returns the link of a digest. Error: fault.NotFound.
	Link(ctx context.Context, digest string) (Link, error)
	// UseLink notes the use; fault.Conflict if it was used before.
	UseLink(ctx context.Context, digest string, at calendar.Instant) error
	SaveSession(ctx context.Context, s Session) error
	// TouchSession notes when a session was seen, and never brings back one that
	// has ended. Error: fault.NotFound.
	TouchSession(ctx context.Context, digest string, seen calendar.Instant) error
	// Session returns the session of a digest. Error: fault.NotFound.
	Session(ctx context.Context, digest string) (Session, error)
	DropSession(ctx context.Context, digest string) error
}
