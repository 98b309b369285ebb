package web

import (
	"net/http"
	"strconv"

	"quxiang/internal/domain/destination"
	"quxiang/internal/httpd"
)

// evidenceAddress is where the file of a document is opened. A page shows a photo in
// an img and a PDF in an iframe.
func evidenceAddress(d destination.Document) string {
	return "/evidence/" + d.Graduate + "/" + d.SHA256
}

// evidence answers GET /evidence/{graduate}/{sha256}, the only way in which a file
// that somebody uploaded leaves the house. The verb says who may, and writes down
// who did.
func (w *Web) evidence(rw http.ResponseWriter, r *httpd.Request) error {
	d, file, err := w.Destinations.Document(r.Context(), r.Who, r.PathValue("graduate"), r.PathValue("sha256"))
	if err != nil {
		return err
	}
	sendEvidence(rw, d, file)
	return nil
}

// evidenceEndings are the media types that a browser is told, and how their files
// are called. Whatever else a row may say is a download of unknown bytes.
var evidenceEndings = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}

// evidencePolicy lets a file load nothing, run nothing and send nothing, and be
// framed by pages of ours: a PDF is shown beside the form that it proves (S18). It
// has no sandbox: in one, browsers do not show a PDF.
const evidencePolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

func sendEvidence(rw http.ResponseWriter, d destination.Document, file []byte) {
	media, way := d.Media, "inline"
	ending, ours := evidenceEndings[media]
	if !ours {
		media, way, ending = "application/octet-stream", "attachment", ".bin"
	}
	o := rw.Header()
	o.Set("Content-Type", media)
	o.Set("Content-Length", strconv.Itoa(len(file)))
	o.Set("Content-Disposition", way+`; filename="evidence-`+d.SHA256[:8]+ending+`"`)
	o.Set("Content-Security-Policy", evidencePolicy)
	o.Set("X-Frame-Options", "SAMEORIGIN")
	o.Set("X-Content-Type-Options", "nosniff")
	o.Set("Cross-Origin-Resource-Policy", "same-origin")
	o.Set("Cache-Control", "no-store")
	rw.WriteHeader(http.StatusOK)
	_, _ = rw.Write(file) // the client may have gone: nothing to be done
}
