package matching

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
)

// tables of codes that the criteria are of.
var tables = [coded]string{"region", "post", "nature", "hospital_level", "industry", ""}

// field reads one column into a T.
type field[T any] struct {
	title   string
	aliases []string
	must    bool
	read    func(c *cells, t *T, text string) error
}

// cells is what reading needs to know.
type cells struct{ book *codes.Book }

var wishFields = []field[Wish]{
	{"毕业生", []string{"编号", "学号", "graduate"}, true, func(_ *cells, w *Wish, s string) error { w.Graduate = s; return nil }},
	{"学历", []string{"学历层次", "education"}, true, func(_ *cells, w *Wish, s string) error { return education(s, &w.Education) }},
	{"专业代码", []string{"专业", "major"}, true, func(_ *cells, w *Wish, s string) error { return major(s, &w.Major) }},
	{"已有资格", []string{"执业资格", "资格", "licences"}, false, func(_ *cells, w *Wish, s string) error { w.Licences = several(s); return nil }},
	{"可考资格", []string{"expected"}, false, readExpected},
	{"成绩百分位", []string{"专业成绩百分位", "standing"}, false, func(_ *cells, w *Wish, s string) error { return number(s, 1, 100, &w.Standing) }},
	{"实习单位", []string{"practised"}, false, func(_ *cells, w *Wish, s string) error { w.Practised = several(s); return nil }},
	wantField(Region, "意向地区", "regions"), wantField(Post, "意向岗位类别", "posts"), wantField(Kind, "意向单位类型", "kinds"),
	wantField(Level, "意向医院等级", "levels"), wantField(Industry, "意向行业", "industries"), wantField(Training, "意向培养类型", "trainings"),
	{"最低月薪", []string{"期望月薪", "salary"}, false, func(_ *cells, w *Wish, s string) error { return number(s, 0, 1_000_000, &w.Salary) }},
	{"看重顺序", []string{"order"}, false, readOrder},
}

var positionFields = []field[Position]{
	{"岗位", []string{"编号", "岗位编号", "position"}, true, func(_ *cells, p *Position, s string) error { p.ID = s; return nil }},
	{"单位", []string{"单位名称", "employer"}, true, func(_ *cells, p *Position, s string) error { p.Employer = s; return nil }},
	{"招聘人数", []string{"人数", "headcount"}, true, func(_ *cells, p *Position, s string) error { return number(s, 1, 1_000_000, &p.Headcount) }},
	isField(Region, "地区", "region"), isField(Post, "岗位类别", "post"), isField(Kind, "单位类型", "kind"),
	isField(Level, "医院等级", "level"), isField(Industry, "行业", "industry"), isField(Training, "培养类型", "training"),
	{"月薪", []string{"salary"}, false, readSalary},
	{"学历要求", []string{"education"}, false, func(_ *cells, p *Position, s string) error { return education(s, &p.Education) }},
	{"专业要求", []string{"majors"}, false, readMajors},
	{"资格要求", []string{"licence"}, false, readLicence},
	{"资格日期", []string{"licence_day"}, false, func(_ *cells, p *Position, s string) error { return day(s, &p.LicenceDay) }},
	{"看重比例", []string{"weights"}, false, readWeights},
}

// ReadWishes reads a file of wishes, a graduate a row. Several values in a cell stand
// behind each other with ； or ;, the dearest first. Columns that it does not know are
// passed over and named, so that nobody wonders: sex and the like are never read.
//
// Errors: fault.Invalid with up to a thousand lines of where and what.
func ReadWishes(src exchange.Source, book *codes.Book) (wishes []Wish, passed []string, err error) {
	return readFile(src, book, "wishes", wishFields)
}

// ReadPositions reads a file of positions; see ReadWishes.
func ReadPositions(src exchange.Source, book *codes.Book) (positions []Position, passed []string, err error) {
	return readFile(src, book, "positions", positionFields)
}

func readFile[T any](src exchange.Source, book *codes.Book, what string, fields []field[T]) (out []T, passed []string, err error) {
	head, err := src.Next()
	if errors.Is(err, io.EOF) {
		return nil, nil, fault.Invalidf(what, "文件是空的")
	}
	if err != nil {
		return nil, nil, err
	}
	at, passed, err := headings(head, what, fields)
	if err != nil {
		return nil, nil, err
	}
	var wrong []string
	for len(wrong) < exchange.MaxLines {
		row, err := src.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		t, lines := readRow(&cells{book}, row, at, fields)
		out, wrong = append(out, t), append(wrong, lines...)
	}
	if len(wrong) > 0 {
		return nil, passed, fault.Invalidf(what, "有 %d 处读不出来，请改正后再试：\n%s", len(wrong), strings.Join(wrong, "\n"))
	}
	return out, passed, nil
}

