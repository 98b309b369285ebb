package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/release"
)

// Draft is an annual report that a school is writing (报告稿). Its text lies in versions.
type Draft struct {
	ID     string
	Cohort string
	Ground
	From    string // what its text was begun from: a template's id, or ID/NUMBER of another draft
	BegunAt calendar.Instant
	BegunBy string
	Newest  Version // without its text
}

// Ground is what the figures of a draft are counted from.
type Ground struct {
	Snapshot string           // name; blank: the cohort as of the day
	AsOf     calendar.Instant // what is true before it counts, as the snapshot's cut
}

// LastDay is the last day that counts.
func (g Ground) LastDay() calendar.Day { return calendar.Cut{True: g.AsOf}.LastDay() }

// Version is one state of a draft's text. It never changes.
type Version struct {
	Draft  string // id
	Number int    // 1 is the first
	Title  string // on the cover
	Text   string // template, see template.go
	SHA256 string // hex, of title and text
	At     calendar.Instant
	By     string // account
	Note   string // what was changed, in the author's words; may be blank
}

// Name is what a printed report calls the version's template.
func (v Version) Name() (template, version string) { return v.Draft, strconv.Itoa(v.Number) }

// DraftStore keeps drafts and their versions.
type DraftStore interface {
	// AddReport keeps a new draft with its first version.
	AddReport(ctx context.Context, d Draft, first Version) error
	// Report returns one. Error: fault.NotFound.
	Report(ctx context.Context, id string) (Draft, error)
	// Reports returns all, the newest cohort first, then the newest draft.
	Reports(ctx context.Context) ([]Draft, error)
	// GroundReport says what the draft is counted from, from now on.
	GroundReport(ctx context.Context, id string, g Ground) error
	// AddReportVersion keeps one. Error: fault.Conflict where its number is taken.
	AddReportVersion(ctx context.Context, v Version) error
	// ReportVersion returns one with its text. Error: fault.NotFound.
	ReportVersion(ctx context.Context, id string, number int) (Version, error)
	// ReportVersions returns all without their texts, the newest first.
	ReportVersions(ctx context.Context, id string) ([]Version, error)
}

// Beginning says which draft is to be begun.
type Beginning struct {
	Cohort   string
	Template string        // id of one that the product brings; blank: annual
	Snapshot string        // of the cohort; or
	AsOf     calendar.When // the last day that counts
	Title    string        // blank: the usual one
}

// Bounds of what people type.
const (
	longestTitle = 60
	longestNote  = 200
	longestText  = 300_000 // bytes
)

// reads asks for the right to see drafts; they are the school's. Error: fault.Forbidden.
func reads(who access.Actor) error { return whole(who, access.ReadReports) }

// writes asks for the right to write them. Error: fault.Forbidden.
func writes(who access.Actor) error { return whole(who, access.EditReports) }

func whole(who access.Actor, p access.Permission) error {
	if err := who.May(p); err != nil {
		return err
	}
	if !who.Within(p).School {
		return fault.Forbiddenf("", "年度报告是全校的，须由校级账号办理，请联系就业中心")
	}
	return nil
}

// Begin begins a draft from a template that the product brings.
//
// Errors: fault.Forbidden; fault.Invalid for a cohort, day or template that cannot be;
// fault.NotFound for a snapshot that is not there.
func (s *Service) Begin(ctx context.Context, who access.Actor, b Beginning) (Draft, error) {
	if err := writes(who); err != nil {
		return Draft{}, err
	}
	if list, err := calendar.ParseCohorts(b.Cohort); err != nil || len(list) != 1 || list[0] != b.Cohort {
		return Draft{}, fault.Invalidf("cohort", "一份报告写一届，届别请写成四位年份，例如 2024，不能是“%s”", b.Cohort)
	}
	from, text, err := shippedText(b.Template)
	if err != nil {
		return Draft{}, err
	}
	g, err := s.ground(ctx, who, b.Cohort, b.Snapshot, b.AsOf)
	if err != nil {
		return Draft{}, err
	}
	return s.begin(ctx, who, Draft{Cohort: b.Cohort, Ground: g, From: from}, b.Title, withoutHead(text), "")
}

