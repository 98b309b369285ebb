package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/fault"
)

// Release is a report as it left the house (已发布的报告). It never changes: what has to be
// put right is released anew, and both stay listed.
type Release struct {
	ID        string // 2024-1: the cohort, and which of its releases it is
	Cohort    string
	Title     string
	Draft     string // id
	Version   int    // of the draft's text
	Code      string // 校验码
	Snapshots []string
	At        calendar.Instant
	By        string // account
	Reason    string // of a correction; blank: the cohort's first
	Overruled []Overrule
	Forms     []Form
}

// Form is one file of a release.
type Form struct {
	Ending string // .docx
	SHA256 string // hex, of its bytes
	Size   int    // bytes
}

// File is a form with its bytes.
type File struct {
	Form
	Body []byte
}

// ReleaseStore keeps what was released, and why problems were overruled. Both are only
// ever added to.
type ReleaseStore interface {
	// AddOverrule keeps one. Error: fault.Conflict where the draft has one of the key.
	AddOverrule(ctx context.Context, o Overrule) error
	// Overrules returns those of a draft, oldest first.
	Overrules(ctx context.Context, draft string) ([]Overrule, error)
	// AddReportRelease keeps one with its files. Error: fault.Conflict where the id is taken.
	AddReportRelease(ctx context.Context, r Release, files []File) error
	// ReportReleases returns all, the newest cohort first, then the newest release.
	ReportReleases(ctx context.Context) ([]Release, error)
	// ReportFile returns the bytes of a form, as they were released. Errors: fault.NotFound;
	// fault.Conflict where they are others by now.
	ReportFile(ctx context.Context, release, ending string) ([]byte, error)
}

// Gate is what stands between a version of a draft and its release.
type Gate struct {
	Draft     Draft
	Version   Version
	Code      string      // of the report as it would be released
	Problems  []Problem   // that stand
	Overruled []Overruled // problems that somebody answered for
	Figures   []Standing  // that it prints, the newest cohort first
	Last      *Release    // of the cohort; nil: none so far
}

// Overruled is a problem with the reason why it stands.
type Overruled struct {
	Problem
	Overrule
}

// Unreleased are the figures that have not left the house yet: snapshots by name, and
// cohorts that have none of the day.
func (g *Gate) Unreleased() []string {
	var out []string
	for _, s := range g.Figures {
		switch {
		case s.Snapshot == "":
			out = append(out, fmt.Sprintf("%s 届还没有截至 %s、与本届同一口径的快照", s.Cohort, s.Cut.LastDay()))
		case !s.Released:
			out = append(out, s.Snapshot)
		}
	}
	return out
}

// Released tells that this very report is the cohort's last release.
func (g *Gate) Released() bool { return g.Last != nil && g.Last.Code == g.Code }

// Gate checks a version of a draft as it would be released; number 0 is the newest.
//
// Errors: fault.Forbidden; fault.NotFound; fault.Conflict for a draft without a frozen
// snapshot, or a text that the data denies.
func (s *Service) Gate(ctx context.Context, who access.Actor, id string, number int) (Gate, error) {
	g, _, err := s.gate(ctx, who, id, number)
	return g, err
}

func (s *Service) gate(ctx context.Context, who access.Actor, id string, number int) (g Gate, d Document, err error) {
	if g.Version, err = s.Version(ctx, who, id, number); err != nil {
		return g, d, err
	}
	if g.Draft, err = s.Draft(ctx, who, id); err != nil {
		return g, d, err
	}
	if g.Draft.Snapshot == "" {
		return g, d, fault.Conflictf("snapshot", "这份报告还没有选定快照，数字还会变。请先冻结快照，在报告里选定它，再检查和发布")
	}
	t, err := g.Version.template()
	if err != nil {
		return g, d, err
	}
	from, err := s.grounds(ctx, who, g.Draft.Cohort, g.Draft.Ground)
	if err != nil {
		return g, d, err
	}
	about := s.subject(g.Draft, g.Version.Title, from)
	about.Draft = false
	if d, err = Compose(ctx, t, about, from.source); err != nil {
		return g, d, err
	}
	g.Code = d.Code
	if g.Figures, err = s.printed(ctx, who, &d, from.list); err != nil {
		return g, d, err
	}
	if err := s.weigh(ctx, &g, Lint(t, d)); err != nil {
		return g, d, err
	}
	g.Last, err = s.last(ctx, g.Draft.Cohort)
	return g, d, err
}

// printed are the snapshots that a document's numbers are of: those that the draft stands on,
// and what else it looked at, such as the cohort's other stage.
func (s *Service) printed(ctx context.Context, who access.Actor, d *Document, list []Standing) ([]Standing, error) {
	all, err := s.Releases.List(ctx, who)
	if err != nil {
		return nil, err
	}
	list = slices.Clone(list)
	for _, n := range d.Numbers {
		for _, x := range all {
			if x.Name == n.Snapshot && !slices.ContainsFunc(list, func(l Standing) bool { return l.Snapshot == x.Name }) {
				list = append(list, Standing{Cohort: x.Cohort, Snapshot: x.Name, Released: x.Release != nil, Cut: x.Cut})
			}
		}
	}
	return list, nil
}

