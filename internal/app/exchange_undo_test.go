package app_test

import (
	"context"
	"strings"
	"testing"

	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

func TestUndoOfDestinations(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		first := b.take("legacy", "学号,毕业去向类别代码,签约日期,单位名称", "S01,10,2024-06-01,北港医院", "S02,11,2024-06-02,")
		second := b.take("national", "学号,毕业去向类别代码,签约日期,单位名称,岗位名称", "S01,12,2024-05-01,南港公司,护士", "S02,80,2024-09-01,北京大学,", "S03,10,2024-06-03,,")
		if err := b.undo(first.Batch); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "S01") {
			t.Errorf("a later import stands on the first: %v", err)
		}
		if err := b.undo(second.Batch); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ number, day, want string }{
			{"S01", "2024-05-31", ""}, {"S01", "2024-06-01", "10"}, {"S02", "2024-12-31", "11"}, {"S03", "2024-12-31", ""},
		} {
			if got := b.on(c.number, c.day).Code; got != c.want {
				t.Errorf("after the undo %s on %s is %q, want %q", c.number, c.day, got, c.want)
			}
		}
		if r := b.take("legacy", "学号,毕业去向类别代码,签约日期,单位名称", "S01,10,2024-06-01,北港医院"); r.Counts[exchange.Same] != 1 {
			t.Errorf("the payload is not what it was: %+v", r.Differences)
		}
		if err := b.undo(second.Batch); fault.KindOf(err) != fault.Conflict {
			t.Errorf("twice: %v", err)
		}
		if err := b.undo(first.Batch); err != nil {
			t.Errorf("the first, once nothing stands on it: %v", err)
		}
		if got := b.on("S01", "2024-12-31").Code; got != "" {
			t.Errorf("S01 is still %s", got)
		}
		if err := b.undo("no such"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("an unknown import: %v", err)
		}
	})
}

func TestUndoOfARoster(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		before, attrs := b.person("S01"), b.person("S01").Attrs
		r := b.importRoster(rosterFile, "S01,K01,改名,临床学院,临床医学,硕士,2024-07-01,10000009999", "S11,K11,新人,护理学院,护理学,本科,2024-06-25,")
		if b.person("S01").Attrs == attrs {
			t.Fatal("the import changed nothing")
		}
		if err := b.undo(r.Batch); err != nil {
			t.Fatal(err)
		}
		after := b.person("S01")
		if after.Name != before.Name || after.Attrs != attrs || after.Profile["graduation_day"] != "2024-06-25" || after.PhoneIndex != before.PhoneIndex {
			t.Errorf("after the undo %+v, before %+v", after, before)
		}
		if got := b.on("S11", "2024-12-31").Attrs; got.Value(history.Left) != history.True || got.Counted() {
			t.Errorf("who was enrolled has not left: %v", got)
		}
		b.importRoster(rosterFile, "S11,K11,新人,护理学院,护理学,本科,2024-06-25,")
		if got := b.on("S11", "2024-12-31").Attrs; !got.Counted() {
			t.Errorf("enrolled once more and not counted: %v", got)
		}
		again := b.importRoster(rosterFile, "S12,K12,后来,护理学院,护理学,本科,2024-06-25,")
		b.take("legacy", "学号,毕业去向类别代码", "S12,10")
		if err := b.undo(again.Batch); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "S12") {
			t.Errorf("a destination stands on the enrolment: %v", err)
		}
	})
}

func TestMasterRecordsFillBlanksOnly(t *testing.T) {
	eachBench(t, func(t *testing.T, b *bench) {
		b.take("legacy", "学号,毕业去向类别代码,落实起始日,单位名称,单位性质代码", "S01,10,2024-06-01,北港医院,", "S02,10,2024-02-01,北港医院,39", "S03,10,2024-06-01,南港医院,23")
		levels := func() exchange.Report {
			t.Helper()
			r, err := b.employers.ImportLevels(context.Background(), office, file("单位名称,医院等级,生效日期,来源", "北港医院,三级甲等,2024-03-01,测试"), employer.ImportOptions{})
			if err != nil || r.Refused > 0 {
				t.Fatal(err, r.Refusals)
			}
			return r
		}
		levels()
		if got := b.on("S01", "2024-12-31").Counts; got.HospitalLevel != "31" {
			t.Errorf("S01 copied a blank and now has %+v", got)
		}
		if got := b.on("S02", "2024-12-31").Counts; got.HospitalLevel != "" || got.Nature != "39" {
			t.Errorf("before the level was given S02 has %+v", got)
		}
		before := b.all()
		levels()
		if b.all() != before {
			t.Error("the second time something changed")
		}
		b.take("legacy", "学号,毕业去向类别代码,落实起始日,单位名称", "S04,10,2024-07-01,北港医院")
		if got := b.on("S04", "2024-12-31").Counts.HospitalLevel; got != "31" {
			t.Errorf("a new case copies %q", got)
		}
		batches, err := b.store.BatchList(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range batches {
			if x.Source != history.SourceMaster {
				continue
			}
			if err := b.undo(x.ID); err != nil {
				t.Error(err)
			}
		}
		if got := b.on("S01", "2024-12-31").Counts.HospitalLevel; got != "" {
			t.Errorf("after the undo S01 still has %q", got)
		}
	})
}
