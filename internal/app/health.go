package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"quxiang/internal/domain/settings"
	"quxiang/internal/httpd"
)

// unready says what keeps the server from doing its work: a database that keeps
// nothing, a disk that is nearly full, figures that are not counted yet. Empty: it
// works. What was found holds for a second, so that nobody can keep the disk busy
// by asking.
func (a *App) unready() (reasons, notes []string) {
	a.probe.mu.Lock()
	defer a.probe.mu.Unlock()
	if time.Since(a.probe.at) < time.Second {
		return a.probe.found, a.probe.notes
	}
	var found []string
	if err := a.keeps(); err != nil {
		found = append(found, "database: nothing can be saved")
	}
	if d := a.Disk(); d.Tight() {
		found = append(found, "disk: "+strconv.FormatUint(d.Free>>20, 10)+" MiB left in the data folder")
	}
	if !a.Figures.built() {
		found = append(found, "figures: not counted yet")
	}
	a.probe.found, a.probe.notes, a.probe.at = found, append(a.diskNotes(), a.backupNotes()...), time.Now()
	return a.probe.found, a.probe.notes
}

// diskNotes says that somebody must make room.
func (a *App) diskNotes() []string {
	d := a.Disk()
	if !d.Low() || d.Tight() {
		return nil
	}
	return []string{"disk: low, " + strconv.FormatUint(d.Free>>20, 10) + " MiB left in the data folder"}
}

// backupNotes says how old the last backup is, and warns when the next one should have
// been made. A server without a backup goes on working: nobody is sent away for it.
func (a *App) backupNotes() []string {
	age, ok, demo := a.backupAge()
	late := ""
	if age > settings.BackupAge {
		late = ", overdue: look at the nightly backup"
	}
	switch {
	case ok:
		return []string{"backup: " + age.Truncate(time.Minute).String() + " ago" + late}
	case demo:
		return nil // an invented school needs none
	}
	return []string{"backup: none yet, make one every night"}
}

// backupAge is how long ago the last backup was made; false: never, or it cannot be
// read.
func (a *App) backupAge() (age time.Duration, ok, demo bool) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	last, ok, err := a.Settings.LastBackup(ctx)
	if err == nil && ok {
		return a.Now().Time().Sub(last.At.Time()), true, false
	}
	seed, _ := a.Store.Setting(ctx, settingDemo)
	return 0, false, seed != ""
}

// probe is what was found when somebody last asked.
type probe struct {
	mu    sync.Mutex
	at    time.Time
	found []string
	notes []string
}

// settingProbe is written to see that writing works.
const settingProbe = "probe"

// probeTime is how long a write may take.
const probeTime = 3 * time.Second

func (a *App) keeps() error {
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	return a.Store.SaveSetting(ctx, settingProbe, strconv.FormatInt(int64(a.Now()), 10))
}

// Disk is the room on the disk of the data folder; zero where it is not known.
func (a *App) Disk() settings.Disk {
	free, most, ok := a.space(a.Data)
	if !ok {
		return settings.Disk{}
	}
	return settings.Disk{Free: free, Size: most}
}

// built reports that the arrays of everybody are there. It waits for nobody.
func (f *Figures) built() bool {
	if !f.building.TryLock() {
		return true // being brought up to date
	}
	defer f.building.Unlock()
	return f.columns != nil
}

// measure opens the socket of the metrics and has the program's own counted; nil
// if nobody asked for them. Error: fault.Usage.
func (a *App) measure(address string, conf *httpd.Config) (net.Listener, error) {
	if address == "" {
		return nil, nil
	}
	ln, err := httpd.ListenMetrics(address)
	if err != nil {
		return nil, err
	}
	m := httpd.NewMetrics()
	conf.Metrics = m
	count := func(of func() int64) func() float64 { return func() float64 { return float64(of()) } }
	m.Counter("commits_total", "Flushes to the disk.", count(func() int64 { return a.Store.Flow().Commits }))
	m.Counter("transactions_total", "Writing transactions; several share a flush.", count(func() int64 { return a.Store.Flow().Turns }))
	m.Counter("commit_seconds_total", "Time that flushes took.", func() float64 { return a.Store.Flow().Flushing.Seconds() })
	m.Counter("audit_entries_total", "Entries written to the audit trail since the start.", count(func() int64 { return a.Store.Flow().Entries }))
	m.Counter("logins_failed_total", "Logins refused for a wrong password since the start.", count(func() int64 { return a.Store.Flow().FailedLogins }))
	m.Gauge("sessions", "Sessions used within their idle time.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), probeTime)
		defer cancel()
		n, err := a.Store.SessionsSeen(ctx, a.Now()-2*3600*1000)
		if err != nil {
			return -1
		}
		return float64(n)
	})
	m.Gauge("disk_free_bytes", "Room left on the disk of the data folder.", func() float64 { return float64(a.Disk().Free) })
	m.Gauge("disk_size_bytes", "Size of the disk of the data folder.", func() float64 { return float64(a.Disk().Size) })
	m.Gauge("disk_watermark", "0: room; 1: nine tenths used, make room; 2: 95 in 100 used, files are refused.", func() float64 {
		d := a.Disk()
		return map[bool]float64{true: 1}[d.Low()] + map[bool]float64{true: 1}[d.Tight()]
	})
	m.Gauge("ready", "1 if /readyz says so.", func() float64 {
		if reasons, _ := a.unready(); len(reasons) > 0 {
			return 0
		}
		return 1
	})
	m.Gauge("backup_age_seconds", "Time since the last backup that became whole; -1 if there is none.", func() float64 {
		if age, ok, _ := a.backupAge(); ok {
			return age.Seconds()
		}
		return -1
	})
	return ln, nil
}

// answerMetrics answers GET /metrics on the socket until the context ends.
func answerMetrics(ctx context.Context, m *httpd.Metrics, ln net.Listener) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	s := &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	go func() {
		<-ctx.Done()
		s.Close()
	}()
	if err := s.Serve(ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return // the pages go on without
	}
}
