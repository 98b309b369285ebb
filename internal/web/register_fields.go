package web

import (
	"strings"

	"quxiang/internal/domain/destination/scrutiny"
)

// fieldKind is how a payload field is typed in.
type fieldKind string

// The kinds of fields.
const (
	asText   fieldKind = ""
	asArea   fieldKind = "area"
	asDay    fieldKind = "day"
	asPhone  fieldKind = "tel"
	asCode   fieldKind = "code"   // letters and digits
	asPay    fieldKind = "pay"    // yuan a month on the page, fen in the register
	asTerm   fieldKind = "term"   // two days
	asSelect fieldKind = "select" // of a code table, or of the choices here
	asRegion fieldKind = "region"
	asList   fieldKind = "list" // free text with proposals
)

// fieldSpec is how one payload field is asked for.
type fieldSpec struct {
	id      string
	kind    fieldKind
	label   string // blank: the register's own
	help    string
	choices []string // of selects without a table, and of lists
	never   bool     // copied of master records, never asked for
	open    bool     // in sight though not required; the others stand under 选填 then
	max     int
}

// fieldSpecs are all payload fields in the order in which a graduate has the
// answers: whose, where, what, since when, who can tell.
var fieldSpecs = []fieldSpec{
	{id: "credit_code", open: true, kind: asCode, help: "合同抬头、公章或营业执照上的 18 位代码", max: 24},
	{id: "employer_name", open: true, label: "单位全称", help: "照公章写，不写简称", max: 80},
	{id: "nature", kind: asSelect}, {id: "industry", kind: asSelect},
	{id: "region", kind: asRegion, help: "工作的地方"},
	{id: "hospital_level", never: true}, {id: "school_tier", never: true}, {id: "contract_hospital_level", never: true},
	{id: "post", kind: asSelect, label: "岗位类别"}, {id: "position", open: true, label: "岗位名称", help: "例如护士、药师、研发工程师", max: 40},
	{id: "programme", label: "项目名称", max: 60}, {id: "service_place", label: "服务地", help: "写到县、乡镇", max: 60},
	{id: "work_kind", label: "做什么", help: "例如撰稿、翻译、直播带货", max: 60},
	{id: "platform", open: true, label: "平台名称", help: "在哪个平台做，就写哪个", max: 60}, {id: "shop_id", open: true, label: "网店网址", max: 200},
	{id: "role", kind: asSelect, label: "你在单位的身份", choices: []string{"法定代表人", "股东", "合伙人", "经营者", "负责人"}},
	{id: "share", label: "持股比例", help: "例如 60%；个体工商户写 100%", max: 20},
	{id: "enlist_day", kind: asDay}, {id: "enlist_office", help: "入伍通知书上盖章的机关", max: 60},
	{id: "sign_day", kind: asDay}, {id: "start_day", kind: asDay}, {id: "term", kind: asTerm},
	{id: "pay", kind: asPay, help: "税前，平均每月"},
	{id: "country", kind: asList, label: "国家或地区", choices: countries, max: 40},
	{id: "school_code", never: true},
	{id: "school_name", kind: asList, label: "院校全称", help: "照录取通知书写", max: 60},
	{id: "school_name_cn", label: "院校中文名称", max: 80}, {id: "school_name_foreign", label: "院校外文名称", help: "照录取通知书写", max: 120},
	{id: "study_level", kind: asSelect, label: "读什么层次", choices: []string{"博士研究生", "硕士研究生", "第二学士学位", "本科"}},
	{id: "study_major", label: "专业", max: 60}, {id: "study_mode", open: true, kind: asSelect, label: "学习形式", choices: []string{"全日制", "非全日制"}},
	{id: "major_cn", label: "专业中文名称", max: 80}, {id: "major_foreign", label: "专业外文名称", max: 120},
	{id: "wanted", kind: asArea, label: "你的打算", help: "想做什么、想去哪里，写一句就行", max: 200},
	{id: "reason_text", kind: asArea, label: "情况说明", help: "写一句就行，不想细说可以写“个人原因”", max: 200},
	{id: "employer_contact", label: "单位联系人", help: "人事或带你的老师", max: 30},
	{id: "contact_phone", kind: asPhone, label: "联系人电话", help: "座机或手机都行，学校核实时会打", max: 20},
	{id: "contact_mobile", kind: asPhone, max: 20}, {id: "contact_email", max: 80}, {id: "contact_fax", kind: asPhone, max: 20},
	{id: "employer_address", max: 120}, {id: "employer_postcode", kind: asPhone, max: 6},
	{id: "contract_name", help: "劳务派遣的，合同是和谁签的", max: 80}, {id: "contract_code", kind: asCode, max: 24},
	{id: "contract_nature", kind: asSelect},
	{id: "residency_type", help: "参加住院医师规范化培训的填", max: 30}, {id: "residency_base", max: 60},
	{id: "file_to_name", help: "档案转到哪个单位", max: 80}, {id: "file_to_address", max: 120},
	{id: "file_to_postcode", kind: asPhone, max: 6}, {id: "household_to", max: 120},
	{id: "true_on", kind: asDay, label: "从哪天起", help: "不填，就是签约、到岗或入伍那天"},
}

