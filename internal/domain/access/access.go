// Package access says who is asking and over whom.
//
// A Scope is an argument of every list query; its zero value sees nobody.
// Whoever may do nothing sees nothing: there is no implicit right.
package access

import (
	"fmt"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/fault"
)

// Role of an account (角色).
type Role string

const (
	Graduate              Role = "graduate"               // 毕业生
	Tutor                 Role = "tutor"                  // 班导师、导师：只看写明的班级或毕业生，不审核
	Counsellor            Role = "counsellor"             // 辅导员
	CollegeSecretary      Role = "college_secretary"      // 学院就业秘书
	CollegeLeader         Role = "college_leader"         // 学院领导
	Office                Role = "office"                 // 校就业中心
	SchoolLeader          Role = "school_leader"          // 校领导：只看汇总
	Support               Role = "support"                // 资助专员
	Auditor               Role = "auditor"                // 审计员
	Administrator         Role = "administrator"          // 系统管理员：不看个人信息
	SecurityAdministrator Role = "security_administrator" // 安全管理员：给角色，不看个人信息
	Employer              Role = "employer"               // 用人单位：还没有可办的事
	Client                Role = "client"                 // 接口调用方：还没有可办的事
)

// Permission is one thing that an actor may do.
type Permission string

const (
	ViewFigures       Permission = "figures.view"          // aggregates
	ViewPeople        Permission = "people.view"           // lists of people, masked
	ImportRoster      Permission = "roster.import"         // 导入生源
	ImportCases       Permission = "destination.import"    // 导入去向
	ImportReference   Permission = "reference.import"      // 单位、院校、最低工资、代码
	ExportPeople      Permission = "people.export"         // 导出，敏感列留空
	ApproveExport     Permission = "people.export.approve" // 批准别人带敏感列导出
	RegisterOwn       Permission = "destination.own"       // 本人登记
	ProposeCase       Permission = "destination.propose"   // 代填，待本人提交
	ReviewCase        Permission = "destination.review"    // 审核
	StrikeCase        Permission = "destination.strike"    // 核减、恢复、维持
	SecondStrike      Permission = "destination.second"    // 核减时作第二人签名，不看名单
	ViewEstimate      Permission = "figures.estimate"      // 抽查的估计，不看名单
	Freeze            Permission = "release.freeze"        // 冻结快照
	Release           Permission = "release.publish"       // 登记审批并发布
	Unlock            Permission = "release.unlock"        // 解锁已发布时点
	ReadReports       Permission = "report.read"           // 看年度报告的稿子，和未发布快照的公开样子
	EditReports       Permission = "report.edit"           // 编写年度报告
	ViewAccounts      Permission = "account.view"          // 看有哪些账号、角色、任期
	ManageAccounts    Permission = "account.manage"        // 新增、停用账号，发设密码的链接
	GrantRoles        Permission = "account.grant"         // 给、改教职工的角色和范围
	ResetFactor       Permission = "account.factor"        // 重置别人的第二道验证
	ConfigureSecurity Permission = "security.change"       // 密码规则、第二道验证等安全设置
	RotateKeys        Permission = "keys.rotate"           // 更换密钥
	BackUp            Permission = "school.backup"         // 备份全校，加密后带走
	InviteGraduates   Permission = "account.invite"        // 发、补发激活码
	NameDeputy        Permission = "account.deputy"        // 请人代理自己的工作
	ManageCodes       Permission = "codes.manage"          // 代码
	ReadAudit         Permission = "audit.read"            // 审计查询
	Configure         Permission = "settings.change"       // 审核级数、核对截止日等学校设置
	ViewSensitiveAgg  Permission = "figures.sensitive"     // 困难类别、民族 as dimensions
	CorrectOwn        Permission = "roster.own"            // 生源核对：本人更正
	DecideCorrection  Permission = "roster.correct"        // 学院核更正：班级、专业、生源地
	DecideRegistry    Permission = "roster.registry"       // 凭学籍部门意见核更正：姓名、证件号
	RevealContact     Permission = "people.contact"        // 显示手机、地址，留痕
	RevealIdentity    Permission = "people.identity"       // 显示证件号，留痕
	AnswerPrivacy     Permission = "privacy.answer"        // 答复对个人信息的请求
	ViewRetention     Permission = "retention.view"        // 看到期清理的报告
	RunRetention      Permission = "retention.run"         // 执行到期清理、暂停清理
)

