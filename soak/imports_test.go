package soak

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What a file may cost the server, whatever it is (P8).
const (
	mostProcessor = 5 * time.Second
	mostMemory    = 256 << 20
)

// secretWord stands in each hostile file: it must be found nowhere afterwards.
const secretWord = "QXHOSTILESECRETWORD"

// hostile is a file that somebody brings.
type hostile struct {
	name    string // as the browser calls it
	content []byte
}

// workbook is an xlsx around a sheet, with what else is in the zip.
func workbook(t *testing.T, sheet, shared string, more ...[2]string) []byte {
	t.Helper()
	const ns = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	rel := func(id, kind, to string) string {
		return fmt.Sprintf(`<Relationship Id=%q Type="%s/%s" Target=%q/>`, id, ns, kind, to)
	}
	if shared == "" {
		shared = "<sst/>"
	}
	return zipOf(t, append([][2]string{{"[Content_Types].xml", "<Types/>"}, {"_rels/.rels", "<Relationships>" + rel("r1", "officeDocument", "xl/workbook.xml") + "</Relationships>"},
		{"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", "<Relationships>" + rel("rId1", "worksheet", "worksheets/sheet1.xml") + rel("rId8", "sharedStrings", "sharedStrings.xml") + rel("rId9", "styles", "styles.xml") + "</Relationships>"},
		{"xl/sharedStrings.xml", shared}, {"xl/styles.xml", "<styleSheet/>"}, {"xl/worksheets/sheet1.xml", sheet}}, more...)...)
}

func zipOf(t *testing.T, files ...[2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = io.WriteString(w, f[1])
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

func rowsOf(rows string) string { return "<worksheet><sheetData>" + rows + "</sheetData></worksheet>" }

// repeated is a text as often as it takes for so many bytes.
func repeated(text string, size int) string { return strings.Repeat(text, size/len(text)+1) }

// hostiles are the files of X20–X27, F1 and F2, each with the word in it.
func hostiles(t *testing.T) []hostile {
	const head = "学号,姓名,学院,专业,班级,学历\n"
	cell := `<row r="1"><c r="A1" t="str"><v>` + secretWord + `</v></c></row>`
	var wide, wrong strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&wide, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i+2, i+2)
	}
	for i := range 200000 {
		fmt.Fprintf(&wrong, "24%06d,%s,没有的学院%d,专业,班,学历\n", i, secretWord, i)
	}
	var crowd [][2]string
	for i := range 100000 {
		crowd = append(crowd, [2]string{fmt.Sprint("xl/media/", i), ""})
	}
	noise := make([]byte, 20<<20)
	rng := rand.NewChaCha8([32]byte{1})
	_, _ = rng.Read(noise)
	nested := zipOf(t, [2]string{"a.zip", string(zipOf(t, [2]string{"b.zip", repeated(secretWord, 64<<20)}))})
	good := workbook(t, rowsOf(cell), "")
	return []hostile{
		{"宽行.xlsx", workbook(t, rowsOf(cell+wide.String()), "")},
		{"大表.xlsx", workbook(t, rowsOf(cell+repeated("<row> </row>", 200<<20)), "")},
		{"空行.xlsx", workbook(t, rowsOf(cell+`<row r="1048576"/>`), "")},
		{"负数.xlsx", workbook(t, rowsOf(cell+`<row r="2"><c r="A2" t="s"><v>-1</v></c></row>`), "")},
		{"共享.xlsx", workbook(t, rowsOf(cell), "<sst>"+repeated("<si><t>"+strings.Repeat("长", 30000)+"</t></si>", 100<<20)+"</sst>")},
		{"实体.xlsx", workbook(t, `<!DOCTYPE a [<!ENTITY x "`+secretWord+`"><!ENTITY e SYSTEM "file:///etc/passwd">]>`+rowsOf(cell), "")},
		{"嵌套.xlsx", workbook(t, rowsOf(cell+strings.Repeat("<a>", 200000)), "")},
		{"十万.xlsx", workbook(t, rowsOf(cell), "", crowd...)},
		{"宏.xlsx", workbook(t, rowsOf(cell), "", [2]string{"xl/vbaProject.bin", secretWord})},
		{"越界.xlsx", workbook(t, rowsOf(cell), "", [2]string{"../../../etc/cron.d/x", secretWord}, [2]string{`C:\evil.exe`, secretWord})},
		{"一半.xlsx", good[:len(good)/2]},
		{"套娃.xlsx", nested},
		{"二十兆.xlsx", append([]byte("PK\x03\x04"+secretWord), noise...)},
		{"网页.xlsx", []byte("<html><script>" + secretWord + "</script></html>")},
		{"论文.xlsx", []byte("%PDF-1.7\n" + secretWord)},
		{"程序.csv", append([]byte("\x7fELF"+secretWord), noise[:1<<20]...)},
		{"乱码.csv", append([]byte(head+secretWord), noise...)},
		{"一行.csv", []byte(repeated(secretWord, 60<<20))},
		{"引号.csv", []byte(head + `"` + repeated(secretWord+`""`, 60<<20))},
		{"空字符.csv", []byte(head + repeated(secretWord+"\x00", 8<<20))},
		{"逗号.csv", []byte(head + secretWord + repeated(strings.Repeat(",", 300)+"\n", 60<<20))},
		{"换行.csv", []byte(head + secretWord + repeated("\n", 60<<20))},
		{"半字.csv", []byte("\xff\xfe" + repeated("a\x00,\x00\n\x00", 20<<20) + "\x00")},
		{"全错.csv", []byte(head + wrong.String())},
	}
}

