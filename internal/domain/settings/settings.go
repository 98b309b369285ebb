// Package settings holds what a school decides for itself: how many levels of
// review there are, until when graduates check their data, and how strictly the
// list of institutions is taken.
//
// A setting holds for what is decided from now on; nothing that was decided
// before is decided again.
package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sync/atomic"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/destination/scrutiny"
	"quxiang/internal/domain/fault"
)

// Values are all settings of a school. The zero Values are not valid: Defaults are.
type Values struct {
	Chain       destination.Chain // levels of review, from near to far
	SourceUntil calendar.Day      // last day of checking the source data (生源核对); blank: none
	FullList    bool              // A22: the institutions are a full list, an unknown one is refused
	Privacy     Privacy
}

// Defaults are the settings of a school that decided nothing.
func Defaults() Values { return Values{Chain: destination.DefaultChain(), Privacy: DefaultPrivacy()} }

// Keys of the settings, as the store keeps them.
const (
	keyChain       = "review_chain"       // a destination.Chain as JSON
	keySourceUntil = "source_check_until" // 2006-01-02
	keyFullList    = "full_list"          // true, or blank
)

// Store keeps settings as text by key.
type Store interface {
	InTx(ctx context.Context, do func(context.Context) error) error
	// Setting returns what is kept under the key; blank if nothing.
	Setting(ctx context.Context, key string) (string, error)
	SaveSetting(ctx context.Context, key, value string) error
}

// Service holds the settings in force. Store and Audit are needed; it must not
// be copied. Before Load the defaults are in force.
type Service struct {
	Store Store
	Audit audit.Log

	held atomic.Pointer[Values]
}

// Values returns the settings in force.
func (s *Service) Values() Values {
	if v := s.held.Load(); v != nil {
		return *v
	}
	return Defaults()
}

// Chain returns the review chain in force.
func (s *Service) Chain() destination.Chain { return s.Values().Chain }

// Rules returns the rules of scrutiny with the school's switches.
func (s *Service) Rules() []scrutiny.Rule {
	list := scrutiny.DefaultRules()
	if !s.Values().FullList {
		return list
	}
	for i := range list {
		if _, ok := list[i].Switches["full_list"]; ok {
			list[i].Switches = map[string]bool{"full_list": true}
		}
	}
	return list
}

// Load reads the settings and puts them in force. Error: a setting that cannot
// be read, which is a broken database.
func (s *Service) Load(ctx context.Context) error {
	v, err := s.read(ctx)
	if err != nil {
		return err
	}
	s.held.Store(&v)
	return nil
}

func (s *Service) read(ctx context.Context) (Values, error) {
	v := Defaults()
	chain, err := s.Store.Setting(ctx, keyChain)
	if err != nil {
		return v, err
	}
	if chain != "" {
		v.Chain = destination.Chain{}
		if err := json.Unmarshal([]byte(chain), &v.Chain); err != nil {
			return v, fmt.Errorf("setting %s: %w", keyChain, err)
		}
		v.Chain = v.Chain.Reviewing()
		if err := v.Chain.Validate(); err != nil {
			return v, fmt.Errorf("setting %s: %w", keyChain, err)
		}
	}
	until, err := s.Store.Setting(ctx, keySourceUntil)
	if err != nil {
		return v, err
	}
	full, err := s.Store.Setting(ctx, keyFullList)
	v.SourceUntil, v.FullList = calendar.Day(until), full == "true"
	if err != nil {
		return v, err
	}
	v.Privacy, err = s.readPrivacy(ctx)
	return v, err
}

// Change puts other settings in force, for what is decided from now on. Settings
// that are so already change nothing.
//
// Errors: fault.Forbidden, also for who is not of the whole school; fault.Invalid.
func (s *Service) Change(ctx context.Context, who access.Actor, v Values) error {
	if err := who.May(access.Configure); err != nil {
		return err
	}
	if !who.Within(access.Configure).School {
		return fault.Forbiddenf("", "设置是全校的，须由校级账号办理，请联系就业中心")
	}
	v.Privacy = v.Privacy.orDefault()
	if err := v.check(); err != nil {
		return err
	}
	was := s.Values()
	if reflect.DeepEqual(was, v) {
		return nil
	}
	text, err := json.Marshal(v.Chain)
	if err != nil {
		return err
	}
	full := ""
	if v.FullList {
		full = "true"
	}
	detail := map[string]string{"levels": v.Chain.Titles(), "levels_before": was.Chain.Titles(),
		"source_check_until": string(v.SourceUntil), "source_check_until_before": string(was.SourceUntil),
		"full_list": fmt.Sprint(v.FullList), "full_list_before": fmt.Sprint(was.FullList),
		"privacy": v.Privacy.said(), "privacy_before": was.Privacy.said()}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		for _, kept := range append(v.Privacy.kept(), [][2]string{{keyChain, string(text)}, {keySourceUntil, string(v.SourceUntil)}, {keyFullList, full}}...) {
			if err := s.Store.SaveSetting(ctx, kept[0], kept[1]); err != nil {
				return err
			}
		}
		return s.Audit.Write(ctx, who, "settings.change", "school", detail)
	})
	if err != nil {
		return err
	}
	return s.Load(ctx) // what is stored, whoever wrote last
}

func (v *Values) check() error {
	if err := v.Chain.Validate(); err != nil {
		return err
	}
	if err := v.Privacy.check(); err != nil {
		return err
	}
	if v.SourceUntil == "" {
		return nil
	}
	if _, err := calendar.ParseDay(string(v.SourceUntil)); err != nil {
		return fault.Invalidf("source_check_until", "生源核对截止日“%s”读不出来，请写成 2025-04-30 的样子，或留空", v.SourceUntil)
	}
	return nil
}
