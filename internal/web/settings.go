package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/settings"
	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// settingsPage is the page of GET and POST /settings.
type settingsPage struct {
	part.Page
	School, Address string
	Chain           string // in force
	Freelance       string // the levels of a 自由职业
	Presets         []part.Option
	Preset          string // blank: a chain of the school's own
	SourceUntil     string
	FullList        string // yes, or blank
	Numbers         map[string]string
	Rules           []scrutiny.Rule
	NoWages         bool
	Wrongs          []part.Wrong
	Saved           bool
	Backup          backupCard
}

// settingsForm answers GET /settings.
func (w *Web) settingsForm(rw http.ResponseWriter, r *httpd.Request) error {
	v := w.Office.Settings.Values()
	p := settingsPage{Preset: v.Chain.Preset(), SourceUntil: string(v.SourceUntil), Saved: r.URL.Query().Get("saved") == "1",
		Numbers: privacyNumbers(v.Privacy)}
	if v.FullList {
		p.FullList = "yes"
	}
	return w.showSettings(rw, r, p, nil)
}

// saveSettings answers POST /settings.
func (w *Web) saveSettings(rw http.ResponseWriter, r *httpd.Request) error {
	p := settingsPage{Preset: typed(r, "chain"), SourceUntil: typed(r, "source_check_until"), FullList: typed(r, "full_list")}
	numbers := readPrivacyNumbers(r, w.Office.Settings.Values().Privacy)
	p.Numbers = numbers.texts
	v := settings.Values{Privacy: numbers.value, Chain: w.Office.Settings.Chain(), SourceUntil: calendar.Day(p.SourceUntil), FullList: p.FullList == "yes"}
	var err error
	if p.Preset != "" {
		var ok bool
		if v.Chain, ok = destination.PresetByID(p.Preset); !ok {
			err = fault.Invalidf("chain", "没有这种审核级数，请从列出的几种里选")
		}
	}
	if err == nil {
		err = w.Office.Settings.Change(r.Context(), r.Who, v)
	}
	if err == nil {
		return httpd.SeeOther(rw, r, "/settings?saved=1")
	}
	if !shownOnForm(err) {
		return err
	}
	return w.showSettings(rw, r, p, err)
}

func (w *Web) showSettings(rw http.ResponseWriter, r *httpd.Request, p settingsPage, refusal error) error {
	address, err := w.Office.Address(r.Context())
	if err != nil {
		return err
	}
	if p.NoWages, err = w.noWages(r); err != nil {
		return err
	}
	if p.Backup, err = w.lastBackup(r); err != nil {
		return err
	}
	chain := w.Office.Settings.Chain()
	review := destination.Review{Chain: chain, Book: w.Book()}
	p.Page, p.School, p.Address = w.desk(rw, r, "设置"), w.School().Name, address
	p.Chain, p.Freelance, p.Wrongs, p.Rules = chain.Titles(), review.TitlesFor("76"), refusalLines(refusal), w.Office.Settings.Rules()
	for _, c := range destination.Presets() {
		o := part.Option{Value: c.ID, Title: c.Chain.Titles()}
		if of := (destination.Review{Chain: c.Chain, Book: w.Book()}).TitlesFor("76"); of != o.Title {
			o.Help = "自由职业仍须学院和学校分别认定：" + of
		}
		p.Presets = append(p.Presets, o)
	}
	if p.Preset == "" && chain.Preset() == "" {
		p.Presets = append(p.Presets, part.Option{Value: "", Title: chain.Titles() + "（本校自设）", Selected: true})
	}
	return show(rw, r, refusal, settingsView(p))
}

// severityTitle says what a rule does.
func severityTitle(r scrutiny.Rule) string {
	switch {
	case r.Severity == scrutiny.Blocks:
		return "阻止"
	case r.Severity == scrutiny.Samples:
		return "抽查"
	case r.Info:
		return "仅供参考"
	}
	return "提示"
}

// parameterTitles are the names of rules' numbers, days and switches in words.
var parameterTitles = map[string]string{"k": "达到", "k_school": "学校类单位达到", "d": "天数", "sigma": "标准差倍数", "percent": "百分点", "at_least": "至少人数",
	"cut_off": "截至", "final_year": "最后学年起", "full_list": "院校表完整"}

// ruleNumbers are a rule's numbers, days and switches on one line.
func ruleNumbers(r scrutiny.Rule) string {
	var out []string
	say := func(name, value string) {
		if t, ok := parameterTitles[name]; ok {
			name = t
		}
		out = append(out, name+" "+value)
	}
	for _, k := range slices.Sorted(maps.Keys(r.Numbers)) {
		say(k, strconv.Itoa(r.Numbers[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(r.Months)) {
		say(k, r.Months[k])
	}
	for _, k := range slices.Sorted(maps.Keys(r.Switches)) {
		say(k, map[bool]string{true: "是", false: "否"}[r.Switches[k]])
	}
	return strings.Join(out, "，")
}
