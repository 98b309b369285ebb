package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver

	"quxiang/internal/domain/ident"
)

// cluster is a running server.
type cluster struct {
	url  *url.URL
	hold io.WriteCloser // the keeper's standard input: kept from the garbage collector
	keep *exec.Cmd

	once   sync.Once
	ready  string // see template
	failed error
}

// running starts the server on its first call.
var running = sync.OnceValues(func() (*cluster, error) {
	if given := os.Getenv("QUXIANG_TEST_POSTGRES"); given != "" {
		u, err := url.Parse(given)
		return &cluster{url: u}, err
	}
	return start()
})

// keeper is the parent of the server. It stops the server with the signal that a line of
// its standard input names, or starts it again. It ends the server and clears the folder
// when its standard input ends, which is when the test binary does, however.
const keeper = `
bin=$1 dir=$2
up() {
	"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 \
		-c autovacuum=off -c wal_level=minimal -c max_wal_senders=0 -c min_wal_size=32MB -c max_wal_size=64MB >>"$dir/log" 2>&1 &
}
down() { kill "-$1" $!; wait $!; }
"$bin/initdb" -D "$dir/data" -U quxiang -E UTF8 --locale=C.UTF-8 --auth=trust --no-sync >"$dir/log" 2>&1 || exit
up
while read -r word; do
	case $word in
	start) up ;;
	*) down "$word" ;;
	esac
done
down INT
cd / && rm -rf "$dir"
`

// start makes a cluster of its own in a temporary folder, reached by a socket in
// that folder. PostgreSQL refuses to run as root; then it runs as postgres.
func start() (*cluster, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		return nil, errors.New("no server in /usr/lib/postgresql and no QUXIANG_TEST_POSTGRES")
	}
	bin := filepath.Dir(slices.Max(found))
	dir, err := os.MkdirTemp(room(), "quxiang-pg-")
	if err != nil {
		return nil, err
	}
	command := []string{"sh", "-c", keeper, "sh", bin, dir}
	if os.Getuid() == 0 {
		if err := give(dir, "postgres"); err != nil {
			return nil, err
		}
		command = append([]string{"runuser", "-u", "postgres", "--"}, command...)
	}
	keep := exec.Command(command[0], command[1:]...)
	keep.Dir = dir
	hold, err := keep.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := keep.Start(); err != nil {
		return nil, err
	}
	address := &url.URL{Scheme: "postgres", User: url.User("quxiang"), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}
	c := &cluster{url: address, hold: hold, keep: keep}
	if err := c.wait(30 * time.Second); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return nil, fmt.Errorf("%w\n%s", err, log)
	}
	return c, nil
}

func give(dir, name string) error {
	u, err := user.Lookup(name)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	return os.Chown(dir, uid, -1)
}

// wait waits until the server answers.
func (c *cluster) wait(atMost time.Duration) error {
	until := time.Now().Add(atMost)
	for {
		err := c.do(`select 1`)
		if err == nil || time.Now().After(until) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// do runs one statement in the server's own database.
func (c *cluster) do(statement string) error {
	db, err := sql.Open("pgx", c.url.String())
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

// database makes a database out of another, or an empty one for a blank name; drop ends
// it with whoever is still connected.
func (c *cluster) database(template string) (address string, drop func() error, err error) {
	name := "quxiang_test_" + ident.New()
	statement := `create database ` + name
	if template != "" {
		statement += ` template ` + template + ` strategy file_copy`
	}
	if err := c.do(statement); err != nil {
		return "", nil, err
	}
	return c.at(name), func() error { return c.do(`drop database ` + name + ` with (force)`) }, nil
}