// rights is the whole policy: role → what it may do. Reviewed as data.
var rights = map[Role][]Permission{
	Graduate:   {RegisterOwn, CorrectOwn},
	Tutor:      {ViewFigures, ViewPeople, ProposeCase, RevealContact, NameDeputy},
	Counsellor: {ViewFigures, ViewPeople, ProposeCase, ReviewCase, RevealContact, InviteGraduates, NameDeputy},
	CollegeSecretary: {ViewFigures, ViewPeople, ExportPeople, ProposeCase, ReviewCase, DecideCorrection, RevealContact, RevealIdentity,
		InviteGraduates, NameDeputy},
	CollegeLeader: {ViewFigures, ViewPeople, ReviewCase, DecideCorrection, NameDeputy},
	Office: {ViewFigures, ViewSensitiveAgg, ViewPeople, ImportRoster, ImportCases, ImportReference, ExportPeople, ApproveExport,
		ProposeCase, ReviewCase, StrikeCase, SecondStrike, ViewEstimate, Freeze, Release, Unlock, ReadReports, EditReports, ManageCodes, DecideCorrection, DecideRegistry,
		RevealContact, RevealIdentity, InviteGraduates, NameDeputy, Configure, ViewAccounts, AnswerPrivacy, ViewRetention, RunRetention},
	SchoolLeader:          {ViewFigures, ViewEstimate, Release, Unlock, ReadReports, SecondStrike, NameDeputy},
	Support:               {ViewFigures, ViewSensitiveAgg, ViewPeople, NameDeputy},
	Auditor:               {ViewFigures, ReadReports, ReadAudit, ViewAccounts, ViewRetention},
	Administrator:         {ManageAccounts, ManageCodes, ViewAccounts, BackUp},
	SecurityAdministrator: {ViewAccounts, GrantRoles, ResetFactor, ConfigureSecurity, RotateKeys},
	Employer:              {}, // nothing yet, written down: a role without a line would be nobody's to review
	Client:                {},
}

// Grant gives one role over one scope for a term.
type Grant struct {
	Role   Role
	Over   Scope
	Begins calendar.Day // blank: from the beginning
	Ends   calendar.Day // last day; blank: open
	For    string       // id of the account whose place is taken (代理); blank: the holder's own
}

// Actor is who asks, with the grants in force at the moment of asking.
type Actor struct {
	Account string // account id; console:OSUSER for the command line
	Grants  []Grant
}

// Reach is a text for what the actor may do and over whom: the same as long as that is.
// What was found for somebody and is kept goes by it.
func (a Actor) Reach() string { return fmt.Sprintf("%s %+v", a.Account, a.Grants) }

// Console is the actor of the command line: the office's rights over the whole
// school and the keeping of snapshots, without reveal, never the second person
// of anything (see Person).
func Console(osUser string) Actor {
	return Actor{Account: "console:" + osUser, Grants: []Grant{
		{Role: Office, Over: School()}, {Role: Administrator, Over: School()}, {Role: SecurityAdministrator, Over: School()},
		{Role: Auditor, Over: School()},
	}}
}

// Person reports that the actor is a person with an own account, who may be
// the second pair of eyes; a console is not.
func (a Actor) Person() bool {
	return a.Account != "" && !(len(a.Account) > 8 && a.Account[:8] == "console:")
}

// Has reports that the actor holds the role, whatever the scope.
func (a Actor) Has(r Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == r })
}

// May returns nil when one of the actor's roles has the permission.
// Error: fault.Forbidden.
func (a Actor) May(p Permission) error {
	for _, g := range a.Grants {
		if slices.Contains(rights[g.Role], p) {
			return nil
		}
	}
	return fault.Forbiddenf("", "当前账号无权办理此项，请联系就业中心")
}

// Within returns the union of the scopes over which the actor has the
// permission; the zero Scope if it has it nowhere.
func (a Actor) Within(p Permission) Scope {
	var s Scope
	for _, g := range a.Grants {
		if slices.Contains(rights[g.Role], p) {
			s = s.Union(g.Over)
		}
	}
	return s
}

// InForce reports that the grant's term holds the day.
func (g Grant) InForce(day calendar.Day) bool {
	return (g.Begins == "" || g.Begins <= day) && (g.Ends == "" || day <= g.Ends)
}

// roleTitles are the roles as people call them, from the widest view to the
// narrowest: who holds several is shown by the first.
var roleTitles = []struct {
	role  Role
	title string
}{
	{Office, "就业中心"}, {SchoolLeader, "校领导"}, {CollegeLeader, "学院领导"}, {CollegeSecretary, "学院就业秘书"},
	{Counsellor, "辅导员"}, {Tutor, "班导师、导师"}, {Support, "资助专员"}, {Auditor, "审计员"}, {Administrator, "系统管理员"},
	{SecurityAdministrator, "安全管理员"}, {Graduate, "毕业生"}, {Employer, "用人单位"}, {Client, "接口调用方"},
}

// notGiven are the roles that no form and no command gives: a graduate's comes with
// the activation code, and the last two may do nothing yet.
var notGiven = []Role{Graduate, Employer, Client}

// Title returns the role as people call it.
func (r Role) Title() string {
	for _, t := range roleTitles {
		if t.role == r {
			return t.title
		}
	}
	return string(r)
}

// Title returns the actor's widest role as people call it; blank without one.
func (a Actor) Title() string {
	for _, t := range roleTitles {
		if a.Has(t.role) {
			return t.title
		}
	}
	return ""
}

// Roles lists the ids of all roles that staff may have, the widest first.
func Roles() []string {
	var out []string
	for _, t := range roleTitles {
		if !slices.Contains(notGiven, t.role) {
			out = append(out, string(t.role))
		}
	}
	return out
}
