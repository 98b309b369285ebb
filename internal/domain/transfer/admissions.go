package transfer

import (
	"context"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
)

// admitted is what a list of admissions says where it has no code: 研究生.
const admitted = "801"

// Admissions takes a list of admissions (拟录取, 推免, 转段): for each row a
// proposal of further study with the list as document seen. It counts once the
// graduate submits it and it is approved. Without a column of codes rows mean 801.
//
// Errors: as Destinations.
func (s *Service) Admissions(ctx context.Context, who access.Actor, f exchange.File, opt Options) (exchange.Report, error) {
	if opt.Source != "" && opt.Source != SourceDraft {
		return exchange.Report{}, fault.Usagef("source", "录取名单只用于代填，待本人提交，不要写 --source")
	}
	opt.Source = SourceDraft
	columns := append(exchange.Columns(exchange.Destination), identity()...)
	j := job{Options: opt, kind: "admissions", columns: columns, needs: [][]string{{"student_no", "exam_no"}},
		seen: &history.Evidence{SHA256: f.SHA256(), Kind: "ADM"}}
	j.code = func(v exchange.Values) string {
		if c, ok := v["code"]; ok {
			return c
		}
		return admitted
	}
	return s.run(ctx, who, f, j)
}
