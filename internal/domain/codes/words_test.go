package codes

import (
	"testing"

	"quxiang/internal/domain/fault"
)

// TestNumbersInFreeWords (C1): what lies sealed elsewhere is not typed into a note;
// what people do write passes.
func TestNumbersInFreeWords(t *testing.T) {
	for words, refused := range map[string]bool{
		"":                            false,
		"已电话核实，合同真实":                  false,
		"学号 2020123456 与名单不符":         false,
		"2024-06-30 签约，2024-07-01 报到": false,
		"统一社会信用代码 91990100MA00000000":      false,
		"座机 0990-12345678 分机 801":          false,
		"月薪 6000-8000，合同 20240630001":      false,
		"请打 10000000001":                   true,
		"请打10000000001找我":                  true,
		"100 0000 0001":                    true,
		"100-0000-0001 是辅导员的":              true,
		"+8610000000001":                   true,
		"+86 100 0000 0001":                true,
		"手机１００００００００１１":                    true,
		"身份证 990101200001011234 有误":        true,
		"99010120000101123x":               true,
		"990101 20000101 1234":             true,
		"编号 990101200013011234（月份不对，不是证件）": false,
	} {
		err := NoNumbers("reason", words)
		if (fault.KindOf(err) == fault.Invalid) != refused || (err != nil) != refused {
			t.Errorf("%q: %v", words, err)
		}
	}
	for name, want := range map[string]string{
		"2025届生源.xlsx": "2025届生源.xlsx", "990101200001011234.xlsx": "990***********1234.xlsx",
		"甲-10000000001.csv": "甲-100****0001.csv",
	} {
		if got := MaskNumbers(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
