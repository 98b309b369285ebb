package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/employer"
)

// workplace is an employer with what a registration form asks of it.
type workplace struct {
	employer.Employer
	level          string // 医院等级; blank if it is none
	contact, phone string
}

// market are the invented employers, by kind, those of the home city apart.
type market struct {
	pools    [nKinds][2][]*workplace
	agencies []*workplace // 劳务派遣: the contracting unit where it is not the unit of work
	places   []*workplace // all of them
	names    map[string]bool
	codes    map[string]bool
	r        *rand.Rand
}

// poolSizes are how many employers there are at the size of 2,660, in the home
// city and elsewhere; larger schools have up to forty times as many.
var poolSizes = [nKinds][2]int{tertiary: {14, 32}, secondary: {6, 10}, primary: {4, 6}, public: {26, 40}, firm: {34, 52}}

// ownHospitals are those of the university.
var ownHospitals = []string{"附属第一医院", "附属第二医院", "附属第三医院", "附属口腔医院", "附属妇儿医院"}

func newMarket(size int, seed uint64) *market {
	m := &market{names: map[string]bool{}, codes: map[string]bool{}, r: random(seed, ofEmployers, 0)}
	times := min(max(1, size/Size), 40)
	for _, name := range ownHospitals {
		m.pools[tertiary][0] = append(m.pools[tertiary][0], m.add(schoolName+name, "23", "43", homeCity, "31"))
	}
	for k := range nKinds {
		for away, n := range poolSizes[k] {
			for range n * times {
				m.pools[k][away] = append(m.pools[k][away], m.invent(k, away == 1))
			}
		}
	}
	for range 4 {
		m.agencies = append(m.agencies, m.add(m.name("滨海市", firm, "37"), "39", "37", homeCity, ""))
	}
	return m
}

// invent makes an employer of the kind.
func (m *market) invent(k kind, off bool) *workplace {
	region, city := homeCity, "滨海市"
	if off {
		region, city = away(m.r)
	}
	switch k {
	case tertiary, secondary, primary:
		nature := weighted(m.r, []choice[string]{{"23", 94}, {"39", 6}})
		return m.add(m.name(city, k, nature), nature, "43", region, weighted(m.r, levelsOf[k]))
	case public:
		f := weighted(m.r, publics)
		return m.add(m.name(city, k, f[0]), f[0], f[1], region, f[2])
	}
	f := weighted(m.r, firms)
	return m.add(m.name(city, k, f[1]), f[0], f[1], region, "")
}

var levelsOf = [nKinds][]choice[string]{
	tertiary:  {{"31", 74}, {"32", 15}, {"33", 5}, {"30", 6}},
	secondary: {{"21", 70}, {"22", 20}, {"23", 10}},
	primary:   {{"11", 60}, {"12", 30}, {"13", 10}},
}

// publics are nature, industry and hospital level of other public institutions;
// firms those of enterprises.
var (
	publics = []choice[[3]string]{
		{[3]string{"23", "43", "99"}, 40}, {[3]string{"10", "45", ""}, 14}, {[3]string{"21", "42", ""}, 20}, {[3]string{"20", "38", ""}, 8},
		{[3]string{"22", "42", ""}, 8}, {[3]string{"29", "45", ""}, 8}, {[3]string{"40", "80", ""}, 2},
	}
	firms = []choice[[2]string]{
		{[2]string{"39", "22"}, 30}, {[2]string{"31", "22"}, 10}, {[2]string{"32", "22"}, 8}, {[2]string{"39", "31"}, 14},
		{[2]string{"39", "34"}, 10}, {[2]string{"39", "38"}, 12}, {[2]string{"39", "43"}, 16},
	}
)

