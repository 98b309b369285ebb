package matching

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
)

// Certificate's folder: what a stranger needs to count the fairness of a run again, without
// knowing anybody. See docs/cli.md, and docs/recount_matching.py for the counting.

// WriteFolder writes model.json, positions.csv, pairs.csv and lists.csv, each by open.
// Graduates and positions have the names that the two functions give them.
//
// Errors: the context's, and those of open and of writing.
func (m *Market) WriteFolder(ctx context.Context, t Terms, l *Lists, graduate func(i int) string, position func(p int) string, open func(name string) (io.WriteCloser, error)) error {
	files := []struct {
		name  string
		write func(w *bufio.Writer) error
	}{
		{"model.json", func(w *bufio.Writer) error {
			return json.NewEncoder(w).Encode(struct {
				Length    int      `json:"list_length"`
				Graduates int      `json:"graduates"`
				Rewards   []Points `json:"rewards"`
			}{t.Length, len(m.Wishes), t.Rewards[:t.Length]})
		}},
		{"positions.csv", func(w *bufio.Writer) error {
			fmt.Fprintln(w, "position,headcount,cap,price")
			for p := range m.Positions {
				fmt.Fprintf(w, "%s,%d,%d,%d\n", position(p), m.Positions[p].Headcount, l.Cap[p], l.Prices[p])
			}
			return nil
		}},
		{"pairs.csv", func(w *bufio.Writer) error {
			fmt.Fprintln(w, "graduate,position,graduate_points,position_points")
			r := m.reader()
			for i := range m.Wishes {
				if i%1024 == 0 && ctx.Err() != nil {
					return ctx.Err()
				}
				for _, p := range r.eligible(m.asks[i]) {
					fmt.Fprintf(w, "%s,%s,%d,%d\n", graduate(i), position(int(p.Position)), p.Graduate, p.Employer)
				}
			}
			return nil
		}},
		{"lists.csv", func(w *bufio.Writer) error {
			fmt.Fprintln(w, "graduate,rank,position")
			for i, list := range l.Entries {
				for rank, e := range list {
					fmt.Fprintf(w, "%s,%d,%s\n", graduate(i), rank+1, position(int(e.Position)))
				}
			}
			return nil
		}},
	}
	for _, f := range files {
		if err := writeFile(f.name, open, f.write); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(name string, open func(string) (io.WriteCloser, error), write func(*bufio.Writer) error) error {
	file, err := open(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<16)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if shut := file.Close(); err == nil {
		err = shut
	}
	return err
}
