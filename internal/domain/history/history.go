// Package history keeps what the university knows of each graduate as events
// with two times: the day since when it is true and the instant that the school
// learned it (双时态).
//
// Nothing is edited or deleted: what was wrong is answered by a later event, and
// Fold turns any prefix of a history into the state at any day. The specification
// is docs/history.md; its sentences and this package's tests match one to one.
package history

import "quxiang/internal/domain/calendar"

// Event is one line of a graduate's history. Exactly one of Step, Mark is set
// for events about a case; neither is for a person event, which has Set.
type Event struct {
	Graduate string
	Seq      int              // 1, 2, 3 … within the graduate
	KnownAt  calendar.Instant // when the school knew; set when the event is published
	TrueOn   calendar.Day     // since when it is so; blank: not said (of a person event: from the beginning)

	Set Settings // person: the counted attributes that it sets

	Change string // step: the change that goes through review
	Step   Step
	Act    Act    // fixed by the change's first step
	Case   string // fixed by the change's first step; the case of a mark
	Level  int    // review level, 1 to 4, of passed, returned, approved
	Mark   Mark

	Scheme string  // scheme of Code, such as MOE-2021
	Code   string  // 毕业去向类别代码; blank keeps
	Counts Counted // counted payload fields; blank keeps
	Fields Fields  // payload fields that are kept but never counted
	Sealed string  // envelope of what Seal took out of Set and Fields; blank if nothing

	Actor    string // account id that wrote it
	Source   string // recorded: legacy, national, undo …
	Reason   string // return, refusal, strike, unlock: why
	Import   string // the import that wrote it; blank if none
	Evidence []Evidence
}

// Evidence names a document by content (佐证材料).
type Evidence struct {
	SHA256 string `json:"sha256"` // hex
	Kind   string `json:"kind"`   // document kind: AGR, CON, ADM …
}

// Key names a counted attribute of a person.
type Key string

// The counted attributes (history.md, "person").
const (
	Cohort       Key = "cohort"
	Level        Key = "level"
	College      Key = "college"
	Major        Key = "major"
	Class        Key = "class"
	Sex          Key = "sex"
	Ethnicity    Key = "ethnicity"
	Origin       Key = "origin"
	Training     Key = "training"
	Difficulty   Key = "difficulty" // sealed at rest
	InStatistics Key = "in_statistics"
	Left         Key = "left"
)

// Keys lists the counted attributes in their fixed order.
var Keys = []Key{Cohort, Level, College, Major, Class, Sex, Ethnicity, Origin, Training, Difficulty, InStatistics, Left}

// True is the stored value of a boolean attribute that holds; False of one that does not.
const (
	True  = "true"
	False = "false"
)

// Setting is one attribute with its new value; a blank value empties it.
type Setting struct {
	Key   Key
	Value string
}

// Settings of one person event, in the order of Keys.
type Settings []Setting

// Value returns what the settings say of the key, and whether they say anything.
func (s Settings) Value(k Key) (string, bool) {
	for _, x := range s {
		if x.Key == k {
			return x.Value, true
		}
	}
	return "", false
}

// Counted holds the payload fields that statistics count, copied into the step
// so that a later correction of the employer's master record moves no figure.
// A blank field says nothing; Emptied in a field empties it.
type Counted struct {
	Nature        string `json:"nature,omitempty"`         // 单位性质, of the unit of work
	HospitalLevel string `json:"hospital_level,omitempty"` // 医院等级, of the unit of work
	Industry      string `json:"industry,omitempty"`       // 单位行业
	Post          string `json:"post,omitempty"`           // 工作职位类别
	Region        string `json:"region,omitempty"`         // 单位所在地, GB/T 2260
	SchoolTier    string `json:"school_tier,omitempty"`    // of further study: 985, 211, 双一流 or none
	// The contracting unit where it is not the unit of work (劳务派遣); blank: the same.
	ContractNature        string `json:"contract_nature,omitempty"`
	ContractHospitalLevel string `json:"contract_hospital_level,omitempty"`
}

// Emptied is the stored mark of a field that was emptied on purpose (**CLEAR**).
const Emptied = "\x00"

// Fields are payload fields by name, such as employer_name or credit_code.
type Fields map[string]string

// Act of a change: what it does to its case.
type Act string

const (
	Open  Act = "open"  // 新登记
	Amend Act = "amend" // 更正: as if always so
	End   Act = "end"   // 解约、离职、退学: no longer so from true_on on
	Void  Act = "void"  // 作废: never was so
)

// Step of a change through review.
type Step string

const (
	Proposed  Step = "proposed"  // 代填，待本人提交
	Submitted Step = "submitted" // 本人提交
	Passed    Step = "passed"    // 本级通过
	Returned  Step = "returned"  // 退回
	Withdrawn Step = "withdrawn" // 本人撤回
	Refused   Step = "refused"   // 不予通过
	Approved  Step = "approved"  // 终审通过
	Recorded  Step = "recorded"  // 历史数据或国家系统数据入库
)

// Mark on a case, outside review.
type Mark string

const (
	Disputed          Mark = "disputed"           // 本人异议
	Upheld            Mark = "upheld"             // 核实后维持
	Struck            Mark = "struck"             // 核减
	Restored          Mark = "restored"           // 恢复
	Replied           Mark = "replied"            // 答复
	Seen              Mark = "seen"               // 已见材料
	EmployerConfirmed Mark = "employer_confirmed" // 单位已确认
)
