package app

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/store"
)

// What the audit trail calls the work on keys.
const (
	actionRotate  = "keys.rotate"
	actionRotated = "keys.rotated"
	actionRetire  = "keys.retire"
)

// keyGrace is how long after a rotation its older keys must stay: somebody may hold
// what he read, or sealed, while it went on.
const keyGrace = calendar.Instant(10 * time.Minute / time.Millisecond)

// Rotated says what a rotation did.
type Rotated struct {
	Key     string `json:"key"` // id of the key that seals now
	Cipher  string `json:"cipher"`
	Resumed bool   `json:"resumed"` // an earlier one had been cut off
	Done    int    `json:"done"`    // envelopes and files, with what was done before a cut
	Broken  int    `json:"broken"`  // do not open, and stay as they are
}

// RotateKeys makes a new data key for the cipher (blank: that of today's key) the one
// that seals, and seals anew whatever an older one sealed, while others work. One that
// was cut off goes on where it was. The older keys stay in the ring until RetireKey.
//
// Errors: fault.Forbidden; fault.Usage for an unknown cipher; fault.Conflict while
// another one runs.
func (a *App) RotateKeys(ctx context.Context, who access.Actor, cipher string, progress func(done, total int64)) (out Rotated, err error) {
	if err := who.May(access.RotateKeys); err != nil {
		return out, err
	}
	if !a.rotating.TryLock() {
		return out, fault.Conflictf("", "正在更换密钥，请等它结束")
	}
	defer a.rotating.Unlock()
	r, resumed, err := a.openRotation(ctx, who, cipher)
	if err != nil {
		return out, err
	}
	if err := a.Vault.Renew(r.Key, r.Cipher, time.Now()); err != nil {
		return out, err
	}
	total, err := a.stale(ctx)
	if err != nil {
		return out, err
	}
	s := &resealing{App: a, rotation: r.ID, total: int64(total), progress: progress}
	if err := s.all(ctx); err != nil {
		return out, err
	}
	out = Rotated{Key: r.Key, Cipher: r.Cipher, Resumed: resumed, Done: r.Done + s.done, Broken: s.broken}
	return out, a.Store.InTx(ctx, func(ctx context.Context) error {
		if err := a.Store.EndRotation(ctx, r.ID, a.Now()); err != nil {
			return err
		}
		return a.Store.Write(ctx, who, actionRotated, r.Key, map[string]string{
			"cipher": out.Cipher, "done": strconv.Itoa(out.Done), "broken": strconv.Itoa(out.Broken)})
	})
}

// openRotation returns the one that was cut off, or begins one. Its row comes before
// its key, so that a cut between the two makes no second key.
func (a *App) openRotation(ctx context.Context, who access.Actor, cipher string) (r store.Rotation, resumed bool, err error) {
	earlier, err := a.Store.Rotations(ctx)
	if err != nil {
		return r, false, err
	}
	taken := map[string]bool{}
	for _, r := range earlier {
		if r.Ended == 0 {
			return r, true, nil
		}
		taken[r.Key] = true
	}
	keys := a.Vault.Keys()
	for _, k := range keys {
		taken[k.ID] = true
		if cipher == "" && k.Current {
			cipher = k.Cipher
		}
	}
	if err := a.Vault.CanSeal(cipher); err != nil {
		return r, false, err
	}
	n := len(keys) + 1
	for taken["k"+strconv.Itoa(n)] {
		n++
	}
	r = store.Rotation{ID: ident.New(), Key: "k" + strconv.Itoa(n), Cipher: cipher, Began: a.Now(), By: who.Account}
	return r, false, a.Store.InTx(ctx, func(ctx context.Context) error {
		if err := a.Store.BeginRotation(ctx, r); err != nil {
			return err
		}
		return a.Store.Write(ctx, who, actionRotate, r.Key, map[string]string{"cipher": cipher})
	})
}

// resealing is one walk over all that lies sealed.
type resealing struct {
	*App
	rotation string // id; blank: none counts
	done     int
	broken   int // in the last pass
	total    int64
	progress func(done, total int64)
}

// all goes over everything until nothing is found any more: what was sealed with the
// old key just before the new one came may be written just behind.
func (s *resealing) all(ctx context.Context) error {
	for {
		before := s.done
		s.broken = 0
		for _, c := range store.SealedColumns() {
			if err := s.column(ctx, c); err != nil {
				return err
			}
		}
		if err := s.files(ctx); err != nil {
			return err
		}
		if s.done == before {
			return nil
		}
	}
}

func (s *resealing) column(ctx context.Context, c store.SealedColumn) error {
	var after *store.SealedValue
	for {
		page, err := s.Store.Stale(ctx, c, s.Vault.Head(), after)
		if err != nil || len(page) == 0 {
			return err
		}
		last := page[len(page)-1]
		after = &last
		old, fresh := page[:0], make([]string, 0, len(page))
		for _, v := range page {
			sealed, err := s.reseal(c, v)
			if err != nil {
				s.broken++
				s.Log.WarnContext(ctx, "value does not open", "column", c.String(), "owner", v.Owner, "error", err)
				continue
			}
			old, fresh = append(old, v), append(fresh, sealed)
		}
		n, err := s.Store.Replace(ctx, s.rotation, c, old, fresh)
		if err != nil {
			return err
		}
		s.more(n)
	}
}

