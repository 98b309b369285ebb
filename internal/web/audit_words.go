package web

import (
	"strings"

	"quxiang/internal/web/part"
)

// actionGroups are the actions of the audit trail in words, by what they are
// about. An action that is not here is shown as it is.
var actionGroups = []struct {
	prefix, title string
	actions       [][2]string
}{
	{"account.", "账号和登录", [][2]string{
		{"account.login", "登录"}, {"account.login_failed", "登录没成功"}, {"account.first_step", "密码对，等验证码"}, {"account.code_failed", "验证码不对"}, {"account.prove", "再次确认是本人"}, {"account.prove_failed", "再次确认没成功"},
		{"account.factor_begin", "开始启用第二道验证"}, {"account.factor", "启用第二道验证"}, {"account.factor_reset", "重置第二道验证"}, {"security.change", "改安全设置"},
		{"account.logout", "退出"}, {"account.logout_other", "退出别的设备"}, {"account.keys_seen", "看过发给本人的激活码和链接"}, {"account.logout_all", "在所有设备退出"},
		{"account.enter", "用演示链接进入"}, {"account.password", "设置密码"}, {"account.link", "发设置密码的链接"}, {"account.vouch", "以第二人身份作证"},
		{"account.add", "新建账号"}, {"account.grants", "改角色和范围"}, {"account.disable", "停用账号"}, {"account.enable", "重新启用账号"},
		{"account.invite", "发激活码"}, {"account.reissue", "补发激活码"}, {"account.activate", "激活账号"}, {"account.activate_failed", "激活没成功"},
		{"account.notice", "同意隐私说明"}, {"account.deputise", "请人代办"}, {"account.deputy_end", "结束代办"},
	}},
	{"people.", "看个人信息", [][2]string{{"people.view", "打开名单"}, {"people.reveal", "显示被遮住的信息"}, {"people.exported", "带敏感列导出了"}, {"people.contact", "显示联系方式"}, {"people.identity", "显示证件号"}}},
	{"figures.", "看统计", [][2]string{{"figures.sensitive", "按困难类别、民族看统计"}}},
	{"evidence.", "佐证材料", [][2]string{{"evidence.view", "打开佐证材料"}}},
	{"destination.", "去向登记", [][2]string{
		{"destination.propose", "代填"}, {"destination.submit", "提交登记"}, {"destination.pass", "审核通过"}, {"destination.pass.bulk", "批量通过"},
		{"destination.return", "退回"}, {"destination.refuse", "不予通过"}, {"destination.withdraw", "撤回"}, {"destination.document", "交佐证材料"},
		{"destination.draft.begin", "开始写草稿"}, {"destination.draft.drop", "丢弃草稿"}, {"destination.mark.disputed", "提出异议"},
		{"destination.mark.upheld", "异议核实后维持"}, {"destination.mark.struck", "核减"}, {"destination.mark.restored", "恢复"},
		{"destination.mark.replied", "答复"}, {"destination.mark.seen", "已见材料"}, {"destination.mark.employer_confirmed", "单位已确认"},
		{"destination.sample", "抽取样本"}, {"destination.sample.result", "记录抽查结果"}, {"destination.screen", "核查全部登记"},
		{"destination.import", "导入去向"}, {"destination.export", "导出去向"}, {"destination.reconcile", "与上级系统核对"},
	}},
	{"roster.", "生源", [][2]string{
		{"roster.import", "导入生源"}, {"roster.export", "导出生源"}, {"roster.confirm", "本人确认生源信息"}, {"roster.correction.ask", "申请更正"},
		{"roster.correction.accept", "同意更正"}, {"roster.correction.refuse", "不同意更正"}, {"roster.correction.take_back", "收回更正申请"},
	}},
	{"import.", "导入", [][2]string{{"import.hold", "上传待导入的文件"}, {"import.publish", "确认导入"}, {"import.drop", "放弃导入"}, {"import.undo", "撤销导入"}}},
	{"privacy.", "个人信息", [][2]string{
		{"privacy.consent", "同意"}, {"privacy.withdraw", "撤回同意"}, {"privacy.ask", "提出请求"}, {"privacy.take_back", "撤回请求"},
		{"privacy.grant", "照办请求"}, {"privacy.refuse", "不照办请求"}, {"privacy.copy", "本人下载副本"},
	}},
	{"retention.", "到期清理", [][2]string{
		{"retention.run", "执行清理"}, {"retention.evidence", "删除到期佐证材料"}, {"retention.hold", "暂停清理"}, {"retention.lift", "恢复清理"},
	}},
	{"snapshot.", "快照与发布", [][2]string{{"snapshot.freeze", "冻结快照"}, {"snapshot.release", "发布快照"}, {"snapshot.unlock", "解锁更正"}}},
	{"report.", "报告", [][2]string{{"report.proofread", "体检一份报告"}, {"report.annual", "生成年度报告"}, {"report.begin", "开始一份年度报告"}, {"report.save", "保存报告的一版"}, {"report.ground", "换报告所据的快照或截止日"}, {"report.print", "下载报告稿"}, {"report.overrule", "放行报告的一处问题"}, {"report.release", "发布年度报告"}}},
	{"external.", "外部数据", [][2]string{{"external.enter", "录入外部数据"}, {"external.check", "复核外部数据"}, {"external.withdraw", "撤回外部数据"}, {"external.replace", "外部数据改由本系统统计"}, {"external.import", "导入外部数据"}, {"external.export", "导出外部数据"}}},
	{"employer.", "单位", [][2]string{{"employer.import", "导入单位"}, {"employer.export", "导出单位"}}},
	{"reference.", "代码和标准", [][2]string{{"reference.import", "导入代码或标准"}, {"reference.export", "导出代码或标准"}}},
	{"events.", "事件", [][2]string{{"events.export", "导出事件"}}},
	{"settings.", "设置", [][2]string{{"settings.change", "改设置"}, {"school.settings", "建校设置"}}},
	{"keys.", "密钥", [][2]string{{"keys.rotate", "开始更换密钥"}, {"keys.rotated", "密钥更换完毕"}, {"keys.retire", "停用旧密钥"}}},
	{"backup.", "备份", [][2]string{{"backup.begin", "开始备份全校"}, {"backup.done", "备份全校"}, {"backup.restored", "从备份恢复"}}},
	{"demo.", "演示学校", [][2]string{{"demo.found", "建演示学校"}, {"demo.load", "写入演示登记"}, {"demo.samples", "写入演示抽查"}, {"demo.finish", "演示学校建成"}}},
	{"audit.", "审计", [][2]string{{"audit.export", "导出审计"}, {"audit.verify", "核对全部数据"}, {"audit.checkpoint", "签检查点"}, {"audit.begin", "升级时登记现有数据的校验值"}}},
}

