package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/gateway/vault"
)

// small opens a school of three graduates, one of them in difficulty.
func small(t *testing.T, how Hold) *App {
	t.Helper()
	conf := Config{Data: filepath.Join(t.TempDir(), "data")}
	if _, err := Init(t.Context(), conf, NewSchool{Name: "试点大学", Code: "10001", Admin: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := Open(t.Context(), conf, how)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	importAs(t, a, "roster", "学号,姓名,学历,困难生类别代码\n1,甲,本科,2\n2,乙,本科,0\n3,丙,硕士,\n")
	return a
}

func importAs(t *testing.T, a *App, kind, content string) {
	t.Helper()
	r, err := a.Import(t.Context(), access.Console("test"), kind, TableFile(kind+".csv", []byte(content)), ImportOptions{Cohort: "2024", Source: "legacy"})
	if err != nil || r.Refused > 0 {
		t.Fatal(kind, err, r.Refusals)
	}
}

func count(ctx context.Context, a *App, where ...indicator.Condition) (int, error) {
	t, err := a.Figures.Count(ctx, access.Console("test"), indicator.Query{Table: "destination", Cohorts: []string{"2024"}, Where: where})
	if err != nil || len(t.Rows) == 0 {
		return 0, err
	}
	return t.Rows[len(t.Rows)-1].N, nil
}

// TestHalfBuiltArraysAreNeverCounted: a build that fails leaves nothing behind
// that the next count could take for the whole.
func TestHalfBuiltArraysAreNeverCounted(t *testing.T) {
	for _, how := range []Hold{Serving, Writing} {
		a := small(t, how)
		right := a.Figures.vault
		a.Figures.columns, a.Figures.vault = nil, vault.NewMemory()
		if n, err := count(t.Context(), a); err == nil {
			t.Fatalf("an envelope that does not open was counted: %d", n)
		}
		a.Figures.vault = right
		if n, err := count(t.Context(), a); err != nil || n != 3 {
			t.Errorf("after a build that failed: %d, %v", n, err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		a.Figures.columns = nil
		if n, err := count(gone, a); err == nil && n != 3 {
			t.Errorf("for a visitor who left: %d", n)
		}
		if n, err := count(t.Context(), a); err != nil || n != 3 {
			t.Errorf("after a visitor left: %d, %v", n, err)
		}
	}
}

// TestNewCodesHaveNames: a code that was just imported can be asked for by name,
// and what counts as no work follows it.
func TestNewCodesHaveNames(t *testing.T) {
	a := small(t, Serving)
	if _, err := count(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	importAs(t, a, "codes", "代码表,代码,名称,上级代码\ndestination,516,社区专职工作,51\n")
	importAs(t, a, "destinations", "学号,毕业去向类别代码,签约日期\n2,516,2024-06-20\n")
	for _, value := range []string{"516", "社区专职工作"} {
		if n, err := count(t.Context(), a, indicator.Condition{Dim: "code", Value: value}); err != nil || n != 1 {
			t.Errorf("%s: %d, %v", value, n, err)
		}
	}
}

// TestManyStaleGraduates: more of them than one question may name.
func TestManyStaleGraduates(t *testing.T) {
	a := small(t, Serving)
	if _, err := count(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("学号,姓名,学历\n")
	for i := range 2*batch + 7 {
		fmt.Fprintf(&b, "x%d,生%d,本科\n", i, i)
	}
	importAs(t, a, "roster", b.String())
	if n, err := count(t.Context(), a); err != nil || n != 2*batch+10 {
		t.Errorf("%d, %v", n, err)
	}
}

// TestVerifyOpensEveryEnvelope: what is sealed of a person is opened, and the
// digests that searches go by are recomputed.
func TestVerifyOpensEveryEnvelope(t *testing.T) {
	a := small(t, Serving)
	importAs(t, a, "roster", "学号,姓名,学历,手机号,身份证号\n1,甲,本科,10000000001,\n")
	if problems, _, err := a.Verify(t.Context()); err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	a.Vault = vault.NewMemory() // the keys of another school
	problems, _, err := a.Verify(t.Context())
	if err != nil || !strings.Contains(strings.Join(problems, "\n"), "身份和联系信息打不开") || !strings.Contains(strings.Join(problems, "\n"), "原资料打不开") {
		t.Errorf("foreign keys were not noticed: %v %v", problems, err)
	}
}

// TestKeysOfTheSchool: a ring that is missing or another school's is refused, and
// none is made in its place.
func TestKeysOfTheSchool(t *testing.T) {
	a := small(t, Writing)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(a.Data, "keys")
	other := filepath.Join(t.TempDir(), "other")
	if _, err := vault.Open(other); err != nil {
		t.Fatal(err)
	}
	for name, conf := range map[string]Config{
		"no folder":        {Data: a.Data, Keys: filepath.Join(t.TempDir(), "none")},
		"an empty one":     {Data: a.Data, Keys: t.TempDir()},
		"another school's": {Data: a.Data, Keys: other},
	} {
		opened, err := Open(t.Context(), conf, Reading)
		if fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			opened.Close()
		}
		if _, err := os.Stat(filepath.Join(conf.Keys, "ring.json")); name != "another school's" && err == nil {
			t.Errorf("%s: a new ring was made", name)
		}
	}
	again, err := Open(t.Context(), Config{Data: a.Data, Keys: keys}, Reading)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}
