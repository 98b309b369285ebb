package web

import (
	"testing"
	"time"
)

func TestHowLongAgo(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Minute: "0 分钟前", 59 * time.Minute: "59 分钟前", time.Hour: "1 小时前", 47 * time.Hour: "47 小时前", 50 * time.Hour: "2 天前",
	} {
		if got := ago(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}
