package app_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/store"
	"quxiang/internal/store/storetest"
)

// referenceFiles fill a school with reference data of every kind, in the order in
// which they are imported.
func referenceFiles() [][2]string {
	var many strings.Builder
	for i := range 510 { // more than one page
		fmt.Fprintf(&many, "虚构单位%03d,,39,,,,,,\n", i)
	}
	return [][2]string{
		{"codes", "代码表,代码,名称,上级代码,类别,导出代码,起始,截止,别名,来源,对照为,原代码体系\n" +
			"毕业去向类别,5141,甲项目,514,,,2025,2026-06-30,甲|甲、乙,虚构文号,,\n毕业去向类别,514,乡村教师项目,51,,,,,,,,\n" +
			"毕业去向类别,51-RURAL,乡村医生项目,51,,529,,,,,,\n单位性质,31,,,,,,,,,32,本省旧码\n单位性质,62,,,,,,,,,**CLEAR**,\n行政区划,990100,虚构市,,,,,,,虚构,,\n"},
		{"institutions", "院校代码,院校名称,985起始年,211起始年,双一流起始年,别名,来源\n99901,滨海虚构学院,,,2027,虚构学院|滨虚,虚构名单\n" +
			"10001,北京大学,**CLEAR**,,2027,,\n"},
		{"minimum-wages", "地区,生效日期,月最低工资,小时最低工资,来源\n天津市,2023-11-01,2320,24.4,虚构文号1\n110105,2023-01-01,2200.50,,\n虚构市,2023-01-01,1,,\n"},
		{"employers", "单位名称,统一社会信用代码,单位性质,单位行业,单位所在地,单位地址,成立日期,登记状态,来源\n" +
			"滨海虚构医院,ZA01,医疗卫生单位,卫生和社会工作,北京市朝阳区,\"某路1号, =1+1\",1951/6/16,存续,=名单\n虚构（滨海）药业有限公司,,39,22,990100,,,,\n另一单位,ZA02,,,,,,,\n" + many.String()},
		{"employers", "单位名称,统一社会信用代码\n虚构滨海药业,ZA02\n"}, // two of one name now, one without a code
		{"hospital-levels", "单位名称,统一社会信用代码,医院等级,生效日期,来源\n滨海虚构医院,ZA01,二级,,旧名单\n滨海虚构医院,,三级甲等,2015-01-01,新名单\n" +
			"虚构滨海药业,,一级,,\n虚构滨海药业,ZA02,三级,2020-01-01,\n"},
	}
}

// referenceSchool is a whole program on an empty database.
func referenceSchool(t *testing.T, c store.Config) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), placed(t, c), app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func takeReference(t *testing.T, a *app.App, kind, name string, content []byte) exchange.Report {
	t.Helper()
	r, err := a.Import(t.Context(), office, kind, app.TableFile(name, content), app.ImportOptions{})
	if err != nil || r.Refused > 0 {
		t.Fatalf("%s: %v %v", kind, err, r.Refusals)
	}
	return r
}

func giveReference(t *testing.T, a *app.App, kind, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := a.Export(t.Context(), office, kind, app.ExportOptions{Format: format}, &out); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return out.Bytes()
}

var referenceKinds = []string{"codes", "institutions", "minimum-wages", "employers", "hospital-levels"}

func TestReferenceExportedAndImportedChangesNothing(t *testing.T) {
	storetest.EachConfig(t, func(t *testing.T, c store.Config) {
		a := referenceSchool(t, c)
		for _, f := range referenceFiles() {
			takeReference(t, a, f[0], "表.csv", []byte(f[1]))
		}
		first := map[string]string{}
		for _, kind := range referenceKinds {
			first[kind] = string(giveReference(t, a, kind, "csv"))
		}
		for _, kind := range referenceKinds {
			for _, format := range []string{"csv", "xlsx"} {
				r := takeReference(t, a, kind, "表."+format, giveReference(t, a, kind, format))
				if len(r.Differences) > 0 || r.Counts[exchange.Same] < r.Rows || r.Rows < 4 && kind != "minimum-wages" {
					t.Errorf("%s as %s: %d rows, %v %v", kind, format, r.Rows, r.Counts, r.Differences)
				}
			}
			if again := string(giveReference(t, a, kind, "csv")); again != first[kind] {
				t.Errorf("%s is another file the second time:\n%s\nwas\n%s", kind, again, first[kind])
			}
		}
		for kind, want := range map[string]string{
			"codes":           "毕业去向类别,51-RURAL,乡村医生项目,51,,,,,,529,,",
			"institutions":    "10001,北京大学,北京大学医学部,**CLEAR**,2011,2027,",
			"minimum-wages":   "110105,北京市朝阳区,2023-01-01,2200.50,,",
			"hospital-levels": "滨海虚构医院,ZA01,29,二级未定等,,旧名单",
			"employers":       "虚构滨海药业,ZA02,",
		} {
			if !strings.Contains(first[kind], want) {
				t.Errorf("%s lacks %q:\n%s", kind, want, first[kind])
			}
		}
		if err := a.Store.Verify(t.Context(), func(problem string) { t.Error(problem) }); err != nil {
			t.Error(err)
		}
	})
}

