package audit

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Checkpoint is the end of the chain at an instant, signed by the school's key. Kept
// by somebody outside of the office, it shows later that nothing up to it was
// changed, and that the newest entries were not cut off.
type Checkpoint struct {
	Origin string // name of the key that signs, such as quxiang/10062
	N      int64  // length of the chain
	Hash   [32]byte
	At     calendar.Instant
	Why    string // one of the reasons below
	Note   string // the signed text whole; blank until it is signed
}

// Why a checkpoint is made.
const (
	Daily    = "每日"
	Frozen   = "冻结快照"
	Released = "发布快照"
	Asked    = "命令"
)

// ActionCheckpoint is written when the end of the chain was signed.
const ActionCheckpoint = "audit.checkpoint"

// checkpointEvery is how old the newest checkpoint of a serving program may be.
const checkpointEvery = 24 * time.Hour

// Notary signs texts with the school's own key.
type Notary interface {
	// Name of the key: the origin of what it signs.
	Name() (string, error)
	// Key is the public half, for who holds checkpoints.
	Key() (string, error)
	Sign(text string) (note string, err error)
	// Open returns the text of a note that the key signed; a blank key is the
	// school's own. Error: fault.Invalid.
	Open(note, key string) (text string, err error)
}

// Text is what is signed: lines of origin, length, hash (base64) and time, as
// checkpoints of transparency logs are written (c2sp.org/tlog-checkpoint; the hash is
// the chain's end, not a tree's root).
func (c *Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", c.Origin, c.N, base64.StdEncoding.EncodeToString(c.Hash[:]), c.At)
}

// ReadCheckpoint reads what Text wrote. Error: fault.Invalid.
func ReadCheckpoint(text string) (c Checkpoint, err error) {
	bad := fault.Invalidf("checkpoint", "这不是检查点：应有来源、条数、校验值、时间四行")
	line := strings.Split(text, "\n")
	if len(line) != 5 || line[4] != "" || line[0] == "" {
		return c, bad
	}
	c.Origin = line[0]
	if c.N, err = strconv.ParseInt(line[1], 10, 64); err != nil || c.N < 1 {
		return c, bad
	}
	hash, err := base64.StdEncoding.DecodeString(line[2])
	if err != nil || len(hash) != len(c.Hash) {
		return c, bad
	}
	copy(c.Hash[:], hash)
	at, err := time.Parse(time.RFC3339, line[3])
	if c.At = calendar.At(at); err != nil || c.Text() != text {
		return c, bad
	}
	return c, nil
}

// Checkpoint signs the end of the chain as it is now and keeps it; where nothing was
// written since the newest checkpoint, that one is returned. Error: fault.Conflict
// while the chain is empty.
func (s *Service) Checkpoint(ctx context.Context, why string) (Checkpoint, error) {
	if err := s.Store.Settle(ctx); err != nil {
		return Checkpoint{}, err
	}
	end, _, err := s.Store.ChainEnd(ctx)
	if err != nil {
		return Checkpoint{}, err
	}
	if end.N == 0 {
		return Checkpoint{}, fault.Conflictf("", "还没有审计记录，没有可签的检查点")
	}
	kept, err := s.Store.Checkpoints(ctx, 1)
	if err != nil {
		return Checkpoint{}, err
	}
	if len(kept) > 0 && (kept[0].N == end.N || kept[0].N == end.N-1 && end.Action == ActionCheckpoint) {
		return kept[0], nil
	}
	c := Checkpoint{N: end.N, Hash: end.Hash, At: s.Now(), Why: why}
	if c.Origin, err = s.Notary.Name(); err != nil {
		return c, err
	}
	if c.Note, err = s.Notary.Sign(c.Text()); err != nil {
		return c, err
	}
	return c, s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveCheckpoint(ctx, c); err != nil {
			return err
		}
		return s.Store.Write(ctx, access.Console("checkpoint"), ActionCheckpoint, strconv.FormatInt(c.N, 10), map[string]string{"why": why})
	})
}

// CheckpointDue signs the end of the chain when the newest checkpoint is a day old.
func (s *Service) CheckpointDue(ctx context.Context) error {
	kept, err := s.Store.Checkpoints(ctx, 1)
	if err != nil {
		return err
	}
	if len(kept) > 0 && s.Now()-kept[0].At < calendar.Instant(checkpointEvery.Milliseconds()) {
		return nil
	}
	_, err = s.Checkpoint(ctx, Daily)
	if fault.KindOf(err) == fault.Conflict { // nothing to sign yet
		return nil
	}
	return err
}

// MostCheckpoints is how many Checkpoints returns at most.
const MostCheckpoints = 1000

// Checkpoints returns those that were made, the newest first. Error: fault.Forbidden.
func (s *Service) Checkpoints(ctx context.Context, who access.Actor) ([]Checkpoint, error) {
	if err := who.May(access.ReadAudit); err != nil {
		return nil, err
	}
	return s.Store.Checkpoints(ctx, MostCheckpoints)
}

// CheckpointAt returns the one of the length. Errors: fault.Forbidden, fault.NotFound.
func (s *Service) CheckpointAt(ctx context.Context, who access.Actor, n int64) (Checkpoint, error) {
	list, err := s.Checkpoints(ctx, who)
	if err != nil {
		return Checkpoint{}, err
	}
	for _, c := range list {
		if c.N == n {
			return c, nil
		}
	}
	return Checkpoint{}, fault.NotFoundf("checkpoint", "没有这个检查点，请到审计页的清单里选")
}

// OfRelease returns the first checkpoint that holds a snapshot's release; the zero
// one while there is none. Error: fault.Forbidden.
func (s *Service) OfRelease(ctx context.Context, who access.Actor, snapshot string) (Checkpoint, error) {
	if err := who.May(access.ViewFigures); err != nil {
		return Checkpoint{}, err
	}
	return s.Store.CheckpointOfRelease(ctx, snapshot)
}

// Extends says whether the chain as it is now goes on from a signed checkpoint; a
// blank problem is yes. That the chain itself holds is for Verify to say. The key is
// that of who keeps the checkpoint; blank: the school's own.
func (s *Service) Extends(ctx context.Context, note, key string) (c Checkpoint, problem string, err error) {
	text, err := s.Notary.Open(note, key)
	if err != nil {
		return c, refusal(err), other(err)
	}
	if c, err = ReadCheckpoint(text); err != nil {
		return c, refusal(err), other(err)
	}
	if err := s.Store.Settle(ctx); err != nil {
		return c, "", err
	}
	end, _, err := s.Store.ChainEnd(ctx)
	if err != nil {
		return c, "", err
	}
	if end.N < c.N {
		return c, fmt.Sprintf("检查点（%s）记着第 %d 条，现在的审计链只到第 %d 条：数据被换成了旧的备份，或最新的记录被删除", c.At, c.N, end.N), nil
	}
	hash, err := s.Store.HashAt(ctx, c.N)
	if err != nil {
		return c, "", err
	}
	if hash != c.Hash {
		return c, fmt.Sprintf("检查点（%s）所记的第 %d 条与现在的审计链不同：第 %d 条或它之前的记录被改写", c.At, c.N, c.N), nil
	}
	return c, "", nil
}

// refusal is the message of a checkpoint that cannot be taken.
func refusal(err error) string {
	if fault.KindOf(err) == fault.Invalid {
		return err.Error()
	}
	return ""
}

// other is an error that is no refusal.
func other(err error) error {
	if fault.KindOf(err) == fault.Invalid {
		return nil
	}
	return err
}
