package httpd

import (
	"net/http"
	"strings"

	"quxiang/internal/domain/access"
)

// From says where the request comes from.
func (r *Request) From() access.From {
	f := access.From{Peer: r.Peer.String(), Device: device(r.UserAgent())}
	if c, err := r.Cookie(r.conf.cookie("known")); err == nil {
		f.Known = c.Value
	}
	return f
}

// knownFor is how long a browser keeps the mark of a login, in seconds: 90 days.
const knownFor = 90 * 24 * 60 * 60

// Remember gives the browser the mark of a login (access.Service.KnownDevice).
func (r *Request) Remember(w http.ResponseWriter, mark string) {
	http.SetCookie(w, &http.Cookie{
		Name: r.conf.cookie("known"), Value: mark, Path: "/", HttpOnly: true, Secure: r.conf.Secure(), SameSite: http.SameSiteLaxMode, MaxAge: knownFor,
	})
}

// browsers and systems by what tells them apart in the name that a browser gives
// itself; many name others as well, so that the rarer stands first.
var (
	browsers = [][2]string{{"wxwork", "企业微信"}, {"MicroMessenger", "微信"}, {"Edg", "Edge"}, {"QQBrowser", "QQ 浏览器"}, {"360", "360 浏览器"}, {"Firefox", "Firefox"},
		{"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems = [][2]string{{"HarmonyOS", "鸿蒙手机"}, {"OpenHarmony", "鸿蒙设备"}, {"iPhone", "苹果手机"}, {"iPad", "苹果平板"}, {"Android", "安卓手机"}, {"Windows", "Windows 电脑"},
		{"Mac OS", "苹果电脑"}, {"Linux", "Linux 电脑"}}
)

// device is a browser's name for itself in a few words: 微信 · 安卓手机. Blank for
// one that it does not know.
func device(agent string) string {
	var out []string
	for _, list := range [][][2]string{browsers, systems} {
		for _, x := range list {
			if strings.Contains(agent, x[0]) {
				out = append(out, x[1])
				break
			}
		}
	}
	return strings.Join(out, " · ")
}
