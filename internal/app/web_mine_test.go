package app_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/history"
)

// student comes in as the graduate of the number.
func (c *campus) student(no string) *window {
	id := c.graduate(no)
	a, _ := c.account(no, id, access.Grant{Role: access.Graduate, Over: access.Self(id)})
	return c.enter(a)
}

// story is the events of a graduate, as they lie.
func (c *campus) story(no string) []history.Event {
	c.t.Helper()
	id := c.graduate(no)
	all, err := c.app.Store.Histories(c.t.Context(), access.School(), []string{id})
	if err != nil {
		c.t.Fatal(err)
	}
	return all[id]
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// fill is a form of a page as a browser without a script sends it: its hidden
// fields, what was typed, and a file under the name of a field.
func (w *window) fill(page, action, field, name string, content []byte, typed ...string) func() *httptest.ResponseRecorder {
	w.c.t.Helper()
	body := w.get(page).Body.String()
	at := strings.Index(body, `action="`+html.EscapeString(action)+`"`)
	if at < 0 {
		w.c.t.Fatalf("no form to %s on %s: %s", action, page, body)
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	shape := body[at : at+strings.Index(body[at:], "</form>")]
	for _, m := range hiddenField.FindAllStringSubmatch(shape, -1) {
		_ = form.WriteField(m[1], html.UnescapeString(m[2]))
	}
	for i := 0; i+1 < len(typed); i += 2 {
		_ = form.WriteField(typed[i], typed[i+1])
	}
	if field != "" {
		part, _ := form.CreateFormFile(field, name)
		_, _ = part.Write(content)
	}
	form.Close()
	return func() *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, action, bytes.NewReader(b.Bytes()))
		r.Host, r.RemoteAddr = "127.0.0.1:8080", w.remote
		r.Header.Set("Content-Type", form.FormDataContentType())
		for k, v := range w.cookies {
			r.AddCookie(&http.Cookie{Name: k, Value: v})
		}
		out := httptest.NewRecorder()
		w.c.pages.ServeHTTP(out, r)
		return out
	}
}

const registerAt = "/mine/register/form"

// TestRegisterWithoutScript: category, fields, a photo, the receipt; nothing typed
// is lost over an upload, a refusal and a bad file, and a double click counts once.
func TestRegisterWithoutScript(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240001")
		w.want("at first", "/mine", 200, "还没有登记去向", "还没定也是一种去向")
		first := w.want("categories", "/mine/register", 200, "有单位了", "还没定", "没定就选没定")
		if strings.Contains(first, "checked") || strings.Contains(first, "<details open") {
			t.Error("one answer is put forward before the others")
		}
		w.refused("no category", w.post("/mine/register", "/mine/register"), 400, "请选一种情况")
		to, _ := w.follow("a category", "/mine/register", "/mine/register", "code", "46")
		if to != registerAt {
			t.Fatalf("led to %s", to)
		}
		office := []string{"enlist_office", "丙县人民武装部"}
		got := w.fill(registerAt, registerAt, "file-MIL", "通知书.jpg", photo(t, 40), append(office, "do", "upload")...)()
		w.led("a photo", got)
		page := w.want("after the photo", registerAt, 200, `value="丙县人民武装部"`, "第 1 份", "已存")
		w.refused("a bad file", w.fill(registerAt, registerAt, "file-MIL", "坏.jpg", []byte("PK\x03\x04"), append(office, "do", "upload")...)(), 400,
			"坏.jpg", `value="丙县人民武装部"`, "第 1 份")
		w.refused("not sworn", w.fill(registerAt, registerAt, "", "", nil, append(office, "do", "submit")...)(), 400, "以上是真的", `href="#attest"`,
			`href="#enlist_day"`, "请填写入伍日期")
		w.refused("a field lacks", w.fill(registerAt, registerAt, "", "", nil, append(office, "do", "submit", "attest", "yes")...)(), 400,
			`href="#enlist_day"`, "请填写入伍日期", `value="丙县人民武装部"`, "第 1 份")
		send := w.fill(registerAt, registerAt, "", "", nil, append(office, "enlist_day", "2024年6月20日", "do", "submit", "attest", "yes")...)
		to = w.led("sent", send())
		if again := w.led("sent again", send()); again != to || len(c.story("240001")) != 2 {
			t.Errorf("a double click: %s, %d events", again, len(c.story("240001")))
		}
		e := c.story("240001")[1]
		if e.TrueOn != "2024-06-20" || len(e.Evidence) != 1 || e.Code != "46" {
			t.Errorf("event %+v", e)
		}
		number := destination.Receipt("2024", e.Change, e.KnownAt)
		w.want("receipt", to, 200, "已收到", number, "辅导员在看")
		w.want("status", "/mine", 200, number, "待辅导员审", "应征义务兵")
		if to := w.led("the form, by the back button", w.get(registerAt)); to != "/mine" {
			t.Errorf("led to %s", to)
		}
		w.want("my own history", "/mine/history", 200, "你提交了登记", "入伍通知书")
		if strings.Contains(page, "<script>") || strings.Contains(page, " style=") {
			t.Error("inline script or style")
		}
	})
}

