package codes

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestRegionNames(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"a province", "河北省", "130000"},
		{"a province in short", "河北", "130000"},
		{"a district that sounds like a province", "河北区", "120105"},
		{"a path in a municipality", "天津市河西区", "120103"},
		{"a path with the heading that files carry", "天津市市辖区河西区", "120103"},
		{"a path with separators", "河北省 / 石家庄市 / 长安区", "130102"},
		{"a path that leaves the prefecture out", "河北省长安区", "130102"},
		{"a path of short names", "河北石家庄长安区", "130102"},
		{"a path in full width with spaces", "　浙江省－杭州市 ", "330100"},
		{"a path under a province's own heading", "河南省省直辖县级行政区划济源市", "419001"},
		{"a name that only one place has", "滨海新区", "120116"},
		{"a municipality", "天津市", "120000"},
		{"a prefecture without counties", "东莞市", "441900"},
		{"a former name", "襄樊市", "420600"},
		{"a withdrawn district that nothing else is called", "下城区", "330103"},
		{"a withdrawn district by path", "浙江省杭州市下城区", "330103"},
		{"a special region in short", "香港", "810000"},
		{"an autonomous region in short", "内蒙古", "150000"},
		{"the province goes before the city of that name", "吉林", "220000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if c, ok := Builtin().Table("region").ByName(tt.text); !ok || c.Code != tt.want {
				t.Errorf("%q finds %q, %v, want %s", tt.text, c.Code, ok, tt.want)
			}
		})
	}
	for _, text := range []string{
		"朝阳区",       // 北京 and 长春
		"天津市朝阳区",    // no such child
		"河西区天津市",    // upside down
		"天津市天津市",    // no place below itself
		"河",         // nothing is matched in part
		"天津市河西区友谊路", // a street is more than the table knows
		strings.Repeat("朝阳区", 30), strings.Repeat("天津市", 20000),
	} {
		if c, ok := Builtin().Table("region").ByName(text); ok {
			t.Errorf("%.40q finds %s", text, c.Code)
		}
	}
}

func TestHostilePathsCostLittle(t *testing.T) {
	table := Builtin().Table("region")
	table.ByName("天津市")
	start := time.Now()
	for range 50 {
		table.ByName(strings.Repeat("鼓楼区", 32) + "甲")
		table.ByName(strings.Repeat("朝阳区", 32))
		table.ByName(strings.Repeat("北京市", 10000))
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("150 hostile names took %v", d)
	}
}

func TestRegionAliases(t *testing.T) {
	table := Builtin().Table("region")
	called := map[string]int{}
	for _, c := range table.All() {
		for _, a := range c.Aliases {
			called[a]++
		}
	}
	for _, c := range table.All() {
		for _, a := range c.Aliases {
			if got, ok := table.ByName(a); !ok || got.Code != c.Code || called[a] != 1 {
				t.Errorf("alias %q of %s finds %q, %v", a, c.Code, got.Code, ok)
			}
		}
		if c.Parent == "" && len(c.Aliases) == 0 {
			t.Errorf("%s has no short name", c.Name)
		}
	}
}

func TestEveryRegionIsFoundByItsPath(t *testing.T) {
	table := Builtin().Table("region")
	for _, c := range table.All() {
		path := c.Name
		for p := c.Parent; p != ""; {
			above, _ := table.Find(p)
			path, p = above.Name+path, above.Parent
		}
		got, ok := table.ByName(path)
		// A withdrawn place may give way to a current one of its name.
		if ok && got.Code != c.Code && (got.Name != c.Name && !slices.Contains(got.Aliases, c.Name) || c.current()) {
			t.Errorf("%s %s finds %s %s", c.Code, path, got.Code, got.Name)
		}
		if !ok && c.current() {
			t.Errorf("%s %s finds nothing", c.Code, path)
		}
	}
}