// endings of names, by what the employer is: the nature of public ones, the
// industry of firms.
var endings = map[string][]string{
	"hospital": {"医院", "骨科医院", "妇儿医院", "中西医结合医院", "康复医院"},
	"primary":  {"镇医院", "社区医院"},
	"23":       {"疾病预防控制中心", "中心血站", "街道社区卫生服务中心", "镇中心卫生院", "妇幼保健计划生育服务中心"},
	"10":       {"卫生健康局", "市场监督管理局", "医疗保障局", "镇人民政府"},
	"21":       {"卫生职业学院", "医学高等专科学校"}, "20": {"生物医药研究所", "老年健康研究院"},
	"22": {"中学", "卫生学校"}, "29": {"急救中心", "药品检验所", "人才服务中心"}, "40": {"部队医院"},
	"f22": {"制药有限公司", "医疗器械有限公司", "生物科技有限公司"}, "f31": {"大药房连锁有限公司", "医药有限公司"},
	"f34": {"医疗信息技术有限公司", "软件有限公司"}, "f38": {"医学检验技术有限公司", "临床研究服务有限公司"},
	"f43": {"健康体检中心有限公司", "口腔门诊部有限公司", "康复护理有限公司"}, "f37": {"人力资源服务有限公司"},
}

// name makes a name that no other employer has; it says what it is by its ending.
func (m *market) name(city string, k kind, what string) string {
	switch k {
	case tertiary, secondary:
		what = "hospital"
	case primary:
		what = "primary"
	case firm:
		what = "f" + what
	}
	for {
		name := city + word(m.r) + pick(m.r, endings[what])
		if m.names[name] { // all two signs are taken at times: then four
			name = city + word(m.r) + word(m.r) + pick(m.r, endings[what])
		}
		if !m.names[name] {
			return name
		}
	}
}

func (m *market) add(name, nature, industry, region, level string) *workplace {
	code := creditCode(m.r, region)
	for m.codes[code] {
		code = creditCode(m.r, region)
	}
	m.names[name], m.codes[code] = true, true
	n := numbers{of: 0xF000_0000 + uint32(len(m.places)), r: m.r}
	w := &workplace{
		Employer: employer.Employer{ID: n.next(date(0).start() + east), CreditCode: code, Name: name, Nature: nature, Industry: industry,
			Region: region, Address: strings.TrimSuffix(name, "有限公司") + "办公楼", Founded: date(m.r.IntN(18_000)).day(), Status: "存续", Source: invented},
		level: level, contact: personName(m.r, "01", m.r.IntN(2) == 0), phone: phone(101, uint32(len(m.places))),
	}
	if nature == "40" {
		w.CreditCode = "" // the army has none
	}
	m.places = append(m.places, w)
	return w
}

// choose returns an employer; the first of a pool take the most.
func (m *market) choose(r *rand.Rand, k kind, home bool) *workplace {
	pool := m.pools[k][1]
	if home {
		pool = m.pools[k][0]
	}
	return pool[min(r.IntN(len(pool)), r.IntN(len(pool)))]
}

func (m *market) masters() []employer.Employer {
	out := make([]employer.Employer, len(m.places))
	for i, w := range m.places {
		out[i] = w.Employer
	}
	return out
}

// levels are the hospital levels, each from before the first cohort on.
func (m *market) levels() []employer.HospitalLevel {
	var out []employer.HospitalLevel
	for _, w := range m.places {
		if w.level != "" {
			out = append(out, employer.HospitalLevel{Employer: w.ID, From: calendar.Day("2018-01-01"), Level: w.level, Source: invented})
		}
	}
	return out
}

// ownFirm is the firm of a graduate who starts one; it is in no master record.
func ownFirm(r *rand.Rand, founder string, home bool) *workplace {
	region, city := homeCity, "滨海市"
	if !home {
		region, city = away(r)
	}
	what := weighted(r, []choice[[3]string]{
		{[3]string{"健康咨询工作室", "33", "43"}, 5}, {[3]string{"口腔门诊部", "39", "43"}, 2}, {[3]string{"医疗科技有限公司", "39", "34"}, 3},
	})
	return &workplace{contact: founder, Employer: employer.Employer{CreditCode: creditCode(r, region),
		Name: fmt.Sprint(city, word(r), word(r), what[0]), Nature: what[1], Industry: what[2], Region: region}}
}
