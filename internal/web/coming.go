package web

import (
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

// comingCase is the case that stands and begins on a later day, if nothing runs
// on this one; nil if there is none, or if it is disputed or struck out.
func comingCase(f *history.Fold, today calendar.Day) *history.Case {
	if f.On(today).Case != "" {
		return nil
	}
	return laterCase(f, today)
}

// presentCase is the case that runs on the day, else the coming one; nil if none.
func presentCase(f *history.Fold, today calendar.Day) *history.Case {
	if k := f.Case(f.On(today).Case); k != nil {
		return k
	}
	return laterCase(f, today)
}

// laterCase is the first case that begins after the day and will count; nil if none.
func laterCase(f *history.Fold, today calendar.Day) *history.Case {
	for _, p := range f.Destinations() {
		if p.From > today && p.Case != "" {
			if p.Detail != history.Registered {
				return nil
			}
			return f.Case(p.Case)
		}
	}
	return nil
}

// comesWords says of a case that nothing is left to do and from when it counts.
func comesWords(day calendar.Day) string { return "已通过，自 " + string(day) + " 起计入" }