// weigh sorts the problems into those that stand and those that were answered for.
func (s *Service) weigh(ctx context.Context, g *Gate, found []Problem) error {
	list, err := s.Store.Overrules(ctx, g.Draft.ID)
	if err != nil {
		return err
	}
	for _, p := range found {
		at := slices.IndexFunc(list, func(o Overrule) bool { return o.Key == p.Key })
		if at < 0 || p.Law {
			g.Problems = append(g.Problems, p)
			continue
		}
		g.Overruled = append(g.Overruled, Overruled{p, list[at]})
	}
	return nil
}

// last is the cohort's newest release; nil: there is none.
func (s *Service) last(ctx context.Context, cohort string) (*Release, error) {
	all, err := s.Store.ReportReleases(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].Cohort == cohort {
			return &all[i], nil
		}
	}
	return nil, nil
}

// Release lets a version of a draft leave the house, with its files. Needed: no problem
// that nobody answered for, and all its figures released by the register's own chain of
// approval. The same report again is the same release; another one of the cohort is a
// correction and needs a reason.
//
// Errors: fault.Forbidden; fault.NotFound; fault.Invalid for a correction without a reason;
// fault.Conflict for problems, for figures that are not released, and as Gate.
func (s *Service) Release(ctx context.Context, who access.Actor, id string, number int, reason string) (Release, error) {
	if err := whole(who, access.Release); err != nil {
		return Release{}, err
	}
	g, d, err := s.gate(ctx, who, id, number)
	if err != nil {
		return Release{}, err
	}
	if g.Released() {
		return *g.Last, nil
	}
	if reason, err = g.opens(reason); err != nil {
		return Release{}, err
	}
	files, err := s.Forms(d)
	if err != nil {
		return Release{}, err
	}
	r := Release{Cohort: g.Draft.Cohort, Title: d.Title, Draft: id, Version: g.Version.Number, Code: d.Code, At: s.Now(), By: who.Account, Reason: reason}
	for _, f := range g.Figures {
		r.Snapshots = append(r.Snapshots, f.Snapshot)
	}
	for _, o := range g.Overruled {
		r.Overruled = append(r.Overruled, o.Overrule)
	}
	for i := range files {
		sum := sha256.Sum256(files[i].Body)
		files[i].SHA256, files[i].Size = hex.EncodeToString(sum[:]), len(files[i].Body)
		r.Forms = append(r.Forms, files[i].Form)
	}
	err = s.keep(ctx, who, &r, files) // gives the id
	return r, err
}

// keep writes a release down, after those of its cohort that there are by then.
func (s *Service) keep(ctx context.Context, who access.Actor, r *Release, files []File) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := s.Store.ReportReleases(ctx)
		if err != nil {
			return err
		}
		n := 1
		for _, x := range all {
			if x.Cohort == r.Cohort {
				n++
			}
		}
		if n > 1 && r.Reason == "" {
			return fault.Conflictf("reason", "刚才已有人发布了 %s 届的报告，请重新打开这一页再看", r.Cohort)
		}
		r.ID = r.Cohort + "-" + strconv.Itoa(n)
		if err := s.Store.AddReportRelease(ctx, *r, files); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "report.release", r.ID, map[string]string{
			"report": r.Draft, "version": strconv.Itoa(r.Version), "code": r.Code, "overruled": strconv.Itoa(len(r.Overruled))})
	})
}

// opens tells whether the report may leave, and returns the reason as it is kept.
func (g *Gate) opens(reason string) (string, error) {
	if n := len(g.Problems); n > 0 {
		p := g.Problems[0]
		return "", fault.Conflictf("problems", "还有 %d 处要改，不能发布：%s，%s（%s）。逐条改好；确实无误的写明理由放行", n, p.Where, p.Text, p.Rule)
	}
	if list := g.Unreleased(); len(list) > 0 {
		return "", fault.Conflictf("snapshot", "报告用的快照还没有发布：%s。先在快照页登记学校审批和省级主管部门同意，再发布报告", strings.Join(list, "、"))
	}
	reason = strings.TrimSpace(reason)
	if g.Last == nil {
		return "", nil
	}
	return reason, reasonable(reason, fmt.Sprintf("%s 届已经发布过报告（%s），再发布是更正，请写明更正了什么、为什么", g.Draft.Cohort, g.Last.ID))
}

// Bounds of a reason, in characters.
const (
	shortestReason = 5
	longestReason  = 300
)

// reasonable checks a reason that everybody may read later. Error: fault.Invalid.
func reasonable(reason, ask string) error {
	if n := utf8.RuneCountInString(reason); n < shortestReason || n > longestReason || !utf8.ValidString(reason) {
		return fault.Invalidf("reason", "%s（%d 至 %d 字）", ask, shortestReason, longestReason)
	}
	return codes.NoNumbers("reason", reason)
}

// Released returns all releases, the newest cohort first, then the newest release. It is for
// everybody: what was released is public.
func (s *Service) Released(ctx context.Context) ([]Release, error) {
	return s.Store.ReportReleases(ctx)
}

// ReleasedFile returns one form of a release, byte for byte as it left the house, for
// everybody. Errors: fault.NotFound; fault.Conflict where it was tampered with.
func (s *Service) ReleasedFile(ctx context.Context, id, ending string) ([]byte, error) {
	return s.Store.ReportFile(ctx, id, ending)
}

// PlainCode is a 校验码 however it was typed: small letters, blanks, no dashes. Blank: it is none.
func PlainCode(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '2' && r <= '7':
			return r
		}
		return -1
	}, halfWidth(s))
	if len(s) != 16 {
		return ""
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}
