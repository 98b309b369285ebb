package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"quxiang/internal/domain/fault"
	"quxiang/internal/httpd"
)

//go:embed static
var staticFiles embed.FS

// assets are the files of static/, each under an address that changes with its
// content, so that a browser may keep it for ever. The stylesheets of css/ are
// sent as one, app.css, in the order of their names.
type assets struct {
	address map[string]string // app.css → /static/app.1a2b3c4d.css
	content map[string][]byte // app.1a2b3c4d.css → bytes
}

var mediaTypes = map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}

func newAssets() *assets {
	a := &assets{address: map[string]string{}, content: map[string][]byte{}}
	var style bytes.Buffer
	err := fs.WalkDir(staticFiles, "static", func(file string, d fs.DirEntry, err error) error {
		ext := path.Ext(file)
		if err != nil || d.IsDir() || mediaTypes[ext] == "" {
			return err
		}
		b, err := staticFiles.ReadFile(file)
		if ext == ".css" {
			style.Write(b)
			return err
		}
		a.add(path.Base(file), b)
		return err
	})
	if err != nil {
		panic("web: static files are not embedded: " + err.Error())
	}
	a.add("app.css", style.Bytes())
	return a
}

func (a *assets) add(file string, b []byte) {
	sum := sha256.Sum256(b)
	ext := path.Ext(file)
	name := strings.TrimSuffix(file, ext) + "." + hex.EncodeToString(sum[:8]) + ext
	a.address[file], a.content[name] = "/static/"+name, b
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
	httpd.WriteBytes(rw, b)
	return nil
}