func (s *resealing) reseal(c store.SealedColumn, v store.SealedValue) (string, error) {
	if c.Event() {
		return history.Reseal(s.Vault, v.Owner, v.Sealed)
	}
	return s.Vault.Reseal(c.Field, v.Owner, v.Sealed)
}

func (s *resealing) files(ctx context.Context) error {
	head := []byte(s.Vault.Head())
	bad, err := s.Files.Reseal(ctx, func(file []byte) bool { return bytes.HasPrefix(file, head) }, func() error {
		s.more(1)
		return s.Store.CountFiles(ctx, s.rotation, "evidence", 1)
	})
	s.broken += bad
	return err
}

func (s *resealing) more(n int) {
	s.done += n
	if s.progress != nil {
		s.progress(int64(s.done), s.total)
	}
}

// stale counts what other keys than the one that seals have sealed.
func (a *App) stale(ctx context.Context) (total int, err error) {
	for _, k := range a.Vault.Keys() {
		if k.Current {
			continue
		}
		n, err := a.sealedWith(ctx, k.Head)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// sealedWith counts the envelopes and files of one key.
func (a *App) sealedWith(ctx context.Context, head string) (int, error) {
	n, err := a.Store.SealedWith(ctx, head)
	if err != nil {
		return 0, err
	}
	files, err := a.Files.SealedWith(func(file []byte) bool { return bytes.HasPrefix(file, []byte(head)) })
	return n + files, err
}

// KeyLine is a data key, without the key, and how much it has sealed.
type KeyLine struct {
	ID      string `json:"id"`
	Cipher  string `json:"cipher"`
	Made    string `json:"made,omitempty"`
	Current bool   `json:"current"`
	Seals   int    `json:"seals"` // envelopes and files that only it opens
}

// KeyState is the ring, without the keys, the oldest first.
type KeyState struct {
	Keys    []KeyLine `json:"keys"`
	Turning string    `json:"turning,omitempty"` // key of a rotation that runs or was cut off
	Done    int       `json:"done,omitempty"`    // envelopes and files that it has sealed
}

// KeyState looks at the ring and at what its keys have sealed. Error: fault.Forbidden.
func (a *App) KeyState(ctx context.Context, who access.Actor) (out KeyState, err error) {
	if err := who.May(access.RotateKeys); err != nil {
		return out, err
	}
	for _, k := range a.Vault.Keys() {
		l := KeyLine{ID: k.ID, Cipher: k.Cipher, Current: k.Current}
		if !k.Made.IsZero() {
			l.Made = calendar.At(k.Made).String()
		}
		if l.Seals, err = a.sealedWith(ctx, k.Head); err != nil {
			return out, err
		}
		out.Keys = append(out.Keys, l)
	}
	all, err := a.Store.Rotations(ctx)
	for _, r := range all {
		if r.Ended == 0 {
			out.Turning, out.Done = r.Key, r.Done
		}
	}
	return out, err
}

// RetireKey takes a key that nothing uses any more out of the ring. Backups from
// before the rotation open only with the ring that lies in them.
//
// Errors: fault.Forbidden; fault.NotFound; fault.Conflict while something uses it, or
// might.
func (a *App) RetireKey(ctx context.Context, who access.Actor, id string) error {
	if err := who.May(access.RotateKeys); err != nil {
		return err
	}
	if !a.rotating.TryLock() {
		return fault.Conflictf("", "正在更换密钥，请等它结束")
	}
	defer a.rotating.Unlock()
	head, err := a.retirable(ctx, id)
	if err != nil {
		return err
	}
	s := &resealing{App: a}
	if err := s.all(ctx); err != nil { // what came in behind the rotation
		return err
	}
	n, err := a.sealedWith(ctx, head)
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.Conflictf("key", "还有 %d 处内容是用密钥 %s 加密的，而且打不开，不能停用；请先运行 quxiang verify 查明是哪些，从备份恢复后再试", n, id)
	}
	if err := a.Store.InTx(ctx, func(ctx context.Context) error {
		return a.Store.Write(ctx, who, actionRetire, id, nil)
	}); err != nil {
		return err
	}
	return a.Vault.Forget(id)
}

// retirable returns what the key's envelopes begin with, if it may go by now.
func (a *App) retirable(ctx context.Context, id string) (head string, err error) {
	current := ""
	for _, k := range a.Vault.Keys() {
		if k.ID == id {
			head = k.Head
		}
		if k.Current {
			current = k.ID
		}
	}
	switch {
	case head == "":
		return "", fault.NotFoundf("key", "没有编号为 %s 的密钥，可能已停用；运行 quxiang keys list 查看", id)
	case id == current:
		return "", fault.Conflictf("key", "密钥 %s 正在使用，不能停用；要换掉它，请先运行 quxiang keys rotate", id)
	}
	all, err := a.Store.Rotations(ctx)
	if err != nil {
		return "", err
	}
	for _, r := range all {
		switch {
		case r.Ended == 0:
			return "", fault.Conflictf("", "上一次更换密钥还没有办完，请先运行 quxiang keys rotate 接着办完")
		case a.Now()-r.Ended < keyGrace:
			return "", fault.Conflictf("key", "密钥刚刚换完，可能还有人正在用旧密钥办理，请在 %s 以后再停用", (r.Ended + keyGrace).Time().Format("15:04"))
		}
	}
	return head, nil
}
