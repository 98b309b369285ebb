package store

import (
	"context"
	"slices"
	"strings"
)

// ofAltered is the kind of the imprints that say: this is what lay there before the
// transaction wrote, and it is not what the program had left. An honest write takes
// no edit made behind its back into the books unseen; verify names these for good.
const ofAltered = "altered"

// mark notes that rows of the subjects are about to be written, before they are: the
// transaction's end takes their imprints, and an audit entry is due. What lies there
// by then must be what the newest imprint says.
func (s *Store) mark(ctx context.Context, t *tx, of string, subjects ...string) error {
	if err := s.look(ctx, t, of, subjects); err != nil {
		return err
	}
	t.due(of, subjects...)
	return nil
}

// look compares rows that may be written with their newest imprints, but for those
// that the transaction has written already.
func (s *Store) look(ctx context.Context, t *tx, of string, subjects []string) error {
	unseen := slices.DeleteFunc(slices.Clone(subjects), func(x string) bool { return t.marked[of][x] })
	slices.Sort(unseen)
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == of })
	for list := range slices.Chunk(slices.Compact(unseen), listSize) {
		if err := s.lookBefore(ctx, t, &kinds[i], list); err != nil {
			return t.spoil(err)
		}
	}
	return nil
}

// due notes that imprints of the subjects are due, whatever lies there.
func (t *tx) due(kind string, subjects ...string) {
	if len(subjects) == 0 {
		return
	}
	if t.owes == "" && kind != ofSetting {
		t.owes = kind
	}
	if t.marked == nil {
		t.marked = map[string]map[string]bool{}
	}
	if t.marked[kind] == nil {
		t.marked[kind] = map[string]bool{}
	}
	for _, s := range subjects {
		t.marked[kind][s] = true
	}
}

// subjects are what the rows of a list are marked by.
func subjects[T any](list []T, of func(*T) string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = of(&list[i])
	}
	return out
}

// lookBefore compares rows with their newest imprints before they are written anew.
// On PostgreSQL somebody may be writing them in this very instant: a difference is
// one only if no imprint came meanwhile.
func (s *Store) lookBefore(ctx context.Context, t *tx, k *kind, subjects []string) error {
	said, err := s.imprints(ctx, k.name, subjects)
	for err == nil {
		var lies map[string][32]byte
		if lies, err = s.lying(ctx, k, subjects); err != nil {
			break
		}
		subjects = slices.DeleteFunc(subjects, func(x string) bool { return said[x].is(lies, x) })
		if len(subjects) == 0 {
			return nil
		}
		if err = s.engine.await(ctx, t, ofAltered); err != nil { // it is named once
			break
		}
		var again map[string]imprint
		if again, err = s.imprints(ctx, k.name, subjects); err != nil {
			break
		}
		if !slices.ContainsFunc(subjects, func(x string) bool { return again[x] != said[x] }) {
			s.log.Error("rows were changed behind the program's back: run quxiang verify", "kind", k.name, "rows", len(subjects))
			for _, x := range subjects {
				digest, there := lies[x]
				t.altered = append(t.altered, altered{k.name + " " + x, imprint{0, digest, !there}})
			}
			return nil
		}
		said = again
	}
	return err
}

// is reports that what lies there is what the imprint says. The zero imprint says
// that nothing was ever written.
func (i imprint) is(lies map[string][32]byte, subject string) bool {
	digest, there := lies[subject]
	if i.rev == 0 || i.gone {
		return !there
	}
	return there && digest == i.digest
}

// lying returns the digests of what lies there of the subjects.
func (s *Store) lying(ctx context.Context, k *kind, subjects []string) (map[string][32]byte, error) {
	out := make(map[string][32]byte, len(subjects))
	err := k.digests(s.query(ctx, k.rows, among{k.column, subjects}), func(subject string, digest [32]byte) { out[subject] = digest })
	return out, err
}

// altered is what lay there of a subject, and is not what the program had left.
type altered struct {
	subject string // kind and subject
	imprint
}

// pressAltered keeps what was found altered, behind what was found before.
func (s *Store) pressAltered(ctx context.Context, t *tx) error {
	for list := range slices.Chunk(t.altered, listSize) {
		last, err := s.imprints(ctx, ofAltered, subjects(list, func(a *altered) string { return a.subject }))
		if err != nil {
			return err
		}
		if err := s.engine.load(ctx, t, intoImprint, func(yield func([]any, error) bool) {
			for _, a := range list {
				a.rev = last[a.subject].rev + 1
				if !yield(t.press(ofAltered, a.subject, a.imprint), nil) {
					return
				}
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// press is the row of an imprint, for which the transaction's entry answers.
func (t *tx) press(kind, subject string, i imprint) []any {
	t.prints = append(t.prints, written{graduate: kind, key: subject, digest: i.item(kind, subject)})
	return []any{kind, subject, i.rev, i.bytes(), t.audit}
}

// alteredOf is whose rows an imprint of ofAltered is about.
func alteredOf(subject string) [2]string {
	kind, of, _ := strings.Cut(subject, " ")
	return [2]string{kind, of}
}
