package web

import (
	"strconv"

	"quxiang/internal/domain/settings"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// privacyInputs are the numbers that a school decides about personal data.
var privacyInputs = []part.Field{
	{Name: "evidence_years", Label: "佐证材料毕业后保存", Suffix: "年", Help: "至少 3 年；到期后由就业中心在“到期清理”里执行"},
	{Name: "answer_days", Label: "对个人信息的请求，几个工作日内答复", Suffix: "个工作日"},
	{Name: "export_alone", Label: "一个人能直接导出的人数", Suffix: "人", Help: "超过的，以及带敏感列的，由另一位同事批准后才能下载"},
}

func privacyNumbers(v settings.Privacy) map[string]string {
	return map[string]string{"evidence_years": strconv.Itoa(v.EvidenceYears), "answer_days": strconv.Itoa(v.AnswerDays),
		"export_alone": strconv.Itoa(v.ExportAlone)}
}

// typedNumbers are the numbers of a form: what cannot be read is -1, which no
// rule takes.
type typedNumbers struct {
	value settings.Privacy
	texts map[string]string
}

func readPrivacyNumbers(r *httpd.Request, now settings.Privacy) typedNumbers {
	out, before := typedNumbers{texts: map[string]string{}}, privacyNumbers(now)
	read := func(name string) int {
		out.texts[name] = typed(r, name)
		if !r.PostForm.Has(name) { // a form without it leaves it as it is
			out.texts[name] = before[name]
		}
		n, err := strconv.Atoi(out.texts[name])
		if err != nil {
			return -1
		}
		return n
	}
	out.value = settings.Privacy{EvidenceYears: read("evidence_years"), AnswerDays: read("answer_days"), ExportAlone: read("export_alone")}
	return out
}