func TestRegionHistory(t *testing.T) {
	table := Builtin().Table("region")
	for _, tt := range []struct{ code, name, parent, from, to string }{
		{"330103", "下城区", "330100", "", "2023-06-29"}, // merged in 2021, between two editions
		{"330113", "临平区", "330100", "2021-02-01", ""},
		{"120107", "塘沽区", "120000", "", "2009-12-30"},
		{"120116", "滨海新区", "120000", "2009-01-01", ""},
		{"500101", "万州区", "500000", "", ""},
		{"419001", "济源市", "410000", "2008-01-01", ""},
		{"659012", "白杨市", "650000", "2021-02-01", ""},
		{"810000", "香港特别行政区", "", "", ""},
	} {
		c, ok := table.Find(tt.code)
		if got := (struct{ code, name, parent, from, to string }{c.Code, c.Name, c.Parent, c.From, c.To}); !ok || got != tt {
			t.Errorf("%s is %+v, want %+v", tt.code, got, tt)
		}
	}
	var provinces, statOnly int
	for _, c := range table.All() {
		if c.Parent == "" {
			provinces++
		}
		if c.Is("stat_only") {
			statOnly++
		}
	}
	if provinces != 34 || statOnly != 129 {
		t.Errorf("%d provinces and %d codes for statistics only, want 34 and 129", provinces, statOnly)
	}
	if c, _ := table.Find("130171"); !c.Is("stat_only") {
		t.Errorf("130171 is %+v, want a code for statistics only", c)
	}
	for heading, above := range map[string]string{"120100": "120000", "130101": "130100", "419000": "410000", "620201": "620200", "500200": "500000"} {
		if c, ok := Builtin().Resolve("region", "", heading); !ok || c.Code != above {
			t.Errorf("heading %s leads to %q, want %s", heading, c.Code, above)
		}
	}
}

func TestTianjin(t *testing.T) {
	want := strings.Fields("和平区 河东区 河西区 南开区 河北区 红桥区 东丽区 西青区 津南区 北辰区 武清区 宝坻区 滨海新区 宁河区 静海区 蓟州区")
	var got []string
	for _, c := range Builtin().Table("region").All() {
		if c.Parent == "120000" && c.current() {
			got = append(got, c.Name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestProvinceAndCity(t *testing.T) {
	for _, tt := range []struct{ code, province, city string }{
		{"120103", "120000", "120000"}, {"120000", "120000", "120000"}, {"500229", "500000", "500000"},
		{"130102", "130000", "130100"}, {"130100", "130000", "130100"}, {"130000", "130000", ""},
		{"419001", "410000", "419001"}, {"441900", "440000", "441900"}, {"810000", "810000", "810000"},
		{"", "", ""}, {"1201", "", ""}, {"12010a", "", ""}, {"１２０１０３", "", ""},
	} {
		if p, c := ProvinceOf(tt.code), CityOf(tt.code); p != tt.province || c != tt.city {
			t.Errorf("%q lies in %q and %q, want %q and %q", tt.code, p, c, tt.province, tt.city)
		}
	}
	table := Builtin().Table("region")
	for _, c := range table.All() {
		if province, ok := table.Find(ProvinceOf(c.Code)); !ok || province.Parent != "" || !table.Descends(c.Code, province.Code) {
			t.Errorf("%s does not descend from its province", c.Code)
		}
		if city := CityOf(c.Code); city != "" && c.current() && !table.Descends(c.Code, city) {
			t.Errorf("%s does not descend from its city %s", c.Code, city)
		}
	}
}

func TestRegionGroups(t *testing.T) {
	in := map[string]string{
		"jingjinji": "110105 120103 130102", "yangtze_delta": "310115 320100 330106 340100",
		"greater_bay": "440100 440300 440400 440600 440703 441200 441300 441900 442000 810000 820000",
		"west":        "150100 450100 500101 510100 520100 530100 540100 610100 620100 630100 640100 659001",
	}
	out := map[string]string{
		"jingjinji": "140100 210100 710000", "yangtze_delta": "350100 420100", "west": "420100 140100 430100",
		"greater_bay": "440200 440500 441400 450100 445200", // 韶关 汕头 梅州 are of the province and not of the area
	}
	groups := Builtin().RegionGroups()
	if len(groups) != len(in) {
		t.Errorf("%d groups, want %d", len(groups), len(in))
	}
	for _, g := range groups {
		for _, code := range strings.Fields(in[g.ID]) {
			if !g.Contains(code) {
				t.Errorf("%s lacks %s", g.Name, code)
			}
		}
		for _, code := range append(strings.Fields(out[g.ID]), "", "11", "110", "abcdef") {
			if g.Contains(code) {
				t.Errorf("%s holds %q", g.Name, code)
			}
		}
		for _, p := range g.Prefixes {
			if _, ok := Builtin().Table("region").Find((p + "0000")[:6]); !ok {
				t.Errorf("%s: prefix %s is no region", g.Name, p)
			}
		}
	}
}

func TestCityLiesInProvince(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[0-9]{6}`).Draw(t, "code")
		city := CityOf(code)
		if city != "" && (ProvinceOf(city) != ProvinceOf(code) || CityOf(city) != city) {
			t.Fatalf("%s: city %s, city of that %s", code, city, CityOf(city))
		}
	})
}
