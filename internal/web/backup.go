package web

import (
	"fmt"
	"strconv"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/httpd"
)

// backupCard says when the school was last backed up.
type backupCard struct {
	When string // blank: never
	Age  string // how long ago, in words
	Size string
	Who  string
	Warn string // what is wrong with that; blank if nothing
}

// lastBackup reads when the school was last backed up.
func (w *Web) lastBackup(r *httpd.Request) (backupCard, error) {
	last, ok, err := w.Office.Settings.LastBackup(r.Context())
	if err != nil {
		return backupCard{}, err
	}
	now := w.Now()
	switch {
	case !ok && w.Demo:
		return backupCard{}, nil // an invented school needs none
	case !ok:
		return backupCard{Warn: "还没有备份过：服务器一旦损坏，数据找不回来。请按操作手册设好每晚的备份"}, nil
	}
	c := backupCard{When: minuteOf(last.At), Age: ago(now.Time().Sub(last.At.Time())), Size: paperSize(last.Bytes)}
	if c.Who, err = w.Office.NameOf(r.Context(), last.Account); err != nil {
		return c, err
	}
	switch {
	case last.Overdue(now):
		c.Warn = "上次备份是 " + c.When + "（" + c.Age + "），该有新的了。请查看服务器上的定时备份是否还在运行"
	case last.Missing > 0:
		c.Warn = fmt.Sprintf("上次备份时有 %d 份佐证材料的文件不在，没有备份到。请运行 quxiang verify 查看是哪些", last.Missing)
	}
	return c, nil
}

// backupWarning is what whoever keeps the machine must hear; blank for others.
func (w *Web) backupWarning(r *httpd.Request) (string, error) {
	if r.Who.May(access.BackUp) != nil {
		return "", nil
	}
	c, err := w.lastBackup(r)
	return c.Warn, err
}

// ago says a span of time in words.
func ago(d time.Duration) string {
	switch {
	case d < time.Hour:
		return strconv.Itoa(max(int(d.Minutes()), 0)) + " 分钟前"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " 小时前"
	}
	return strconv.Itoa(int(d.Hours())/24) + " 天前"
}
