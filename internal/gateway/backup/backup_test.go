package backup

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"pgregory.net/rapid"

	"quxiang/internal/domain/fault"
)

var people = Table{Name: "people", Columns: []string{"id", "n", "on", "raw"}, Kinds: []string{Text, Bigint, Boolean, Bytea}}

// some is what the tests keep: two tables, one of which is blank, keys and files.
var some = Header{Program: "test", Schema: 11, Engine: "sqlite", School: "试点大学", Made: "2025-06-16T09:00:00.000+08:00",
	Tables: []Table{{Name: "blank", Columns: []string{"id"}, Kinds: []string{Text}}, people}}

func rowsOf(n int) [][]any {
	var out [][]any
	for i := range n {
		out = append(out, []any{fmt.Sprintf("g%05d \"引号\" \x7f\n<&>", i), int64(i) - 3, i%2 == 0, bytes.Repeat([]byte{byte(i)}, i%5)},
			[]any{"\xff\xfe not UTF-8 " + fmt.Sprint(i), nil, nil, nil})
	}
	return out
}

func identity(t testing.TB) (age.Identity, age.Recipient) {
	t.Helper()
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return k, k.Recipient()
}

func written(t testing.TB, to age.Recipient, h Header, rows [][]any) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, h, to)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(w.Key("ring.json", []byte(`{"secret":1}`)))
	for _, name := range []string{"blank", "people"} {
		r, err := w.Table(name)
		must(err)
		for _, row := range rows {
			if name == "people" {
				must(r.Add(row))
			}
		}
		must(r.Close())
	}
	for i := range 3 {
		must(w.File(strings.Repeat(fmt.Sprint(i), 64), bytes.Repeat([]byte{byte(i)}, 900)))
	}
	_, err = w.Close(Audit{N: 7, Hash: "ab"})
	must(err)
	return out.Bytes()
}

// content is all that a reader gives out.
type content struct {
	Keys, Files map[string]string
	Rows        [][]any
}

func readAll(from io.Reader, ids ...age.Identity) (*content, *Reader, error) {
	r, err := Open(from, ids...)
	if err != nil {
		return nil, nil, err
	}
	c := &content{map[string]string{}, map[string]string{}, nil}
	for {
		p, err := r.Next()
		if err == io.EOF {
			return c, r, nil
		}
		if err != nil {
			return nil, r, err
		}
		switch {
		case p.Key != "":
			c.Keys[p.Key] = string(p.Content)
		case p.File != "":
			c.Files[p.File] = string(p.Content)
		default:
			for row, err := range p.Rows() {
				if err != nil {
					return nil, r, err
				}
				c.Rows = append(c.Rows, append([]any{}, row...))
			}
		}
	}
}

func TestReadIsWhatWasWritten(t *testing.T) {
	id, to := identity(t)
	for _, n := range []int{0, 1, 20_000} { // the last takes several parts
		rows := rowsOf(n)
		c, r, err := readAll(bytes.NewReader(written(t, to, some, rows)), id)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Rows) != len(rows) {
			t.Fatalf("%d rows, want %d", len(c.Rows), len(rows))
		}
		for i := range rows {
			if !same(c.Rows[i], rows[i]) {
				t.Fatalf("row %d is %#v, want %#v", i, c.Rows[i], rows[i])
			}
		}
		if len(c.Files) != 3 || c.Keys["ring.json"] == "" || r.Manifest.RowsOf("people") != int64(2*n) || r.Manifest.Audit.N != 7 || r.Header.School != some.School {
			t.Errorf("%d files, manifest %+v", len(c.Files), r.Manifest)
		}
	}
}

func same(a, b []any) bool {
	for i := range a {
		x, ok := a[i].([]byte)
		y, also := b[i].([]byte)
		if ok && also && bytes.Equal(x, y) {
			continue
		}
		if !reflect.DeepEqual(a[i], b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}

// TestEveryCellSurvives: whatever a database can hold.
func TestEveryCellSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		row := []any{text.Draw(t, "text"), rapid.Int64().Draw(t, "n"), rapid.Bool().Draw(t, "on"), rapid.SliceOf(rapid.Byte()).Draw(t, "raw")}
		if rapid.Bool().Draw(t, "null") {
			row[rapid.IntRange(0, 3).Draw(t, "which")] = nil
		}
		line, err := appendRow(nil, row)
		if err != nil {
			t.Fatal(err)
		}
		for got, err := range readRows(&people, line) {
			if err != nil || !same(got, row) {
				t.Fatalf("%q: got %#v, want %#v (%v)", line, got, row, err)
			}
		}
	})
}

