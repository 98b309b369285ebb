package codes

import (
	"slices"
	"strings"
	"testing"
)

func destination(t *testing.T, code string) Code {
	t.Helper()
	c, ok := Builtin().Resolve("destination", "MOE-2021", code)
	if !ok {
		t.Fatalf("no destination %s", code)
	}
	return c
}

func TestDestinationBuckets(t *testing.T) {
	// The buckets of both versions, written once more out of the two formulas.
	want := map[string]string{
		"10": "CU", "11": "CU", "12": "FU", "27": "CU", "271": "CU", "272": "CU", "46": "CU",
		"50": "CU", "501": "CU", "502": "CU", "503": "CU", "51": "CU", "511": "CU", "512": "CU", "519": "CU",
		"75": "EE", "76": "FP", "77": "FU", "80": "SS", "801": "SS", "802": "SS", "803": "SS", "81": "SS", "82": "SS", "85": "SS",
		"70": "WW", "70-SEEK": "WW", "70-SIGNING": "WW", "70-EXAM": "WW", "70-STARTUP": "WW", "70-ARMY": "WW",
		"71": "NN", "72": "NN", "72-NONE": "NN", "72-ABROAD": "NN", "65": "",
	}
	class := map[byte]string{'C': "就业", 'F': "就业", 'E': "就业", 'S': "升学", 'W': "未就业", 'N': "未就业"}
	for _, c := range Builtin().Table("destination").All() {
		got := c.Fields["b21"] + c.Fields["b24"]
		if w, ok := want[c.Code]; !ok || got != w {
			t.Errorf("%s: buckets %q, want %q", c.Code, got, w)
		}
		if got != "" && c.Class != class[got[0]] {
			t.Errorf("%s: class %s with bucket %s", c.Code, c.Class, got)
		}
		delete(want, c.Code)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestDestinationEmployerAndPay(t *testing.T) {
	noEmployer := strings.Fields("46 76 65")
	paid := strings.Fields("12 27 271 272 76 77")
	for _, c := range Builtin().Table("destination").All() {
		if want := c.Class == "就业" && !slices.Contains(noEmployer, c.Code); c.Is("employer") != want {
			t.Errorf("%s: employer %q, want %v", c.Code, c.Fields["employer"], want)
		}
		if want := slices.Contains(paid, c.Code); c.Is("pay") != want {
			t.Errorf("%s: pay %q, want %v", c.Code, c.Fields["pay"], want)
		}
	}
}

func TestLegacyDestinations(t *testing.T) {
	for code, where := range map[string]string{"77": "12", "81": "80", "82": "80"} {
		c := destination(t, code)
		if c.Code != code || c.Fields["counts_as"] != where {
			t.Errorf("%s stands as %q and counts as %q, want itself and %s", code, c.Code, c.Fields["counts_as"], where)
		}
		if target := destination(t, where); target.Class != c.Class || target.Fields["b24"] != c.Fields["b24"] {
			t.Errorf("%s is of another class or bucket than %s", code, where)
		}
	}
	if c := destination(t, "65"); !strings.Contains(c.Fields["refused"], "请") {
		t.Errorf("65 must be refused with what to do: %q", c.Fields["refused"])
	}
}

func TestOfferedDestinations(t *testing.T) {
	var offered []string
	for _, c := range Builtin().Table("destination").Offered("2024") {
		offered = append(offered, c.Code)
	}
	for _, code := range strings.Fields("27 50 51 80 70 72 77 81 82 65") {
		if slices.Contains(offered, code) {
			t.Errorf("%s is a heading or legacy and yet offered", code)
		}
	}
	for _, code := range strings.Fields("10 11 12 271 46 502 503 512 519 75 76 801 802 85 70-SEEK 71 72-NONE") {
		if !slices.Contains(offered, code) {
			t.Errorf("%s is not offered", code)
		}
	}
}

func TestDestinationFamilies(t *testing.T) {
	table := Builtin().Table("destination")
	for _, tt := range []struct {
		code, ancestor string
		want           bool
	}{
		{"271", "27", true}, {"27", "27", true}, {"512", "51", true}, {"70-SEEK", "70", true}, {"801", "80", true},
		{"12", "1", false}, {"271", "2", false}, {"75", "70", false}, {"81", "80", false}, {"nowhere", "27", false}, {"", "", false},
	} {
		if got := table.Descends(tt.code, tt.ancestor); got != tt.want {
			t.Errorf("Descends(%q, %q) = %v", tt.code, tt.ancestor, got)
		}
	}
}

func TestDestinationNames(t *testing.T) {
	for name, want := range map[string]string{
		"科研助理、管理助理": "271", // the heading 27 has the same name
		"出国、出境":     "85", "境外留学": "85", "境内升学": "80", "待就业": "70", "求职中": "70-SEEK",
		"选调生": "512", "特岗教师(地方)": "511", "特岗教师（地方）": "511", "　三支一扶 ": "502", "就业协议": "10",
	} {
		if c, ok := Builtin().Table("destination").ByName(name); !ok || c.Code != want {
			t.Errorf("%q finds %q, %v, want %s", name, c.Code, ok, want)
		}
	}
	for _, name := range []string{"", "  ", "就业", "签", "考研成功"} {
		if c, ok := Builtin().Table("destination").ByName(name); ok {
			t.Errorf("%q finds %s", name, c.Code)
		}
	}
}
