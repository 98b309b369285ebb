package exchange

import (
	"context"
	"errors"
	"io"
	"sync"
)

// portion is some rows in the order of the file, and how far it was read then.
type portion struct {
	lines       []Line
	done, total int64
	err         error
}

// Chunks calls take with at most size rows at a time until the file ends, and
// then progress, if any, with the bytes read. While take works, the next rows are
// read, but no further: at most three chunks are in memory.
func (r *Reading) Chunks(ctx context.Context, size int, progress func(done, total int64), take func([]Line) error) error {
	ctx, stop := context.WithCancel(ctx)
	read := make(chan portion)
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(read)
		r.portions(ctx, size, read)
	})
	defer reader.Wait() // the caller closes the file next
	defer stop()
	for p := range read {
		if err := errors.Join(p.err, ctx.Err()); err != nil {
			return err
		}
		if err := take(p.lines); err != nil {
			return err
		}
		if progress != nil {
			progress(p.done, p.total)
		}
	}
	return ctx.Err()
}

// portions sends the rows of the file until it ends, fails or is stopped.
func (r *Reading) portions(ctx context.Context, size int, to chan<- portion) {
	for end := false; !end; {
		var p portion
		for len(p.lines) < size && !end {
			l, err := r.Next()
			switch end = err != nil; {
			case !end:
				p.lines = append(p.lines, l)
			case !errors.Is(err, io.EOF):
				p.err = err
			}
		}
		if len(p.lines) == 0 && p.err == nil {
			return
		}
		p.done, p.total = r.Progress()
		select {
		case to <- p:
		case <-ctx.Done():
			return
		}
	}
}