// fieldWords are other words for a field of one category, by code and field: the
// label, and the help if there is another.
var fieldWords = map[string]map[string][2]string{
	"10": {"sign_day": {"协议签订日期"}, "employer_name": {"单位全称", "照协议上的公章写"}},
	"11": {"sign_day": {"合同签订日期"}, "employer_name": {"单位全称", "照合同上的公章写"}},
	"12": {"sign_day": {"录用日期", "证明上写的日期"}},
	"27": {"sign_day": {"聘用日期"}, "programme": {"项目名称", "项目名称、岗位名称填一项"}, "position": {"岗位名称", "例如科研助理"}},
	"50": {"employer_name": {"服务单位全称"}}, "51": {"employer_name": {"服务或录用单位全称"}},
	"75": {"credit_code": {"统一社会信用代码", "有营业执照的填；开网店的填下面的平台和网址"}, "employer_name": {"企业或店铺名称"}},
	"76": {"start_day": {"从哪天开始做"}, "pay": {"月收入", "最近几个月平均每月"}},
	"71": {"wanted": {"准备考什么", "例如考研、考博、读第二学位，写一句就行"}},
	"72": {"reason_text": {"情况说明", "写一句就行，不想细说可以写“个人原因”"}},
}

// kindHelp says of a kind of evidence what must be readable.
var kindHelp = map[string]string{
	"AGR": "三方都盖了章、签了字的那一份", "CON": "全部页，看得清公章和两边签名", "REC": "看得清公章和日期", "DIR": "看得清双方公章",
	"REL": "定向或委培的，另行就业要有这一份", "PUB": "官网公示的截图，或录用通知", "CERT": "看得清公章、岗位和日期",
	"LIC": "看得清名称和代码", "SHOP": "看得清店名、网址和你的名字", "INC": "最近几个月，看得清单位名、日期和金额",
	"PLG": "写明做什么、在哪做、收入多少，亲笔签名", "ADM": "看得清学校、专业和你的名字", "VISA": "看得清学校和你的名字",
	"MIL": "看得清公章和日期", "PROJ": "看得清公章和服务期",
}

// countries are those that most graduates go to; any other may be typed.
var countries = []string{"英国", "美国", "日本", "中国香港", "澳大利亚", "韩国", "德国", "新加坡", "法国", "加拿大", "中国澳门", "中国台湾", "马来西亚",
	"俄罗斯", "荷兰", "意大利", "西班牙", "新西兰", "瑞典", "瑞士", "爱尔兰", "比利时", "丹麦", "芬兰", "泰国"}

// wordsFor are label and help of the field for a category whose topmost code is given.
func (f fieldSpec) wordsFor(family string) (label, help string) {
	label, help = f.label, f.help
	if w, ok := fieldWords[family][f.id]; ok {
		if label = w[0]; w[1] != "" {
			help = w[1]
		}
	}
	if label == "" {
		label = scrutiny.FieldTitle(f.id)
	}
	return label, help
}

// needs says whether the profile requires the field: alone, or as the first or a
// later one of several of which one will do.
func needs(p scrutiny.Profile, field string) (required, instead bool) {
	for _, need := range p.Required {
		for i, n := range strings.Split(need, "|") {
			if n == field {
				required, instead = true, instead || i > 0
			}
		}
	}
	return required, instead
}
