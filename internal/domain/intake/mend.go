package intake

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
)

// Headers of the two columns that stand before the user's own in a file of rows
// to mend.
const (
	RowHeader = "原行号"
	WhyHeader = "说明"
)

// Rows is a table with its header.
type Rows struct {
	Header []string
	Rows   [][]string
}

// ToMend returns the refused rows of a held file as they stand in it, each with
// its row number and what to do; for their owner alone. Error: fault.NotFound.
func (s *Service) ToMend(ctx context.Context, h Held, report exchange.Report) (Rows, error) {
	why := map[int][]string{}
	for _, r := range report.Refusals {
		text := r.Message
		if r.Column != "" {
			text = "“" + r.Column + "”：" + text
		}
		if !slices.Contains(why[r.Row], text) {
			why[r.Row] = append(why[r.Row], text)
		}
	}
	f, err := s.Content(h)
	if err != nil {
		return Rows{}, err
	}
	var out Rows
	err = each(ctx, f, func(i int, row exchange.Row) error {
		switch {
		case i == 0:
			out.Header = append([]string{RowHeader, WhyHeader}, row.Cells...)
		case why[row.Number] != nil:
			cells := []string{strconv.Itoa(row.Number), strings.Join(why[row.Number], "；")}
			out.Rows = append(out.Rows, append(cells, row.Cells[:min(len(row.Cells), len(out.Header)-2)]...))
		}
		return nil
	})
	return out, err
}

// each calls fn for each row of a file, the header as row 0 of the count.
func each(ctx context.Context, f exchange.File, fn func(i int, row exchange.Row) error) error {
	source, err := f.Open(ctx)
	if err != nil {
		return err
	}
	defer source.Close()
	for i := 0; ; i++ {
		row, err := source.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = fn(i, row)
		}
		if err != nil {
			return err
		}
	}
}

// Mend puts mended rows in the place of those of a held file and holds the whole
// as a new file; a file without row numbers is taken instead of the old one.
// One that has neither row numbers nor as many rows as the held file, whose refused
// rows wait, would silently leave the others out: it is not taken.
// write makes a table file of lines whose places are their row numbers.
//
// Errors: fault.NotFound; fault.Invalid for rows that do not fit the held file;
// fault.Usage for a file that cannot be read.
func (s *Service) Mend(ctx context.Context, who access.Actor, id, name string, content []byte, write func(lines [][]string) ([]byte, error)) (Held, error) {
	h, err := s.Own(ctx, who, id)
	if err != nil {
		return Held{}, err
	}
	if err := hasContent(name, content); err != nil {
		return Held{}, err
	}
	f, err := s.Content(h)
	if err != nil {
		return Held{}, err
	}
	header, mended, count, err := s.mended(ctx, name, content)
	if err != nil {
		return Held{}, err
	}
	if was := h.Checked; header == nil && was != nil && was.Refused > 0 && count < was.Rows {
		return Held{}, fault.Invalidf("file", "改好的文件里没有“%s”一列，只有 %d 行，原文件有 %d 行：并不回去，其余的行会丢。请用下载的文件改并保留这一列；要换成另一份文件，请回到导入页另传",
			RowHeader, count, was.Rows)
	}
	if header == nil { // a whole file of its own
		return s.replace(ctx, who, h, plainName(name), content, 0)
	}
	lines, err := together(ctx, f, header, mended)
	if err != nil {
		return Held{}, err
	}
	whole, err := write(lines)
	if err != nil {
		return Held{}, err
	}
	return s.replace(ctx, who, h, h.Name, whole, h.Mended+len(mended))
}

func (s *Service) replace(ctx context.Context, who access.Actor, old Held, name string, content []byte, mended int) (Held, error) {
	h, err := s.hold(ctx, who, Held{Kind: old.Kind, Name: name, Options: old.Options, Mended: mended}, content)
	if err != nil {
		return h, err
	}
	return h, s.Drop(ctx, who, old.ID)
}

// mended reads a file of mended rows by row number; no header if it is not one. count
// is how many rows it has.
func (s *Service) mended(ctx context.Context, name string, content []byte) (header []string, rows map[int][]string, count int, err error) {
	rows, at := map[int][]string{}, -1
	err = each(ctx, s.Table(plainName(name), content), func(i int, row exchange.Row) error {
		if i == 0 {
			if at = slices.IndexFunc(row.Cells, func(c string) bool { return strings.TrimSpace(c) == RowHeader }); at >= 0 {
				header = row.Cells
			}
			return nil
		}
		count++
		if at < 0 {
			return nil
		}
		n, err := strconv.Atoi(strings.TrimSpace(row.Cell(at)))
		if err != nil || n < 2 {
			return fault.Invalidf("file", "改好的文件第 %d 行没有“%s”，请保留下载时的这一列", row.Number, RowHeader)
		}
		if rows[n] != nil {
			return fault.Invalidf("file", "改好的文件里原行号 %d 出现两次，请只留一行", n)
		}
		rows[n] = row.Cells
		return nil
	})
	if err == nil && header != nil && len(rows) == 0 {
		err = fault.Invalidf("file", "改好的文件里没有数据行，请检查是否选错了文件")
	}
	return header, rows, count, err
}

// together returns the lines of the whole file, each at its row number, the
// mended ones in their place. Columns are matched by their headers.
func together(ctx context.Context, f exchange.File, header []string, mended map[int][]string) ([][]string, error) {
	var lines [][]string
	from := []int{} // for each column of the held file its place in the mended one
	left := len(mended)
	err := each(ctx, f, func(i int, row exchange.Row) error {
		for len(lines) < row.Number-1 {
			lines = append(lines, nil)
		}
		if i == 0 {
			for _, title := range row.Cells {
				at := slices.Index(header, title)
				if at < 0 {
					return fault.Invalidf("file", "改好的文件里少了“%s”列，请用下载的文件改，不要删列", title)
				}
				from = append(from, at)
			}
		}
		if cells, ok := mended[row.Number]; ok && i > 0 {
			left--
			row.Cells = make([]string, len(from))
			for k, at := range from {
				row.Cells[k] = exchange.Row{Cells: cells}.Cell(at)
			}
		}
		lines = append(lines, row.Cells)
		return nil
	})
	if err == nil && left > 0 {
		err = fault.Invalidf("file", "改好的文件里有 %d 个原行号在原文件中没有，请用这次下载的文件改", left)
	}
	return lines, err
}
