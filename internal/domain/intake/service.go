package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"unicode"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
)

// Hold keeps a file for its owner. The content is looked at by Check.
//
// Errors: fault.Forbidden; fault.Invalid for an option, naming its field.
func (s *Service) Hold(ctx context.Context, who access.Actor, kind, name string, content []byte, opts Options) (Held, error) {
	k, err := KindOf(who, kind)
	if err != nil {
		return Held{}, err
	}
	if err := k.check(opts); err != nil {
		return Held{}, err
	}
	if err := hasContent(name, content); err != nil {
		return Held{}, err
	}
	return s.hold(ctx, who, Held{Kind: kind, Name: plainName(name), Options: opts}, content)
}

// hasContent says whether no file came, or one with nothing in it.
func hasContent(name string, content []byte) error {
	switch {
	case len(content) > 0:
		return nil
	case name == "":
		return fault.Invalidf("file", "没有收到文件，请选一个 .xlsx 或 .csv 文件再上传")
	}
	return fault.Invalidf("file", "文件“%s”是空的，请检查是否选错了文件，或重新下载、另存后再上传", plainName(name))
}

func (s *Service) hold(ctx context.Context, who access.Actor, h Held, content []byte) (Held, error) {
	s.Sweep(ctx)
	sum := sha256.Sum256(content)
	h.ID, h.Account, h.SHA256, h.At = s.NewID(), who.Account, hex.EncodeToString(sum[:]), s.Now()
	if err := s.fits(ctx, who); err != nil {
		return Held{}, err
	}
	var err error
	if h.File, err = s.Files.Hold(content); err != nil {
		return Held{}, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveHeld(ctx, h); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "import.hold", h.ID, map[string]string{"kind": h.Kind, "sha256": h.SHA256})
	})
	if err != nil {
		_ = s.Files.Drop(h.File) // the first error is the one to tell; the sweep takes what is left
		return Held{}, err
	}
	return h, nil
}

// mostHeld is how many files of one account wait to be confirmed at a time: a folder
// of sheets, and not a disk full of them (X25).
const mostHeld = 20

// fits refuses one file more than an account may hold.
func (s *Service) fits(ctx context.Context, who access.Actor) error {
	all, err := s.Store.HeldBefore(ctx, s.Now()+1)
	if err != nil {
		return err
	}
	n := 0
	for _, h := range all {
		if h.Account == who.Account && h.Published == 0 {
			n++
		}
	}
	if n >= mostHeld {
		return fault.Conflictf("file", "已有 %d 份文件等着确认，不能再传；请先在它们的检查页上确认或放弃，或等满一天自动清除", n)
	}
	return nil
}

// check says which option cannot be used.
func (k Kind) check(o Options) error {
	if k.Source && !slices.Contains([]string{history.SourceLegacy, history.SourceNational, transfer.SourceDraft}, o.Source) {
		return fault.Invalidf("source", "请选这份数据是从哪里来的")
	}
	if list, err := calendar.ParseCohorts(o.Cohort); o.Cohort != "" && (err != nil || len(list) != 1 || list[0] != o.Cohort) {
		return fault.Invalidf("cohort", "届别“%s”读不出来，请写四位年份，如 2024", o.Cohort)
	}
	if _, err := calendar.ParseDay(string(o.TrueFrom)); o.TrueFrom != "" && err != nil {
		return fault.Invalidf("true_from", "起始日“%s”读不出来，请写成 2024-06-30 的样子", o.TrueFrom)
	}
	return nil
}

// plainName is the file's name without folder and without what nobody sees.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	name = codes.MaskNumbers(name)
	if r := []rune(name); len(r) > 100 {
		name = string(r[:100])
	}
	if name == "" || name == "." || name == "/" {
		return "未命名"
	}
	return name
}

// Own returns a held file of the actor's own. Error: fault.NotFound, for those
// of others too.
func (s *Service) Own(ctx context.Context, who access.Actor, id string) (Held, error) {
	h, err := s.Store.HeldByID(ctx, id)
	if err == nil && h.Account != who.Account {
		err = errGone
	}
	if err != nil {
		return Held{}, err
	}
	_, err = KindOf(who, h.Kind) // what one may do can have changed since
	return h, err
}

