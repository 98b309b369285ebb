package indicator

import (
	"bytes"
	"encoding/json"

	"quxiang/internal/domain/calendar"
)

// MarshalJSON writes the table in the shape of docs/cli.md. Withheld figures are
// null, with "hidden":true beside them.
func (t Table) MarshalJSON() ([]byte, error) {
	var o object
	o.put("table", t.ID)
	o.put("definition", t.Definition)
	o.put("as_of", moment(t.AsOf))
	o.put("known_at", moment(t.KnownAt))
	if t.Frozen {
		o.put("hindsight", nil)
	} else {
		o.put("hindsight", t.Hindsight)
	}
	var headings object
	for _, h := range t.Headings {
		headings.put(h.ID, h.Title)
	}
	o.put("headings", &headings)
	o.put("version", t.Version)
	o.put("title", t.Title)
	o.put("notes", append([]string{}, t.Notes...))
	rows := make([]*object, len(t.Rows))
	for i := range t.Rows {
		rows[i] = t.row(&t.Rows[i])
	}
	o.put("rows", rows)
	return o.MarshalJSON()
}

func (t *Table) row(r *Row) *object {
	var o object
	if r.Total {
		o.put("total", true)
	}
	o.put("cohort", r.Cohort)
	if r.Total && len(t.By) > 0 {
		o.put(string(t.By[0]), totalName)
	}
	for _, v := range r.Values {
		o.put(string(v.Dim), v.Name)
		o.put(string(v.Dim)+"_id", v.Key)
	}
	if t.AsOf == nil {
		o.put("as_of", moment(&r.AsOf))
	}
	if t.KnownAt == nil {
		o.put("known_at", moment(&r.KnownAt))
	}
	if r.Hidden {
		o.put("n", nil)
		o.put("hidden", true)
		return &o
	}
	o.put("n", r.N)
	var cells object
	for i, f := range r.Cells {
		cells.put(t.Headings[i].ID, f.object())
	}
	o.put("cells", &cells)
	if len(r.Seeking) > 0 {
		var detail object
		for _, reason := range r.Seeking {
			if reason.Hidden {
				detail.put(string(reason.ID), nil)
			} else {
				detail.put(string(reason.ID), reason.K)
			}
		}
		o.put("seeking_detail", &detail)
	}
	return &o
}

func (f Figure) object() *object {
	var o object
	if f.Hidden {
		o.put("k", nil)
		o.put("pct", nil)
		o.put("hidden", true)
		return &o
	}
	o.put("k", f.K)
	if f.OwnBase {
		o.put("base", f.Base)
	}
	o.put("pct", f.Percent())
	return &o
}

// moment prints an instant to the second, and to the millisecond where there are some.
func moment(i *calendar.Instant) any {
	if i == nil {
		return nil
	}
	return i.Time().Format("2006-01-02T15:04:05.999-07:00")
}

// object is a JSON object whose keys keep their order.
type object struct {
	buf bytes.Buffer
	err error
}

func (o *object) put(key string, value any) {
	k, _ := json.Marshal(key)
	v, err := json.Marshal(value)
	if err != nil && o.err == nil {
		o.err = err
	}
	if o.buf.Len() > 0 {
		o.buf.WriteByte(',')
	}
	o.buf.Write(k)
	o.buf.WriteByte(':')
	o.buf.Write(v)
}

// MarshalJSON implements json.Marshaler.
func (o *object) MarshalJSON() ([]byte, error) {
	if o.err != nil {
		return nil, o.err
	}
	return append(append([]byte{'{'}, o.buf.Bytes()...), '}'), nil
}
