package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
)

//go:embed static
var staticFiles embed.FS

// assets are the files of static/, each under an address that changes with its
// content, so that a browser may keep it for ever.
type assets struct {
	address map[string]string // app.css → /static/app.1a2b3c4d.css
	content map[string][]byte // app.1a2b3c4d.css → bytes
}

var mediaTypes = map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

func newAssets() *assets {
	a := &assets{address: map[string]string{}, content: map[string][]byte{}}
	files, err := staticFiles.ReadDir("static")
	if err != nil {
		panic("web: static files are not embedded: " + err.Error())
	}
	for _, f := range files {
		b, err := staticFiles.ReadFile("static/" + f.Name())
		if err != nil {
			panic("web: " + f.Name() + ": " + err.Error())
		}
		sum := sha256.Sum256(b)
		ext := path.Ext(f.Name())
		name := strings.TrimSuffix(f.Name(), ext) + "." + hex.EncodeToString(sum[:8]) + ext
		a.address[f.Name()], a.content[name] = "/static/"+name, b
	}
	return a
}

// asset answers GET /static/{name}.
func (w *Web) asset(rw http.ResponseWriter, r *httpd.Request) error {
	name := r.PathValue("name")
	b, ok := w.static.content[name]
	if !ok {
		return fault.NotFoundf("", "没有这个文件")
	}
	rw.Header().Set("Content-Type", mediaTypes[path.Ext(name)])
	rw.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	rw.Header().Del("Vary")
	_, _ = rw.Write(b)
	return nil
}

// healthz answers GET /healthz: the process answers. It says nothing more.
func (w *Web) healthz(rw http.ResponseWriter, _ *httpd.Request) error {
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(rw, "ok\n")
	return nil
}
