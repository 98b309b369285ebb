package main

import (
	"time"

	"github.com/schollz/progressbar/v3"
)

// bar is the progress of long work on standard error: drawn on a terminal only,
// and only once the work has lasted a second.
type bar struct {
	s     *session
	title string
	began time.Time
	drawn *progressbar.ProgressBar
}

func (s *session) progress(title string) *bar { return &bar{s: s, title: title, began: time.Now()} }

// Set says how much of how much is done.
func (b *bar) Set(done, total int64) {
	if !b.s.call.Terminal || total <= 0 {
		return
	}
	if b.drawn == nil {
		if time.Since(b.began) < time.Second {
			return
		}
		b.drawn = progressbar.NewOptions64(total, progressbar.OptionSetWriter(b.s.call.Err), progressbar.OptionSetDescription(b.title),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
	}
	b.drawn.Set64(min(done, total))
}

// Finish clears the line.
func (b *bar) Finish() {
	if b.drawn != nil {
		b.drawn.Finish()
	}
}
