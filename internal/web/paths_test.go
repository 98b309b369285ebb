package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// known are addresses at which other programs show what is nobody's business.
var known = strings.Fields(`/debug/pprof /debug/pprof/ /debug/pprof/heap /debug/pprof/goroutine /debug/pprof/cmdline /debug/vars /debug /metrics /metrics/
/.git /.git/HEAD /.git/config /.gitignore /.env /.env.local /.svn/entries /.hg /.DS_Store /.htaccess /.htpasswd /.ssh/id_rsa /.aws/credentials
/.well-known/security.txt /swagger /swagger-ui.html /swagger/index.html /api /api/v1 /api-docs /v2/api-docs /v3/api-docs /openapi.json /graphql /graphiql
/actuator /actuator/env /actuator/health /actuator/heapdump /jolokia /console /h2-console /manager/html /server-status /server-info /phpinfo.php /info.php
/index.php /wp-admin /wp-login.php /phpmyadmin /adminer.php /admin /backup /backup.zip /backup.sql /dump.sql /db.sqlite /quxiang.db /quxiang-data /keys /evidence
/evidence/ /static /static/ /static/css /config /config.json /config.yml /version /status /trace /cgi-bin/ /robots.txt~ /web.config /WEB-INF/web.xml /go.mod`)

// TestNothingIsShownBesideThePages (S58): sixty known paths, and folders, are 404;
// the page of the error says neither version nor what runs here.
func TestNothingIsShownBesideThePages(t *testing.T) {
	if len(known) < 60 {
		t.Fatalf("%d paths", len(known))
	}
	h := newSchool().handler(t)
	for _, path := range known {
		r := httptest.NewRequest("GET", path, nil)
		r.Host = "127.0.0.1:8080"
		out := httptest.NewRecorder()
		h.ServeHTTP(out, r)
		if out.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, out.Code)
		}
		for _, word := range []string{"goroutine", "go1.", "runtime/", "internal/", "Index of"} {
			if strings.Contains(out.Body.String(), word) {
				t.Errorf("%s says %q", path, word)
			}
		}
		if out.Header().Get("Server") != "" || out.Header().Get("X-Powered-By") != "" {
			t.Errorf("%s says what runs here: %v", path, out.Header())
		}
	}
}
