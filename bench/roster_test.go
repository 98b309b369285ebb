package bench

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"quxiang/internal/domain/codes"
)

// cell is one column of a roster file with the values of the people in it.
type cell struct {
	title string
	of    func(i int) string
}

// listed is the file that the ministry's system gives out, 39 columns, with the
// phone number that schools add: half of it says where people went, which an
// import of a roster passes over.
func listed() []cell {
	return append(append(person(), destination()...), phone)
}

// kept is a file of as many columns of which every one is kept: numbers, unit
// names and contacts that lie sealed.
func kept() []cell {
	return append(person(), []cell{
		phone,
		{"学院", byClass("基础医学院", "第一临床医学院", "护理学院", "药学院", "公共卫生学院")},
		{"班级", func(i int) string { return fmt.Sprintf("%s%d班", majors[i/40%len(majors)], i/40/len(majors)%12+1) }},
		{"身份证号", idNumber},
		{"身份证件类型", pick("居民身份证")},
		{"困难生类别代码", pick("0", "0", "0", "2")},
		{"师范生类别代码", pick("2")},
		{"院校代码", pick("19999")},
		{"院校名称", pick("滨海医科大学")},
		{"分校名称", byClass("本部", "东校区")},
		{"学制", byClass("5", "4")},
		{"电子邮箱", number("s%d@example.com")},
		{"QQ号码", number("1%09d")},
		{"家庭住址", among(3000, "某省某市某县某镇某村 %d 号")},
		{"家庭电话", number("000-%08d")},
		{"家庭邮编", among(3000, "%06d")},
		{"导师", name},
		{"入学前档案所在单位", among(3000, "某县第 %d 中学")},
		{"入学前户口所在地派出所", among(3000, "某县公安局第 %d 派出所")},
		{"档案是否转入学校", pick("是", "否")},
	}...)
}

// halfway is the listed file while every second person has yet to register:
// 200,000 of them are the largest file that a command reads.
func halfway() []cell {
	out := listed()
	for k := range out {
		if of := out[k].of; k >= len(person()) && k < len(out)-1 {
			out[k].of = func(i int) string {
				if i%2 == 0 {
					return ""
				}
				return of(i)
			}
		}
	}
	return out
}

var majors = []string{"临床医学", "护理学", "药学", "医学检验技术", "预防医学", "口腔医学", "康复治疗学", "医学影像技术"}

// counties that people come from and go to, and employers that they go to.
const counties, employers = 300, 2000

var phone = cell{"手机号", number("1000%07d")}

// person are the columns of the layout that say who somebody is.
func person() []cell {
	region, path := places()
	return []cell{
		{"学号", number("2019%08d")},
		{"考生号", number("2499%010d")},
		{"姓名", name},
		{"性别", pick("男", "女", "女")},
		{"出生日期", func(i int) string { return fmt.Sprintf("%d-%02d-%02d", 2000+i%4, i%12+1, i%28+1) }},
		{"生源地代码", pick(region...)},
		{"生源地名称", pick(path...)},
		{"民族名称", pick("汉族", "汉族", "汉族", "回族")},
		{"政治面貌", pick("共青团员", "中共党员", "共青团员")},
		{"城乡生源", pick("城镇", "农村")},
		{"专业名称", byClass(majors...)},
		{"专业方向", byClass("无", "全科医学", "无")},
		{"专业代码", func(i int) string { return fmt.Sprintf("1002%02dK", i/40%len(majors)) }},
		{"毕业年份", pick("2024")},
		{"学历层次", byClass("本科生毕业", "本科生毕业", "硕士生毕业", "博士生毕业")},
		{"入学年月", byClass("201909", "202109")},
		{"毕业日期", byClass("20240630", "20240620")},
		{"培养方式", byClass("非定向", "定向", "非定向")},
		{"委培单位", pick("", "某县卫生健康局", "")},
		{"学习形式", pick("全日制")},
	}
}

