package demo

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/png"

	"quxiang/internal/domain/history"
)

// Size of a drawn paper in pixels, and of its margins.
const (
	paperWidth, paperHeight = 720, 1018
	paperMargin             = 64
	lineHeight              = 44
)

// layout is what stands on a paper of a kind: the field's lines, and how it ends.
type layout struct {
	title  string
	lines  [][2]string // label, and the field of the form that follows; some are the graduate's own
	ending []string
	sealed string // the field that names whose seal it bears
	signed bool   // by the graduate
}

// layouts of the papers, by kind of document.
var layouts = map[string]layout{
	"AGR": {"高等学校毕业生就业协议书", [][2]string{{"甲方（单位）", "employer_name"}, {"统一社会信用代码", "credit_code"}, {"联系人", "employer_contact"},
		{"乙方（毕业生）", "name"}, {"学号", "student_no"}, {"专业", "major"}, {"岗位", "position"}, {"签订日期", "sign_day"}},
		[]string{"甲乙双方根据平等自愿、协商一致的原则，", "达成本协议：乙方愿意到甲方工作，", "甲方同意录用，学校审核。"}, "employer_name", true},
	"CON": {"劳动合同书", [][2]string{{"甲方（用人单位）", "employer_name"}, {"统一社会信用代码", "credit_code"}, {"联系人", "employer_contact"},
		{"乙方（劳动者）", "name"}, {"学号", "student_no"}, {"岗位", "position"}, {"合同期限", "term"}, {"签订日期", "sign_day"}},
		[]string{"双方根据劳动合同法，平等自愿、协商一致，", "签订本合同，共同遵守。"}, "employer_name", true},
	"CERT": {"录用证明", [][2]string{{"单位名称", "employer_name"}, {"统一社会信用代码", "credit_code"}, {"姓名", "name"}, {"学号", "student_no"},
		{"岗位", "position"}, {"期限", "term"}, {"录用日期", "sign_day"}},
		[]string{"兹证明上述人员已被我单位录用，", "在我单位从事全日制工作。特此证明。"}, "employer_name", false},
	"PROJ": {"项目服务协议书", [][2]string{{"项目名称", "programme"}, {"服务单位", "service_place"}, {"姓名", "name"}, {"学号", "student_no"},
		{"服务期限", "term"}, {"签订日期", "sign_day"}}, []string{"双方按项目规定签订本协议。"}, "employer_name", true},
	"MIL": {"入伍通知书", [][2]string{{"姓名", "name"}, {"学号", "student_no"}, {"入伍日期", "enlist_day"}},
		[]string{"经体格检查和政治考核合格，批准入伍。"}, "enlist_office", false},
	"LIC": {"营业执照", [][2]string{{"名称", "employer_name"}, {"统一社会信用代码", "credit_code"}, {"法定代表人", "name"}, {"注册号", "student_no"}, {"成立日期", "sign_day"}},
		nil, "employer_name", false},
	"PLG": {"本人签字的证明", [][2]string{{"姓名", "name"}, {"学号", "student_no"}, {"从事工作", "work_kind"}, {"平台名称", "platform"}, {"开始日期", "start_day"}},
		[]string{"本人从事上述工作，内容真实有效。"}, "", true},
	"ADM": {"录取通知书", [][2]string{{"姓名", "name"}, {"原学号", "student_no"}, {"录取学校", "school_name"}, {"录取专业", "study_major"}, {"学历层次", "study_level"},
		{"学习形式", "study_mode"}}, []string{"经考试合格，准予入学。请持本通知书", "在规定时间到校报到，办理入学手续。"}, "school_name", false},
	"VISA": {"境外学校录取及注册证明", [][2]string{{"姓名", "name"}, {"原学号", "student_no"}, {"国家或地区", "country"}, {"学校", "school_name_cn"}, {"专业", "major_cn"},
		{"Programme", "major_foreign"}}, []string{"申请已被接受，注册有效。"}, "school_name_cn", false},
}

