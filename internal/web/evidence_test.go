package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"quxiang/internal/domain/destination"
)

// TestEvidenceIsServedAsWhatItIs: the type is one of ours, whatever a row says, and
// nothing in it can run or be framed elsewhere (S18, X20).
func TestEvidenceIsServedAsWhatItIs(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	for media, want := range map[string][2]string{
		"image/jpeg":      {"image/jpeg", `inline; filename="evidence-abababab.jpg"`},
		"image/png":       {"image/png", `inline; filename="evidence-abababab.png"`},
		"application/pdf": {"application/pdf", `inline; filename="evidence-abababab.pdf"`},
		"text/html":       {"application/octet-stream", `attachment; filename="evidence-abababab.bin"`},
		"image/svg+xml":   {"application/octet-stream", `attachment; filename="evidence-abababab.bin"`},
		"":                {"application/octet-stream", `attachment; filename="evidence-abababab.bin"`},
	} {
		w := httptest.NewRecorder()
		sendEvidence(w, destination.Document{SHA256: hash, Media: media}, []byte("<script>alert(1)</script>"))
		o := w.Header()
		if o.Get("Content-Type") != want[0] || o.Get("Content-Disposition") != want[1] {
			t.Errorf("%q: %q, %q", media, o.Get("Content-Type"), o.Get("Content-Disposition"))
		}
		policy := o.Get("Content-Security-Policy")
		if o.Get("X-Content-Type-Options") != "nosniff" || o.Get("Cache-Control") != "no-store" || o.Get("X-Frame-Options") != "SAMEORIGIN" ||
			!strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'self'") || strings.Contains(policy, "script-src") {
			t.Errorf("%q: %v", media, o)
		}
		if w.Body.String() != "<script>alert(1)</script>" {
			t.Errorf("%q: another file came", media)
		}
	}
	if at := evidenceAddress(destination.Document{Graduate: "g1", SHA256: hash}); at != "/evidence/g1/"+hash {
		t.Error(at)
	}
}