// TestManyFilesHaveManyLists: digests are listed a thousand at a time.
func TestManyFilesHaveManyLists(t *testing.T) {
	id, to := identity(t)
	var out bytes.Buffer
	w, err := NewWriter(&out, some, to)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2500 {
		if err := w.File(fmt.Sprintf("%064x", i), []byte{1}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(Audit{}); err != nil {
		t.Fatal(err)
	}
	if c, _, err := readAll(&out, id); err != nil || len(c.Files) != 2500 {
		t.Fatal(err)
	}
}

// TestBadBackups: each is refused with its reason (R21).
func TestBadBackups(t *testing.T) {
	id, to := identity(t)
	stranger, _ := identity(t)
	flippedLarge := written(t, to, some, rowsOf(20_000))
	flippedLarge[100_000] ^= 1
	good := written(t, to, some, rowsOf(100))
	flipped := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 1
		return b
	}
	plain := opened(t, id, good)
	parts := split(t, plain)
	for name, c := range map[string]struct {
		file []byte
		id   age.Identity
		says string
	}{
		"cut in the middle":          {good[:len(good)/2], id, "不完整"},
		"cut by one byte":            {good[:len(good)-1], id, "损坏"},
		"cut in the header":          {good[:60], id, "开头"},
		"nothing":                    {nil, id, "不完整"},
		"one bit":                    {flippedLarge, id, "已损坏或被改动"},
		"a bit of the header":        {flipped(40), id, "开头"},
		"something behind":           {append(bytes.Clone(good), 'x'), id, "损坏"},
		"another identity":           {good, stranger, "不是给这个身份的"},
		"a database file":            {append([]byte("SQLite format 3\x00"), make([]byte, 4096)...), id, "不是去向的备份"},
		"something else encrypted":   {locked(t, to, []byte("hello")), id, "不完整"},
		"another tar encrypted":      {locked(t, to, joined(t, part{"letter.txt", []byte("hello")})), id, "不是去向的备份"},
		"a newer format":             {locked(t, to, joined(t, part{headerName, fmt.Appendf(nil, `{"format":%d,"program":"v9.9"}`, Format+1)})), id, "v9.9"},
		"a part taken out":           {locked(t, to, joined(t, without(parts, "evidence")...)), id, "evidence"},
		"rows taken out":             {locked(t, to, joined(t, without(parts, "tables")...)), id, "tables/people/000001"},
		"the keys taken out":         {locked(t, to, joined(t, without(parts, "keys")...)), id, "keys/ring.json"},
		"no manifest":                {locked(t, to, joined(t, parts[:len(parts)-1]...)), id, "不完整"},
		"no list of digests":         {locked(t, to, joined(t, without(parts, "sums")...)), id, "list of digests"},
		"a part twice":               {locked(t, to, joined(t, append(parts[:2:2], parts[1:]...)...)), id, "不在原来的位置"},
		"something after the end":    {locked(t, to, joined(t, append(parts[:len(parts):len(parts)], parts[1])...)), id, "follows"},
		"a path that leads outside":  {locked(t, to, joined(t, parts[0], part{"keys/../../x", nil})), id, "no key file"},
		"a file that is none":        {locked(t, to, joined(t, parts[0], part{"evidence/ab/../../x", nil})), id, "no file of evidence"},
		"a table that is none":       {locked(t, to, joined(t, parts[0], part{"tables/x/000001.jsonl.gz", nil})), id, "unknown table"},
		"a manifest of another file": {locked(t, to, joined(t, append(parts[:len(parts)-1:len(parts)-1], lastOf(t, id, written(t, to, some, rowsOf(101))))...)), id, "people"},
	} {
		_, _, err := readAll(bytes.NewReader(c.file), c.id)
		if fault.KindOf(err) != fault.Usage || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want a refusal with %q", name, err, c.says)
		}
	}
}

// TestAnyFlippedBitIsNoticed: 200 positions of the file, 200 of what is inside when
// somebody encrypts it anew (R21).
func TestAnyFlippedBitIsNoticed(t *testing.T) {
	id, to := identity(t)
	good := written(t, to, some, rowsOf(20))
	want, _, err := readAll(bytes.NewReader(good), id)
	if err != nil {
		t.Fatal(err)
	}
	plain := opened(t, id, good)
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		at := random.IntN(len(good))
		b := bytes.Clone(good)
		b[at] ^= 1 << random.IntN(8)
		if _, _, err := readAll(bytes.NewReader(b), id); fault.KindOf(err) != fault.Usage {
			t.Fatalf("byte %d flipped: %v", at, err)
		}
		at = random.IntN(len(plain))
		b = bytes.Clone(plain)
		b[at] ^= 1 << random.IntN(8)
		exactOrRefused(t, want, locked(t, to, b), id)
	}
}