// TestNoWorkIsAnAnswer: 70, 71 and 72 are as easily said as any, count at once,
// and ask for no paper.
func TestNoWorkIsAnAnswer(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		for no, code := range map[string]string{"240001": "70-SEEK", "240003": "71", "240005": "72-NONE"} {
			w := c.student(no)
			w.follow(code, "/mine/register", "/mine/register", "code", code)
			if page := w.get(registerAt).Body.String(); strings.Contains(page, `type="file"`) {
				t.Errorf("%s asks for a paper", code)
			}
			field := "wanted"
			if code == "72-NONE" {
				field = "reason_text"
			}
			to := w.led(code, w.fill(registerAt, registerAt, "", "", nil, field, "个人原因", "attest", "yes", "do", "submit")())
			w.want(code, to, 200, "说还没定，提交就算数")
		}
	})
}

// TestProposalByPage: staff fill in with the same form, and nothing counts until
// the graduate says so; who is not in their care is not found.
func TestProposalByPage(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		id, far := c.graduate("240001"), c.graduate("240061")
		a, _ := c.account("near", "", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("临床一班"))})
		staff, w := c.enter(a), c.student("240001")
		at := "/graduates/" + id + "/propose"
		staff.want("not in their care", "/graduates/"+far+"/propose", 404)
		w.want("a graduate", at, 403)
		propose := func() string {
			staff.follow("category", at, at, "code", "80"+"1")
			staff.want("the form", at+"/form", 200, "本人", "代填，交本人确认")
			return staff.led("proposed", staff.fill(at+"/form", at+"/form", "file-ADM", "录取.jpg", photo(t, 60), "school_name", "滨海理工大学",
				"study_level", "硕士研究生", "study_major", "内科学", "do", "submit")())
		}
		staff.want("done", propose(), 200, "等本人登录后提交")
		change := c.story("240001")[1].Change
		w.want("to do", "/mine", 200, "你有 1 项待确认", "账号near老师", "你不确认，就不算数")
		w.want("what it says", "/mine/confirm/"+change, 200, "滨海理工大学", "硕士研究生", "是我的，提交登记")
		to, page := w.follow("not mine", "/mine/withdraw/"+change, "/mine/withdraw/"+change, "reason", "没有考上")
		if to != "/mine" || strings.Contains(page, "待确认") {
			t.Errorf("after turning it down: %s", to)
		}
		propose()
		events := c.story("240001")
		change = events[len(events)-1].Change
		to, page = w.follow("mine", "/mine/confirm/"+change, "/mine/confirm/"+change)
		if !strings.HasPrefix(to, "/mine/receipt/") || !strings.Contains(page, "已收到") {
			t.Errorf("led to %s", to)
		}
		if got := w.get("/mine/confirm/" + change); got.Code != 303 {
			t.Errorf("confirmed once more: %d", got.Code)
		}
		other := c.student("240003")
		other.want("somebody else's", "/mine/receipt/"+change, 404)
		other.want("somebody else's", "/mine/withdraw/"+change, 404)
	})
}

// TestGraduateChangesAndObjects: a return comes back with everything, a change of
// what counts is reviewed, an objection goes past the college.
func TestGraduateChangesAndObjects(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240000") // 10, by an import
		w.want("registered", "/mine", 200, "签就业协议形式就业", "已登记", "提出异议", "登记变更")
		kase := c.story("240000")[1].Case
		w.want("what happened", "/mine/change", 200, "解约、离职、退学", "从来没有这回事", "当时就登记错了")
		end := "/mine/leave/end/" + kase
		w.refused("no reason", w.post(end, end, "true_on", "2024-08-01", "reason", ""), 400, `value="2024-08-01"`)
		to, page := w.follow("left", end, end, "true_on", "2024-08-01", "reason", "和单位协商解约")
		if !strings.Contains(page, "解约、离职") {
			t.Errorf("%s", to)
		}
		change := strings.TrimPrefix(to, "/mine/receipt/")
		w.want("under way", "/mine", 200, "现在统计里还是", "撤回")
		w.follow("taken back", "/mine/withdraw/"+change, "/mine/withdraw/"+change)
		form := registerAt + "?about=" + kase
		w.want("amend", form, 200, "更正登记", `value="2024-06-20"`)
		w.refused("nothing changed", w.fill(form, form, "", "", nil, "sign_day", "2024-06-20", "attest", "yes", "do", "submit")(), 400)
		dispute := "/mine/dispute/" + kase
		w.refused("no word", w.post(dispute, dispute, "reason", " "), 400, `href="#reason"`)
		_, page = w.follow("objected", dispute, dispute, "reason", "没有签过")
		if !strings.Contains(page, "有异议") || strings.Contains(page, "提出异议") {
			t.Error("the objection is not seen")
		}
		_, page = w.follow("told", "/mine/tell", "/mine/tell", "text", "要我签没有的协议")
		if !strings.Contains(page, "已发给就业中心") {
			t.Error("nobody says that it was sent")
		}
	})
}

