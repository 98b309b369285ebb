package privacy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// An older backup holds evidence that was let go of since. The erasure list (清理清单)
// names what went, so that a restore lets go of it again before anybody looks. It is
// signed by the school's own key: a list that anybody could write would delete
// evidence. Nobody's name is in it, only ids and digests.

// erasuresTitle is the first line of what is signed.
const erasuresTitle = "quxiang erasures 1"

// erasuresBelow parts the signed head from the lines that it answers for.
const erasuresBelow = "\n----\n"

// Erasures writes the signed list of all documents whose files were let go of.
func (s *Retention) Erasures(ctx context.Context, notary audit.Notary) ([]byte, error) {
	gone, err := s.Keeping.Purged(ctx)
	if err != nil {
		return nil, err
	}
	var lines strings.Builder
	for _, p := range gone {
		fmt.Fprintf(&lines, "%s %s %s %d\n", p.Graduate, p.SHA256, p.Kind, int64(p.At))
	}
	head, err := notary.Sign(erasuresHead(lines.String(), s.Now()))
	return []byte(head + erasuresBelow + lines.String()), err
}

func erasuresHead(lines string, at calendar.Instant) string {
	sum := sha256.Sum256([]byte(lines))
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", erasuresTitle, strings.Count(lines, "\n"), hex.EncodeToString(sum[:]), at)
}

// ReadErasures reads a list that the notary signed. Error: fault.Usage.
func ReadErasures(content []byte, notary audit.Notary) ([]Paper, error) {
	bad := fault.Usagef("erasures", "清理清单读不出来，或不是这所学校签的，请核对文件；没有恢复任何内容")
	head, lines, ok := strings.Cut(string(content), erasuresBelow)
	if !ok {
		return nil, bad
	}
	text, err := notary.Open(head, "")
	if err != nil {
		return nil, bad
	}
	said := strings.Split(text, "\n")
	if len(said) != 5 || !strings.HasPrefix(erasuresHead(lines, 0), strings.Join(said[:3], "\n")+"\n") {
		return nil, bad
	}
	var out []Paper
	for line := range strings.Lines(lines) {
		cell := strings.Fields(line)
		if len(cell) != 4 {
			return nil, bad
		}
		at, err := strconv.ParseInt(cell[3], 10, 64)
		if err != nil {
			return nil, bad
		}
		out = append(out, Paper{Graduate: cell[0], SHA256: cell[1], Kind: cell[2], At: calendar.Instant(at)})
	}
	return out, nil
}

// Replay lets go again of what a list says had gone, and returns of how many
// documents. What was handed in after it went stays. It asks for no term and no hold:
// both were asked when it went. Twice is once.
//
// Error: fault.Forbidden.
func (s *Retention) Replay(ctx context.Context, who access.Actor, list []Paper) (n int, err error) {
	if err := s.keeps(who); err != nil {
		return 0, err
	}
	went := map[[3]string]calendar.Instant{}
	for _, p := range list {
		went[[3]string{p.Graduate, p.SHA256, p.Kind}] = p.At
	}
	there, err := s.Keeping.Papers(ctx, s.Now())
	if err != nil {
		return 0, err
	}
	again := slices.DeleteFunc(there, func(p Paper) bool {
		at, ok := went[[3]string{p.Graduate, p.SHA256, p.Kind}]
		return !ok || p.At > at
	})
	for some := range slices.Chunk(again, papersAtOnce) {
		if err := s.Store.InTx(ctx, func(ctx context.Context) error {
			k, err := s.Keeping.MarkPurged(ctx, some, s.Now())
			if n += k; err != nil || k == 0 {
				return err
			}
			return s.Audit.Write(ctx, who, "retention.replay", "school", map[string]string{"documents": strconv.Itoa(k)})
		}); err != nil {
			return n, err
		}
	}
	if err := s.removeFiles(ctx); err != nil {
		return n, err
	}
	return n, s.told(ctx)
}

// removeFiles removes the files that no document needs.
func (s *Retention) removeFiles(ctx context.Context) error {
	gone, err := s.Keeping.PurgedFiles(ctx)
	if err != nil {
		return err
	}
	for _, hash := range gone {
		unneeded := func() (bool, error) { return s.Keeping.StillPurged(ctx, hash) }
		if err := s.Files.RemoveIf(hash, unneeded); err != nil {
			return err
		}
	}
	return nil
}

func (s *Retention) told(ctx context.Context) error {
	if s.Told == nil {
		return nil
	}
	return s.Told(ctx)
}
