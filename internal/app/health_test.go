package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/settings"
	"quxiang/internal/httpd"
	"quxiang/internal/store/storetest"
)

// TestBackupAgeIsTold: the operator of the machine reads how old the last backup is and
// that one is overdue; a server is not taken out of service for it, and strangers learn
// nothing (R22).
func TestBackupAgeIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		age  time.Duration
		says string
	}{
		"none": {-1, "backup: none yet"}, "fresh": {3 * time.Hour, "backup: 3h0m0s ago\n"}, "old": {27 * time.Hour, "overdue"},
	} {
		a := referenceSchool(t, storetest.SQLite(t))
		pages, err := a.Pages(httpd.Config{Listen: "127.0.0.1:80"}, false)
		if err != nil {
			t.Fatal(err)
		}
		if c.age >= 0 {
			b := settings.Backup{At: calendar.At(a.Now().Time().Add(-c.age)), Account: "console:test", Bytes: 1}
			if err := a.Settings.NoteBackup(t.Context(), access.Console("test"), b, nil); err != nil {
				t.Fatal(err)
			}
		}
		ask := func(from string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, "/readyz", nil)
			r.Host, r.RemoteAddr = "127.0.0.1", from
			w := httptest.NewRecorder()
			pages.ServeHTTP(w, r)
			return w
		}
		if got := ask("127.0.0.1:1"); !strings.Contains(got.Body.String(), c.says) {
			t.Errorf("%s: %s", name, got.Body)
		}
		if got := ask("192.0.2.9:1"); strings.Contains(got.Body.String(), "backup") {
			t.Errorf("%s: strangers read %s", name, got.Body)
		}
	}
}
