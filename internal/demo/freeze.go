package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/release"
)

// frozen are the snapshots of the 2024 cohort, oldest first.
var frozen = []struct {
	name     string
	asOf     string
	known    calendar.Instant
	approval release.Approval // none: not released
}{
	{"INIT-2024", "2024-08-31", dateOf("2024-09-10").start() + 16*hour + 30*minute, release.Approval{
		Office: "就业指导中心主任", Leader: "分管学生工作的副校长", Approved: "2024-09-10", Record: "滨医大校办纪要〔2024〕演示1号",
		ConsentAuthority: "滨海省教育厅（虚构）", ConsentNumber: "滨教就业函〔2024〕演示1号", ConsentDay: "2024-09-10",
		ConsentFile: consentFile,
	}},
	{"FINAL-2024", "2024-12-31", dateOf("2025-01-02").start() + 17*hour + 30*minute, release.Approval{}},
}

// consentFile is the digest of the consent's file: of a sentence, as there is none.
var consentFile = func() string {
	h := sha256.Sum256([]byte("演示学校没有真实的同意文件"))
	return hex.EncodeToString(h[:])
}()

// freeze freezes the figures as they were known at their moments, and releases
// the first ones an hour later. All histories are written by now, so that nothing
// can become known before those moments any more.
func (s *school) freeze(ctx context.Context, releases *release.Service) error {
	who := access.Actor{Account: s.staff.office[0], Grants: []access.Grant{{Role: access.Office, Over: access.School()}}}
	for _, f := range frozen {
		then := *releases
		then.Now = func() calendar.Instant { return f.known + hour }
		at, err := calendar.ParseWhen(f.asOf)
		if err != nil {
			return err
		}
		if _, err := then.FreezeAt(ctx, who, release.Freezing{Name: f.name, Cohort: "2024", AsOf: at}, f.known); err != nil {
			return err
		}
		if f.approval.Office == "" {
			continue
		}
		if _, err := then.Release(ctx, who, f.name, f.approval); err != nil {
			return err
		}
	}
	return nil
}
