package access

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// How long things hold.
const (
	LinkTerm       = 72 * time.Hour   // a link to set a password
	staffIdle      = 30 * time.Minute // between two requests of staff
	graduateIdle   = 2 * time.Hour    // between two requests of a graduate
	sessionTerm    = 12 * time.Hour   // of a session, however busy
	touchEvery     = 5 * time.Minute  // how finely the last request is kept
	purposeSet     = "password"
	purposeEnter   = "demo"
	maxLogin       = 64
	wrongLogin     = "账号或密码不对，请核对后重试"
	wrongLink      = "这个链接无效：可能已经用过、过期或不完整，请向管理员要一个新的"
	sessionExpired = "登录已过期，请重新登录"
)

// Log takes the one audit entry of a transaction (audit.Log).
type Log interface {
	Write(ctx context.Context, who Actor, action, subject string, detail map[string]string) error
}

// Passwords hashes slowly on purpose (gateway/vault).
type Passwords interface {
	// Error, of both: fault.Unavailable at once when too many wait already (R14).
	Hash(password string) (string, error)
	// Match reports that the password is the one of the hash. It takes the same
	// time for a blank hash, which nothing matches.
	Match(hash, password string) (bool, error)
}

// Service holds the verbs about accounts. All fields but School and Personal are needed; it
// must not be copied.
type Service struct {
	Store     Accounts
	Audit     Log
	Passwords Passwords
	Keyed     func(field, value string) string // keyed digest (gateway/vault): a stolen database guesses no code
	Factors   Factors
	Sealer    Sealer
	NewID     func() string
	Now       func() calendar.Instant
	School    string // its name: a word that no password is built on

	// Personal returns what people know of a graduate and guess from: birthday, the
	// last digits of the identity number, phone. nil: nothing.
	Personal func(ctx context.Context, graduate string) ([]string, error)

	tries  tries
	policy atomic.Pointer[Policy]
}

// Actor returns who the account is today.
func (a Account) Actor(today calendar.Day) Actor {
	out := Actor{Account: a.ID}
	for _, g := range a.Grants {
		if g.InForce(today) {
			out.Grants = append(out.Grants, g)
		}
	}
	if a.standsIn && out.Has(Administrator) {
		out.Grants = append(out.Grants, Grant{Role: SecurityAdministrator, Over: School()})
	}
	return out
}

// Add keeps a new account and returns the token of its link to set a password. Who
// may give no roles adds one without any.
// ID, Created and Password of a are made here.
// Errors: fault.Invalid, fault.Conflict when the login is taken.
func (s *Service) Add(ctx context.Context, who Actor, a Account) (Account, string, error) {
	if err := who.May(ManageAccounts); err != nil {
		return Account{}, "", err
	}
	if err := checkAccount(&a); err != nil {
		return Account{}, "", err
	}
	if len(a.Grants) > 0 && who.May(GrantRoles) != nil {
		return Account{}, "", fault.Forbiddenf("role", "角色由安全管理员来给：这里先建账号，角色留空")
	}
	if len(a.Grants) == 0 && who.May(GrantRoles) == nil {
		return Account{}, "", fault.Invalidf("role", "请给账号“%s”至少一个角色", a.Login)
	}
	if slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.For != "" }) {
		return Account{}, "", fault.Invalidf("role", "代理请由本人在“代理”里办，不能在这里给")
	}
	a.ID, a.Created, a.Password = s.NewID(), s.Now(), ""
	token, link := s.link(&a, purposeSet, LinkTerm)
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveAccount(ctx, a); err != nil {
			return err
		}
		if err := s.Store.SaveLink(ctx, link); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "account.add", a.ID, map[string]string{"roles": roleNames(a.Grants)})
	})
	if err != nil {
		return Account{}, "", err
	}
	return a, token, nil
}

// Opened writes down that the actor opened a list of people: which list, and how
// many people it holds. Who saw whom is answered from these entries.
func (s *Service) Opened(ctx context.Context, who Actor, list string, people int) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, string(ViewPeople), list, map[string]string{"people": strconv.Itoa(people)})
	})
}