// desk is the employment office at a browser.
type desk struct {
	*http.Client
	server *server
}

// office comes in by the link that the demo prints.
func office(t *testing.T, s *server) *desk {
	t.Helper()
	var link []string
	for range 300 { // the links are printed after the address
		if link = regexp.MustCompile(`(?m)就业中心.*?(/enter/\S+)\n`).FindStringSubmatch(s.words()); link != nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if link == nil {
		t.Fatalf("no link for the office in:\n%s", s.words())
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{&http.Client{Jar: jar, Timeout: 2 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, s}
	if status, _ := d.read(t, link[1]); status != http.StatusSeeOther {
		t.Fatalf("the link answers %d", status)
	}
	return d
}

func (d *desk) read(t *testing.T, at string) (int, string) {
	t.Helper()
	r, err := d.Get(d.server.Address + at)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// bring sends the file by the form at the address.
func (d *desk) bring(t *testing.T, at string, f hostile) (status int, page string) {
	t.Helper()
	_, page = d.read(t, at)
	fields, err := hidden(page, at)
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name := range fields {
		_ = form.WriteField(name, fields.Get(name))
	}
	_ = form.WriteField("cohort", "2024")
	part, _ := form.CreateFormFile("file", f.name)
	_, _ = part.Write(f.content)
	form.Close()
	r, err := http.NewRequest("POST", d.server.Address+at, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	got, err := d.Do(r)
	if err != nil {
		t.Errorf("%s: %v", f.name, err)
		return 0, ""
	}
	defer got.Body.Close()
	b, _ := io.ReadAll(got.Body)
	return got.StatusCode, string(b)
}

// costs runs do and says what the server spent on it, until it is quiet again.
func costs(t *testing.T, s *server, do func()) (cpu time.Duration, memory int64) {
	t.Helper()
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", s.cmd.Process.Pid), []byte("5"), 0) // the peak begins anew
	before, _ := s.resident(t)
	from := processor(t, s)
	do()
	for last := time.Duration(-1); last != processor(t, s); {
		last = processor(t, s)
		time.Sleep(300 * time.Millisecond)
	}
	_, most := s.resident(t)
	return processor(t, s) - from, most - before
}

// TestHostileImports (P8, X20–X22, X26, X27, F1, F2): each of the files, by the page and
// by the command, costs a serving process no more than it may, is answered in words,
// leaves nothing in a temporary folder or readable in the data, and the process answers
// meanwhile.
func TestHostileImports(t *testing.T) {
	soaking(t)
	if _, err := program(); err != nil { // it builds in the temporary folder
		t.Fatal(err)
	}
	files, temp, bring := hostiles(t), t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	s, data := small(t)
	d := office(t, s)
	alive, done := answers(t, s)
	for _, f := range files {
		for _, at := range []string{"/import/roster", "/import/destinations", "/reconcile"} {
			var status int
			var page string
			cpu, memory := costs(t, s, func() { status, page = d.bring(t, at, f) })
			t.Logf("%s at %s: %d, %s, %d MiB", f.name, at, status, cpu, memory>>20)
			if status == 0 || status >= 500 || cpu > mostProcessor || memory > mostMemory || strings.Contains(page, "panic") {
				t.Errorf("%s at %s: %d, %s of processor, %d MiB", f.name, at, status, cpu, memory>>20)
			}
		}
		path := filepath.Join(bring, f.name)
		if err := os.WriteFile(path, f.content, 0o600); err != nil {
			t.Fatal(err)
		}
		code := 0
		said := ""
		cpu, memory := costs(t, s, func() { said, code = run(t, "import", "roster", path, "--cohort", "2024", "--data", data) })
		if code == 0 || strings.Contains(said, "goroutine") || cpu > mostProcessor || memory > mostMemory {
			t.Errorf("%s by the command: exit %d, %s of processor, %d MiB: %.300s", f.name, code, cpu, memory>>20, said)
		}
	}
	close(done)
	if missed := <-alive; missed > 0 {
		t.Errorf("/livez failed %d times meanwhile", missed)
	}
	nothingLeft(t, temp, data)
	s.stop(t)
}

// answers asks whether the process is alive until done is closed, and then says how
// often it was not.
func answers(t *testing.T, s *server) (missed chan int, done chan struct{}) {
	t.Helper()
	missed, done = make(chan int, 1), make(chan struct{})
	go func() {
		n := 0
		c := http.Client{Timeout: 5 * time.Second}
		for {
			select {
			case <-done:
				missed <- n
				return
			case <-time.After(50 * time.Millisecond):
			}
			r, err := c.Get(s.Address + "/livez")
			if err != nil || r.StatusCode != http.StatusOK {
				n++
			}
			if err == nil {
				r.Body.Close()
			}
		}
	}()
	return missed, done
}

// nothingLeft looks for files in the temporary folder, and for the word in any file of
// the data.
func nothingLeft(t *testing.T, temp, data string) {
	t.Helper()
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v %v", left, err)
	}
	err := filepath.WalkDir(data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(secretWord)) {
			t.Errorf("%s holds what a file said", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