// actionTitle is an action in words; one that nobody named as it is.
func actionTitle(action string) string {
	for _, g := range actionGroups {
		for _, a := range g.actions {
			if a[0] == action {
				return a[1]
			}
		}
	}
	return action
}

// actionOptions are the actions to choose from, each group with all of it first.
func actionOptions() []part.Option {
	out := []part.Option{{Title: "全部"}}
	for _, g := range actionGroups {
		out = append(out, part.Option{Value: g.prefix, Title: g.title + "：全部", Group: g.title})
		for _, a := range g.actions {
			if strings.HasPrefix(a[0], g.prefix) {
				out = append(out, part.Option{Value: a[0], Title: a[1], Group: g.title})
			}
		}
	}
	return out
}

// detailTitles are the names in an entry's detail, in words.
var detailTitles = map[string]string{
	"people": "人数", "case": "去向编号", "change": "申请编号", "second": "第二人", "level": "审核级", "cohort": "届", "sha256": "校验值",
	"name": "名称", "seed": "随机种子", "drawn": "抽中", "sample": "样本编号", "result": "结果", "findings": "核查提示", "samples": "样本",
	"passed": "通过", "skipped": "跳过", "reason": "理由", "until": "至", "unlock": "解锁编号", "hidden": "隐去", "consent_file": "同意文件",
	"kind": "类别", "by": "按", "action": "动作", "account": "账号", "subject": "关于", "from": "自", "to": "至", "fields": "字段", "purpose": "用途",
	"levels": "审核级", "levels_before": "原审核级", "source_check_until": "生源核对截止", "source_check_until_before": "原截止",
	"full_list": "院校表完整", "full_list_before": "原院校表完整", "roles": "角色", "login": "登录账号", "rows": "行数", "problems": "问题",
	"field": "栏目", "correction": "更正编号", "batch": "导入编号", "notice": "隐私说明版本", "about": "关于", "grants": "角色和范围", "code_by": "发码人",
	"request": "请求编号", "version": "版本", "documents": "材料", "rule": "规则", "run": "清理编号", "evidence": "佐证材料", "drafts": "草稿", "sessions": "会话", "links": "链接", "requests": "请求", "shown": "出现记录", "privacy": "个人信息设置", "privacy_before": "原个人信息设置",
	"asked_by": "申请人", "passwords": "密码规则", "passwords_before": "原密码规则", "second_before": "原第二道验证", "before": "原值", "after": "新值",
	"why": "因", "graduates": "毕业生", "accounts": "账号", "units": "学院、专业、班级", "events": "事件", "snapshots": "快照",
}

// listTitles are the lists of people that were opened, by what their records begin with.
var listTitles = [][2]string{{"graduates?", "毕业生名单"}, {"search", "查找"}, {"slips unit=", "激活码，班级 "}, {"snapshot ", "快照名单 "}}

// subjectTitle is what a record is about: a list by its name, anything else as
// it is. The exported file has it whole.
func subjectTitle(s string) string {
	if s == "school" {
		return "本校"
	}
	for _, t := range listTitles {
		rest, ok := strings.CutPrefix(s, t[0])
		switch {
		case !ok:
			continue
		case strings.HasSuffix(t[0], "?") && rest != "":
			return t[1] + "（" + rest + "）"
		default:
			return t[1] + rest
		}
	}
	return s
}
