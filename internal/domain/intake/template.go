package intake

import (
	"fmt"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
)

// listed is how many codes a table may have to be listed in a template.
const listed = 120

// Template is an empty file of a kind: its columns, how to fill each, and the
// codes that can be filled in.
type Template struct {
	Header []string
	Guide  [][3]string // 列、必填、怎么填
	Codes  [][3]string // 列、代码、名称
}

// Template returns the empty file of the kind. Of two columns that say the same,
// one by code and one by name, it has the one by name, which takes codes as well.
func (k Kind) Template(book *codes.Book) Template {
	var t Template
	for _, c := range k.columns() {
		if c.Part == exchange.CodePart && len(exchange.Field(c.Group, c.Field)) > 1 && c.Field != "code" || c.Field == "code" && c.Part == exchange.NamePart {
			continue
		}
		t.Header = append(t.Header, c.Title)
		t.Guide = append(t.Guide, [3]string{c.Title, k.mustFill(c), howToFill(c, book)})
		if c.Form != exchange.Coded {
			continue
		}
		list := book.Table(c.Table).All()
		if len(list) > listed {
			continue
		}
		for _, code := range list {
			t.Codes = append(t.Codes, [3]string{c.Title, code.Code, code.Name})
		}
	}
	return t
}

func (k Kind) mustFill(c exchange.Column) string {
	switch need, oneOf := k.needed(c.Field); {
	case need && oneOf:
		return "至少填一种号码"
	case need:
		return "必填"
	}
	return "选填"
}

// howToFill says in one line what a cell of the column may hold.
func howToFill(c exchange.Column, book *codes.Book) string {
	said := map[exchange.Form]string{
		exchange.Number:   "照原样写，单元格设为文本格式，免得末尾几位丢失",
		exchange.IDNumber: "18 位，单元格设为文本格式；不要打星号",
		exchange.Phone:    "11 位手机号，不要打星号",
		exchange.DayForm:  "写成 2024-06-30",
		exchange.Month:    "写成 2024-06-30 或 2024-06",
		exchange.Year:     "四位年份，如 2024",
		exchange.Pay:      "每月元数，如 5200",
		exchange.Text:     "照原样写",
	}[c.Form]
	if c.Form == exchange.Coded {
		said = "填代码或名称"
		if n := len(book.Table(c.Table).All()); n <= listed {
			said += fmt.Sprintf("，可填的 %d 种列在“可填的代码”表", n)
		} else if c.Table == "region" {
			said += "，六位区划代码，或从省写到区县的全称"
		}
	}
	if c.Secret {
		said += "；加密保存，导出时留空"
	}
	if len(c.Aliases) > 0 {
		said += "。表头也可写作 " + strings.Join(c.Aliases[:min(4, len(c.Aliases))], "、")
	}
	return said
}