// TestReferenceMovesToAnotherSchool: the files of one school make another one's
// reference data the same, but for the order of employers. Two of one name, one of
// them without a credit code, are one to a school that has neither.
func TestReferenceMovesToAnotherSchool(t *testing.T) {
	from, to := referenceSchool(t, store.Config{}), referenceSchool(t, store.Config{})
	for _, f := range referenceFiles() {
		if !strings.Contains(f[1], "虚构滨海药业,ZA02\n") {
			takeReference(t, from, f[0], "表.csv", []byte(strings.ReplaceAll(f[1], "虚构滨海药业,ZA02", "另一单位,ZA02")))
		}
	}
	for _, kind := range referenceKinds {
		content := giveReference(t, from, kind, "csv")
		takeReference(t, to, kind, "表.csv", content)
		got, want := strings.Split(string(giveReference(t, to, kind, "csv")), "\n"), strings.Split(string(content), "\n")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d lines, want %d", kind, len(got), len(want))
		}
	}
}

// entries counts what is written down.
type entries struct {
	audit.Log
	actions []string
}

func (e *entries) Write(ctx context.Context, who access.Actor, action, subject string, detail map[string]string) error {
	e.actions = append(e.actions, action+" "+subject)
	return e.Log.Write(ctx, who, action, subject, detail)
}

func TestReferenceExportIsWrittenDownAndNeedsARight(t *testing.T) {
	a := referenceSchool(t, store.Config{})
	log := &entries{Log: a.Store}
	a.Employers.Audit, a.Reference.Audit = log, log
	auditor := access.Actor{Account: "a", Grants: []access.Grant{{Role: access.Auditor, Over: access.School()}}}
	keeper := access.Actor{Account: "k", Grants: []access.Grant{{Role: access.Administrator, Over: access.School()}}}
	when, err := calendar.ParseWhen("2024-08-31")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range referenceKinds {
		if !slices.Contains(app.ExportKinds, kind) {
			t.Errorf("%s is not listed", kind)
		}
		var out bytes.Buffer
		if err := a.Export(t.Context(), auditor, kind, app.ExportOptions{Format: "csv"}, &out); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: an auditor gets %v", kind, err)
		}
		for _, o := range []app.ExportOptions{{Cohorts: []string{"2024"}}, {AsOf: when}, {Layout: exchange.MOE39}} {
			o.Format = "csv"
			if err := a.Export(t.Context(), office, kind, o, &out); fault.KindOf(err) != fault.Usage {
				t.Errorf("%s of %+v: %v", kind, o, err)
			}
		}
		if len(log.actions) > 0 || out.Len() > 0 {
			t.Errorf("%s: what was refused left %v and %q", kind, log.actions, &out)
		}
		giveReference(t, a, kind, "csv")
		action := "reference.export"
		if kind == "employers" || kind == "hospital-levels" {
			action = "employer.export"
		}
		if want := []string{action + " " + kind}; !slices.Equal(log.actions, want) {
			t.Errorf("%s is written down as %v, want %v", kind, log.actions, want)
		}
		log.actions = nil
	}
	if err := a.Export(t.Context(), keeper, "codes", app.ExportOptions{Format: "csv"}, new(bytes.Buffer)); err != nil {
		t.Errorf("who keeps the codes gets %v", err)
	}
	if err := a.Export(t.Context(), office, "wishes", app.ExportOptions{Format: "csv"}, new(bytes.Buffer)); fault.KindOf(err) != fault.Usage {
		t.Errorf("an unknown kind: %v", err)
	}
}
