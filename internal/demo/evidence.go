package demo

import (
	"maps"

	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/history"
)

// mostPapers is how many graduates have papers drawn: more than anybody opens.
const mostPapers = 600

// paper is a document before it is drawn.
type paper struct {
	event  int // of the submission that it came with
	kind   string
	fields history.Fields
}

// handsIn notes what a submission of a new case brings: the first set of papers that
// its code asks for.
func (t *teller) handsIn(c *claim) {
	if c.act != history.Open {
		return
	}
	sets := scrutiny.ProfileOf(t.s.book, c.code).Evidence
	if len(sets) == 0 {
		return
	}
	fields := history.Fields{}
	maps.Copy(fields, c.fields)
	fields["name"], fields["student_no"], fields["major"] = t.Name, t.StudentNo, majors[t.group.major].name
	for _, kind := range sets[0] {
		t.papers = append(t.papers, paper{event: len(t.events) - 1, kind: kind, fields: fields})
	}
}

// waits are the papers of what is not decided yet: those that somebody will open.
func (t *teller) waits() []paper {
	if t.group.year != years[len(years)-1] {
		return nil
	}
	decided, newest := map[string]bool{}, map[string]int{}
	for i := range t.events {
		switch e := &t.events[i]; e.Step {
		case history.Submitted:
			newest[e.Change] = i
		case history.Approved, history.Refused, history.Withdrawn:
			decided[e.Change] = true
		}
	}
	var out []paper
	for _, p := range t.papers {
		if p.event >= len(t.events) {
			continue // known later than the school's present
		}
		if x := t.events[p.event].Change; !decided[x] && newest[x] == p.event {
			out = append(out, p)
		}
	}
	return out
}

// prove draws the papers of what waits and names them in the events. Each graduate's
// differ, by name and number: the same file twice would be a finding (A15).
func (t *teller) prove(files Files) (out []destination.Document, err error) {
	for _, p := range t.waits() {
		page, _ := drawPaper(p.kind, p.fields)
		media, encode := "image/png", asPNG
		if t.ids.of%6 == 0 {
			media, encode = "application/pdf", asPDF
		}
		file, err := encode(page)
		if err != nil {
			return nil, err
		}
		hash, err := files.Put(file)
		if err != nil {
			return nil, err
		}
		e := &t.events[p.event]
		e.Evidence = append(e.Evidence, history.Evidence{SHA256: hash, Kind: p.kind})
		out = append(out, destination.Document{SHA256: hash, Graduate: t.ID, Kind: p.kind, Media: media, Size: int64(len(file)),
			At: e.KnownAt, Account: t.ID})
	}
	return out, nil
}
