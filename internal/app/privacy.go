package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/privacy"
)

// ExposedPerson is one line of what a breach is answered with.
type ExposedPerson struct {
	At     string `json:"at"`
	Number string `json:"number"`
	Name   string `json:"name"`
	What   string `json:"what"`
	Why    string `json:"why"`
}

// Exposed returns whom an account, by its login, saw from an instant to another.
// Errors: those of privacy.Service.Exposed; fault.NotFound without such an account.
func (a *App) Exposed(ctx context.Context, who access.Actor, login string, from, to calendar.Instant) ([]ExposedPerson, error) {
	id := ""
	all, err := a.Accounts.List(ctx, who)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		if x.Login == login {
			id = x.ID
		}
	}
	if id == "" {
		return nil, fault.NotFoundf("account", "没有账号“%s”", login)
	}
	list, err := a.Privacy.Exposed(ctx, who, id, from, to)
	if err != nil {
		return nil, err
	}
	names, err := a.calledOf(ctx, list)
	if err != nil {
		return nil, err
	}
	out := []ExposedPerson{}
	for _, x := range list {
		p := ExposedPerson{At: x.At.Time().Format("2006-01-02 15:04:05"), What: exposedWhat(x), Why: cmp.Or(x.Detail["reason"], x.Detail["purpose"])}
		p.Number, p.Name = names[x.Graduate][0], names[x.Graduate][1]
		out = append(out, p)
	}
	return out, nil
}

func (a *App) calledOf(ctx context.Context, list []privacy.Exposure) (map[string][2]string, error) {
	var ids []string
	for _, x := range list {
		if x.Graduate != "" {
			ids = append(ids, x.Graduate)
		}
	}
	slices.Sort(ids)
	out := map[string][2]string{}
	for chunk := range slices.Chunk(slices.Compact(ids), 500) {
		people, err := a.Store.GraduatesByID(ctx, access.School(), chunk)
		if err != nil {
			return nil, err
		}
		for i := range people {
			out[people[i].ID] = [2]string{cmp.Or(people[i].StudentNo, people[i].ExamNo), people[i].Name}
		}
	}
	return out, nil
}

func exposedWhat(x privacy.Exposure) string {
	switch {
	case x.List != "":
		return "名单：" + x.List
	case x.Action == "people.reveal":
		return "显示" + exchange.Title(exchange.Person, x.Detail["field"])
	case x.Action == "evidence.view":
		return "佐证材料"
	case x.Action == privacy.ActionExported:
		return "导出：" + x.Detail["fields"]
	case strings.HasSuffix(x.Action, ".export"):
		return "导出名单（不含敏感列）"
	case x.Subject == "search":
		return "查找结果"
	case x.Action == "people.view":
		return "打开登记情况"
	}
	return x.Action
}

// AssessmentDraft is the draft of an impact assessment (个人信息保护影响评估, 个人信息
// 保护法 §55, §56), filled in from the register; what only the school knows is left
// open.
func (a *App) AssessmentDraft() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# 个人信息保护影响评估（底稿）\n")
	say("- 单位：%s", a.School().Name)
	say("- 系统：毕业去向登记系统")
	say("- 底稿日期：%s", calendar.DayOf(a.Now()))
	say("- 评估人、负责人：〔学校填〕")
	say("- 本底稿由系统按登记的处理活动写出，结论由学校作出；评估报告和处理记录至少保存三年。\n")
	say("## 一、处理哪些、做什么、凭什么\n")
	say("| 用途 | 凭什么 | 信息 | 谁能看到 | 给谁 | 存多久 |\n|---|---|---|---|---|---|")
	for _, p := range privacy.Register() {
		basis := "履行法定职责"
		if p.Basis == privacy.Consent {
			basis = "单独同意"
		}
		say("| %s | %s（%s） | %s | %s | %s | %s |", p.Title, basis, p.Law, p.Fields, p.SeenBy, p.GivenTo, p.Kept)
	}
	say("\n## 二、必要性\n\n每项用途逐条回答：不用这些信息能不能办？能不能少用？〔学校填〕\n")
	say("## 三、对个人权益的影响和风险\n")
	say("| 风险 | 系统已有的措施 | 剩余风险和学校的措施 |\n|---|---|---|")
	for _, r := range assessedRisks {
		say("| %s | %s | 〔学校填〕 |", r[0], r[1])
	}
	say("\n## 四、保存和清理\n")
	for _, rule := range privacy.Rules {
		say("- %s：%s。%s。", rule.Title, rule.Says(a.Retention.Terms()), rule.Why)
	}
	say("- 去向记录长期保存；审计不少于三年。\n")
	say("## 五、结论\n\n〔学校填：处理目的和方式是否合法、正当、必要；保护措施是否与风险相适应；要改什么、谁、何时〕")
	return b.String()
}

// assessedRisks are what can go wrong, and what the program does against it.
var assessedRisks = [][2]string{
	{"数据库或备份被拿走", "证件号、联系方式、困难类别和佐证材料是密文，密钥不在数据库里；备份加密"},
	{"有权的人滥用", "默认遮住，打开要写理由，本人看得到；敏感列导出由两人办，只下载一次；审计连成链"},
	{"看到不归自己管的学生", "按学院、班级限定范围，逐条判断；任期到了即失效"},
	{"困难、残疾等敏感情况外泄", "不进名单和公开页面，只进汇总；人数太少的格子不公布"},
	{"保存过久", "按期限列清单、由人执行；争议时按届暂停"},
	{"未经同意给了单位或公开", "四项用途逐项同意，默认不同意，随时撤回；给单位的名单剔除未同意的人"},
	{"信息不准影响本人", "本人核对和更正；去向只认本人提交；可提异议"},
}
