package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
)

// needle is a value that must lie nowhere in plain text, in every spelling that it
// might lie in: UTF-8, UTF-16, hex, and base64 whatever stands before it.
func needle(value string) (out [][]byte) {
	wide := make([]byte, 0, 2*len(value))
	for _, u := range utf16.Encode([]rune(value)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	out = append(out, []byte(value), wide, []byte(hex.EncodeToString([]byte(value))))
	for shift := range 3 { // the signs that do not depend on what is around
		text := base64.RawStdEncoding.EncodeToString(append(bytes.Repeat([]byte{'x'}, shift), value...))
		text = text[(shift*8+5)/6 : (shift+len(value))*8/6]
		out = append(out, []byte(text))
	}
	return out
}

// plainHits are the files below the folders, but for keys, that hold one of the values.
func plainHits(t *testing.T, values []string, folders ...string) (hits []string, read int64) {
	t.Helper()
	wanted := map[string][]string{} // by the first 8 bytes of a spelling
	for _, v := range values {
		for _, spelling := range needle(v) {
			head := string(spelling[:8])
			wanted[head] = append(wanted[head], string(spelling))
		}
	}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "keys":
				return fs.SkipDir
			case !d.Type().IsRegular():
				return nil
			}
			content, err := os.ReadFile(path)
			read += int64(len(content))
			for i := 0; i+8 <= len(content); i++ {
				for _, spelling := range wanted[string(content[i:i+8])] {
					if bytes.HasPrefix(content[i:], []byte(spelling)) {
						hits = append(hits, fmt.Sprintf("%s at %d: %s", filepath.Base(path), i, spelling))
					}
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return hits, read
}

// TestNothingLiesInPlainText (C1, P9): 1,000 numbers, phones and addresses go through
// the doors; database, journal, evidence, held files, log and temporary files hold none.
func TestNothingLiesInPlainText(t *testing.T) {
	temp, log := t.TempDir(), filepath.Join(t.TempDir(), "log")
	t.Setenv("TMPDIR", temp)
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	conf := app.Config{Data: t.TempDir() + "/data", Log: slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	a := buildDemo(t, conf, 100, 1)
	var values []string
	rows := strings.Builder{}
	rows.WriteString("学号,姓名,学历,身份证号,手机号,家庭住址,困难生类别代码\n")
	for i := range 1000 {
		id, phone, address := invented(i), fmt.Sprintf("1007%07d", i*7919), fmt.Sprintf("无名路%d弄%d号", 10_000+i, i)
		values = append(values, id, phone, address)
		fmt.Fprintf(&rows, "P%05d,甲,本科,%s,%s,%s,2\n", i, id, phone, address)
	}
	file := app.TableFile("roster.csv", []byte(rows.String()))
	if r, err := a.Import(t.Context(), keeper, "roster", file, app.ImportOptions{Cohort: "2025"}); err != nil || r.Refused > 0 {
		t.Fatal(err, r.Refusals)
	}
	if _, err := a.Files.Hold([]byte(rows.String())); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Files.Put([]byte(rows.String())); err != nil {
		t.Fatal(err)
	}
	values = append(values, throughForms(t, a)...)
	if _, _, err := a.Roster.Find(t.Context(), keeper, values[1], 5); err != nil {
		t.Fatal(err)
	}
	if _, err := a.RotateKeys(t.Context(), keeper, "sm4gcm", nil); err != nil {
		t.Fatal(err)
	}
	hits, read := plainHits(t, values, a.Data, temp, filepath.Dir(log))
	if len(hits) > 0 || read < 1<<20 {
		t.Errorf("%d bytes read, %d hits: %.5q", read, len(hits), hits)
	}
	// Positive control: rows that were written past the program are found.
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	db := openRaw(t, conf.Data)
	for _, plant := range []string{values[0], base64.StdEncoding.EncodeToString([]byte("手机 " + values[1]))} {
		if _, err := db.Exec(`insert into meta (key, value) values ($1, $2)`, "planted"+plant[:4], plant); err != nil {
			t.Fatal(err)
		}
	}
	if hits, _ := plainHits(t, values, conf.Data); len(hits) < 2 {
		t.Errorf("planted, and not found: %q", hits)
	}
}

// throughForms has a graduate of the demo correct, ask and keep a draft, and returns
// what was typed.
func throughForms(t *testing.T, a *app.App) []string {
	t.Helper()
	g := somebody(t, a)
	self := access.Actor{Account: "self", Grants: []access.Grant{{Role: access.Graduate, Over: access.Self(g.ID)}}}
	phone, id, contact := "10079999999", invented(5000), "10078888888"
	if err := a.Roster.Correct(t.Context(), self, g.ID, "phone", phone); err != nil {
		t.Fatal(err)
	}
	if err := a.Roster.Ask(t.Context(), self, g.ID, "id_number", id, "应为 "+id); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Destinations.SaveDraft(t.Context(), self, destination.SavedDraft{Graduate: g.ID, Code: "10",
		Values: map[string]string{"contact_mobile": contact, "note": "请打 " + contact}}); err != nil {
		t.Fatal(err)
	}
	return []string{phone, id, contact}
}

// invented is the nth identity number of nobody: of a region that there is none of,
// with its right check sign (GB 11643-1999).
func invented(n int) string {
	body := fmt.Sprintf("990101%s7%02d", time.Date(1990, 1, 1+n, 0, 0, 0, 0, time.UTC).Format("20060102"), n%100)
	sum := 0
	for _, d := range body {
		sum = (sum + int(d-'0')) * 2 % 11
	}
	return body + string("10X98765432"[sum])
}