// TestAutosave: what a script sends while somebody types is there after the
// battery died, and is offered.
func TestAutosave(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240001")
		w.follow("category", "/mine/register", "/mine/register", "code", "46")
		got := w.post(registerAt, "/mine/register/draft", "code", "46", "enlist_office", "丙县武装部")
		if got.Code != 200 || !strings.HasPrefix(got.Body.String(), "草稿 ") {
			t.Fatalf("%d %s", got.Code, got.Body)
		}
		w.want("offered", "/mine", 200, "有一份没填完的登记", "接着填")
		w.want("the form", registerAt, 200, `value="丙县武装部"`)
		w.follow("thrown away", "/mine", "/mine/register/drop", "about", "")
		if strings.Contains(w.get("/mine").Body.String(), "没填完") {
			t.Error("still offered")
		}
		if got := w.get(registerAt); got.Code != 303 {
			t.Errorf("a form without a category: %d", got.Code)
		}
	})
}

// TestReturnedAndSentAgain: what was returned opens with everything as it was and
// the reason on top; sent again it is the same change, with a receipt of its own.
func TestReturnedAndSentAgain(t *testing.T) {
	onCampus(t, func(t *testing.T, c *campus) {
		w := c.student("240001")
		counsellor, _, _, _ := c.reviewers()
		w.follow("category", "/mine/register", "/mine/register", "code", "46")
		first := w.led("sent", w.fill(registerAt, registerAt, "file-MIL", "通知书.jpg", photo(t, 40), "enlist_office", "丙县人民武装部",
			"enlist_day", "2024-06-20", "attest", "yes", "do", "submit")())
		change := c.story("240001")[1].Change
		desk := "/review/" + c.graduate("240001") + "/" + change
		if got := counsellor.says(desk, "return", "reason", "1", "note", "第二页"); got.Code != http.StatusSeeOther {
			t.Fatalf("returned: %d %s", got.Code, got.Body)
		}
		w.want("to do", "/mine", 200, "登记退回来了", "第二页", "改一改，再提交", "辅导员退回")
		form := registerAt + "?about=" + change
		w.want("as it was", form, 200, "退回的理由", "第二页", `value="丙县人民武装部"`, `value="2024-06-20"`, "已交")
		again := w.fill(form, form, "file-MIL", "第二页.jpg", photo(t, 90), "enlist_office", "丙县人民武装部", "enlist_day", "2024-06-21", "attest", "yes", "do", "submit")
		if to := w.led("sent again", again()); to != first || w.led("a double click", again()) != first {
			t.Errorf("led to %s, at first to %s", to, first)
		}
		events := c.story("240001")
		last := events[len(events)-1]
		if len(events) != 4 || last.Change != change || last.Step != history.Submitted || len(last.Evidence) != 1 || last.TrueOn != "2024-06-21" {
			t.Errorf("%d events, the last %+v", len(events), last)
		}
		number := destination.Receipt("2024", change, last.KnownAt)
		w.want("under way again", "/mine", 200, "待辅导员审", number)
		for _, written := range []string{number, strings.ToLower(strings.ReplaceAll(number, "-", "")), destination.Receipt("2024", change, events[1].KnownAt)} {
			counsellor.want("by its receipt", "/search?q="+written, 200, "240001", "回执号")
		}
		far, _ := c.account("far", "", access.Grant{Role: access.Counsellor, Over: access.Classes(c.unit("药学一班"))})
		c.enter(far).want("of another class", "/search?q="+number, 200, "没有找到")
		counsellor.want("back at the desk", desk, 200, "第 2 次提交", "2024-06-21")
	})
}