// drawPaper draws a paper of the kind with what the form says. Missing are the signs
// that it could not write.
func drawPaper(kind string, fields history.Fields) (page *image.Paletted, missing []rune) {
	of := layouts[kind]
	l := &lettering{img: image.NewPaletted(image.Rect(0, 0, paperWidth, paperHeight), palette)}
	large := titleSize(of.title)
	l.write((paperWidth-length(of.title, large))/2, 84, large, inkPen, of.title)
	y := 190
	for _, line := range of.lines {
		value := fields[line[1]]
		if value == "" {
			continue
		}
		x := l.write(paperMargin, y, 1, inkPen, line[0]+"：")
		l.value(x, &y, value)
		y += lineHeight
	}
	y += lineHeight / 2
	for _, line := range of.ending {
		l.write(paperMargin+24, y, 1, inkPen, line)
		y += lineHeight
	}
	l.sign(of, fields)
	l.write(paperMargin, paperHeight-56, 1, faintPen, "演示材料，虚构，不具法律效力")
	return l.img, l.missing
}

// asPNG is the paper as a screenshot: a photo would take three times as long to make.
func asPNG(page *image.Paletted) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	err := e.Encode(&b, page)
	return b.Bytes(), err
}

// titleSize is how many times as large a title stands that fits on the paper.
func titleSize(title string) int {
	if length(title, 2) > paperWidth-paperMargin {
		return 1
	}
	return 2
}

// value writes an underlined value, on a second line where the first is too short.
func (l *lettering) value(x int, y *int, text string) {
	for len(text) > 0 {
		fits := 0
		for i, sign := range text {
			if end := i + len(string(sign)); length(text[:end], 1) <= paperWidth-paperMargin-x {
				fits = end
			}
		}
		if fits == 0 {
			return
		}
		l.write(x, *y, 1, inkPen, text[:fits])
		for i := x; i < paperWidth-paperMargin; i++ {
			l.dot(i, *y+32, uint8(faintPen)+2)
		}
		if text = text[fits:]; text != "" {
			x, *y = paperMargin+24, *y+lineHeight
		}
	}
}

// sign puts seal and signatures below.
func (l *lettering) sign(of layout, fields history.Fields) {
	y := paperHeight - 220
	if of.sealed != "" {
		l.write(paperMargin, y, 1, inkPen, "（盖章）")
		l.seal(paperMargin+150, y+10)
		l.write(paperMargin, y+lineHeight, 1, inkPen, fields[of.sealed])
	}
	if !of.signed {
		return
	}
	x := l.write(paperWidth-paperMargin-220, y-lineHeight, 1, inkPen, "本人签字：")
	l.write(x+6, y-lineHeight-4, 1, bluePen, fields["name"])
}

// seal is a ring with a star of five points.
func (l *lettering) seal(cx, cy int) {
	const outer, inner = 74, 69
	star := [10][2]int{{0, -30}, {7, -9}, {29, -9}, {11, 4}, {18, 25}, {0, 12}, {-18, 25}, {-11, 4}, {-29, -9}, {-7, -9}}
	for y := -outer; y <= outer; y++ {
		for x := -outer; x <= outer; x++ {
			d := x*x + y*y
			if d <= outer*outer && d >= inner*inner || inside(star[:], x, y) {
				l.dot(cx+x, cy+y, uint8(redPen)+3)
			}
		}
	}
}

// inside reports a point within the outline (even–odd rule).
func inside(outline [][2]int, x, y int) (in bool) {
	for i, a := range outline {
		b := outline[(i+1)%len(outline)]
		if (a[1] > y) != (b[1] > y) {
			if side := (x-a[0])*(b[1]-a[1]) - (b[0]-a[0])*(y-a[1]); (side < 0) == (b[1] > a[1]) {
				in = !in
			}
		}
	}
	return in
}

// asPDF is the paper as a scanner's PDF of one page.
func asPDF(page *image.Paletted) ([]byte, error) {
	var packed, colours bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(page.Pix); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	for _, c := range page.Palette {
		r, g, b, _ := c.RGBA()
		fmt.Fprintf(&colours, "%02x%02x%02x", r>>8, g>>8, b>>8)
	}
	show := "q 595 0 0 842 0 0 cm /P Do Q"
	return pdf("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1>>",
		"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</XObject <</P 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(show), show),
		fmt.Sprintf("<</Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace [/Indexed /DeviceRGB %d <%s>] /BitsPerComponent 8"+
			" /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", paperWidth, paperHeight, len(page.Palette)-1, &colours, packed.Len(), &packed)), nil
}

// pdf writes the objects, numbered from 1, the first being the catalogue.
func pdf(objects ...string) []byte {
	var b, places bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	for i, o := range objects {
		fmt.Fprintf(&places, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, &places, len(objects)+1, b.Len())
	return b.Bytes()
}
