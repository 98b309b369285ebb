package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"quxiang/internal/domain/audit"
	"quxiang/internal/domain/fault"
	"quxiang/internal/store/migrations"
)

// Advisory locks of one database, by number.
const (
	lockFreeze = 7001 // shared by writers of histories, alone for FreezeTx
	lockSeal   = 7002 // whoever chains the audit trail
	lockServer = 7003 // whoever serves
	lockAwait  = 7004 // with a number of what is awaited
)

// sealDelay is how long entries of the audit trail wait for the sealer at most,
// together with the time of sealing itself.
const sealDelay = 200 * time.Millisecond

const connections = 20

// postgres is the engine for schools that have a database server.
type postgres struct {
	db     *sql.DB
	config *pgx.ConnConfig
	lost   atomic.Bool // the hold on the database: nothing may be written
	log    *slog.Logger
	wake   chan struct{} // something waits for the sealer
	quit   chan struct{}
	done   sync.WaitGroup
	flow   flow
}

func openPostgres(ctx context.Context, url string, migrate bool, log *slog.Logger) (engine, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errNoAddress()
	}
	config.RuntimeParams["application_name"] = "quxiang"
	e := &postgres{db: stdlib.OpenDB(*config), config: config, log: log, wake: make(chan struct{}, 1), quit: make(chan struct{})}
	e.db.SetMaxOpenConns(connections)
	e.db.SetMaxIdleConns(connections)
	locker, err := lock.NewPostgresSessionLocker()
	if err == nil {
		err = bringUp(ctx, e.db, migrations.Files, goose.DialectPostgres, locker, migrate)
	}
	if err == nil {
		err = e.settle(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, e.db.Close())
	}
	e.done.Go(e.sealer)
	return e, nil
}

func errNoAddress() error {
	return fault.Usagef("database", "数据库地址读不出来，应写成 postgres://用户:密码@主机/库名 的样子")
}

func (e *postgres) run(ctx context.Context, alone bool, do func(context.Context, *tx) error) error {
	if e.lost.Load() {
		return fault.Outagef(errHoldLost, "", "%s", saysAway)
	}
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `begin isolation level read committed`); err != nil {
		return err
	}
	open := true
	defer func() {
		if open { // an error, or a panic on its way
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), `rollback`)
		}
	}()
	t := newTx(conn)
	if alone {
		if _, err := t.exec(ctx, `select pg_advisory_xact_lock($1)`, lockFreeze); err != nil {
			return err
		}
		t.frozen = true
	}
	if err := do(ctx, t); err != nil {
		return err
	}
	open = false
	began := time.Now()
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), `commit`); err != nil {
		return fmt.Errorf("store: not saved: %w", err)
	}
	e.flow.committed(1, time.Since(began))
	if t.entry != nil {
		select {
		case e.wake <- struct{}{}:
		default: // it knows
		}
	}
	return nil
}

func (e *postgres) counted() *flow { return &e.flow }

func (e *postgres) reader() runner { return e.db }

func (e *postgres) share(ctx context.Context, t *tx) error {
	if t.frozen {
		return nil
	}
	_, err := t.exec(ctx, `select pg_advisory_xact_lock_shared($1)`, lockFreeze)
	t.frozen = err == nil
	return err
}

func (e *postgres) await(ctx context.Context, t *tx, what string) error {
	_, err := t.exec(ctx, `select pg_advisory_xact_lock($1, hashtext($2))`, lockAwait, what)
	return err
}

// chain leaves the entry to the sealer: writers do not wait for each other.
func (e *postgres) chain(context.Context, *tx, *audit.Entry) error { return nil }

// sealer chains entries soon after their commit.
func (e *postgres) sealer() {
	for {
		select {
		case <-e.quit:
			return
		case <-e.wake:
		}
		select {
		case <-e.quit:
			return
		case <-time.After(sealDelay):
		}
		if err := e.settle(context.Background()); err != nil {
			e.log.Error("audit entries wait to be chained", "error", err)
			select {
			case e.wake <- struct{}{}: // try again
			default:
			}
		}
	}
}

// settle chains the waiting entries in order of their instant. The lock makes
// several processes chain one after another.
func (e *postgres) settle(ctx context.Context) error {
	return e.run(ctx, false, func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, `select pg_advisory_xact_lock($1)`, lockSeal); err != nil {
			return err
		}
		return t.sealWaiting(ctx)
	})
}

func (e *postgres) guards() string {
	return `select tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
		where pg_table_is_visible(c.oid) and tgenabled <> 'D'`
}

func (e *postgres) snapshot(ctx context.Context, do func(runner) error) error {
	t, err := e.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer t.Rollback()
	return do(t)
}

func (e *postgres) close() error {
	close(e.quit)
	e.done.Wait()
	if e.lost.Load() {
		return e.db.Close() // whoever opens the database next chains what waits
	}
	return errors.Join(e.settle(context.Background()), e.db.Close())
}

func duplicatePostgres(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23505"
}

// duplicate reports that a unique key was violated.
func duplicate(err error) bool { return duplicateSQLite(err) || duplicatePostgres(err) }