// exactOrRefused: what a reader gives out is what was written, or nothing (F14). Of the
// header alone the school's name and the program may be others: nobody vouches for who
// encrypts.
func exactOrRefused(t testing.TB, want *content, file []byte, id age.Identity) {
	t.Helper()
	got, _, err := readAll(bytes.NewReader(file), id)
	if err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("another content was given out: %#v", got)
	}
}

// FuzzRestore: whatever a backup is made of, it is refused or read as it was written (F14, R21).
func FuzzRestore(f *testing.F) {
	id, to := identity(f)
	good := written(f, to, some, rowsOf(3))
	want, _, err := readAll(bytes.NewReader(good), id)
	if err != nil {
		f.Fatal(err)
	}
	plain := opened(f, id, good)
	f.Add(good, false)
	f.Add(plain, true)
	f.Add([]byte("age-encryption.org/v1\n"), false)
	f.Add(plain[:1536], true)
	f.Fuzz(func(t *testing.T, b []byte, inside bool) {
		if !inside {
			exactOrRefused(t, want, b, id)
			return
		}
		got, r, err := readAll(bytes.NewReader(locked(t, to, b)), id)
		if err != nil && fault.KindOf(err) == "" && !strings.HasPrefix(err.Error(), "backup: table") {
			t.Errorf("an error nobody can read: %v", err)
		}
		if err == nil && int64(len(got.Rows)) != r.Manifest.Rows() {
			t.Errorf("%d rows, %d in the manifest", len(got.Rows), r.Manifest.Rows())
		}
	})
}

// TestOrdinaryToolsReadIt: tar and sha256sum are enough, once it is decrypted.
func TestOrdinaryToolsReadIt(t *testing.T) {
	for _, tool := range []string{"tar", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("QUXIANG_CI") != "" {
				t.Fatal(err)
			}
			t.Skip(tool, " is not there")
		}
	}
	id, to := identity(t)
	c := exec.Command("sh", "-c", "tar x && cat sums/*.txt | sha256sum -c --quiet && zcat tables/people/000001.jsonl.gz | head -1")
	c.Dir = t.TempDir()
	c.Stdin = bytes.NewReader(opened(t, id, written(t, to, some, rowsOf(10))))
	out, err := c.CombinedOutput()
	if err != nil || !bytes.HasPrefix(out, []byte(`["g00000 \"引号\"`)) {
		t.Errorf("%v: %s", err, out)
	}
}

func TestIdentityFileIsThatOfAge(t *testing.T) {
	file, recipient, err := NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ids, err := Identities(file)
	if err != nil || len(ids) != 1 || ids[0].(*age.X25519Identity).Recipient().String() != recipient {
		t.Errorf("%v: %s", err, file)
	}
	if !strings.Contains(string(file), "# public key: "+recipient) {
		t.Errorf("the file does not say whose it is: %s", file)
	}
}

// opened decrypts.
func opened(t testing.TB, id age.Identity, file []byte) []byte {
	t.Helper()
	r, err := age.Decrypt(bytes.NewReader(file), id)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// locked encrypts.
func locked(t testing.TB, to age.Recipient, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type part struct {
	name    string
	content []byte
}

func split(t testing.TB, plain []byte) []part {
	t.Helper()
	var out []part
	for r := tar.NewReader(bytes.NewReader(plain)); ; {
		h, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, part{h.Name, b})
	}
}

func joined(t testing.TB, parts ...part) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, p := range parts {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: p.name, Mode: 0o600, Size: int64(len(p.content)), Format: tar.FormatUSTAR}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(p.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// without drops the first part of a folder.
func without(parts []part, folder string) []part {
	var out []part
	gone := false
	for _, p := range parts {
		if !gone && strings.HasPrefix(p.name, folder+"/") {
			gone = true
			continue
		}
		out = append(out, p)
	}
	return out
}

// lastOf is the manifest of another backup.
func lastOf(t testing.TB, id age.Identity, file []byte) part {
	parts := split(t, opened(t, id, file))
	last := parts[len(parts)-1]
	if !json.Valid(last.content) {
		t.Fatal("no manifest")
	}
	return last
}
