package destination

import (
	"regexp"
	"testing"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/history"
)

func TestReceipt(t *testing.T) {
	at := calendar.Day("2024-08-29").Start() + 21*3600*1000
	one := Receipt("2024", "x9", at)
	if !regexp.MustCompile(`^24-0829-[0-9A-HJKMNP-TV-Z]{8}$`).MatchString(one) {
		t.Errorf("receipt %s", one)
	}
	if Receipt("2024", "x9", at) != one {
		t.Error("the same submission has two receipts")
	}
	for what, other := range map[string]string{"another instant": Receipt("2024", "x9", at+1), "another change": Receipt("2024", "x8", at),
		"another cohort": Receipt("1924", "x9", at), "texts run together": Receipt("2024x", "9", at)} {
		if other == one {
			t.Errorf("%s has the same receipt", what)
		}
	}
	seen := map[string]bool{}
	for i := range 50000 {
		seen[Receipt("2024", "x", at+calendar.Instant(i))] = true
	}
	if len(seen) < 49999 {
		t.Errorf("%d receipts of 50000 submissions", len(seen))
	}
}

func TestReceiptKey(t *testing.T) {
	for _, s := range []string{"24-0829-7F3KM2QX", "24 0829 7f3km2qx", "２４－０８２９－７Ｆ３ＫＭ２ＱＸ", "24-O829-7F3KM2QX"} {
		if got := ReceiptKey(s); got != "2408297F3KM2QX" {
			t.Errorf("%s: %s", s, got)
		}
	}
}

func TestReceiptOfTheNewestSubmission(t *testing.T) {
	at := calendar.Day("2024-08-29").Start()
	events := []history.Event{
		{Seq: 1, Set: history.Settings{}}, {Seq: 2, KnownAt: at, Change: "x", Step: history.Submitted},
		{Seq: 3, KnownAt: at + 5, Change: "x", Step: history.Returned}, {Seq: 4, KnownAt: at + 9, Change: "x", Step: history.Submitted},
	}
	if got := ReceiptOf("2024", "x", events); got != Receipt("2024", "x", at+9) {
		t.Errorf("receipt %s", got)
	}
	if got := ReceiptOf("2024", "y", events); got != "" {
		t.Errorf("a receipt of nothing: %s", got)
	}
}
