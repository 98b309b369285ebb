package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"quxiang/internal/domain/fault"
	"quxiang/internal/domain/ident"
)

// tenure is the hold of the one server on a PostgreSQL database: a lock of a session, on
// a connection of its own. The lock goes with the connection. So when PostgreSQL went
// away nothing is written until the lock is taken again, and nothing ever by a process
// beside which another one has served: it would not know what that one wrote (R18, R27).
type tenure struct {
	engine *postgres
	store  *Store
	id     string // of this hold, in the settings
}

// tenureRetry is between two attempts to take a lost hold again.
const tenureRetry = 500 * time.Millisecond

var errHoldLost = errors.New("store: the connection that holds the database broke")

// hold takes the server's lock and writes down who holds it.
func (e *postgres) hold(ctx context.Context, s *Store) (func(), error) {
	h := &tenure{engine: e, store: s, id: ident.New()}
	conn, err := h.take(ctx)
	if err != nil {
		return nil, err
	}
	host, _ := os.Hostname()
	who := fmt.Sprintf("主机 %s 上进程号为 %d ", host, os.Getpid())
	if err := errors.Join(s.SaveSetting(ctx, settingServer, who), s.SaveSetting(ctx, settingTenure, h.id)); err != nil {
		h.give(conn)
		return nil, err
	}
	watch, stop := context.WithCancel(context.Background())
	var over sync.WaitGroup
	over.Go(func() { h.keep(watch, conn) })
	return func() {
		stop()
		over.Wait()
	}, nil
}

// take connects and takes the lock. Error: fault.Conflict when another process has it.
func (h *tenure) take(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, h.engine.config.Copy())
	if err != nil {
		return nil, err
	}
	var got bool
	if err = conn.QueryRow(ctx, `select pg_try_advisory_lock($1)`, lockServer).Scan(&got); err == nil && got {
		return conn, nil
	}
	h.give(conn)
	if err != nil {
		return nil, err
	}
	who, err := h.store.Setting(ctx, settingServer)
	if err != nil {
		return nil, err
	}
	return nil, fault.Conflictf("database", "这个数据库已由%s的服务打开，请先停止它，或直接使用它", who)
}

// give gives the lock back before the connection, so that the next one finds it free.
func (h *tenure) give(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _ = conn.Exec(ctx, `select pg_advisory_unlock($1)`, lockServer)
	_ = conn.Close(ctx)
}

// keep waits for the end of the connection, and takes the lock again on another one.
func (h *tenure) keep(ctx context.Context, conn *pgx.Conn) {
	for conn != nil {
		_, err := conn.WaitForNotification(ctx) // nobody sends one
		if ctx.Err() != nil {
			h.give(conn)
			return
		}
		if err == nil {
			continue
		}
		h.engine.lost.Store(true)
		h.engine.log.Error("the database went away: nothing is written until it is back", "error", err)
		_ = conn.Close(ctx)
		if conn = h.again(ctx); conn != nil {
			h.engine.lost.Store(false)
			h.engine.log.Info("the database is back")
		}
	}
}

// again takes the lock once it can be had; nil when the wait is over, or when another
// process served meanwhile.
func (h *tenure) again(ctx context.Context) *pgx.Conn {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(tenureRetry):
		}
		conn, err := h.take(ctx)
		if err != nil {
			continue
		}
		last, err := h.store.Setting(ctx, settingTenure)
		if err == nil && last == h.id {
			return conn
		}
		h.give(conn)
		if err == nil {
			h.engine.log.Error("another process served this database meanwhile: restart this one")
			return nil
		}
	}
}
