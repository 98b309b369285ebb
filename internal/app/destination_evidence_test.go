package app_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/gateway/blob"
	"quxiang/internal/gateway/picture"
	"quxiang/internal/gateway/vault"
)

// photo is a JPEG that differs by its shade.
func photo(t *testing.T, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 200, 280))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(9, 9, color.Gray{Y: 255 - shade})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// trail counts what is written down, by action.
type trail struct {
	audit.Log
	n map[string]int
}

func (l trail) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	l.n[action]++
	return l.Log.Write(ctx, who, action, subject, detail)
}

// withFiles gives the registry a folder for evidence, and counts its audit trail.
func (r *registry) withFiles() (*blob.Files, map[string]int) {
	f, n := blob.New(r.t.TempDir(), vault.NewMemory()), map[string]int{}
	r.Files, r.Cleaner, r.Audit = f, picture.NewCleaner(), trail{r.store, n}
	return f, n
}

func TestUploadKeepsFileRowAndOneEntry(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		files, written := r.withFiles()
		d, err := r.Upload(r.ctx, bySelf("g1"), "g1", "CON", photo(t, 40))
		r.must(err)
		kept, err := files.Get(d.SHA256)
		r.must(err)
		if d.Media != "image/jpeg" || d.Size != int64(len(kept)) || d.Graduate != "g1" || d.Account != "a-g1" || d.At != r.now {
			t.Errorf("kept as %+v", d)
		}
		r.now += 60_000
		again, err := r.Upload(r.ctx, bySelf("g1"), "g1", "CON", photo(t, 40))
		r.must(err)
		if again != d || written["destination.document"] != 1 {
			t.Errorf("the same file twice is two: %+v, %d entries", again, written["destination.document"])
		}
		_, err = r.Upload(r.ctx, bySelf("g1"), "g1", "AGR", photo(t, 40)) // what it is called may be put right
		r.must(err)
		_, err = r.Upload(r.ctx, byCounsellor, "g1", "REC", photo(t, 41))
		r.must(err)
		list, err := r.Documents(r.ctx, bySelf("g1"), "g1")
		r.must(err)
		if len(list) != 3 {
			t.Errorf("%d documents", len(list))
		}
	})
}

func TestUploadRefusesBeforeItKeeps(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		files, written := r.withFiles()
		for name, c := range map[string]struct {
			who      access.Actor
			graduate string
			kind     string
			raw      []byte
			want     fault.Kind
		}{
			"somebody else's":        {bySelf("g1"), "g2", "CON", photo(t, 1), fault.NotFound},
			"another class":          {byCounsellor, "g6", "CON", photo(t, 1), fault.NotFound},
			"nobody's":               {byOffice, "g9", "CON", photo(t, 1), fault.NotFound},
			"without the right":      {byLeader, "g1", "CON", photo(t, 1), fault.Forbidden},
			"no kind":                {bySelf("g1"), "g1", "XYZ", photo(t, 1), fault.Invalid},
			"no photo":               {bySelf("g1"), "g1", "CON", []byte("<html>"), fault.Invalid},
			"empty":                  {bySelf("g1"), "g1", "CON", nil, fault.Invalid},
			"of whom nobody is told": {access.Actor{}, "g1", "CON", photo(t, 1), fault.Forbidden},
		} {
			_, err := r.Upload(r.ctx, c.who, c.graduate, c.kind, c.raw)
			r.refused(name, err, c.want)
		}
		r.must(files.Each(func(hash string) error { return errors.New("kept all the same: " + hash) }))
		if len(written) > 0 {
			t.Errorf("refused, and written down: %v", written)
		}
	})
}

// TestEvidenceIsOpenedWithinScopeAndWrittenDown: by those who decide, one entry each (X4, C8).
func TestEvidenceIsOpenedWithinScopeAndWrittenDown(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		files, written := r.withFiles()
		d, err := r.Upload(r.ctx, bySelf("g1"), "g1", "CON", photo(t, 40))
		r.must(err)
		want, err := files.Get(d.SHA256)
		r.must(err)
		for i, who := range []access.Actor{bySelf("g1"), byCounsellor, bySecretary, byOffice} {
			got, file, err := r.Document(r.ctx, who, "g1", d.SHA256)
			r.must(err)
			if got != d || !bytes.Equal(file, want) {
				t.Errorf("%s sees %+v", who.Account, got)
			}
			if n := written["evidence.view"]; n != i { // the graduate's own look is nobody's business
				t.Errorf("%s: %d entries, want %d", who.Account, n, i)
			}
		}
		for name, c := range map[string]struct {
			who      access.Actor
			graduate string
			hash     string
			want     fault.Kind
		}{
			"a classmate":             {bySelf("g2"), "g1", d.SHA256, fault.NotFound},
			"as if it were their own": {bySelf("g2"), "g2", d.SHA256, fault.NotFound},
			"another college":         {byStaff("x", access.CollegeSecretary, access.Colleges("c2")), "g1", d.SHA256, fault.NotFound},
			"a support officer":       {byStaff("x", access.Support, access.School()), "g1", d.SHA256, fault.Forbidden},
			"the auditor":             {byStaff("x", access.Auditor, access.School()), "g1", d.SHA256, fault.Forbidden},
			"the administrator":       {byStaff("x", access.Administrator, access.School()), "g1", d.SHA256, fault.Forbidden},
			"nobody":                  {access.Actor{}, "g1", d.SHA256, fault.Forbidden},
			"no such file":            {byOffice, "g1", strings.Repeat("0", 64), fault.NotFound},
			"a path":                  {byOffice, "g1", "../../keys/ring.json", fault.NotFound},
		} {
			_, file, err := r.Document(r.ctx, c.who, c.graduate, c.hash)
			r.refused(name, err, c.want)
			if file != nil {
				t.Errorf("%s: refused, and given the file", name)
			}
		}
		if n := written["evidence.view"]; n != 3 {
			t.Errorf("refusals were written down as views: %d", n)
		}
	})
}

