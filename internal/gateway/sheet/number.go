package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	// exactBelow bounds the numbers that a spreadsheet keeps digit by digit: it has
	// 15, so an ID number typed as a number has lost its last ones.
	exactBelow = 1e15

	lostDigits flaw = "以数字格式保存，已丢失精度，请把该列设为文本格式后重填"
	badNumber  flaw = "不是有效的数字，请改正"
	badDate    flaw = "是日期格式，但不是有效的日期，请改正"

	lastDay       = 2958465 // 9999-12-31 in the 1900 system
	days1904      = 1462    // from the one system to the other
	secondsPerDay = 24 * 60 * 60
)

// appendNumber replaces the raw number that stands in b from the given index on by
// what a person sees: 2.0240001E7 is 20240001, 45473 in a date format is 2024-06-30.
// Errors are flaws.
func appendNumber(b []byte, from int, f format, date1904 bool) ([]byte, error) {
	raw := b[from:]
	if f.kind == general && plain(raw) {
		return b, nil
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(string(raw)), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return b, badNumber
	}
	b = b[:from]
	switch f.kind {
	case day, clock, moment:
		return appendDate(b, x, f.kind, date1904)
	}
	if math.Abs(x) >= exactBelow {
		return b, lostDigits
	}
	switch {
	case f.kind == percent:
		return append(appendFloat(b, x*100), '%'), nil
	case f.kind == padded && x >= 0 && x == math.Trunc(x):
		digits := strconv.FormatInt(int64(x), 10)
		b = append(b, strings.Repeat("0", max(0, f.width-len(digits)))...)
		return append(b, digits...), nil
	}
	return appendFloat(b, x), nil
}

// plain reports whether raw is a whole number below exactBelow, written as people write it.
func plain(raw []byte) bool {
	if len(raw) == 0 || len(raw) > 15 || raw[0] == '0' && len(raw) > 1 {
		return false
	}
	for _, c := range raw {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// appendFloat writes at most 15 significant digits, without an exponent: 0.1+0.2 is 0.3.
func appendFloat(b []byte, x float64) []byte {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 14, 64), 64)
	if err != nil || rounded == 0 { // -0 is 0
		rounded = 0
	}
	return strconv.AppendFloat(b, rounded, 'f', -1, 64)
}

// appendDate writes a serial day number as 2006-01-02, with the time behind it where
// the format shows one and it is not midnight. Day 60 of the 1900 system is the
// 29 February 1900 that never was.
func appendDate(b []byte, serial float64, kind formatKind, date1904 bool) ([]byte, error) {
	if serial < 0 || serial >= lastDay+1 {
		return b, badDate
	}
	days := math.Floor(serial)
	seconds := math.Round((serial - days) * secondsPerDay)
	if seconds == secondsPerDay {
		days, seconds = days+1, 0
	}
	if date1904 {
		days += days1904
	}
	at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if days < 60 {
		at = at.AddDate(0, 0, 1)
	}
	if kind != clock && (days < 1 || days == 60 || days > lastDay) {
		return b, badDate
	}
	at = at.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	layout := time.DateOnly
	switch {
	case kind == clock:
		layout = time.TimeOnly
	case kind == moment && seconds > 0:
		layout = time.DateTime
	}
	return at.AppendFormat(b, layout), nil
}

// appendISODate rewrites a date cell of the strict format, 2024-06-30T00:00:00, as
// appendDate would write it; what is no such date stays as it is.
func appendISODate(b []byte, from int) []byte {
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05"} {
		at, err := time.Parse(layout, string(b[from:]))
		if err != nil {
			continue
		}
		if at.Hour()+at.Minute()+at.Second() == 0 {
			return at.AppendFormat(b[:from], time.DateOnly)
		}
		return at.AppendFormat(b[:from], time.DateTime)
	}
	return b
}
