// Package app builds the whole program out of a Config, for main and for the
// tests alike.
package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"quxiang/internal/domain/access"
	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/codes"
	"quxiang/internal/domain/destination"
	"quxiang/internal/domain/disclosure"
	"quxiang/internal/domain/employer"
	"quxiang/internal/domain/external"
	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/history"
	"quxiang/internal/domain/ident"
	"quxiang/internal/domain/indicator"
	"quxiang/internal/domain/privacy"
	"quxiang/internal/domain/reference"
	"quxiang/internal/domain/release"
	"quxiang/internal/domain/report"
	"quxiang/internal/domain/roster"
	"quxiang/internal/domain/settings"
	"quxiang/internal/domain/transfer"
	"quxiang/internal/gateway/blob"
	"quxiang/internal/gateway/picture"
	"quxiang/internal/gateway/totp"
	"quxiang/internal/gateway/vault"
	"quxiang/internal/store"
)

// Config says where the program keeps its things. Its zero value with Data set works.
type Config struct {
	Data     string // folder
	Keys     string // folder of the key ring; blank: keys below Data
	Database string // postgres://…; blank: SQLite in Data
	Driver   string // of SQLite, as store.Config has it; blank: the usual one
	Log      *slog.Logger
}

// App is the program, open on one data folder.
type App struct {
	Config
	Store        *store.Store
	Vault        *vault.Vault
	Files        *blob.Files
	Accounts     *access.Service
	Roster       *roster.Service
	Employers    *employer.Service
	Reference    *reference.Service
	Destinations *destination.Service
	Importer     *transfer.Service
	Intake       *Intake
	Disclosures  *disclosure.Service
	Privacy      *privacy.Service
	Retention    *privacy.Retention
	Releases     *release.Service
	Settings     *settings.Service
	Trail        *audit.Service
	check        *checking
	reports      *Reports
	Annual       *report.Service
	Externals    *external.Service
	Figures      *Figures
	Work         *Worklists

	rotating sync.Mutex // held while data keys are changed

	probe  probe
	space  func(dir string) (free, most uint64, ok bool) // diskSpace
	folder *folder
	lone   bool         // one command, no server
	alone  func()       // ends the hold on the database; nil if none
	offset atomic.Int64 // of the folder's own clock to the machine's, in ms
	book   atomic.Pointer[codes.Book]
	school atomic.Pointer[indicator.School]
}

// Settings of a school (table meta).
const (
	settingSchool     = "school"
	settingSchoolCode = "school_code"
	settingRegion     = "region"
	settingDemo       = "demo"         // seed and size; set by demo only
	settingClock      = "clock_offset" // ms; set by demo only
	settingKeys       = "keys"         // what the school's key ring makes of a fixed word
)

// database is the name of the embedded database in the data folder.
const database = "quxiang.db"

// MustExist refuses a folder in which no school was made. Error: fault.Usage.
func MustExist(c Config) error {
	if c.Database != "" {
		return nil
	}
	_, err := os.Stat(filepath.Join(c.Data, database))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Usagef("data", "数据文件夹 %s 打不开：%s", c.Data, plainCause(err))
	}
	if err != nil {
		return fault.Usagef("data", "文件夹 %s 里还没有学校，请先运行 quxiang init 建库，或用 quxiang demo 建一所演示学校", c.Data)
	}
	return nil
}