// readRow reads one row; wrong is a line for each cell that cannot be read.
func readRow[T any](c *cells, row exchange.Row, at []int, fields []field[T]) (t T, wrong []string) {
	for i, f := range fields {
		text := strings.TrimSpace(row.Cell(at[i]))
		switch {
		case text == "" && f.must:
			wrong = append(wrong, fmt.Sprintf("第 %d 行 %s：没有填写", row.Number, f.title))
		case text == "":
		default:
			if err := f.read(c, &t, text); err != nil {
				wrong = append(wrong, fmt.Sprintf("第 %d 行 %s：%v", row.Number, f.title, err))
			}
		}
	}
	return t, wrong
}

// headings finds the column of each field; -1: it is not there.
func headings[T any](head exchange.Row, what string, fields []field[T]) (at []int, passed []string, err error) {
	known := make([]bool, len(head.Cells))
	var missing []string
	for _, f := range fields {
		i := slices.IndexFunc(head.Cells, func(h string) bool {
			h = strings.TrimSpace(h)
			return h == f.title || slices.Contains(f.aliases, h)
		})
		at = append(at, i)
		if i >= 0 {
			known[i] = true
		} else if f.must {
			missing = append(missing, f.title)
		}
	}
	if len(missing) > 0 {
		return nil, nil, fault.Invalidf(what, "第 %d 行是列名，缺少：%s", head.Number, strings.Join(missing, "、"))
	}
	for i, h := range head.Cells {
		if !known[i] && strings.TrimSpace(h) != "" {
			passed = append(passed, strings.TrimSpace(h))
		}
	}
	return at, passed, nil
}

func wantField(c Criterion, title, alias string) field[Wish] {
	return field[Wish]{title, []string{alias}, false, func(k *cells, w *Wish, s string) error {
		for _, text := range several(s) {
			if g := k.circle(c, text); g != nil {
				w.Wants[c] = append(w.Wants[c], strings.Join(g, "|"))
				continue
			}
			code, err := k.code(c, text)
			if err != nil {
				return err
			}
			w.Wants[c] = append(w.Wants[c], code)
		}
		return nil
	}}
}

func isField(c Criterion, title, alias string) field[Position] {
	return field[Position]{title, []string{alias}, c == Region, func(k *cells, p *Position, s string) (err error) {
		if p.Is[c], err = k.code(c, s); c == Region && err == nil {
			p.Is[c] = (p.Is[c] + "000000")[:6]
		}
		return err
	}}
}

// circle are the codes of a group of regions, such as 京津冀; nil: it is none.
func (k *cells) circle(c Criterion, text string) []string {
	for _, g := range k.book.RegionGroups() {
		if c == Region && (g.Name == text || g.ID == text) {
			return g.Prefixes
		}
	}
	return nil
}

// code of a value by code or name; a region without its noughts at the end: 12 is 天津市
// and all that is in it. Training has no table: its words are its codes.
func (k *cells) code(c Criterion, text string) (string, error) {
	if tables[c] == "" {
		return text, nil
	}
	table := k.book.Table(tables[c])
	if c == Level { // 三级: every level that begins with 3
		for _, x := range table.All() {
			if x.Class == text {
				return x.Code[:1], nil
			}
		}
	}
	found, ok := table.Find(text)
	if !ok {
		found, ok = table.ByName(text)
	}
	switch {
	case !ok:
		return "", fmt.Errorf("“%s”不是%s的代码或名称", text, table.Title)
	case c == Region:
		return trimRegion(found.Code), nil
	}
	return found.Code, nil
}

func trimRegion(code string) string {
	for len(code) > 2 && strings.HasSuffix(code, "00") {
		code = code[:len(code)-2]
	}
	return code
}

func several(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '；' || r == '\n' })
}

func number(s string, from, to int, into *int) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < from || n > to {
		return fmt.Errorf("“%s”应是 %d 到 %d 的整数", s, from, to)
	}
	*into = n
	return nil
}

