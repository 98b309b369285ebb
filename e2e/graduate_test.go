package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/transfer"
)

const password = "Teapot.harbour.82"

// picture is one as a phone takes it, different for each shade.
func picture(t *testing.T, shade uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 600, 800))
	for x := range 600 {
		for y := range 800 {
			img.Set(x, y, color.RGBA{R: uint8(x), G: uint8(y), B: shade, A: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// photo keeps a picture in a file to choose.
func photo(t *testing.T, shade uint8) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "IMG_0001.jpg")
	if err := os.WriteFile(path, picture(t, shade), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// code is a fresh activation code of the i-th graduate.
func (c *campus) code(i int) string {
	c.t.Helper()
	slips, err := c.app.Accounts.Invite(c.t.Context(), access.Console("e2e"), []string{c.graduate(i)}, access.WithoutCode)
	if err != nil || len(slips) != 1 {
		c.t.Fatal(err, len(slips))
	}
	return slips[0].Code
}

// TestGraduateWalk: from the code to the history, with scripts and without, on a
// small phone (P11, U1, U4, U6).
func TestGraduateWalk(t *testing.T) {
	ctx, c := browser(t), openCampus(t)
	for i, scripts := range []bool{true, false} {
		t.Run(map[bool]string{true: "scripts", false: "no scripts"}[scripts], func(t *testing.T) {
			w := c.window(ctx, "phone", scripts)
			w.t = t
			activate(c, w, i)
			checkSource(c, w, i)
			register(c, w, i)
		})
	}
}

// activate comes in with a code, after two mistakes that cost nothing.
func activate(c *campus, w *walker, i int) {
	w.t.Helper()
	w.open("/activate")
	w.examined()
	w.fill("学号", number(i))
	w.fill("激活码", c.code(i))
	w.fill("设密码", password)
	w.fill("密码再输一遍", password+"x")
	w.press("设好密码，进入", "两次输入的密码不一样")
	w.examined()
	w.fill("设密码", password)
	w.fill("密码再输一遍", password)
	w.press("设好密码，进入", "还差 1 处")
	w.fill("设密码", password)
	w.fill("密码再输一遍", password)
	w.tap("个人信息说明")
	w.tap("我已读过个人信息说明")
	w.press("设好密码，进入", "我的去向", "还没有登记去向")
	w.examined()
	w.open("/me")
	w.sees("版，", "读过", "账号启用记录")
	w.examined()
}

// checkSource changes the own address at once, asks for another class, and confirms
// the rest.
func checkSource(c *campus, w *walker, i int) {
	w.t.Helper()
	w.open("/mine/source")
	w.examined()
	w.open("/mine/source/phone")
	w.fill("新的手机", "123")
	w.press("保存手机", "11 位数字")
	w.examined()
	w.fill("新的手机", "10000000099")
	w.press("保存手机", "核对生源信息", "10000000099")
	w.press("班级", "提交更正")
	w.examined()
	w.fill("应该是", c.unit("临床"+[]string{"二", "一"}[i%2]+"班"))
	w.fill("说明", "分班时写错了")
	w.press("提交更正", "已提", "其余")
	w.press("提交核对", "还差 1 处")
	w.examined()
	w.tap("其余")
	w.press("提交核对", "核对过")
	w.examined()
}

// register hands in a labour contract with a photo; something is forgotten first.
func register(c *campus, w *walker, i int) {
	w.t.Helper()
	w.open("/mine")
	w.press("登记去向", "你现在是哪种情况")
	w.examined()
	w.press("下一步，填内容", "请选一种情况")
	w.tap("有单位了")
	w.tap("签了劳动合同")
	w.press("下一步，填内容", "签了劳动合同", "材料")
	w.examined()
	w.fill("统一社会信用代码", hospitalCredit)
	w.press("查一查，带出单位信息", "单位库里已有")
	if got := w.value("单位全称"); got != hospital {
		w.t.Errorf("the employer's name: %q", got)
	}
	w.examined()
	w.attach("拍照，或选文件", photo(w.t, uint8(i)))
	if w.scripts {
		w.arrive("chose a photo", "第 1 份")
	} else {
		w.press("上传", "第 1 份")
	}
	w.fill("岗位类别", "19")
	w.fill("岗位名称", "护士")
	w.fill("合同签订日期", c.today)
	w.fill("合同期限起", c.today)
	w.fill("单位联系人", "某老师")
	w.tap("以上是真的，是我自己填的")
	w.press("提交登记", "还差 1 处，填过的都留着", "请填写联系人电话", "第 1 份")
	w.examined()
	for label, want := range map[string]string{"单位联系人": "某老师", "岗位名称": "护士", "合同签订日期": c.today, "合同期限起": c.today, "统一社会信用代码": hospitalCredit} {
		if got := w.value(label); got != want {
			w.t.Errorf("after an error %s is %q, want %q", label, got, want)
		}
	}
	w.fill("联系人电话", "02200000001")
	if w.scripts {
		w.lost("提交登记")
		w.twice("提交登记", "已收到", "回执号")
	} else {
		w.press("提交登记", "已收到", "回执号")
	}
	w.examined()
	c.told(i, "submitted")
	handedIn(c, w, i)
}

// handedIn looks at the receipt, the status and the history, and goes back.
func handedIn(c *campus, w *walker, i int) {
	w.t.Helper()
	receipt := eval[string](w.t, w.ctx, `document.querySelector(".receipt .number").innerText`)
	w.press("看我的去向", "待辅导员审", hospital, receipt)
	w.examined()
	w.press("看材料和经过", "劳动合同", "看一看")
	w.examined()
	w.open("/mine/register/form") // there is no second form
	w.sees("待辅导员审", receipt)
	c.told(i, "submitted")
	e := c.events(i)
	last := e[len(e)-1]
	if last.Act != history.Open || last.Code != "11" || len(last.Evidence) != 1 || last.Evidence[0].Kind != "CON" || last.Counts.Nature != "23" {
		w.t.Errorf("submitted: %+v", last)
	}
}

// TestAdmittedGraduateNeedsFewTaps: further study that a list of admissions knows of
// is confirmed in one tap, and few from the login on, without scripts.
func TestAdmittedGraduateNeedsFewTaps(t *testing.T) {
	ctx, c := browser(t), openCampus(t)
	if _, err := c.app.Accounts.Activate(t.Context(), number(2), c.code(2), password, access.NoticeFor("").Version, access.From{Peer: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	list := "学号,升学院校名称,升学专业,升学学历层次\n" + number(2) + ",滨海医科大学,内科学,硕士研究生\n"
	report, err := c.app.Importer.Admissions(t.Context(), access.Console("e2e"), app.TableFile("录取.csv", []byte(list)), transfer.Options{})
	if err != nil || report.Refused > 0 {
		t.Fatal(err, report.Refusals)
	}
	c.told(2, "proposed seen")
	w := c.window(ctx, "phone", false)
	w.open("/login")
	w.examined()
	w.taps = 0
	w.fill("学号或工号", number(2))
	w.fill("密码", password)
	w.press("登录", "你有 1 项待确认")
	w.press("看一看，再确认", "代你填了这一份", "滨海医科大学", "内科学")
	w.press("是我的，提交登记", "已收到")
	if w.taps > 8 {
		t.Errorf("%d taps from login to receipt", w.taps)
	}
	w.examined()
	c.told(2, "proposed seen submitted")
	w.back("是我的，提交登记")
	w.press("是我的，提交登记", "已收到") // the old page once more: one effect
	c.told(2, "proposed seen submitted")
}
