package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// guest is a graduate who is logged in and has filled a form in, up to the last button.
type guest struct {
	Graduate string `json:"graduate"`
	Ticket   string `json:"ticket"` // of the session
}

// year is the cohort of those who come to register.
const year = "2025"

// crowded is a demo school with that many more graduates of the newest cohort, each
// logged in with a form filled in: by the verbs that pages call, without a password,
// since hashing ten thousand of them would take an hour. It returns the server's
// arguments and the file that tells the generator who they are. On SQLite the same
// school is built once and copied.
func crowded(t *testing.T, database string, n int) (args []string, guests string) {
	t.Helper()
	dir := t.TempDir()
	if database != "" {
		build(t, dir, database, n)
		return []string{"serve", "--data", filepath.Join(dir, "school"), "--database", database}, filepath.Join(dir, "guests")
	}
	if builtOf != n {
		os.RemoveAll(built)
		builtOf = 0
		var err error
		if built, err = os.MkdirTemp("", "quxiang-soak-"); err != nil {
			t.Fatal(err)
		}
		build(t, built, "", n)
		builtOf = n
	}
	// cp keeps who may read the key ring; os.CopyFS does not.
	if out, err := exec.Command("cp", "-a", built+"/.", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return []string{"serve", "--data", filepath.Join(dir, "school")}, filepath.Join(dir, "guests")
}

// built is where the school for so many stands; TestMain takes it away.
var (
	built   string
	builtOf int
)

// build makes the school, and the file of guests beside it.
func build(t *testing.T, dir, database string, n int) {
	t.Helper()
	a, err := app.OpenDemo(t.Context(), app.Config{Data: filepath.Join(dir, "school"), Database: database}, app.Demo{Graduates: 2660, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	list := enrolled(t, a, n)
	var mu sync.Mutex
	var file bytes.Buffer
	inParallel(t, list, func(g roster.Graduate) error {
		one, err := comeIn(t.Context(), a, g, len(g.StudentNo)+int(g.StudentNo[len(g.StudentNo)-1]))
		if err != nil {
			return err
		}
		line, err := json.Marshal(one)
		mu.Lock()
		defer mu.Unlock()
		file.Write(append(line, '\n'))
		return err
	})
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "guests"), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// enrolled adds graduates to the school and returns them.
func enrolled(t *testing.T, a *app.App, n int) []roster.Graduate {
	t.Helper()
	var table bytes.Buffer
	table.WriteString("学号,姓名,学院,专业,班级,学历\n")
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("W25%06d", i)
		fmt.Fprintf(&table, "%s,来者%d,第%d学院,第%d专业,第%d班,本科\n", numbers[i], i, i%12, i%60, i%300)
	}
	report, err := a.Roster.Import(t.Context(), access.Console("soak"), app.TableFile("生源.csv", table.Bytes()), roster.ImportOptions{Cohort: year})
	if err != nil || len(report.Refusals) > 0 {
		t.Fatal(err, report.Refusals)
	}
	list, err := a.Store.GraduatesByNumber(t.Context(), access.School(), numbers, nil)
	if err != nil || len(list) != n {
		t.Fatalf("%d graduates of %d: %v", len(list), n, err)
	}
	return list
}

// comeIn makes an account, logs it in and fills in one of three forms: a job with
// its paper, an admission with its letter, no work yet.
func comeIn(ctx context.Context, a *app.App, g roster.Graduate, kind int) (guest, error) {
	console := access.Console("soak")
	own := []access.Grant{{Role: access.Graduate, Over: access.Self(g.ID)}}
	account, _, err := a.Accounts.Add(ctx, console, access.Account{Login: g.StudentNo, Name: g.Name, Graduate: g.ID, Grants: own})
	if err != nil {
		return guest{}, err
	}
	link, err := a.Accounts.DemoLink(ctx, console, account.ID)
	if err != nil {
		return guest{}, err
	}
	ticket, err := a.Accounts.Enter(ctx, link, access.From{})
	if err != nil {
		return guest{}, err
	}
	who := access.Actor{Account: account.ID, Grants: own}
	form := forms[kind%len(forms)]
	d := destination.SavedDraft{Graduate: g.ID, Code: form.code, Values: form.values}
	if form.paper != "" {
		hash, err := a.Files.Put([]byte("the paper of " + g.ID))
		if err != nil {
			return guest{}, err
		}
		paper := destination.Document{Graduate: g.ID, SHA256: hash, Kind: form.paper, Media: "image/jpeg", Size: int64(len("the paper of " + g.ID))}
		if err := a.Destinations.HandIn(ctx, who, paper); err != nil {
			return guest{}, err
		}
		d.Evidence = []history.Evidence{{SHA256: hash, Kind: form.paper}}
	}
	_, err = a.Destinations.SaveDraft(ctx, who, d)
	return guest{Graduate: g.ID, Ticket: ticket}, err
}

// forms are what people register.
var forms = []struct {
	code, paper string
	values      map[string]string
}{
	{"11", "CON", map[string]string{"employer_name": "滨海市第九人民医院", "employer_contact": "某老师", "contact_phone": "1000000999", "credit_code": "B1990101MA00000010",
		"sign_day": "2025-06-01", "start_day": "2025-06-10", "term_from": "2025-07-01", "term_to": "2028-06-30", "post": "19", "nature": "23", "industry": "43", "region": "120103"}},
	{"801", "ADM", map[string]string{"school_name": "滨海理工大学", "study_level": "硕士研究生", "study_major": "内科学"}},
	{"70-SEEK", "", map[string]string{"wanted": "医院"}},
}

// inParallel does the work for each, a few at a time: the commits share their flushes.
func inParallel[T any](t *testing.T, list []T, do func(T) error) {
	t.Helper()
	work := make(chan T)
	failed := make(chan error, 1)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for x := range work {
				if err := do(x); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for _, x := range list {
		work <- x
	}
	close(work)
	all.Wait()
	select {
	case err := <-failed:
		t.Fatal(err)
	default:
	}
}
