package intake

import (
	"context"
	"errors"
	"io"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// Result is what a check found.
type Result struct {
	Held   Held
	Report exchange.Report // values of secret columns masked
	Overview
	Named map[int]Named // of whom the rows of the report speak, by row
}

// Overview says how a file was read as a whole.
type Overview struct {
	Sheet   string             // blank for csv
	Columns int                // filled cells of the header
	Read    []exchange.Heading // in the order of the file
	Unused  []string           // headers that were not read
}

// Named is of whom or of what a row speaks.
type Named struct {
	Number string // 学号, else 考生号; of an employer the credit code; may be blank
	Name   string
}

// Check reads a held file as its import would and changes nothing.
//
// Errors: fault.NotFound; fault.Usage for a file that cannot be taken as a whole.
func (s *Service) Check(ctx context.Context, who access.Actor, id string, progress func(done, total int64)) (Result, error) {
	h, err := s.Own(ctx, who, id)
	if err != nil {
		return Result{}, err
	}
	f, err := s.Content(h)
	if err != nil {
		return Result{}, err
	}
	report, err := s.Take(ctx, who, h.Kind, f, Run{Options: h.Options, Batch: h.ID, DryRun: true, Progress: progress})
	if err != nil {
		return Result{}, err
	}
	out := Result{Held: h, Report: report, Named: map[int]Named{}}
	for _, r := range report.Refusals {
		out.Named[r.Row] = Named{}
	}
	for _, d := range report.Differences {
		if d.Row > 0 {
			out.Named[d.Row] = Named{}
		}
	}
	if out.Overview, err = s.look(ctx, f, h.Kind, out.Named); err != nil {
		return Result{}, err
	}
	for i, r := range out.Report.Refusals {
		out.Report.Refusals[i] = out.masked(r)
	}
	t := TallyOf(report)
	h.Checked = &t
	out.Held = h
	return out, s.Store.SaveHeld(ctx, h)
}

// look reads the file once more for what the report does not say: how it was
// read, and whom the rows name that are asked for.
func (s *Service) look(ctx context.Context, f exchange.File, kind string, rows map[int]Named) (Overview, error) {
	var o Overview
	source, err := f.Open(ctx)
	if err != nil {
		return o, err
	}
	defer source.Close()
	header, err := source.Next()
	if err != nil {
		return o, err
	}
	k := kindByID(kind)
	m, err := exchange.Match(header, k.columns())
	if err != nil {
		return o, err
	}
	o.Sheet, o.Read, o.Unused = source.Sheet(), m.Headings(), append(m.Unknown, m.Ignored...)
	o.Columns = len(o.Read) + len(o.Unused)
	at := map[string]int{}
	for _, h := range o.Read {
		at[h.Field] = h.Index + 1
	}
	cell := func(row exchange.Row, fields ...string) string {
		for _, field := range fields {
			if v := strings.TrimSpace(row.Cell(at[field] - 1)); v != "" {
				return v
			}
		}
		return ""
	}
	for left := len(rows); left > 0; {
		row, err := source.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return o, err
		}
		if _, asked := rows[row.Number]; asked {
			rows[row.Number] = Named{cell(row, "student_no", "exam_no", "credit_code", "code"), cell(row, "name", "region")}
			left--
		}
	}
	return o, nil
}

func kindByID(id string) Kind {
	for _, k := range append(kinds, reconciling) {
		if k.ID == id {
			return k
		}
	}
	return Kind{columns: func() []exchange.Column { return nil }}
}

// masked hides the value of a secret column.
func (o Overview) masked(r exchange.Refusal) exchange.Refusal {
	for _, h := range o.Read {
		if h.Header == r.Column && h.Secret {
			r.Value = Mask(h.Column, r.Value)
		}
	}
	return r
}

// Mask hides a value of a secret column as far as the column allows to show it.
func Mask(c exchange.Column, value string) string {
	switch {
	case value == "" || strings.Contains(value, "**"):
		return value
	case c.Form == exchange.IDNumber:
		return codes.MaskID(value)
	case c.Form == exchange.Phone:
		return codes.MaskPhone(value)
	}
	return "（不显示）"
}