func education(s string, into *Education) error {
	words := map[string]Education{"不限": AnyEducation, "专科": JuniorCollege, "大专": JuniorCollege, "本科": Bachelor, "学士": Bachelor, "硕士": Master, "硕士研究生": Master, "研究生": Master, "博士": Doctor, "博士研究生": Doctor}
	e, ok := words[strings.TrimSuffix(strings.TrimSuffix(s, "及以上"), "生")]
	if !ok {
		if e, ok = words[strings.TrimSuffix(s, "及以上")]; !ok {
			return fmt.Errorf("“%s”应是 专科、本科、硕士、博士 或 不限", s)
		}
	}
	*into = e
	return nil
}

var majorForm = regexp.MustCompile(`^[0-9]{2}([0-9]{2}([0-9A-Z]{2}[A-Z]{0,2})?)?$`)

func major(s string, into *string) error {
	if !majorForm.MatchString(s) || len(s) < 4 {
		return fmt.Errorf("“%s”应是专业目录的代码，例如 100201K", s)
	}
	*into = s
	return nil
}

func readMajors(_ *cells, p *Position, s string) error {
	for _, code := range several(s) {
		if code == "不限" {
			continue
		}
		if !majorForm.MatchString(code) {
			return fmt.Errorf("“%s”应是专业代码，或它的前两位（门类）、前四位（专业类）", code)
		}
		p.Majors = append(p.Majors, code)
	}
	return nil
}

func day(s string, into *string) error {
	d, ok := exchange.ParseDay(s)
	if !ok {
		return fmt.Errorf("“%s”不是日期，应写成 2024-09-30", s)
	}
	*into = string(d)
	return nil
}

func readExpected(_ *cells, w *Wish, s string) error {
	w.Expected = map[string]string{}
	for _, one := range several(s) {
		name, when, ok := strings.Cut(one, "@")
		var d string
		if !ok || day(when, &d) != nil {
			return fmt.Errorf("“%s”应写成 资格@可取得的日期，例如 护士执业资格@2024-09-30", one)
		}
		w.Expected[name] = d
	}
	return nil
}

func readOrder(_ *cells, w *Wish, s string) error {
	for _, one := range several(s) {
		c := slices.Index(Criteria[:], one)
		if c < 0 {
			return fmt.Errorf("没有“%s”，可写的有：%s", one, strings.Join(Criteria[:], "、"))
		}
		w.Order = append(w.Order, Criterion(c))
	}
	return nil
}

func readSalary(_ *cells, p *Position, s string) error {
	if s == "面议" {
		return nil
	}
	return number(s, 0, 1_000_000, &p.Salary)
}

// readLicence reads 护士执业资格, 护士执业资格（应届可考） and 护士执业资格（优先）.
func readLicence(_ *cells, p *Position, s string) error {
	name, how, _ := strings.Cut(strings.NewReplacer("(", "（", ")", "）").Replace(s), "（")
	needs := map[string]Need{"": Held, "已取得）": Held, "应届可考）": ByDay, "优先）": Welcome}
	need, ok := needs[how]
	if !ok {
		return fmt.Errorf("“%s”的括号里应是 已取得、应届可考 或 优先", s)
	}
	if p.Licence, p.Need = strings.TrimSpace(name), need; p.Licence == "无" || p.Licence == "不要求" {
		p.Licence, p.Need = "", NoLicence
	}
	return nil
}

func readWeights(_ *cells, p *Position, s string) error {
	for _, one := range several(s) {
		name, value, _ := strings.Cut(one, "=")
		part, n := slices.Index(Parts[:], name), 0
		if part < 0 {
			return fmt.Errorf("没有“%s”，用人单位可以看重的有：%s", name, strings.Join(Parts[:], "、"))
		}
		if err := number(value, 0, 100, &n); err != nil {
			return err
		}
		p.Weights[part] = n
	}
	return nil
}

// Word gives a code of a criterion its name.
func Word(book *codes.Book) Names {
	return func(c Criterion, code string) string {
		if tables[c] == "" {
			return code
		}
		for _, g := range book.RegionGroups() {
			if c == Region && strings.Join(g.Prefixes, "|") == code {
				return g.Name
			}
		}
		if c == Region {
			for len(code) < 6 {
				code += "0"
			}
		}
		return book.Table(tables[c]).NameOf(code)
	}
}
