package proofread

import (
	"fmt"
	"strings"
	"testing"
)

func TestFigures(t *testing.T) {
	word := map[Sort]string{Count: "", Percent: "%", Points: "点", Year: "年", Ordinal: "序", Name: "名"}
	for text, want := range map[string]string{
		"共有毕业生2660人（其中本科生1117人；研究生1543人中":           "2660人 1117人 1543人",
		"毕业去向落实率86.54%，其中本科生82.63％":                 "86.54% 82.63%",
		"截至9月1日，如表1-1所示，图 1-2、1-3":                  "9序 1序 1序 1序 1序 2序 1序 3序",
		"较 2021 届、2022 届分别增加 43 人和 33 人":            "2021年 2022年 43人 33人",
		"2022-2024届研究生":                             "2022年 2024年",
		"2020 届-2023 届毕业生的满意度（分别为 94%、96%）均在 95%左右": "2020年 2023年 94% 96% ~95%",
		"录取到“985”“211”院校，世界500强企业":                  "985名 211名 500名",
		"近900人，约占12.5%，超过30家，1,117 名":               "~900人 ~12.5% >30家 1117名",
		"较上届提高1.25个百分点":                             "1.25点",
		"GB2260 与 A4 纸":                             "",
		"1. 强化机制":                                   "1序",
		"男女比例为 146：100":                             "146 100",
	} {
		var got []string
		for _, f := range Figures(text) {
			s := f.Value.String() + word[f.Sort]
			if f.Sort == Count {
				s += strings.TrimLeft(f.Unit, "余多")
			}
			if f.Approx {
				s = "~" + s
			}
			if f.Bound > 0 {
				s = ">" + s
			}
			got = append(got, s)
			if r := []rune(Fold(text)); !strings.HasPrefix(strings.ReplaceAll(string(r[f.From:f.To]), ",", ""), f.Value.String()) {
				t.Errorf("%s: %s stands at %q", text, f.Value, string(r[f.From:f.To]))
			}
		}
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("%s:\n got %v\nwant [%s]", text, got, want)
		}
	}
}