// TestEvidenceHasBounds: nobody fills the disk with photos (X25).
func TestEvidenceHasBounds(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.army("g1")
		for range destination.MaxEvidence {
			d.Evidence = append(d.Evidence, d.Evidence[0])
		}
		_, err := r.Submit(r.ctx, bySelf("g1"), d)
		r.refused("more than a submission takes", err, fault.Invalid)
		for i := range destination.MaxDocuments {
			r.must(r.HandIn(r.ctx, bySelf("g2"), destination.Document{SHA256: strings.Repeat("0123456789"[i/10:i/10+1], 32) + strings.Repeat("0123456789"[i%10:i%10+1], 32),
				Graduate: "g2", Kind: "CON", Media: "image/jpeg", Size: 1}))
		}
		err = r.HandIn(r.ctx, bySelf("g2"), destination.Document{SHA256: strings.Repeat("a", 64), Graduate: "g2", Kind: "CON", Media: "image/jpeg", Size: 1})
		r.refused("one too many (X25)", err, fault.Conflict)
		files, _ := r.withFiles()
		_, err = r.Upload(r.ctx, bySelf("g2"), "g2", "CON", photo(t, 3))
		r.refused("one too many, with its file", err, fault.Conflict)
		r.must(files.Each(func(hash string) error { return errors.New("refused, and kept for good: " + hash) }))
	})
}

// TestProposedEvidenceIsThere: what staff name in a proposal counts as proof once it
// is submitted, so that it must have been handed in, of this graduate.
func TestProposedEvidenceIsThere(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		d := r.army("g1")
		theirs := r.handIn("g2", "MIL", 'd')
		for name, e := range map[string]history.Evidence{
			"of nobody":         {SHA256: strings.Repeat("e", 64), Kind: "MIL"},
			"of somebody else":  theirs,
			"of another kind":   {SHA256: d.Evidence[0].SHA256, Kind: "CON"},
			"no hash of a file": {SHA256: "x", Kind: "MIL"},
		} {
			wrong := d
			wrong.Evidence = []history.Evidence{e}
			_, err := r.Propose(r.ctx, byCounsellor, wrong)
			r.refused(name, err, fault.Invalid)
		}
		_, err := r.Propose(r.ctx, byCounsellor, d)
		r.must(err)
	})
}

// TestInternshipPapersAreKeptAndSaidToProveNothing: 四不准 4.
func TestInternshipPapersAreKeptAndSaidToProveNothing(t *testing.T) {
	eachRegistry(t, func(t *testing.T, r *registry) {
		r.withFiles()
		for _, row := range codes.Builtin().Table("document").All() {
			says := destination.Caveat(codes.Builtin(), row.Code)
			if never := row.Is("never"); never != strings.Contains(says, "不能作为就业证明") {
				t.Errorf("%s: %q", row.Name, says)
			}
		}
		d := r.contract("g3")
		p, err := r.Upload(r.ctx, bySelf("g3"), "g3", "INT-CERT", photo(t, 7))
		r.must(err)
		d.Evidence = []history.Evidence{{SHA256: p.SHA256, Kind: p.Kind}}
		_, err = r.Submit(r.ctx, bySelf("g3"), d)
		r.refused("an internship's paper counts as proof", err, fault.Invalid)
	})
}

// TestVerifyOpensEveryFile: a file that is gone, altered or replaced is named; one
// that no row names is only counted.
func TestVerifyOpensEveryFile(t *testing.T) {
	onDemo(t, 100, func(t *testing.T, a *app.App) {
		graduates, err := a.Store.Graduates(t.Context(), access.School(), "2025", "", 3)
		if err != nil || len(graduates) < 3 {
			t.Fatal(len(graduates), err)
		}
		path := func(hash string) string { return filepath.Join(a.Data, "evidence", hash[:2], hash) }
		var docs []destination.Document
		for i := range 3 {
			d, err := a.Destinations.Upload(t.Context(), access.Console("test"), graduates[i].ID, "CON", photo(t, uint8(40+i)))
			if err != nil {
				t.Fatal(err)
			}
			docs = append(docs, d)
		}
		before, whole, err := a.Verify(t.Context())
		if err != nil || len(before) > 0 {
			t.Fatal(before, err)
		}
		if _, err := a.Files.Put([]byte("stray")); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.Remove(path(docs[0].SHA256)), os.WriteFile(path(docs[1].SHA256), []byte("x"), 0o600),
			os.Rename(path(docs[2].SHA256), path(docs[0].SHA256))); err != nil {
			t.Fatal(err)
		}
		problems, checked, err := a.Verify(t.Context())
		if err != nil || len(problems) != 3 || checked.Documents != whole.Documents || checked.Strays != whole.Strays+1 {
			t.Fatalf("%v, %+v, %v", problems, checked, err)
		}
		all := strings.Join(problems, "\n")
		for i, says := range []string{"打不开", "打不开", "不见了"} {
			if !strings.Contains(all, docs[i].Graduate+" 的佐证材料 "+docs[i].SHA256+" 的文件"+says) {
				t.Errorf("%d: %s", i, all)
			}
		}
		_, _, err = a.Destinations.Document(t.Context(), access.Console("test"), docs[2].Graduate, docs[2].SHA256)
		if !errors.Is(err, fs.ErrNotExist) || fault.KindOf(err) != "" {
			t.Errorf("a lost file is our fault, not the reader's: %v", err)
		}
	})
}
