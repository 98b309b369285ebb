package intake

import (
	"slices"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
)

// Kind is one kind of file that the office brings.
type Kind struct {
	ID       string
	Title    string // 生源
	About    string // what it is for, in one sentence
	After    string // what to do once it is written
	Right    access.Permission
	Cohort   bool // takes a cohort
	TrueFrom bool // takes a day
	Source   bool // takes a source
	Undo     bool // leaves a batch that can be undone
	columns  func() []exchange.Column
	needs    [][]string // of each list of fields at least one
}

// Reconciliation is the kind of a file that is only compared, never written.
const Reconciliation = "reconcile"

var kinds = []Kind{
	{ID: "roster", Title: "生源", Right: access.ImportRoster, Cohort: true, TrueFrom: true, Undo: true,
		About: "毕业生名单：学号、姓名、学历、院系、专业、班级和联系方式。新的人加进来，已有的人只改不一样的栏。",
		After: "通知学生核对本人生源信息；还没有账号的，去发激活码。",
		columns: func() []exchange.Column {
			return exchange.Columns(exchange.Person)
		}, needs: [][]string{{"student_no", "exam_no"}, {"name"}, {"education"}}},
	{ID: "destinations", Title: "毕业去向", Right: access.ImportCases, Cohort: true, TrueFrom: true, Source: true, Undo: true,
		About:   "历史数据、国家系统的导出，或替学生代填的去向。",
		After:   "代填的去向要等学生本人提交才算数；历史和国家系统的数据已计入统计。",
		columns: destinationColumns, needs: [][]string{{"student_no", "exam_no"}, {"code"}}},
	{ID: "admissions", Title: "录取名单", Right: access.ImportCases, Cohort: true, TrueFrom: true, Undo: true,
		About:   "拟录取、推免、转段名单：替名单上的人代填升学，附上“已见名单”。",
		After:   "学生会在自己的页面看到代填的升学，本人提交并审核后才计入。",
		columns: destinationColumns, needs: [][]string{{"student_no", "exam_no"}}},
	{ID: "employers", Title: "单位", Right: access.ImportReference, Undo: true,
		About:   "单位主数据：信用代码、性质、行业、所在地。登记里抄来的空白会按它补全。",
		After:   "登记里补全的内容列在检查结果里，可在导入记录里撤销。",
		columns: of(exchange.Employers), needs: [][]string{{"name"}}},
	{ID: "hospital-levels", Title: "医院等级", Right: access.ImportReference, Undo: true,
		About:   "医院的等级和起始日期，用于统计去往三级医院的人数。",
		After:   "登记里补全的内容列在检查结果里，可在导入记录里撤销。",
		columns: of(exchange.HospitalLevels), needs: [][]string{{"name", "credit_code"}, {"level"}}},
	{ID: "minimum-wages", Title: "最低工资标准", Right: access.ImportReference,
		About:   "各地月最低工资和生效日期，用于核查月薪。",
		After:   "新的标准从生效日期起用于核查。",
		columns: of(exchange.Wages), needs: [][]string{{"region"}, {"from"}, {"monthly"}}},
	{ID: "institutions", Title: "院校", Right: access.ImportReference,
		About:   "升学院校的代码、名称和“双一流”等起始年。",
		After:   "之后登记和导入的升学按新的院校表识别。",
		columns: of(exchange.Institutions), needs: [][]string{{"code"}, {"name"}}},
	{ID: "codes", Title: "代码", Right: access.ManageCodes,
		About:   "本校自己的代码，以及旧代码与现行代码的对照。",
		After:   "新代码即刻可用，可以重新导入先前因代码被拒的文件。",
		columns: of(exchange.Codes), needs: [][]string{{"table"}, {"code"}}},
	{ID: "external-figures", Title: "外部数据", Right: access.EditReports, Cohort: true,
		About:   "别人调查或统计的数：跟踪调查、执业资格通过率、走访次数等，每一项写明来源文件、页码和日期。",
		After:   "录入的数要另一位同事对照文件复核，复核以后才能印进正式的报告。",
		columns: of(exchange.Externals), needs: [][]string{{"key"}, {"title"}, {"value"}, {"unit"}, {"subject"}, {"source"}, {"issuer"}, {"dated"}}},
}

// reconciling is no import: it has no place in the list.
var reconciling = Kind{ID: Reconciliation, Title: "核对", Right: access.ExportPeople, Cohort: true, columns: destinationColumns,
	needs: [][]string{{"exam_no", "student_no"}, {"code"}}}

func of(g exchange.Group) func() []exchange.Column {
	return func() []exchange.Column { return exchange.Columns(g) }
}

// destinationColumns are those of a destination behind those that say whose it is.
func destinationColumns() []exchange.Column {
	out := append(exchange.Numbers(), exchange.Field(exchange.Person, "name")...)
	out = append(out, exchange.Field(exchange.Person, "graduation_day")...)
	return append(out, exchange.Columns(exchange.Destination)...)
}

// Kinds lists what the actor may import, in the order of an office's year.
func Kinds(who access.Actor) []Kind {
	var out []Kind
	for _, k := range kinds {
		if who.May(k.Right) == nil {
			out = append(out, k)
		}
	}
	return out
}

// KindOf returns a kind that the actor may take. Errors: fault.NotFound,
// fault.Forbidden.
func KindOf(who access.Actor, id string) (Kind, error) {
	if id == Reconciliation {
		return reconciling, who.May(reconciling.Right)
	}
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return Kind{}, fault.NotFoundf("kind", "没有“%s”这种导入，请从导入页选一种", id)
	}
	return kinds[i], who.May(kinds[i].Right)
}

// Title is what a kind is called; its id where it is none of ours.
func Title(id string) string {
	for _, k := range kinds {
		if k.ID == id {
			return k.Title
		}
	}
	return id
}

// needed reports that the field must be there, alone or as one of several.
func (k Kind) needed(field string) (need, oneOf bool) {
	for _, list := range k.needs {
		if slices.Contains(list, field) {
			return true, len(list) > 1
		}
	}
	return false, false
}