// checkAccount trims what was typed and says what is wrong with it.
func checkAccount(a *Account) error {
	a.Name = strings.TrimSpace(a.Name)
	login, err := CheckLogin(a.Login)
	if err != nil {
		return err
	}
	a.Login = login
	if a.Name == "" {
		return fault.Invalidf("name", "请填写账号使用人的姓名")
	}
	return checkGrants(a.Grants, a.Graduate != "")
}

// CheckLogin returns a login as it is kept. Error: fault.Invalid.
func CheckLogin(login string) (string, error) {
	login = narrow(login)
	plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_@.", r) }
	if login == "" || utf8.RuneCountInString(login) > maxLogin || strings.IndexFunc(login, func(r rune) bool { return !plain(r) }) >= 0 {
		return "", fault.Invalidf("login", "账号“%s”不能用：请用 1 到 %d 个字母、数字、汉字或 - _ @ .", login, maxLogin)
	}
	return login, nil
}

// List returns all accounts by login, without password hashes.
func (s *Service) List(ctx context.Context, who Actor) ([]Account, error) {
	if err := who.May(ManageAccounts); err != nil {
		return nil, err
	}
	all, err := s.Store.AccountList(ctx)
	for i := range all {
		all[i].Password = ""
	}
	return all, err
}

// Staff returns the accounts that are no graduate's, by login, without password
// hashes: blank says that none was set yet, anything else that one was.
func (s *Service) Staff(ctx context.Context, who Actor) ([]Account, error) {
	if err := who.May(ViewAccounts); err != nil {
		return nil, err
	}
	all, err := s.Store.StaffList(ctx)
	for i := range all {
		if all[i].Password != "" {
			all[i].Password = "set"
		}
	}
	return all, err
}

// PasswordLink returns the token of a new one-time link to set the password of
// an account; the administrator never learns the password. Error: fault.Conflict for
// a security administrator's account, but to whoever has the machine.
func (s *Service) PasswordLink(ctx context.Context, who Actor, account string) (string, error) {
	return s.newLink(ctx, who, account, purposeSet, LinkTerm)
}

// DemoLink returns the token of a link that lets in without a password as often
// as it is opened. Only the demo school has such links, and only on loopback.
func (s *Service) DemoLink(ctx context.Context, who Actor, account string) (string, error) {
	return s.newLink(ctx, who, account, purposeEnter, LinkTerm)
}

func (s *Service) newLink(ctx context.Context, who Actor, account, purpose string, term time.Duration) (string, error) {
	if err := who.May(ManageAccounts); err != nil {
		return "", err
	}
	var token string
	err := s.inRolesTurn(ctx, func(ctx context.Context) error {
		a, err := s.Store.Account(ctx, account)
		if err != nil {
			return err
		}
		if a.Disabled {
			return fault.Conflictf("account", "账号“%s”已停用，不能再发链接", a.Login)
		}
		if a.Graduate != "" && purpose == purposeSet {
			return fault.Conflictf("account", "“%s”是毕业生的账号，请由辅导员补发激活码", a.Login)
		}
		if purpose == purposeSet {
			if err := handsOut(who, &a); err != nil {
				return err
			}
		}
		var link Link
		token, link = s.link(&a, purpose, term)
		link.By, link.Made = who.Account, s.Now()
		if err := s.Store.SaveLink(ctx, link); err != nil {
			return err
		}
		if purpose == purposeSet {
			if err := s.Store.SaveKey(ctx, Key{Account: a.ID, Made: link.Made, By: link.By, Kind: KeyLink}); err != nil {
				return err
			}
		}
		return s.Audit.Write(ctx, who, "account.link", account, map[string]string{"purpose": purpose})
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func (s *Service) link(a *Account, purpose string, term time.Duration) (token string, l Link) {
	token = newToken()
	return ticket(a.ID, token), Link{
		Digest: s.linkDigest(token, a), Account: a.ID, Purpose: purpose,
		Expires: s.Now() + calendar.Instant(term.Milliseconds()),
	}
}
