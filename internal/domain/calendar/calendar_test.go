package calendar

import "testing"

func TestWorkdays(t *testing.T) {
	for _, c := range []struct {
		from, to Day
		want     int
	}{{"2024-08-30", "2024-08-30", 0}, {"2024-08-30", "2024-09-01", 0}, {"2024-08-30", "2024-09-02", 1}, {"2024-08-26", "2024-09-02", 5}, {"2024-09-02", "2024-08-26", 0}, {"", "2024-08-26", 0}} {
		if got := Workdays(c.from, c.to); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.from, c.to, got, c.want)
		}
	}
}
