// Package demo builds the invented medical university 滨海医科大学 with its past:
// the demonstration, the tests and the screenshots all use it.
//
// Its 2024 cohort counts on 31 August what the reconstructed table says, for all
// that was known from 10 September on; every number stands on a history that the
// rules of registration accept. Same seed and size, same school. No person, firm
// or number in it can be a real one.
package demo

import (
	"context"
	"fmt"
	"strconv"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/roster"
)

// Size of the 2024 cohort unless one is asked for, and the most there may be.
const (
	Size    = 2660
	MaxSize = 1_000_000
)

// Start is the moment at which the school lives when it is built: 2025-06-16
// 09:00, a Monday of the season in which the 2025 cohort registers.
var Start = calendar.Day("2025-06-16").Start() + 9*hour

// Settings of the school, as the program reads them. The mark is written last: a
// database without it holds no school, or one whose building was interrupted.
const (
	settingSchool = "school"
	settingCode   = "school_code"
	settingRegion = "region"
	settingClock  = "clock_offset"
	settingMark   = "demo"
)

// Store is what the school is written to.
type Store interface {
	audit.Log
	InTx(ctx context.Context, do func(context.Context) error) error
	SaveSetting(ctx context.Context, key, value string) error
	SaveLocalCodes(ctx context.Context, added []codes.Code, mapped []codes.Mapping) error
	AddUnits(ctx context.Context, units []roster.Unit) error
	SaveEmployers(ctx context.Context, list []employer.Employer) error
	SaveHospitalLevels(ctx context.Context, list []employer.HospitalLevel) error
	SaveMinimumWages(ctx context.Context, list []codes.MinimumWage, source string) error
	SaveAccount(ctx context.Context, a access.Account) error
	SaveSamples(ctx context.Context, list []destination.Sample) error
	SaveDocument(ctx context.Context, d destination.Document) error
	Load(ctx context.Context, who access.Actor, action string, people []roster.StagedGraduate, events []history.Event) error
}

// Files keep evidence by the hash of its content.
type Files interface {
	Put(plain []byte) (sha256 string, err error)
}

// Target is the empty program that the school is built in. All fields are needed.
type Target struct {
	Store    Store
	Vault    history.Vault
	Files    Files
	Releases *release.Service
	External *external.Service
	// Reload makes the program read the school's settings and codes again, before
	// the figures are frozen.
	Reload func(ctx context.Context) error
}

// Options say which school is built.
type Options struct {
	Graduates int    // of the 2024 cohort, 100 to MaxSize; the others in proportion
	Seed      uint64 // same seed, same school
	// Machine is the machine's clock, from which the school's own differs by a
	// fixed offset: when the building is done, the school's says Start.
	Machine func() calendar.Instant
	// Progress is told of how many graduates are written; nil if nobody asks.
	Progress func(done, total int64)
}

// building is how long the building may take at most: so much earlier the school's
// clock starts, so that its audit trail never goes back in time.
const building = hour

// builder is the one who wrote the school, in the audit trail.
var builder = access.Console("demo")

// Build fills an empty database with the school. It is done when the setting
// demo is there; what an interrupted building leaves has none.
//
// Errors: fault.Usage for a size that cannot be built; fault.Conflict when the
// database was not empty.
func Build(ctx context.Context, to Target, o Options) error {
	if o.Graduates < 100 || o.Graduates > MaxSize {
		return fault.Usagef("graduates", "--graduates 应为 100 到 %d 之间的人数，现为 %d", MaxSize, o.Graduates)
	}
	s, err := newSchool(o.Graduates, o.Seed)
	if err != nil {
		return err
	}
	if err := s.found(ctx, to.Store, Start-building-o.Machine()); err != nil {
		return err
	}
	if err := to.Reload(ctx); err != nil {
		return err
	}
	shown, err := s.write(ctx, to, o.Progress)
	if err != nil {
		return err
	}
	if err := s.freeze(ctx, to.Releases); err != nil {
		return err
	}
	if err := s.measure(ctx, to.External, o.Graduates); err != nil {
		return err
	}
	return finish(ctx, to.Store, shown, o)
}

// found writes what the people stand on: settings, codes, units, employers,
// wages and the accounts of staff, in one transaction.
func (s *school) found(ctx context.Context, to Store, clock calendar.Instant) error {
	return to.InTx(ctx, func(ctx context.Context) error {
		for _, kv := range [][2]string{{settingSchool, schoolName}, {settingCode, schoolCode}, {settingRegion, homeCity},
			{settingClock, strconv.FormatInt(int64(clock), 10)}} {
			if err := to.SaveSetting(ctx, kv[0], kv[1]); err != nil {
				return err
			}
		}
		for _, step := range []func() error{
			func() error { return to.SaveLocalCodes(ctx, localCodes(), nil) },
			func() error { return to.AddUnits(ctx, s.units) },
			func() error { return to.SaveEmployers(ctx, s.market.masters()) },
			func() error { return to.SaveHospitalLevels(ctx, s.market.levels()) },
			func() error { return to.SaveMinimumWages(ctx, minimumWages(), invented) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		for _, a := range s.staff.accounts {
			if err := to.SaveAccount(ctx, a); err != nil {
				return err
			}
		}
		return to.Write(ctx, builder, "demo.found", "school", map[string]string{
			"units": strconv.Itoa(len(s.units)), "accounts": strconv.Itoa(len(s.staff.accounts))})
	})
}

// finish keeps the accounts of the graduates who are shown around, sets the
// school's clock and, last, the mark that it is complete.
func finish(ctx context.Context, to Store, shown []access.Account, o Options) error {
	return to.InTx(ctx, func(ctx context.Context) error {
		for _, a := range shown {
			if err := to.SaveAccount(ctx, a); err != nil {
				return err
			}
		}
		offset := strconv.FormatInt(int64(Start-o.Machine()), 10)
		if err := to.SaveSetting(ctx, settingClock, offset); err != nil {
			return err
		}
		if err := to.SaveSetting(ctx, settingMark, fmt.Sprintf("%d/%d", o.Seed, o.Graduates)); err != nil {
			return err
		}
		return to.Write(ctx, builder, "demo.finish", "school", map[string]string{
			"seed": strconv.FormatUint(o.Seed, 10), "graduates": strconv.Itoa(o.Graduates)})
	})
}
