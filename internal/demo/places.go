package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"quxiang/internal/domain/codes"
)

// regions of the invented province, cities before their districts.
var regions = [][3]string{ // code, name, parent
	{homeProvince, "滨海省", ""},
	{homeCity, "滨海市", homeProvince},
	{"980102", "望潮区", homeCity}, {"980103", "听澜区", homeCity}, {"980104", "南屿区", homeCity}, {"980105", "石矶区", homeCity},
	{"980200", "澜汀市", homeProvince}, {"980202", "汀北区", "980200"}, {"980221", "白芷县", "980200"},
	{"980300", "鹿屿市", homeProvince}, {"980302", "鹿鸣湾区", "980300"}, {"980321", "芦浦县", "980300"},
	{"980400", "鲸湾市", homeProvince}, {"980402", "鲸头区", "980400"}, {"980421", "云矶县", "980400"},
	{"980500", "砚溪市", homeProvince}, {"980502", "砚南区", "980500"}, {"980521", "荻渚县", "980500"},
}

// universities that the graduates go on to: figures about real ones would be
// invented. The years are those since which they are 985, 211 and 双一流; blank where they are not.
var universities = []struct{ name, y985, y211, double string }{
	{"沧屿大学", "2011", "2011", "2017"}, {"云崖大学", "2011", "2011", "2017"}, {"望潮大学", "2011", "2011", "2017"},
	{"青珩大学", "2011", "2011", "2017"}, {"北渚大学", "2011", "2011", "2017"}, {"松漠大学", "2011", "2011", "2017"},
	{"澜汀医科大学", "", "2011", "2017"}, {"砚溪医科大学", "", "2011", "2017"}, {"芦浦大学", "", "2011", "2017"},
	{"鹿屿大学", "", "2011", "2017"}, {"南屿理工大学", "", "2011", "2017"},
	{"鲸湾中医药大学", "", "", "2017"}, {"荻渚药科大学", "", "", "2017"},
	{"云矶医学院", "", "", ""}, {"石矶师范大学", "", "", ""}, {"汀北医学院", "", "", ""},
}

func universityCode(i int) string { return fmt.Sprintf("N-D%02d", i+1) }

// foreign universities, invented too: country or region, name, foreign name.
var foreign = [][3]string{
	{"英国", "北湄大学", "Northmere University"}, {"英国", "东谷大学", "Eastvale University"},
	{"日本", "青濑医科大学", "Aose Ika Daigaku"}, {"日本", "汐见大学", "Shiomi-no-ura Daigaku"},
	{"德国", "林登塔尔大学", "Universität Lindentalau"}, {"澳大利亚", "金岬大学", "Goldcape University"},
	{"中国香港", "青屿岛大学", "Green Islet University"}, {"美国", "湖屿州立大学", "Lakeholm State University"},
	{"新加坡", "红树湾大学", "Mangrove Bay University"}, {"荷兰", "南堤大学", "Universiteit Zuiddijk"},
}

// localCodes are what the school's administrator added to the code tables.
func localCodes() []codes.Code {
	book := codes.Builtin()
	region, institution := book.Table("region").Scheme, book.Table("institution").Scheme
	var out []codes.Code
	for _, r := range regions {
		out = append(out, codes.Code{Scheme: region, Code: r[0], Name: r[1], Parent: r[2], Source: invented})
	}
	out = append(out, codes.Code{Scheme: institution, Code: schoolCode, Name: schoolName, Source: invented})
	for i, u := range universities {
		fields := map[string]string{"internal": "yes"}
		for k, v := range map[string]string{"since_985": u.y985, "since_211": u.y211, "since_double_first": u.double} {
			if v != "" {
				fields[k] = v
			}
		}
		out = append(out, codes.Code{Scheme: institution, Code: universityCode(i), Name: u.name, Source: invented, Fields: fields})
	}
	return out
}

// minimumWages of the invented province, in fen a month and an hour.
func minimumWages() []codes.MinimumWage {
	return []codes.MinimumWage{
		{Region: homeProvince, From: "2021-11-01", Monthly: 1_780_00, Hourly: 17_80},
		{Region: homeProvince, From: "2023-12-01", Monthly: 1_960_00, Hourly: 19_60},
		{Region: homeCity, From: "2021-11-01", Monthly: 1_980_00, Hourly: 19_80},
		{Region: homeCity, From: "2023-12-01", Monthly: 2_180_00, Hourly: 21_80},
	}
}

// Halves of invented place and trade names.
const (
	placeHeads = "青云白苍碧玄朱翠寒暖松竹兰芷荻芦枫桐槐榆"
	placeTails = "崖汀屿浦渚矶坞坪涧湄埠滩岬陂峪沚"
)

// realPlaces are the names of the region table without the last sign, so that no
// invented place is called like one of them.
var realPlaces = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, c := range codes.Builtin().Table("region").All() {
		for _, name := range append(c.Aliases, c.Name) {
			signs := []rune(name)
			out[name] = true
			out[string(signs[:len(signs)-1])] = true
		}
	}
	return out
})

// word is an invented name of two signs that no place of the region table has.
func word(r *rand.Rand) string {
	for {
		w := string(pick(r, []rune(placeHeads))) + string(pick(r, []rune(placeTails)))
		if !realPlaces()[w] && !strings.Contains("南屿云矶芦浦荻渚白芷", w) {
			return w
		}
	}
}

// away is where those work who do not stay in the home city: another city of the
// province, or another province, of which no city is named.
func away(r *rand.Rand) (region, city string) {
	if chance(r, 42) {
		i := pick(r, []int{6, 9, 12, 15})
		return regions[i][0], regions[i][1]
	}
	province := weighted(r, []choice[string]{{"11", 12}, {"12", 9}, {"13", 13}, {"37", 10}, {"41", 7}, {"14", 5}, {"21", 5},
		{"31", 6}, {"32", 6}, {"33", 6}, {"44", 7}, {"42", 3}, {"43", 2}, {"51", 3}, {"61", 3}, {"15", 2}, {"65", 1}})
	return province + "0000", word(r) + "市"
}
