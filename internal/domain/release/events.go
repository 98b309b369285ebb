package release

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// chunkSize is how many histories are held at a time.
const chunkSize = 500

// ExportEvents writes the events of everyone who was ever in the cohort as JSON
// lines, by pseudonym and seq, in the form of docs/history.md ("Recount without
// us"). It returns the number of graduates and of events.
//
// Error: fault.Forbidden below the school's level, since half a cohort recounts
// nothing.
func (s *Service) ExportEvents(ctx context.Context, who access.Actor, cohort string, w io.Writer) (people, events int, err error) {
	if err := school(who, access.ExportPeople); err != nil {
		return 0, 0, err
	}
	members, err := s.members(ctx, cohort)
	if err != nil {
		return 0, 0, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		return s.Audit.Write(ctx, who, "events.export", cohort, map[string]string{"graduates": strconv.Itoa(len(members))})
	})
	if err != nil {
		return 0, 0, err
	}
	before, err := s.latest(ctx) // what comes while the file is being written is not in it
	if err != nil {
		return 0, 0, err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	for chunk := range slices.Chunk(members, chunkSize) {
		n, err := s.exportChunk(ctx, chunk, before, out)
		if err != nil {
			return 0, 0, err
		}
		events += n
	}
	return len(members), events, out.Flush()
}

// member is one who was ever in a cohort.
type member struct{ pseudonym, graduate string }

// members returns everyone who was ever in the cohort, by pseudonym.
func (s *Service) members(ctx context.Context, cohort string) ([]member, error) {
	ids, err := s.Members(ctx, cohort)
	if err != nil {
		return nil, err
	}
	out := make([]member, len(ids))
	for i, id := range ids {
		out[i] = member{s.Vault.Pseudonym(id), id}
	}
	slices.SortFunc(out, func(a, b member) int { return strings.Compare(a.pseudonym, b.pseudonym) })
	return out, nil
}

// exportChunk writes the histories of some members, as known before an instant.
func (s *Service) exportChunk(ctx context.Context, members []member, before calendar.Instant, out io.Writer) (events int, err error) {
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.graduate
	}
	histories, err := s.Store.Histories(ctx, access.School(), ids)
	if err != nil {
		return 0, err
	}
	to := json.NewEncoder(out)
	to.SetEscapeHTML(false)
	for _, m := range members {
		seen := map[string]bool{}
		for _, e := range histories[m.graduate] {
			if e.KnownAt >= before {
				break
			}
			if err := to.Encode(exported(m.pseudonym, &e, !seen[e.Change])); err != nil {
				return 0, err
			}
			seen[e.Change] = true
			events++
		}
	}
	return events, nil
}

// The lines of the file. What an event does not say has no key; what it empties
// is "". The order of the fields is that of docs/history.md.
type (
	lineHead struct {
		Graduate string `json:"graduate"`
		Seq      int    `json:"seq"`
		KnownAt  string `json:"known_at"`
		Type     string `json:"type"`
	}
	personLine struct {
		lineHead
		TrueOn calendar.Day `json:"true_on,omitempty"`
		Set    setLine      `json:"set"`
	}
	setLine struct {
		Cohort       *string `json:"cohort,omitempty"`
		Level        *string `json:"level_id,omitempty"`
		College      *string `json:"college_id,omitempty"`
		Major        *string `json:"major_id,omitempty"`
		Class        *string `json:"class_id,omitempty"`
		Sex          *string `json:"sex,omitempty"`
		Training     *string `json:"training,omitempty"`
		InStatistics *bool   `json:"in_statistics,omitempty"`
		Left         *bool   `json:"left,omitempty"`
	}
	stepLine struct {
		lineHead
		Change        string       `json:"change"`
		Step          history.Step `json:"step"`
		Act           history.Act  `json:"act,omitempty"`
		Case          string       `json:"case,omitempty"`
		TrueOn        calendar.Day `json:"true_on,omitempty"`
		Scheme        string       `json:"scheme,omitempty"`
		Code          string       `json:"code,omitempty"`
		Nature        *string      `json:"nature,omitempty"`
		HospitalLevel *string      `json:"hospital_level,omitempty"`
		Industry      *string      `json:"industry,omitempty"`
		Post          *string      `json:"post,omitempty"`
		Region        *string      `json:"region,omitempty"`
		SchoolTier    *string      `json:"school_tier,omitempty"`
	}
	markLine struct {
		lineHead
		Case string       `json:"case"`
		Step history.Mark `json:"step"`
	}
)

// exported returns the line of an event; act and case stand in the first step of
// a change only. Ethnicity, origin, difficulty and the payload that is not
// counted have no place in a line.
func exported(pseudonym string, e *history.Event, first bool) any {
	head := lineHead{pseudonym, e.Seq, e.KnownAt.String(), "person"}
	switch {
	case e.Step != "":
		head.Type = "step"
		c := &e.Counts
		l := stepLine{lineHead: head, Change: e.Change, Step: e.Step, TrueOn: e.TrueOn, Scheme: e.Scheme, Code: e.Code,
			Nature: said(c.Nature), HospitalLevel: said(c.HospitalLevel), Industry: said(c.Industry), Post: said(c.Post),
			Region: said(c.Region), SchoolTier: said(c.SchoolTier)}
		if first {
			l.Act, l.Case = e.Act, e.Case
		}
		return l
	case e.Mark != "":
		head.Type = "mark"
		return markLine{head, e.Case, e.Mark}
	}
	l := personLine{lineHead: head, TrueOn: e.TrueOn}
	for key, to := range map[history.Key]**string{
		history.Cohort: &l.Set.Cohort, history.Level: &l.Set.Level, history.College: &l.Set.College, history.Major: &l.Set.Major,
		history.Class: &l.Set.Class, history.Sex: &l.Set.Sex, history.Training: &l.Set.Training,
	} {
		if v, ok := e.Set.Value(key); ok {
			*to = &v
		}
	}
	for key, to := range map[history.Key]**bool{history.InStatistics: &l.Set.InStatistics, history.Left: &l.Set.Left} {
		if v, ok := e.Set.Value(key); ok {
			holds := v == history.True
			*to = &holds
		}
	}
	return l
}

// said returns a counted field as a line has it: nil for one that the event does
// not say, blank for one that it empties.
func said(v string) *string {
	switch v {
	case "":
		return nil
	case history.Emptied:
		v = ""
	}
	return &v
}