var errGone = fault.NotFoundf("held", "这份待导入的文件已经不在了：可能放弃过，或上传满一天已清除。请重新上传；写没写入，看导入记录")

// Content returns the file of a held one that was not published yet.
func (s *Service) Content(h Held) (exchange.File, error) {
	if h.File == "" {
		return nil, errGone
	}
	content, err := s.Files.Held(h.File)
	if err != nil {
		return nil, err
	}
	return s.Table(h.Name, content), nil
}

// Publish takes a held file for good. Publishing again does nothing: the file
// answers with what it became. Where the data moved on since the check the outcome
// differs from it; where a row is now refused nothing is written.
//
// Errors: fault.NotFound; fault.Conflict for a file whose check refused rows, or
// that was not checked; those of the import.
func (s *Service) Publish(ctx context.Context, who access.Actor, id string, progress func(done, total int64)) (Held, exchange.Report, error) {
	h, err := s.Own(ctx, who, id)
	if err != nil || h.Published != 0 {
		return h, exchange.Report{}, err
	}
	if h.Checked == nil || h.Checked.Refused > 0 || h.Kind == Reconciliation {
		return h, exchange.Report{}, fault.Conflictf("held", "这份文件还不能写入，请先看检查结果，改好被拒的行")
	}
	if err := s.Settle(ctx, &h); err != nil || h.Published != 0 {
		return h, exchange.Report{}, err
	}
	f, err := s.Content(h)
	if err != nil {
		return h, exchange.Report{}, err
	}
	report, err := s.Take(ctx, who, h.Kind, f, Run{Options: h.Options, Batch: h.ID, Progress: progress})
	if err != nil {
		return h, report, err
	}
	if report.Refused > 0 {
		return h, report, nil // the next check shows why
	}
	return h, report, s.settle(ctx, &h, report.Batch, TallyOf(report))
}

// Settle looks whether the batch of the file is there already: it was published
// and the program ended before that was noted. Then it is noted.
func (s *Service) Settle(ctx context.Context, h *Held) error {
	if h.Published != 0 || h.Checked == nil {
		return nil
	}
	list, err := s.Store.BatchList(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(b roster.Batch) bool { return b.ID == h.ID })
	if i < 0 {
		return nil
	}
	t := Tally{Rows: list[i].Counts["rows"], Counts: map[exchange.Kind]int{}}
	for k, n := range list[i].Counts {
		t.Counts[exchange.Kind(k)] = n
	}
	return s.settle(ctx, h, h.ID, t)
}

// settle notes what a file became and lets its content go.
func (s *Service) settle(ctx context.Context, h *Held, batch string, outcome Tally) error {
	file := h.File
	h.Published, h.Batch, h.Outcome, h.File = s.Now(), batch, &outcome, ""
	ctx = context.WithoutCancel(ctx)
	if err := s.Store.SaveHeld(ctx, *h); err != nil {
		return err
	}
	return s.Files.Drop(file)
}

// Drop forgets a file that was not published. Dropping again does nothing.
func (s *Service) Drop(ctx context.Context, who access.Actor, id string) error {
	h, err := s.Own(ctx, who, id)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if h.Published != 0 {
		return fault.Conflictf("held", "这份文件已经写入，不能放弃；要撤销请到导入记录")
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.DropHeld(ctx, id); err != nil {
			return err
		}
		return s.Audit.Write(ctx, who, "import.drop", id, map[string]string{"kind": h.Kind})
	})
	if err != nil {
		return err
	}
	return s.Files.Drop(h.File)
}

// Sweep forgets what is older than Term. What fails is left for the next time.
func (s *Service) Sweep(ctx context.Context) {
	old, err := s.Store.HeldBefore(ctx, s.Now()-calendar.Instant(Term.Milliseconds()))
	if err != nil {
		return
	}
	for _, h := range old {
		if h.File != "" && s.Files.Drop(h.File) != nil {
			continue
		}
		_ = s.Store.DropHeld(ctx, h.ID)
	}
}
