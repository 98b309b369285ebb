package privacy

import (
	"cmp"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/roster"
)

// shownAs is a value in words: names of codes and units, 是 and 否.
func shownAs(s roster.Shower, book *codes.Book, field, value string) string {
	switch history.Key(field) {
	case history.Level:
		if row, ok := book.Table("report_level").Find(value); ok {
			return row.Name
		}
	case history.InStatistics, history.Left:
		if value == history.True {
			return "是"
		}
		if value == history.False {
			return "否"
		}
	}
	return s.Plain(field, value)
}

// wordsOf is a value of a registration in words: what has a table of codes is named.
func wordsOf(book *codes.Book, field, value string) string {
	for _, c := range exchange.Field(exchange.Destination, field) {
		if c.Table == "" {
			continue
		}
		if row, ok := book.Table(c.Table).Find(value); ok {
			return row.Name
		}
	}
	return value
}

// codeTitle is a destination code with its name; a code that is in no table as it is.
func codeTitle(book *codes.Book, code string) string {
	if row, ok := book.Table("destination").Find(code); ok {
		return code + " " + row.Name
	}
	return code
}

// stepTitles are what happened, in words.
var stepTitles = map[string]string{
	string(history.Recorded): "按历史数据登记", string(history.Proposed): "老师代填", string(history.Submitted): "你提交",
	string(history.Passed): "审核通过", string(history.Approved): "最后一级通过", string(history.Returned): "退回", string(history.Withdrawn): "撤回",
	string(history.Refused): "不予通过", string(history.Struck): "核减", string(history.Restored): "恢复", string(history.Disputed): "提出异议",
	string(history.Upheld): "核实后维持", string(history.Replied): "答复", string(history.Seen): "老师看过材料", string(history.EmployerConfirmed): "单位已确认",
}

func stepTitle(e *history.Event) string {
	said := string(e.Step) + string(e.Mark)
	return cmp.Or(stepTitles[said], said)
}
