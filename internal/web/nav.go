package web

import (
	"net/http"
	"strings"

	"quxiang/internal/httpd"
	"quxiang/internal/web/part"
)

// navEntry is one entry of the navigation. Who sees it is what its route says:
// an entry without a route, or without the right to take it, is not shown.
type navEntry struct{ group, title, href, icon string }

// unregisteredAddress is the list of who has not registered, of the usual cohort.
const unregisteredAddress = "/graduates?state=unregistered"

// deskNav is the desk's side, in the order of an office's day.
var deskNav = []navEntry{
	{"", "去向总览", "/", "chart"},
	{"", "待审核", "/review", "inbox"},
	{"", "学生异议", "/disputes", "warn"},
	{"", "未登记", unregisteredAddress, "clock"},
	{"", "班级进度", "/classes", "case"},
	{"生源", "毕业生", "/graduates", "users"},
	{"生源", "生源更正", "/corrections", "doc"},
	{"生源", "激活码", "/slips", "lock"},
	{"生源", "导入", "/import", "up"},
	{"生源", "与上级系统核对", "/reconcile", "proof"},
	{"生源", "导出", "/export", "down"},
	{"数与报告", "抽查", "/samples", "eye"},
	{"数与报告", "核减", "/strikes", "minus"},
	{"数与报告", "快照与发布", "/snapshots", "flag"},
	{"数与报告", "年度报告", "/reports", "doc"},
	{"数与报告", "外部数据", "/external-figures", "doc"},
	{"数与报告", "报告体检", "/proofread", "proof"},
	{"数与报告", "指标口径", "/indicators", "doc"},
	{"系统", "代码表", "/codes", "menu"},
	{"系统", "账号", "/accounts", "user"},
	{"系统", "请人代办", "/deputy", "users"},
	{"系统", "审计", "/audit", "shield"},
	{"系统", "个人信息请求", "/privacy/requests", "lock"},
	{"系统", "到期清理", "/retention", "clock"},
	{"系统", "设置", "/settings", "gear"},
	{"系统", "安全设置", "/security", "gear"},
}

// phoneNav is the tab bar of the graduates' pages.
var phoneNav = []navEntry{
	{"", "去向", "/mine", "home"},
	{"", "生源", "/mine/source", "doc"},
	{"", "我的", "/me", "user"},
}

// heap is what waits behind an entry, and over which cohorts it is counted.
type heap struct {
	n  int
	of string
}

// nav returns the entries that the signed-in account may take. counts are what
// waits, by address.
func (w *Web) nav(r *httpd.Request, list []navEntry, counts map[string]heap) []part.NavGroup {
	var out []part.NavGroup
	here := w.here(r, list)
	for _, e := range list {
		route, ok := w.gets[pathOf(e.href)]
		if !ok || route.Permission != httpd.Anyone && route.Permission != httpd.SignedIn && r.Who.May(route.Permission) != nil {
			continue
		}
		if len(out) == 0 || out[len(out)-1].Title != e.group {
			out = append(out, part.NavGroup{Title: e.group})
		}
		g := &out[len(out)-1]
		c := counts[e.href]
		g.Items = append(g.Items, part.NavItem{Title: e.title, Href: e.href, Icon: e.icon, Count: c.n, Of: c.of, Current: e.href == here})
	}
	return out
}

// here is the entry whose address is the page's own or the nearest above it; an
// entry with a query is here only if the page is asked for with all of it.
func (w *Web) here(r *httpd.Request, list []navEntry) (href string) {
	best := 0
	for _, e := range list {
		p, query, _ := strings.Cut(e.href, "?")
		within := r.URL.Path == p || p != "/" && strings.HasPrefix(r.URL.Path, p+"/")
		if !within || query != "" && !strings.Contains("&"+r.URL.RawQuery+"&", "&"+query+"&") {
			continue
		}
		if len(e.href) > best {
			href, best = e.href, len(e.href)
		}
	}
	return href
}

func pathOf(href string) string {
	p, _, _ := strings.Cut(href, "?")
	return p
}

// getRoutes are the routes of plain pages, by path.
func getRoutes(routes []httpd.Route) map[string]httpd.Route {
	out := map[string]httpd.Route{}
	for _, t := range routes {
		if t.Method == http.MethodGet {
			out[strings.TrimSuffix(t.Pattern, "{$}")] = t
		}
	}
	return out
}
