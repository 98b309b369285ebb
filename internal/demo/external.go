package demo

import (
	"context"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/external"
)

// measured are figures that an invented body measured, and what became of each. A share
// has its value in hundredths of a percent, from which its k is made.
var measured = []struct {
	cohort, key, title, unit string
	value                    int // hundredths of a percent, or the number itself
	digits                   int // that the document prints
	of                       int // of how many; 0: graduates who answered; -1: not told
	page                     string
	paper                    *paperOf
	state                    external.State
}{
	{"2023", "job-relevance", "工作与专业相关度", "%", 9000, 0, -1, "14", &survey2023, external.Checked},
	{"2023", "school-satisfaction", "对母校的总体满意度", "%", 9500, 0, -1, "22", &survey2023, external.Checked},
	{"2023", "service-usefulness", "就业指导课程有效性", "%", 8800, 0, -1, "27", &survey2023, external.Withdrawn},
	{"2023", "study-rate", "境内升学率", "%", 3600, 0, -1, "9", &survey2023, external.Replaced},
	{"2024", "licence-physician", "临床执业医师资格考试通过率", "%", 8951, 2, 162, "2", &licences2024, external.Checked},
	{"2024", "licence-nurse", "护士执业资格考试通过率", "%", 9864, 2, 147, "3", &licences2024, external.Checked},
	{"2024", "job-relevance", "工作与专业相关度", "%", 9100, 0, 0, "14", &survey2024, external.Checked},
	{"2024", "job-satisfaction", "就业现状满意度", "%", 8700, 0, 0, "17", &survey2024, external.Checked},
	{"2024", "expectation-match", "职业期待吻合度", "%", 7900, 0, 0, "19", &survey2024, external.Checked},
	{"2024", "school-satisfaction", "对母校的总体满意度", "%", 9600, 0, 0, "23", &survey2024, external.Checked},
	{"2024", "service-satisfaction", "就业服务满意度", "%", 9200, 0, 0, "28", &survey2024, external.Checked},
	{"2024", "employer-satisfaction", "用人单位总体满意度", "%", 9800, 0, 212, "36", &employers2024, external.Checked},
	{"2024", "employer-rehire", "用人单位继续招聘意愿", "%", 9500, 0, 212, "41", &employers2024, external.Checked},
	{"2024", "visits", "走访用人单位", "家", 132, 0, -1, "2", &work2024, external.Checked},
	{"2024", "fairs", "校园招聘会", "场", 46, 0, -1, "3", &work2024, external.Checked},
	{"2025", "visits", "走访用人单位", "家", 97, 0, -1, "1", &work2025, external.Checked},
	{"2025", "fairs", "校园招聘会", "场", 31, 0, -1, "2", &work2025, external.Entered},
}

// paperOf is a document that figures were taken from.
type paperOf struct {
	title, issuer, dated, subject, method string
	answered                              int // hundredths of a percent of the graduates or employers asked; 0: not told
	entered                               date
}

// No such body, no such document.
var (
	survey2023    = paperOf{"2023届毕业生培养质量跟踪评价报告", "滨海高等教育评价中心（虚构）", "2023-12", "2023届毕业生", "网络问卷", 0, dateOf("2024-01-08")}
	survey2024    = paperOf{"2024届毕业生培养质量跟踪评价报告", "滨海高等教育评价中心（虚构）", "2024-12", "2024届毕业生", "网络问卷", 5600, dateOf("2024-12-16")}
	employers2024 = paperOf{"2024年用人单位人才需求与评价报告", "滨海高等教育评价中心（虚构）", "2024-12", "接收2024届毕业生的用人单位", "网络问卷", 4240, dateOf("2024-12-19")}
	licences2024  = paperOf{"2024年医学类执业资格考试成绩通报", "滨海省卫生考试中心（虚构）", "2024-09-20", "参加考试的毕业生", "", 0, dateOf("2024-10-11")}
	work2024      = paperOf{"2024年就业工作总结", "滨海医科大学就业指导中心", "2024-12-20", "学校", "", 0, dateOf("2024-12-23")}
	work2025      = paperOf{"2025年上半年就业工作小结", "滨海医科大学就业指导中心", "2025-06", "学校", "", 0, dateOf("2025-06-09")}
)

// measure enters and checks the figures of others, document by document, by two people
// of the office.
func (s *school) measure(ctx context.Context, to *external.Service, graduates int) error {
	for from := 0; from < len(measured); {
		end := from + 1
		for end < len(measured) && measured[end].paper == measured[from].paper {
			end++
		}
		for _, step := range []func(context.Context, *external.Service, int, int) error{s.enterMeasured, s.checkMeasured} {
			for i := from; i < end; i++ {
				if err := step(ctx, to, i, graduates); err != nil {
					return err
				}
			}
		}
		from = end
	}
	return nil
}

// at is one of the office, and the verbs at a moment after the document came.
func (s *school) at(to *external.Service, i, person int, after calendar.Instant) (*external.Service, access.Actor) {
	then := *to
	then.Now = func() calendar.Instant { return measured[i].paper.entered.start() + after + calendar.Instant(i)*minute }
	return &then, access.Actor{Account: s.staff.office[person], Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}
}

func (s *school) enterMeasured(ctx context.Context, to *external.Service, i, graduates int) error {
	m := &measured[i]
	then, who := s.at(to, i, 0, 10*hour)
	_, err := then.Enter(ctx, who, external.Entering{Cohort: m.cohort, Key: m.key, Content: contentOf(i, graduates), NewSource: true})
	return err
}

func (s *school) checkMeasured(ctx context.Context, to *external.Service, i, _ int) error {
	m := &measured[i]
	if m.state == external.Entered {
		return nil
	}
	then, who := s.at(to, i, 1, 34*hour)
	_, err := then.Check(ctx, who, m.cohort, m.key, 1)
	switch {
	case err != nil:
	case m.state == external.Withdrawn:
		_, err = then.Withdraw(ctx, who, m.cohort, m.key, "发布单位来函更正，这一项统计有误")
	case m.state == external.Replaced:
		_, err = then.Replace(ctx, who, m.cohort, m.key, "further-study.study", "学校已按登记逐人统计升学")
	}
	return err
}

// contentOf is what the i-th figure says in a school of so many graduates.
func contentOf(i, graduates int) external.Content {
	m := &measured[i]
	p := m.paper
	c := external.Content{Title: m.title, Unit: m.unit, Value: strconv.Itoa(m.value), Subject: p.subject, Source: p.title, Issuer: p.issuer, Page: m.page, Dated: p.dated, Method: p.method}
	if m.unit != external.Percent {
		return c
	}
	if m.of < 0 {
		c.Value = strconv.Itoa(m.value / 100)
		return c
	}
	n, asked := int64(m.of), int64(m.of)*10000/int64(max(p.answered, 1))
	if m.of == 0 {
		n, asked = int64(graduates*p.answered/10000), int64(graduates)
	}
	k := (n*int64(m.value) + 5000) / 10000
	c.K, c.N, c.Value = strconv.FormatInt(k, 10), strconv.FormatInt(n, 10), external.Share(k, n, m.digits)
	if p.answered > 0 {
		c.Replies = external.Share(n, asked, 2)
	}
	return c
}
