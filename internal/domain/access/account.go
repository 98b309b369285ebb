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
	Seen     calendar.Instant // last login or request, about; 0: never. Kept by sessions
	Grants   []Grant

	standsIn bool // a system administrator of a school without security administrator
}

// Link is a one-time link (一次性链接). Only the digest of its token is kept.
type Link struct {
	Digest  string // SHA-256 of the token, hex
	Account string
	Purpose string // password: set one; activate: a graduate's code; demo: come in
	Expires calendar.Instant
	Used    calendar.Instant // 0: not yet
	By      string           // account that had it made; blank for the own steps of a login
	Made    calendar.Instant
}

// Accounts keeps accounts, links and sessions.
type Accounts interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// Await lets one transaction on at a time, of those that name the same, until it
	// is over.
	Await(ctx context.Context, what string) error
	Codes
	FactorStore
	PasswordStore
	KeyStore
	// Setting returns what is kept under the key; blank if nothing.
	Setting(ctx context.Context, key string) (string, error)
	SaveSetting(ctx context.Context, key, value string) error
	Account(ctx context.Context, id string) (Account, error)
	AccountByLogin(ctx context.Context, login string) (Account, error)
	AccountList(ctx context.Context) ([]Account, error)
	// StaffList returns the accounts that are no graduate's, by login.
	StaffList(ctx context.Context) ([]Account, error)
	// AccountsAmong returns those with one of the ids, logins or graduates, by login.
	AccountsAmong(ctx context.Context, ids, logins, graduates []string) ([]Account, error)
	// Deputies returns the accounts with a grant in the place of one of those given,
	// or of anybody when none is given, by login.
	Deputies(ctx context.Context, of ...string) ([]Account, error)
	// Holding returns the accounts with a grant of the role, by login.
	Holding(ctx context.Context, role Role) ([]Account, error)
	// CollegesOf returns the college of each class, by id.
	CollegesOf(ctx context.Context, classes []string) (map[string]string, error)
	// SaveAccount adds or replaces by id, grants included, all but Seen. Error: fault.Conflict
	// when another account has the login.
	SaveAccount(ctx context.Context, a Account) error
	SaveLink(ctx context.Context, l Link) error
	// DropLinks makes the links to set an account's password useless that were not used
	// yet.
	DropLinks(ctx context.Context, account string) error
	// Link returns the link of a digest. Error: fault.NotFound.
	Link(ctx context.Context, digest string) (Link, error)
	// UseLink notes the use; fault.Conflict if it was used before.
	UseLink(ctx context.Context, digest string, at calendar.Instant) error
	// SaveSession keeps a new session and notes that its account was seen.
	SaveSession(ctx context.Context, s Session) error
	// TouchSession notes when a session was seen, and never brings back one that
	// has ended. Error: fault.NotFound.
	TouchSession(ctx context.Context, digest string, seen calendar.Instant) error
	// ProveSession notes when a session proved itself. Error: fault.NotFound.
	ProveSession(ctx context.Context, digest string, at calendar.Instant) error
	// Session returns the session of a digest. Error: fault.NotFound.
	Session(ctx context.Context, digest string) (Session, error)
	// Sessions returns those of an account, the one seen last first, over or not.
	Sessions(ctx context.Context, account string) ([]Session, error)
	DropSession(ctx context.Context, digest string) error
	// DropOtherSessions ends all of an account but one.
	DropOtherSessions(ctx context.Context, account, but string) error
	// DropSessions ends all of an account.
	DropSessions(ctx context.Context, account string) error
}

// Codes keeps the one-time codes of graduates and what came of them.
type Codes interface {
	// Roll returns the graduates within the scope who have not left (花名册), by
	// college, class and number, with how far each has come. Now decides which codes
	// still hold.
	Roll(ctx context.Context, within Scope, of Whom, now calendar.Instant) ([]Enrolled, error)
	// ClassStandings counts them by college and class, of a cohort or of all when it is blank.
	ClassStandings(ctx context.Context, within Scope, cohort string, now calendar.Instant) ([]ClassStanding, error)
	// SaveInvited adds accounts and gives each account of a link that one code, in
	// the place of codes not used yet. Error: fault.Conflict when a login is taken or
	// somebody else is giving the same person a code.
	SaveInvited(ctx context.Context, added []Account, codes []Link) error
	// SaveActivation notes that an account's code was used.
	SaveActivation(ctx context.Context, a Activation) error
	// Activations returns those of an account, newest first.
	Activations(ctx context.Context, account string) ([]Activation, error)
	// SaveAcceptance notes that the version of the notice was read; twice is once.
	SaveAcceptance(ctx context.Context, account, version string, at calendar.Instant) error
	// Acceptances returns what an account read: instant by version.
	Acceptances(ctx context.Context, account string) (map[string]calendar.Instant, error)
}
