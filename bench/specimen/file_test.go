package specimen

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"quxiang/internal/domain/proofread"
	"quxiang/internal/gateway/paper"
)

// said is what findings say, without places.
func said(fs []proofread.Finding) []string {
	var out []string
	for _, f := range fs {
		out = append(out, string(f.Rule)+" "+f.Printed+"→"+f.Expected)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func readFile(t testing.TB, name string, content []byte) proofread.Document {
	t.Helper()
	d, err := paper.Read(name, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// falsified are reports with a fault each, of all kinds in turn.
func falsified(from, n uint64) []*Report {
	var out []*Report
	for seed := from; seed < from+n; seed++ {
		r := Make(seed)
		r.Plant(rand.New(rand.NewPCG(seed, 5)), Plans[int(seed)%len(Plans)])
		out = append(out, r)
	}
	return out
}

// TestSameFindings: the same report as .docx, web page and text gives the same findings.
func TestSameFindings(t *testing.T) {
	for i, r := range falsified(9000, 2*uint64(len(Plans))) {
		want := said(proofread.Check(r.Document()))
		docx, err := r.Word()
		if err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string][]byte{"报告.docx": docx, "报告.html": []byte(r.Page()), "报告.txt": []byte(r.Plain(Tabs)), "报告.md": []byte(r.Plain(Pipes))} {
			if got := said(proofread.Check(readFile(t, name, content))); !slices.Equal(got, want) {
				t.Errorf("seed %d as %s (%s): %q, not %q", 9000+i, name, r.Quirk, got, want)
			}
		}
	}
}

// portable makes pdf files of the reports with LibreOffice.
func portable(b *testing.B, reports []*Report) [][]byte {
	office, err := exec.LookPath("soffice")
	if err != nil {
		b.Skip("there is no LibreOffice to make pdf files with")
	}
	dir := b.TempDir()
	args := []string{"-env:UserInstallation=file://" + dir + "/office", "--headless", "--convert-to", "pdf", "--outdir", dir}
	var names []string
	for i, r := range reports {
		docx, err := r.Word()
		if err != nil {
			b.Fatal(err)
		}
		name := filepath.Join(dir, string(rune('a'+i/26))+string(rune('a'+i%26)))
		if err := os.WriteFile(name+".docx", docx, 0o600); err != nil {
			b.Fatal(err)
		}
		names, args = append(names, name+".pdf"), append(args, name+".docx")
	}
	if out, err := exec.Command(office, args...).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	var files [][]byte
	for _, n := range names {
		content, err := os.ReadFile(n)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, content)
	}
	return files
}
