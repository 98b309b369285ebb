package app

import (
	"time"

	"quxiang/internal/domain/calendar"
)

// PassTime lets the folder's own clock run ahead.
func (a *App) PassTime(d time.Duration) { a.offset.Add(int64(calendar.Instant(d.Milliseconds()))) }
