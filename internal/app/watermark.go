package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/gateway/sheet"
)

// Watermark is an export that a file comes from.
type Watermark struct {
	Number  string `json:"number"`
	At      string `json:"at"`
	Who     string `json:"who"`
	What    string `json:"what"`
	Purpose string `json:"purpose"`
	People  string `json:"people"`
	Written bool   `json:"written"` // the number stands in the file, in sight or not
	Agree   int    `json:"agree"`   // pairs of rows that stand as this export put them,
	Pairs   int    `json:"pairs"`   // of so many
}

// How says by what the export is known.
func (m Watermark) How() string {
	var by []string
	if m.Written {
		by = append(by, "文件里的编号")
	}
	if fit := (disclosure.Fit{Agree: m.Agree, Pairs: m.Pairs}); fit.Sure() {
		by = append(by, fmt.Sprintf("行的顺序（%d 对里 %d 对相符）", m.Pairs, m.Agree))
	}
	return strings.Join(by, "，")
}

// Watermark names the exports that a file comes from: by the number that stands in
// it, and by the order of its rows where they are enough. None: the file tells
// nothing. It needs the right to read the trail.
//
// Errors: fault.Forbidden; fault.Usage for a file that is no table.
func (a *App) Watermark(ctx context.Context, who access.Actor, name string, content []byte) ([]Watermark, error) {
	if err := who.May(access.ReadAudit); err != nil {
		return nil, err
	}
	written, err := sheet.Words(name, bytes.NewReader(content), int64(len(content)), disclosure.Numbers)
	if err != nil {
		return nil, err
	}
	names, err := namesIn(ctx, name, content)
	if err != nil {
		return nil, err
	}
	var out []Watermark
	seen := map[string]bool{}
	for _, action := range []string{privacy.ActionExported, "roster.export", "destination.export"} {
		err := a.eachEntry(ctx, audit.Filter{Action: action}, func(e audit.Entry) error {
			if seen[e.Subject] {
				return nil
			}
			seen[e.Subject] = true
			fit := disclosure.FitOf(e.Subject, names)
			stands := slices.Contains(written, disclosure.Prefix+e.Subject)
			if !stands && !fit.Sure() {
				return nil
			}
			m, err := a.watermarkOf(ctx, e)
			m.Written, m.Agree, m.Pairs = stands, fit.Agree, fit.Pairs
			out = append(out, m)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// eachEntry calls do with every entry of a filter, the newest first.
func (a *App) eachEntry(ctx context.Context, f audit.Filter, do func(audit.Entry) error) error {
	after := audit.Key{}
	for {
		page, err := a.Store.Entries(ctx, f, after, audit.MostEntries)
		if err != nil {
			return err
		}
		for _, e := range page {
			if err := do(e); err != nil {
				return err
			}
			after = audit.Key{At: e.At, ID: e.ID}
		}
		if len(page) < audit.MostEntries {
			return nil
		}
	}
}

func (a *App) watermarkOf(ctx context.Context, e audit.Entry) (Watermark, error) {
	m, err := a.newMark(ctx, access.Actor{Account: e.Account}, e.Subject, "")
	detail := map[string]string{}
	_ = json.Unmarshal([]byte(e.Detail), &detail) // blank: nothing more is known
	what := map[string]string{"roster.export": "生源名单", "destination.export": "毕业去向", privacy.ActionExported: "含敏感列的文件"}[e.Action]
	if f := detail["fields"]; f != "" {
		what += "（" + strings.Join(titlesOf(strings.Split(f, ",")), "、") + "）"
	}
	return Watermark{Number: disclosure.Prefix + e.Subject, At: minute(e.At), Who: m.who, What: what, Purpose: detail["purpose"], People: detail["people"]}, err
}

// namesIn are the names of a table in the order of its rows; none where no column is
// one of names.
func namesIn(ctx context.Context, name string, content []byte) (names []string, err error) {
	source, err := TableFile(name, content).Open(ctx)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	for at := -1; ; {
		row, err := source.Next()
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil && len(row.Cells) == 0 {
			return nil, err
		}
		switch {
		case at < 0:
			at = nameColumn(row.Cells)
		case at < len(row.Cells):
			names = append(names, row.Cells[at])
		}
	}
}
