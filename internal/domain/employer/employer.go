// Package employer says who hires: organisations with what official tables say
// of them.
//
// A destination copies what is counted of its employer when it becomes
// effective, so that correcting the master record moves no figure.
package employer

import (
	"context"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
)

// Employer is the master record of an organisation (用人单位).
type Employer struct {
	ID         string
	CreditCode string // 统一社会信用代码; unique unless blank
	Name       string
	Nature     string // 单位性质
	Industry   string // 单位行业
	Region     string // 单位所在地, GB/T 2260
	Address    string
	Founded    calendar.Day // 成立日期; blank: unknown
	Status     string       // 存续, 注销, 吊销; blank: unknown
	Source     string
}

// HospitalLevel is the grade of a hospital from a day on (医院等级).
type HospitalLevel struct {
	Employer string
	From     calendar.Day // blank: from the beginning
	Level    string       // code of table hospital_level
	Source   string
}

// noise is what one spelling of a name has and another has not.
var noise = strings.NewReplacer("(", "", ")", "", "（", "", "）", "", "[", "", "]", "", " ", "", "·", "")

// NameKey is what two spellings of one name have in common: half width, without
// spaces, brackets and middle dots, without 有限公司 at the end.
func NameKey(name string) string {
	s := noise.Replace(codes.Normalize(name))
	for _, tail := range []string{"股份有限公司", "有限责任公司", "有限公司"} {
		s = strings.TrimSuffix(s, tail)
	}
	return s
}

// Store keeps employers. They are the school's, not a person's: no scope.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// EmployersByKey returns those with one of the credit codes or name keys.
	EmployersByKey(ctx context.Context, creditCodes, nameKeys []string) ([]Employer, error)
	// Employers returns a page of them all, by id, behind the id after: at most
	// limit, and fewer only at the end.
	Employers(ctx context.Context, after string, limit int) ([]Employer, error)
	// HospitalLevels returns all grades of the employers, by employer and day.
	HospitalLevels(ctx context.Context, employers []string) ([]HospitalLevel, error)
	// SaveEmployers adds or replaces by id.
	SaveEmployers(ctx context.Context, list []Employer) error
	// SaveHospitalLevels adds or replaces by employer and day.
	SaveHospitalLevels(ctx context.Context, list []HospitalLevel) error
}
