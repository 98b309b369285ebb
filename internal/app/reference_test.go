package app_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/reference"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// grid is a table in memory whose cells no csv has touched.
type grid [][]string

func gridFile(rows [][]string) exchange.File { return grid(rows) }

func (g grid) Name() string                                  { return "表.csv" }
func (g grid) SHA256() string                                { return strings.Repeat("0", 64) }
func (g grid) Open(context.Context) (exchange.Source, error) { return &gridSource{left: g}, nil }

type gridSource struct {
	left grid
	n    int
}

func (s *gridSource) Sheet() string                 { return "" }
func (s *gridSource) Close() error                  { return nil }
func (s *gridSource) Progress() (done, total int64) { return 0, 0 }
func (s *gridSource) Next() (exchange.Row, error) {
	if len(s.left) == 0 {
		return exchange.Row{}, io.EOF
	}
	s.n++
	row := exchange.Row{Number: s.n, Cells: s.left[0]}
	s.left = s.left[1:]
	return row, nil
}

// fillNothing is the filler of a school without cases; that of one with cases is
// tested with destinations.
func fillNothing(context.Context, access.Actor, string, exchange.File, []employer.Master) (employer.Filling, error) {
	none := func(context.Context) error { return nil }
	return employer.Filling{Publish: none, Drop: none}, nil
}

func employersOn(s *store.Store) *employer.Service {
	return &employer.Service{Store: s, Audit: s, Book: codes.Builtin, NewID: ident.New, Fill: fillNothing}
}

func TestEmployerImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		service := employersOn(s)
		take := func(text string, dry bool) exchange.Report {
			t.Helper()
			r, err := service.Import(t.Context(), rosterOffice, app.TableFile("单位.csv", []byte(text)), employer.ImportOptions{DryRun: dry})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		there := func() []employer.Employer {
			t.Helper()
			list, err := s.EmployersByKey(t.Context(), []string{"ZA01", "ZA02"}, []string{employer.NameKey("虚构药业有限公司")})
			if err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(list, func(a, b employer.Employer) int { return strings.Compare(a.Name, b.Name) })
			return list
		}
		const text = "单位名称,统一社会信用代码,单位性质,单位行业,单位所在地,单位地址,成立日期,登记状态\n" +
			"滨海虚构医院,ZA01,医疗卫生单位,卫生和社会工作,天津市河西区,某路1号,1951/6/16,存续\n虚构药业有限公司,,39,22,120104,,,\n"
		if r := take(text, true); tally(r) != "2 added 0 changed 0 same 0 left out 0 refused" || len(there()) != 0 {
			t.Errorf("dry run: %s, %v", tally(r), there())
		}
		take(text, false)
		list := there()
		if len(list) != 2 || list[0].Region != "120103" || list[0].Founded != "1951-06-16" || list[0].Nature != "23" || list[1].Industry != "22" {
			t.Fatalf("%+v", list)
		}
		if r := take(text, false); tally(r) != "0 added 0 changed 2 same 0 left out 0 refused" {
			t.Errorf("again: %s", tally(r))
		}
		bad := "单位名称,单位性质\n虚构药业有限公司,国有企业\n新公司,夫妻店\n"
		if r := take(bad, false); r.Refused != 1 || !slices.Equal(there(), list) {
			t.Errorf("a bad row: %s, %v", tally(r), there())
		}
		if r := take("单位名称,统一社会信用代码,单位性质\n虚构药业,ZA02,国有企业\n", false); tally(r) != "0 added 1 changed 0 same 0 left out 0 refused" {
			t.Errorf("a change: %s", tally(r))
		}
		if now := there(); len(now) != 2 || now[1].ID != list[1].ID || now[1].CreditCode != "ZA02" || now[1].Nature != "31" {
			t.Errorf("%+v", now)
		}
		if err := s.Verify(t.Context(), func(problem string) { t.Error(problem) }); err != nil {
			t.Error(err)
		}
	})
}

func TestHospitalLevelImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		service := employersOn(s)
		const text = "医院名称,医院等级,生效日期,来源\n滨海虚构医院,二级甲等,,旧名单\n滨海虚构医院,三级甲等,2015-01-01,新名单\n"
		for _, want := range []string{"2 added 0 changed 0 same 0 left out 0 refused", "0 added 0 changed 2 same 0 left out 0 refused"} {
			r, err := service.ImportLevels(t.Context(), rosterOffice, app.TableFile("等级.csv", []byte(text)), employer.ImportOptions{})
			if err != nil || tally(r) != want {
				t.Fatalf("%s, %v: %v", tally(r), err, r.Refusals)
			}
		}
		list, err := s.EmployersByKey(t.Context(), nil, []string{employer.NameKey("滨海虚构医院")})
		if err != nil || len(list) != 1 {
			t.Fatalf("%v %v", list, err)
		}
		levels, err := s.HospitalLevels(t.Context(), []string{list[0].ID})
		if err != nil || len(levels) != 2 || levels[0].Level != "21" || levels[1].Level != "31" || levels[1].From != "2015-01-01" || levels[1].Source != "新名单" {
			t.Errorf("%+v %v", levels, err)
		}
	})
}