// ground checks what a draft is to be counted from. Errors: fault.Invalid, fault.NotFound.
func (s *Service) ground(ctx context.Context, who access.Actor, cohort, snapshot string, asOf calendar.When) (Ground, error) {
	if snapshot != "" {
		snap, err := s.named(ctx, who, snapshot)
		if err == nil && snap.Cohort != cohort {
			err = fault.Invalidf("snapshot", "快照“%s”是 %s 届的，不是 %s 届", snapshot, snap.Cohort, cohort)
		}
		return Ground{snapshot, snap.Cut.True}, err
	}
	if asOf.IsZero() {
		return Ground{}, fault.Invalidf("as_of", "请选一份快照，或写明截止日，例如 2024-08-31")
	}
	g := Ground{AsOf: asOf.For(cohort)}
	if g.AsOf > calendar.DayOf(s.Now()).AddDays(1).Start() {
		return g, fault.Invalidf("as_of", "截止日 %s 还没有到，请写已经过去的日子，以后可以再换", g.LastDay())
	}
	return g, nil
}

// named finds a snapshot in the list. Error: fault.NotFound.
func (s *Service) named(ctx context.Context, who access.Actor, name string) (release.Snapshot, error) {
	all, err := s.Releases.List(ctx, who)
	if err != nil {
		return release.Snapshot{}, err
	}
	for i := range all {
		if all[i].Name == name {
			return all[i], nil
		}
	}
	return release.Snapshot{}, fault.NotFoundf("snapshot", "没有名为“%s”的快照，请到快照列表里核对名称", name)
}

func (s *Service) begin(ctx context.Context, who access.Actor, d Draft, title, text, note string) (Draft, error) {
	if strings.TrimSpace(title) == "" {
		title = usualTitle(d.Cohort)
	}
	if _, err := s.grounds(ctx, who, d.Cohort, d.Ground); err != nil {
		return Draft{}, err // nobody is of the cohort
	}
	d.ID, d.BegunAt, d.BegunBy = s.NewID(), s.Now(), who.Account
	v, err := s.version(who, d.ID, 1, Edit{Title: title, Text: text, Note: note})
	if err != nil {
		return Draft{}, err
	}
	d.Newest = v
	d.Newest.Text = ""
	return d, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.AddReport(ctx, d, v); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "report.begin", d.ID, map[string]string{"cohort": d.Cohort, "from": d.From, "sha256": v.SHA256})
	})
}

// usualTitle is that of a report whose author wrote no other.
func usualTitle(cohort string) string { return cohort + "届毕业生就业质量年度报告" }

// Edit is what somebody wants the newest version to be.
type Edit struct {
	Base              int // number of the version that it was written on
	Title, Text, Note string
}

// version checks an edit and makes a version of it. Error: fault.Invalid.
func (s *Service) version(who access.Actor, draft string, number int, e Edit) (Version, error) {
	v := Version{Draft: draft, Number: number, Title: strings.TrimSpace(e.Title), Text: lineEnds(e.Text), At: s.Now(), By: who.Account, Note: strings.TrimSpace(e.Note)}
	switch {
	case v.Title == "" || utf8.RuneCountInString(v.Title) > longestTitle:
		return v, fault.Invalidf("title", "请写报告的标题，最长 %d 字", longestTitle)
	case utf8.RuneCountInString(v.Note) > longestNote:
		return v, fault.Invalidf("note", "改动说明最长 %d 字", longestNote)
	case strings.TrimSpace(v.Text) == "" || len(v.Text) > longestText:
		return v, fault.Invalidf("text", "报告的正文不能是空的，最长约 %d 万字", longestText/30_000)
	case !utf8.ValidString(v.Text) || !utf8.ValidString(v.Title) || !utf8.ValidString(v.Note) || strings.ContainsRune(v.Text+v.Title+v.Note, 0):
		return v, fault.Invalidf("text", "正文里有读不出来的字符，请去掉后再保存")
	}
	for _, f := range [][2]string{{"title", v.Title}, {"text", v.Text}, {"note", v.Note}} {
		if err := codes.NoNumbers(f[0], f[1]); err != nil {
			return v, err
		}
	}
	sum := sha256.Sum256([]byte(v.Title + "\n" + v.Text))
	v.SHA256 = hex.EncodeToString(sum[:])
	return v, nil
}

// lineEnds has one line end, whatever the browser sent, and no blanks at the end.
func lineEnds(s string) string {
	return strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), " \t\n") + "\n"
}

// Save makes a version of the edit, unless it says what the newest one says: then that one
// is returned. Nothing is ever written over.
//
// Errors: fault.Forbidden; fault.NotFound; fault.Invalid for a text that cannot be kept;
// fault.Conflict on the field base where somebody saved meanwhile: compare with the newest.
func (s *Service) Save(ctx context.Context, who access.Actor, id string, e Edit) (Version, error) {
	if err := writes(who); err != nil {
		return Version{}, err
	}
	v, err := s.version(who, id, e.Base+1, e)
	if err != nil {
		return Version{}, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		d, err := s.Store.Report(ctx, id)
		switch {
		case err != nil:
			return err
		case d.Newest.SHA256 == v.SHA256:
			v, err = s.Store.ReportVersion(ctx, id, d.Newest.Number)
			return err
		case d.Newest.Number != e.Base:
			return overtaken(e.Base, d.Newest.Number)
		}
		if err := s.Store.AddReportVersion(ctx, v); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "report.save", id, map[string]string{"version": strconv.Itoa(v.Number), "sha256": v.SHA256})
	})
	return v, err
}

