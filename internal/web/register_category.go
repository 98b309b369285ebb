package web

import (
	"slices"

	"quxiang/internal/domain/codes"
)

// category is one category of destination in a student's words.
type category struct {
	Code  string
	Title string
	Help  string // what one has in hand, or what it means
}

// categoryGroup is some categories under one question. All groups look alike: no
// answer is better than another (四不准).
type categoryGroup struct {
	Title   string
	Line    string
	Choices []category
	Open    bool // holds what was chosen
}

// categoryWords are the categories in a student's words, by code. A code that the
// school added is shown by its own name.
var categoryWords = map[string]category{
	"10":         {Title: "签了就业协议", Help: "三方协议、网签、接收函"},
	"11":         {Title: "签了劳动合同", Help: "全部页都在手上"},
	"12":         {Title: "有聘用证明，没签合同", Help: "要证明或工资流水，月薪不低于最低工资"},
	"271":        {Title: "科研助理、管理助理", Help: "有聘用证明或合同"},
	"272":        {Title: "博士后进站", Help: "有进站的公示或通知"},
	"46":         {Title: "应征入伍", Help: "有入伍通知书"},
	"501":        {Title: "特岗教师（国家）", Help: "国家基层项目"},
	"502":        {Title: "三支一扶", Help: "国家基层项目"},
	"503":        {Title: "西部计划", Help: "国家基层项目"},
	"511":        {Title: "特岗教师（地方）", Help: "地方基层项目"},
	"512":        {Title: "选调生", Help: "地方基层项目"},
	"519":        {Title: "别的地方基层项目", Help: "有项目通知或服务协议"},
	"801":        {Title: "读研究生", Help: "硕士、博士，全日制"},
	"802":        {Title: "读第二学士学位", Help: "全日制"},
	"803":        {Title: "专升本", Help: "专科毕业后读本科"},
	"85":         {Title: "出国、出境读书", Help: "有录取通知，或签证、注册证明"},
	"75":         {Title: "自己创业", Help: "有营业执照，或开了网店"},
	"76":         {Title: "自由职业", Help: "自己接活，月收入不低于最低工资"},
	"70-SEEK":    {Title: "在找工作"},
	"70-SIGNING": {Title: "谈好了，还没签"},
	"70-EXAM":    {Title: "准备考公务员、事业单位"},
	"70-STARTUP": {Title: "准备创业"},
	"70-ARMY":    {Title: "准备入伍"},
	"71":         {Title: "准备考研、再读书", Help: "今年先不找工作"},
	"72-NONE":    {Title: "暂时不找", Help: "休息、家里有事、身体原因都可以"},
	"72-ABROAD":  {Title: "准备出国、出境"},
}

// categoryTitle is the category in a student's words.
func categoryTitle(book *codes.Book, code string) category {
	row, _ := book.Table("destination").Find(code)
	c, ok := categoryWords[code]
	if c.Code = code; !ok {
		c.Title = row.Name
	}
	return c
}

// categoriesFor are the categories that a form offers to a graduate of the cohort and
// report level; of an unknown level all. What was chosen before stays on offer.
func categoriesFor(book *codes.Book, cohort, level, chosen string) []categoryGroup {
	groups := []categoryGroup{
		{Title: "有单位了", Line: "协议、合同、聘用证明、入伍、基层项目"}, {Title: "继续读书", Line: "境内升学、境外留学"},
		{Title: "自己做", Line: "创业、自由职业"}, {Title: "还没定", Line: "在找工作、准备再考、暂时不找"},
	}
	t := book.Table("destination")
	for _, row := range t.Offered(cohort) {
		if !row.Fits(level) && row.Code != chosen {
			continue
		}
		at := 0
		switch {
		case t.Descends(row.Code, "75") || t.Descends(row.Code, "76"):
			at = 2
		case row.Class == "升学":
			at = 1
		case row.Class == "未就业":
			at = 3
		}
		groups[at].Choices = append(groups[at].Choices, categoryTitle(book, row.Code))
		groups[at].Open = groups[at].Open || row.Code == chosen
	}
	return slices.DeleteFunc(groups, func(g categoryGroup) bool { return len(g.Choices) == 0 })
}