// Open holds the folder and builds the program on it. The caller closes it.
// Errors: fault.Conflict when another process holds the folder; fault.Usage when
// it cannot be opened.
func Open(ctx context.Context, c Config, how Hold) (*App, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Keys == "" {
		c.Keys = filepath.Join(c.Data, "keys")
	}
	f, err := hold(ctx, c.Data, how)
	if err != nil {
		return nil, err
	}
	a := &App{Config: c, folder: f, space: diskSpace}
	if err := a.build(ctx, how); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

func (a *App) build(ctx context.Context, how Hold) (err error) {
	if a.Store, err = store.Open(ctx, store.Config{
		SQLite: sqlitePath(a.Config), URL: a.Database, Driver: a.Driver, Clock: a.Now, Log: a.Log,
	}); err != nil {
		return err
	}
	// The folder's own clock comes first: by another one, codes that hold would be
	// taken for expired and dropped.
	if err := a.readSettings(ctx); err != nil {
		return err
	}
	if how != Reading {
		// The lock of the folder is not enough on PostgreSQL: another folder's server
		// would never learn of what is written beside it.
		if a.alone, err = a.Store.HoldServer(ctx); err != nil {
			return err
		}
	}
	if err := a.openKeys(ctx); err != nil {
		return err
	}
	a.Store.FirstEnvelope = func(graduate, sealed string) (string, error) { return history.FirstEnvelope(a.Vault, graduate, sealed) }
	if err := a.reloadCodes(ctx); err != nil {
		return err
	}
	a.Figures = &Figures{store: a.Store, vault: a.Vault, book: a.Book, school: a.School, now: a.Now}
	a.lone = how != Serving
	if a.lone {
		a.Figures.held = map[string]bool{} // a single command reads the cohorts that it is asked for
	}
	a.services()
	a.Work = &Worklists{store: a.Store, review: a.Destinations.Review, now: a.Now}
	a.Figures.work = a.Work
	a.Store.OnCommit(a.Figures.touch)
	a.Store.OnCommit(a.Work.touch)
	if err := a.Accounts.LoadPolicy(ctx); err != nil {
		return err
	}
	return a.Settings.Load(ctx)
}

// services builds the verbs of each concept on the same parts.
func (a *App) services() {
	a.Files = blob.New(a.Data, a.Vault)
	a.Files.Room = func() error { return a.Disk().Room() }
	a.Accounts = &access.Service{Store: a.Store, Audit: a.Store, Passwords: vault.NewPasswords(), Keyed: a.Vault.Index, Factors: totp.Codes{}, Sealer: a.Vault, NewID: ident.New, Now: a.Now, School: a.School().Name, Personal: a.guessedFrom}
	a.Roster = &roster.Service{Store: a.Store, Audit: a.Store, Vault: a.Vault, Book: a.Book, NewID: ident.New, Now: a.Now}
	a.Reference = &reference.Service{Store: a.Store, Audit: a.Store, Book: a.Book, Reload: a.reloadCodes}
	a.check = &checking{app: a}
	a.reports = newReports(a.Store)
	a.Trail = &audit.Service{Store: a.Store, Notary: vault.NewNotary(a.Keys, a.origin), Now: a.Now}
	a.Settings = &settings.Service{Store: a.Store, Audit: a.Store}
	a.Destinations = &destination.Service{Store: a.Store, Audit: a.Store, Vault: a.Vault, Book: a.Book, NewID: ident.New, Now: a.Now,
		Chain: a.Settings.Chain, Rules: a.Settings.Rules}
	a.Destinations.Files, a.Destinations.Cleaner = a.Files, picture.NewCleaner()
	a.Importer = &transfer.Service{Store: a.Store, Audit: a.Store, Vault: a.Vault, Book: a.Book, NewID: ident.New, Now: a.Now,
		Notes: a.Destinations.Notes}
	a.Employers = &employer.Service{Store: a.Store, Audit: a.Store, Book: a.Book, NewID: ident.New, Fill: a.Importer.FillFromMaster}
	a.Releases = &release.Service{Store: a.Store, Audit: a.Store, Vault: a.Vault, Book: a.Book, NewID: ident.New, Now: a.Now,
		Counter: a.Figures, Env: a.Figures.Env, Members: a.Store.Members, Settled: a.sign}
	a.Externals = &external.Service{Store: a.Store, Audit: a.Store, Book: a.Book, Now: a.Now}
	a.Annual = &report.Service{Releases: a.Releases, External: a.Store.ExternalEntries, Store: a.Store, Audit: a.Store, School: func() string { return a.School().Name },
		Home: func() string { return codes.ProvinceOf(a.School().HomeCity) }, Now: a.Now, NewID: ident.New, Forms: printReport}
	a.Intake = newIntake(a)
	a.Privacy = &privacy.Service{Store: a.Store, Audit: a.Store, Vault: a.Vault, NewID: ident.New, Now: a.Now,
		AnswerDays: func() int { return a.Settings.Values().Privacy.AnswerDays }}
	a.Retention = &privacy.Retention{Service: a.Privacy, Keeping: a.Store, Files: a.Files,
		Terms: func() privacy.Terms { return privacy.Terms{EvidenceYears: a.Settings.Values().Privacy.EvidenceYears} }}
	a.Retention.Told = a.listErasures
	a.Disclosures = &disclosure.Service{Store: a.Store, Audit: a.Store, NewID: a.Roster.NewID, Now: a.Now}
}

// Now is the folder's own clock: the machine's, but for a demo school.
func (a *App) Now() calendar.Instant {
	return calendar.At(time.Now()) + calendar.Instant(a.offset.Load())
}

// Book returns the code tables with what the school added.
func (a *App) Book() *codes.Book { return a.book.Load() }

// School returns the school's name and home.
func (a *App) School() indicator.School {
	if s := a.school.Load(); s != nil {
		return *s
	}
	return indicator.School{}
}

func (a *App) reloadCodes(ctx context.Context) error {
	added, mapped, err := a.Store.LocalCodes(ctx)
	if err != nil {
		return err
	}
	book, err := codes.Builtin().With(added, mapped)
	if err != nil {
		return err
	}
	a.book.Store(book)
	return nil
}

// Close lets everything go. It is safe on a program that is half built; closing
// twice is closing once.
func (a *App) Close() error {
	if a.folder == nil {
		return nil
	}
	var err error
	if a.Intake != nil {
		a.Intake.close()
	}
	if a.alone != nil {
		a.alone()
	}
	if a.Store != nil {
		err = a.Store.Close()
	}
	a.folder.release()
	a.folder = nil
	return err
}