// overtaken says that somebody saved while somebody else wrote.
func overtaken(base, newest int) error {
	return fault.Conflictf("base", "打开的是第 %d 版，期间有人保存了第 %d 版；这次的改动还没有保存，请看过别人改了什么再保存", base, newest)
}

// Restore makes the text of an older version the newest one. Errors: as Save.
func (s *Service) Restore(ctx context.Context, who access.Actor, id string, base, number int) (Version, error) {
	old, err := s.Version(ctx, who, id, number)
	if err != nil {
		return Version{}, err
	}
	return s.Save(ctx, who, id, Edit{base, old.Title, old.Text, "恢复第 " + strconv.Itoa(number) + " 版"})
}

// Draft returns one. Errors: fault.Forbidden, fault.NotFound.
func (s *Service) Draft(ctx context.Context, who access.Actor, id string) (Draft, error) {
	if err := reads(who); err != nil {
		return Draft{}, err
	}
	return s.Store.Report(ctx, id)
}

// Drafts returns all, the newest cohort first. Error: fault.Forbidden.
func (s *Service) Drafts(ctx context.Context, who access.Actor) ([]Draft, error) {
	if err := reads(who); err != nil {
		return nil, err
	}
	return s.Store.Reports(ctx)
}

// Version returns one with its text; number 0 is the newest. Errors: fault.Forbidden,
// fault.NotFound.
func (s *Service) Version(ctx context.Context, who access.Actor, id string, number int) (Version, error) {
	d, err := s.Draft(ctx, who, id)
	if err != nil {
		return Version{}, err
	}
	if number == 0 {
		number = d.Newest.Number
	}
	return s.Store.ReportVersion(ctx, id, number)
}

// Versions returns all of a draft without their texts, the newest first. Errors:
// fault.Forbidden, fault.NotFound.
func (s *Service) Versions(ctx context.Context, who access.Actor, id string) ([]Version, error) {
	if _, err := s.Draft(ctx, who, id); err != nil {
		return nil, err
	}
	return s.Store.ReportVersions(ctx, id)
}

// Base says from now on what a draft is counted from: a snapshot, or the cohort as of a
// day. Errors: as Begin, fault.NotFound.
func (s *Service) Base(ctx context.Context, who access.Actor, id, snapshot string, asOf calendar.When) error {
	if err := writes(who); err != nil {
		return err
	}
	d, err := s.Store.Report(ctx, id)
	if err != nil {
		return err
	}
	g, err := s.ground(ctx, who, d.Cohort, snapshot, asOf)
	if err != nil || g == d.Ground {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.GroundReport(ctx, id, g); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "report.ground", id, map[string]string{"snapshot": g.Snapshot, "as_of": string(g.LastDay())})
	})
}

// Next begins the draft of the next cohort from the newest text, as of the same day of its
// year, or of today while that is still to come. A draft that was begun from this one already is
// returned as it is. Errors: fault.Forbidden, fault.NotFound.
func (s *Service) Next(ctx context.Context, who access.Actor, id string) (Draft, error) {
	if err := writes(who); err != nil {
		return Draft{}, err
	}
	v, err := s.Version(ctx, who, id, 0)
	if err != nil {
		return Draft{}, err
	}
	d, err := s.Store.Report(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	all, err := s.Store.Reports(ctx)
	if err != nil {
		return Draft{}, err
	}
	next := earlier(d.Cohort, -1)
	for _, x := range all {
		if before, _, _ := strings.Cut(x.From, "/"); before == id && x.Cohort == next {
			return x, nil
		}
	}
	g := Ground{AsOf: min(yearsBefore(d.AsOf, -1), calendar.DayOf(s.Now()).AddDays(1).Start())}
	title := strings.ReplaceAll(v.Title, d.Cohort, next)
	return s.begin(ctx, who, Draft{Cohort: next, Ground: g, From: id + "/" + strconv.Itoa(v.Number)}, title, v.Text, "由 "+d.Cohort+" 届报告第 "+strconv.Itoa(v.Number)+" 版开始")
}

// withoutHead is a text without the remarks that it begins with: they are for who wrote the
// product.
func withoutHead(text string) string {
	for strings.HasPrefix(text, "//") {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}
