package app_test

import (
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
)

// slow counts what is hashed, and says no when it is told that too many wait.
type slow struct {
	access.Passwords
	mu    sync.Mutex
	n     int
	crowd bool
}

// Match counts and answers without hashing.
func (s *slow) Match(hash, password string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.crowd {
		return false, fault.Unavailablef("", "现在登录的人太多，请半分钟后再试")
	}
	s.n++
	return hash != "" && password == aPassword, nil
}

var changing = regexp.MustCompile(`value="[A-Za-z0-9_-]{80,}"`)

// TestUnknownAndKnownAreAnsweredAlike: status, headers and every byte but the token,
// and one hashing each (S41, X33).
func TestUnknownAndKnownAreAnsweredAlike(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		c.account("fresh", "", access.Grant{Role: access.Office, Over: access.School()}) // no password yet
		kdf := &slow{Passwords: c.app.Accounts.Passwords}
		c.app.Accounts.Passwords = kdf
		var first string
		for i, login := range []string{"zhou", "nobody", "fresh"} {
			kdf.n = 0
			w := c.window()
			w.remote = fmt.Sprintf("198.51.%d.7:50000", i)
			got := w.post("/login", "/login", "login", login, "password", "Wrong.harbour.82")
			said := fmt.Sprint(got.Code, changing.ReplaceAllString(strings.ReplaceAll(got.Body.String(), login, "LOGIN"), ""), headersOf(got))
			if first == "" {
				first = said
			}
			if said != first || kdf.n != 1 {
				t.Errorf("%s: told apart, %d hashed", login, kdf.n)
			}
		}
		kdf.n = 0
		for i := range 10_000 {
			_, _ = c.app.Accounts.Login(t.Context(), "zhou", "Wrong.harbour.82", access.From{Peer: fmt.Sprintf("192.0.2.%d", i%250)})
		}
		if kdf.n > 10 {
			t.Errorf("%d guesses at one account were looked at (X31)", kdf.n)
		}
	})
}

func headersOf(r *httptest.ResponseRecorder) string {
	h := r.Header().Clone()
	h.Del("X-Request-Id")
	return fmt.Sprint(h)
}

// TestTooManyAtTheDoor: 503 and when to come again, with the number still there; who
// is in goes on, and nobody is locked out by it (R14).
func TestTooManyAtTheDoor(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		_, in := c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		kdf := &slow{Passwords: c.app.Accounts.Passwords, crowd: true}
		c.app.Accounts.Passwords = kdf
		w := c.window()
		for range 12 {
			got := w.post("/login", "/login", "login", "zhou", "password", aPassword)
			if got.Code != 503 || got.Header().Get("Retry-After") == "" || !strings.Contains(got.Body.String(), `value="zhou"`) ||
				!strings.Contains(got.Body.String(), "登录的人太多") {
				t.Fatalf("%d %s", got.Code, got.Header())
			}
		}
		in.want("who is in goes on", "/graduates", 200)
		kdf.crowd = false
		w.follow("afterwards", "/login", "/login", "login", "zhou", "password", aPassword)
	})
}

// TestNoDefaultAccount: on a fresh folder nothing gets in but the link that init
// gave, once (S38).
func TestNoDefaultAccount(t *testing.T) {
	conf := app.Config{Data: t.TempDir() + "/data"}
	link, err := app.Init(t.Context(), conf, app.NewSchool{Name: "滨海医科大学", Code: "99001", Admin: "root"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), conf, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for i, login := range []string{"root", "admin", "quxiang", "administrator"} {
		for _, password := range []string{"", "root", "admin", "123456", "quxiang", "Admin@123456"} {
			if _, err := a.Accounts.Login(t.Context(), login, password, access.From{Peer: fmt.Sprintf("10.0.%d.1", i)}); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s/%s: %v", login, password, err)
			}
		}
	}
	token := link[strings.LastIndex(link, "/")+1:]
	if err := a.Accounts.SetPassword(t.Context(), token, aPassword); err != nil {
		t.Fatal(err)
	}
	if err := a.Accounts.SetPassword(t.Context(), token, aPassword+"x"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the link again: %v", err)
	}
	if _, err := a.Accounts.Login(t.Context(), "root", aPassword, access.From{Peer: "10.9.9.9"}); err != nil {
		t.Error(err)
	}
}

// TestASessionIsNeverTakenOver: a cookie of before the login opens nothing after it,
// and each login has its own (S47, X30); every cookie is for this site alone (S19).
func TestASessionIsNeverTakenOver(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		c.withPassword("zhou", access.Grant{Role: access.Office, Over: access.School()})
		w := c.window()
		w.cookies["plain-sid"] = "planted.ticket"
		got := w.post("/login", "/login", "login", "zhou", "password", aPassword)
		if w.cookies["plain-sid"] == "planted.ticket" || w.cookies["plain-sid"] == "" {
			t.Error("the planted session is the session")
		}
		for _, k := range got.Result().Cookies() {
			if !k.HttpOnly || k.SameSite != 2 || k.Path != "/" || k.Domain != "" {
				t.Errorf("cookie %s: %+v", k.Name, k)
			}
		}
		other := c.window()
		other.cookies["plain-sid"] = "planted.ticket"
		other.want("what was planted", "/graduates", 303)
	})
}
