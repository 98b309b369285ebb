package app

import (
	"context"
	"runtime/debug"
	"strings"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/exchange"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/reference"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/transfer"
)

// ImportOptions are what an import may be told, whatever its kind.
type ImportOptions struct {
	Cohort   string
	Source   string       // destinations: legacy, national or draft
	TrueFrom calendar.Day // blank: a correction, as if always so
	Batch    string       // roster, destinations, admissions: id to publish under; blank: a new one
	DryRun   bool
	Progress func(done, total int64)
}

// taker takes one kind of file.
type taker func(a *App, ctx context.Context, who access.Actor, f exchange.File, o ImportOptions) (exchange.Report, error)

// importKinds are the kinds of import with what takes them.
var importKinds = []struct {
	kind string
	take taker
}{
	{"roster", func(a *App, ctx context.Context, who access.Actor, f exchange.File, o ImportOptions) (exchange.Report, error) {
		return a.Roster.Import(ctx, who, f, roster.ImportOptions{Cohort: o.Cohort, TrueFrom: o.TrueFrom, Batch: o.Batch, DryRun: o.DryRun, Progress: o.Progress})
	}},
	{"destinations", func(a *App, ctx context.Context, who access.Actor, f exchange.File, o ImportOptions) (exchange.Report, error) {
		return a.Importer.Destinations(ctx, who, f, o.transfer())
	}},
	{"admissions", func(a *App, ctx context.Context, who access.Actor, f exchange.File, o ImportOptions) (exchange.Report, error) {
		return a.Importer.Admissions(ctx, who, f, o.transfer())
	}},
	{"employers", func(a *App, ctx context.Context, who access.Actor, f exchange.File, o ImportOptions) (exchange.Report, error) {
		return a.Employers.Import(ctx, who, f, employer.ImportOptions{DryRun: o.DryRun, Progress: o.Progress})
	}},
	{"hospital-levels", func(a *App, ctx context.Context, who access.Actor, f exchange.File, o ImportOptions) (exchange.Report, error) {
		return a.Employers.ImportLevels(ctx, who, f, employer.ImportOptions{DryRun: o.DryRun, Progress: o.Progress})
	}},
	{"minimum-wages", ofReference(reference.MinimumWages)},
	{"institutions", ofReference(reference.Institutions)},
	{"codes", ofReference(reference.Codes)},
	{external.Kind, func(a *App, ctx context.Context, who access.Actor, f exchange.File, o ImportOptions) (exchange.Report, error) {
		return a.Externals.Import(ctx, who, f, external.ImportOptions{Cohort: o.Cohort, DryRun: o.DryRun, Progress: o.Progress})
	}},
}

func ofReference(k reference.Kind) taker {
	return func(a *App, ctx context.Context, who access.Actor, f exchange.File, o ImportOptions) (exchange.Report, error) {
		return a.Reference.Import(ctx, who, k, f, reference.ImportOptions{DryRun: o.DryRun, Progress: o.Progress})
	}
}

func (o ImportOptions) transfer() transfer.Options {
	return transfer.Options{Source: o.Source, Cohort: o.Cohort, TrueFrom: o.TrueFrom, Batch: o.Batch, DryRun: o.DryRun, Progress: o.Progress}
}

// ImportKinds lists the kinds of import.
func ImportKinds() []string {
	var out []string
	for _, k := range importKinds {
		out = append(out, k.kind)
	}
	return out
}

// importMemory is how much the Go heap of a command that imports by itself may
// take before garbage is collected harder, in bytes. With SQLite's caches and the
// program's own pages the whole stays within 256 MiB. A server is left alone: its
// arrays may be larger than that.
const importMemory = 150 << 20

// Import takes a file of a kind. Errors: fault.Usage for an unknown kind or a
// file that cannot be taken as a whole.
func (a *App) Import(ctx context.Context, who access.Actor, kind string, f exchange.File, o ImportOptions) (exchange.Report, error) {
	if a.lone {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(importMemory))
	}
	for _, k := range importKinds {
		if k.kind == kind {
			return k.take(a, ctx, who, f, o)
		}
	}
	return exchange.Report{}, fault.Usagef("kind", "不能导入“%s”，可导入的有：%s", kind, strings.Join(ImportKinds(), "、"))
}