// schoolBook is the code tables of a running program.
type schoolBook struct {
	store *store.Store
	book  *codes.Book
}

func (b *schoolBook) reload(ctx context.Context) error {
	added, mapped, err := b.store.LocalCodes(ctx)
	if err != nil {
		return err
	}
	b.book, err = codes.Builtin().With(added, mapped)
	return err
}

func TestReferenceImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := &schoolBook{store: s, book: codes.Builtin()}
		service := &reference.Service{Store: s, Audit: s, Book: func() *codes.Book { return b.book }, Reload: b.reload}
		take := func(kind reference.Kind, text string, dry bool) exchange.Report {
			t.Helper()
			r, err := service.Import(t.Context(), rosterOffice, kind, app.TableFile("参考.csv", []byte(text)), reference.ImportOptions{DryRun: dry})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		const wages = "地区,生效日期,月最低工资,小时最低工资,来源\n天津市,2023-11-01,2320,24.4,虚构文号1\n河北省,2023-01-01,2200,,虚构文号2\n"
		take(reference.MinimumWages, wages, true)
		if list, _ := s.MinimumWages(t.Context()); len(list) != 0 {
			t.Error("a dry run kept wages")
		}
		take(reference.MinimumWages, wages, false)
		list, err := s.MinimumWages(t.Context())
		if w, ok := codes.Lookup(list, "120103", "2024-06-01"); err != nil || !ok || w.Monthly != 232000 || w.Hourly != 2440 {
			t.Errorf("%v %v", list, err)
		}
		if r := take(reference.MinimumWages, wages, false); r.Counts[exchange.Same] != 2 {
			t.Errorf("wages again: %s", tally(r))
		}

		const own = "代码表,代码,名称,上级代码,对照为\n毕业去向类别,5141,甲项目,514,\n毕业去向类别,514,乡村教师项目,51,\n单位性质,61,,,31\n"
		take(reference.Codes, own, false)
		if c, ok := b.book.Table("destination").Find("5141"); !ok || c.Class != "就业" {
			t.Errorf("the new code: %+v", c)
		}
		if c, ok := b.book.Resolve("nature", "", "61"); !ok || c.Code != "31" {
			t.Errorf("the mapping: %+v", c)
		}
		if r := take(reference.Codes, own, false); r.Counts[exchange.Same] != 3 {
			t.Errorf("codes again: %s: %v", tally(r), r.Differences)
		}
		before := b.book.Versions()["destination"]
		if r := take(reference.Codes, "代码表,代码,名称,上级代码\n毕业去向类别,515,乙项目,51\n毕业去向类别,516,丙项目,599\n", false); r.Refused != 1 || r.Refusals[0].Row != 3 || b.book.Versions()["destination"] != before {
			t.Errorf("a bad code: %v", r.Refusals)
		}

		take(reference.Institutions, "学校标识码,学校名称,双一流,来源\n4112099902,海滨虚构大学,2022,虚构名单\n", false)
		if got := b.book.SchoolTier("海滨虚构大学", "2024"); got != "双一流" {
			t.Errorf("the new institution counts as %q", got)
		}
		if err := s.Verify(t.Context(), func(problem string) { t.Error(problem) }); err != nil {
			t.Error(err)
		}
	})
}

func TestReferenceImportNeedsARightAndAKind(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	service := &reference.Service{Store: s, Audit: s, Book: codes.Builtin, Reload: func(context.Context) error { return nil }}
	file := app.TableFile("参考.csv", []byte("地区,生效日期,月最低工资\n天津市,2023-11-01,2320\n"))
	auditor := access.Actor{Account: "a", Grants: []access.Grant{{Role: access.Auditor, Over: access.School()}}}
	for _, kind := range []reference.Kind{reference.MinimumWages, reference.Institutions, reference.Codes} {
		if _, err := service.Import(t.Context(), auditor, kind, file, reference.ImportOptions{}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := service.Import(t.Context(), rosterOffice, "wishes", file, reference.ImportOptions{}); fault.KindOf(err) != fault.Usage {
		t.Errorf("an unknown kind: %v", err)
	}
	if _, err := employersOn(s).Import(t.Context(), auditor, file, employer.ImportOptions{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("employers: %v", err)
	}
}