// destination are the columns of the layout that say where somebody went.
func destination() []cell {
	region, path := places()
	return []cell{
		{"毕业去向类别代码", pick("10", "11", "12", "801")},
		{"毕业去向", pick("签就业协议形式就业", "签劳动合同形式就业", "其他录用形式就业", "研究生")},
		{"签约日期", func(i int) string { return fmt.Sprintf("2024-%02d-%02d", i%6+3, i%28+1) }},
		{"工作职位类别代码", pick("24")},
		{"工作职位类别", pick("卫生专业技术人员")},
		{"单位名称", among(employers, "某市第 %d 人民医院")},
		{"统一社会信用代码", among(employers, "Y9%016d")},
		{"留学国家地区", pick("", "", "", "", "英国")},
		{"留学院校中文名称", pick("", "", "", "", "某大学")},
		{"留学院校外文名称", pick("", "", "", "", "Some University")},
		{"留学专业中文名称", pick("", "", "", "", "公共卫生")},
		{"留学专业外文名称", pick("", "", "", "", "Public Health")},
		{"单位性质代码", pick("23", "22")},
		{"单位性质", pick("医疗卫生单位", "中初教育单位")},
		{"单位行业代码", pick("84")},
		{"单位行业", pick("卫生和社会工作")},
		{"单位所在地代码", pick(region...)},
		{"单位所在地", pick(path...)},
		{"单位地址", among(employers, "某路 %d 号")},
	}
}

// places are some counties: their codes, and their names from the province on.
func places() (code, path []string) {
	regions := codes.Builtin().Table("region")
	for _, c := range regions.All() {
		p, ok := regions.Find(codes.ProvinceOf(c.Code))
		if c.Parent == "" || !ok || len(code) == counties {
			continue
		}
		full := p.Name + c.Name
		if found, ok := regions.ByName(full); ok && found.Code == c.Code {
			code, path = append(code, c.Code), append(path, full)
		}
	}
	return code, path
}

func pick(values ...string) func(int) string {
	return func(i int) string { return values[i*7919%len(values)] }
}

// byClass gives everybody of a class of 40 the same, as rosters list them.
func byClass(values ...string) func(int) string {
	return func(i int) string { return values[i/40%len(values)] }
}

func number(form string) func(int) string {
	return func(i int) string { return fmt.Sprintf(form, i) }
}

// among gives one of n numbered things.
func among(n int, form string) func(int) string {
	return func(i int) string { return fmt.Sprintf(form, i*7919%n) }
}

// idNumber has a region that was never allocated, and a right check digit.
func idNumber(i int) string {
	s := fmt.Sprintf("990101%d%02d%02d%03d", 2000+i%4, i%12+1, i%28+1, i%1000)
	sum := 0
	for k, c := range s {
		sum += int(c-'0') * []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}[k]
	}
	return s + "10X98765432"[sum%11:][:1]
}

func name(i int) string {
	stems := []rune("甲乙丙丁戊己庚辛壬癸")
	return string([]rune{'某', stems[i%10], stems[i/10%10]})
}

// writeXLSX writes the file with excelize: texts in their cells, blank ones too.
// It is packed as tightly as can be, since 20 MiB are the limit.
func writeXLSX(path string, cells []cell, n int) error {
	f := excelize.NewFile()
	defer f.Close()
	f.SetZipWriter(func(w io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
		return z
	})
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	row := make([]any, len(cells))
	for i := range n + 1 {
		for c := range cells {
			row[c] = cells[c].text(i)
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			return err
		}
	}
	return errors.Join(w.Flush(), f.SaveAs(path))
}

// text of row i, where row 0 is the header.
func (c cell) text(i int) string {
	if i == 0 {
		return c.title
	}
	return c.of(i)
}

func writeCSV(path string, cells []cell, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(f)
	w := csv.NewWriter(buffered)
	row := make([]string, len(cells))
	for i := range n + 1 {
		for c := range cells {
			row[c] = cells[c].text(i)
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), buffered.Flush(), f.Close())
}

// rosterFile writes a file of n people into a folder of the benchmark.
func rosterFile(b *testing.B, file string, cells []cell, n int) string {
	b.Helper()
	if len(cells) != 40 {
		b.Fatalf("%d columns, want 40", len(cells))
	}
	path := filepath.Join(b.TempDir(), file)
	write := writeXLSX
	if strings.HasSuffix(file, ".csv") {
		write = writeCSV
	}
	if err := write(path, cells, n); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/(1<<20), "file-MiB")
	return path
}

// readByExcelize reads every row of the first sheet as a stream, and nothing else.
func readByExcelize(path string) (rows, cells int, err error) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	list, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return 0, 0, err
	}
	for list.Next() {
		columns, err := list.Columns()
		if err != nil {
			return 0, 0, err
		}
		rows, cells = rows+1, cells+len(columns)
	}
	return rows, cells, errors.Join(list.Error(), list.Close())
}
