package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"quxiang/internal/domain/history"
)

// said names the keys of a person event as `export events` writes them. The
// difficulty lies sealed and has none here.
var saidKeys = map[history.Key]string{
	history.Cohort: "cohort", history.Level: "level_id", history.College: "college_id", history.Major: "major_id",
	history.Class: "class_id", history.Sex: "sex", history.Ethnicity: "ethnicity", history.Origin: "origin",
	history.Training: "training", history.InStatistics: "in_statistics", history.Left: "left",
}

// encoded is an event's columns that are not text already.
type encoded struct {
	said, fields, evidence string
}

func encode(e *history.Event) (out encoded, err error) {
	if err = mayLie(e); err == nil {
		out.said, err = encodeSaid(e)
	}
	if err == nil {
		out.fields, err = encodeMap(e.Fields)
	}
	if err != nil {
		return out, fmt.Errorf("event %s/%d: %w", e.Graduate, e.Seq, err)
	}
	if len(e.Evidence) > 0 {
		b, err := json.Marshal(e.Evidence)
		if err != nil {
			return out, err
		}
		out.evidence = string(b)
	}
	return out, nil
}

// mayLie refuses what must not lie readable in the database, and what would not
// be read back; whoever forgot to seal is a defect, not a user.
func mayLie(e *history.Event) error {
	if _, open := e.Set.Value(history.Difficulty); open {
		return errors.New("difficulty not sealed")
	}
	for _, name := range history.SecretFields {
		if _, open := e.Fields[name]; open {
			return errors.New(name + " not sealed")
		}
	}
	for _, text := range [...]string{string(e.TrueOn), e.Change, string(e.Step), string(e.Act), e.Case, string(e.Mark), e.Scheme, e.Code,
		e.Sealed, e.Actor, e.Source} {
		if strings.Contains(text, between) {
			return fmt.Errorf("%q in %q", between, text)
		}
	}
	return nil
}

// encodeSaid writes what is counted: the settings of a person event in the order
// of history.Keys, or the counted payload of a step; booleans as such.
func encodeSaid(e *history.Event) (string, error) {
	b := make([]byte, 0, 192)
	last := -1
	for _, s := range e.Set {
		at := slices.Index(history.Keys, s.Key)
		if at <= last {
			return "", fmt.Errorf("setting %q out of order or twice", s.Key)
		}
		last = at
		b = appendMember(b, saidKeys[s.Key])
		switch {
		case isBoolean(s.Key) && (s.Value == history.True || s.Value == history.False):
			b = append(b, s.Value...)
		default:
			b = appendText(b, s.Value)
		}
	}
	if e.Counts != (history.Counted{}) {
		for i, v := range e.Counts.Values() {
			if v != "" {
				b = appendText(appendMember(b, history.CountedNames[i]), v)
			}
		}
	}
	if len(b) == 0 {
		return "", nil
	}
	if !utf8.Valid(b) {
		return "", errNotUTF8
	}
	return string(append(b, '}')), nil
}

var errNotUTF8 = errors.New("text that is not UTF-8")

func isBoolean(k history.Key) bool { return k == history.InStatistics || k == history.Left }

func appendMember(b []byte, name string) []byte {
	if len(b) == 0 {
		b = append(b, '{')
	} else {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // of a string: never fails
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// decodeSaid is the inverse of encodeSaid.
func decodeSaid(text string) (set history.Settings, counts history.Counted, err error) {
	if text == "" {
		return nil, counts, nil
	}
	var plain map[string]any
	if err := json.Unmarshal([]byte(text), &plain); err != nil {
		return nil, counts, fmt.Errorf("said %q: %w", text, err)
	}
	for _, k := range history.Keys {
		if v, ok := plain[saidKeys[k]]; ok {
			set = append(set, history.Setting{Key: k, Value: fmt.Sprint(v)})
			delete(plain, saidKeys[k])
		}
	}
	for name, v := range plain {
		if !counts.Put(name, fmt.Sprint(v)) {
			return nil, counts, fmt.Errorf("said %q: unknown key %q", text, name)
		}
	}
	return set, counts, nil
}

// encodeMap writes a JSON object with its keys in order; blank for an empty map.
func encodeMap[M ~map[string]string](m M) (string, error) {
	if len(m) == 0 {
		return "", nil
	}
	for k, v := range m {
		if !utf8.ValidString(k) || !utf8.ValidString(v) {
			return "", errNotUTF8
		}
	}
	b, err := json.Marshal(m)
	return string(b), err
}

func decode(text string, to any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), to)
}

// scanEvent reads the columns of an event in the order in which all full
// queries name them.
func scanEvent(rows *sql.Rows, e *history.Event) error {
	var c encoded
	if err := rows.Scan(eventColumns(e, &c)...); err != nil {
		return err
	}
	return c.into(e, nil)
}

func eventColumns(e *history.Event, c *encoded) []any {
	return []any{&e.Graduate, &e.Seq, &e.KnownAt, &e.TrueOn, &e.Change, &e.Step, &e.Act, &e.Case, &e.Level, &e.Mark,
		&e.Scheme, &e.Code, &c.said, &c.fields, &e.Sealed, &e.Actor, &e.Source, &e.Reason, &e.Import, &c.evidence}
}

// into decodes the columns that are not plain text; what was said before, in known,
// is not decoded again. known may be nil.
func (c encoded) into(e *history.Event, known sayings) error {
	said, err := known.of(c.said)
	if err != nil {
		return fmt.Errorf("event %s/%d: %w", e.Graduate, e.Seq, err)
	}
	e.Set, e.Counts = said.set, said.counts
	if err := decode(c.fields, &e.Fields); err != nil {
		return fmt.Errorf("event %s/%d: fields: %w", e.Graduate, e.Seq, err)
	}
	if err := decode(c.evidence, &e.Evidence); err != nil {
		return fmt.Errorf("event %s/%d: evidence: %w", e.Graduate, e.Seq, err)
	}
	return nil
}

// EntryOf returns the place in the audit chain of the entry that an event was
// written with; 0 while it has none.
func (s *Store) EntryOf(ctx context.Context, graduate string, seq int) (int64, error) {
	list, err := collect(s.query(ctx, `
		select a.n from event e join audit a on a.id = e.audit_id where e.graduate_id = $1 and e.seq = $2`, graduate, seq), scanNumber)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}
