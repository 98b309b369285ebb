package storetest

import (
	"fmt"
	"os"
	"testing"
	"time"

	"quxiang/internal/store"
)

// Server is a PostgreSQL server of one test alone, to be stopped and started under it.
type Server struct {
	*cluster
	t testing.TB
}

// Alone starts one, and ends it with the test. The test is skipped, or fails, as with
// Postgres, also where QUXIANG_TEST_POSTGRES names a server: that one is not ours to stop.
func Alone(t testing.TB) *Server {
	t.Helper()
	c, err := start()
	if err != nil {
		if os.Getenv("QUXIANG_CI") == "1" && os.Getenv("QUXIANG_TEST_POSTGRES") == "" {
			t.Fatal("no PostgreSQL: ", err)
		}
		t.Skip("no PostgreSQL: ", err)
	}
	t.Cleanup(func() {
		c.hold.Close()
		_ = c.keep.Wait()
	})
	return &Server{c, t}
}

// Database is the place of an empty one.
func (s *Server) Database() store.Config {
	s.t.Helper()
	url, _, err := s.database("")
	if err != nil {
		s.t.Fatal(err)
	}
	return store.Config{URL: url, Log: quiet}
}

// Stop stops the server: INT ends it in order, QUIT as a crash would, with nothing
// written down. It returns when nobody is answered any more.
func (s *Server) Stop(signal string) {
	s.t.Helper()
	s.tell(signal)
	for until := time.Now().Add(30 * time.Second); s.do(`select 1`) == nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			s.t.Fatal("PostgreSQL does not stop")
		}
	}
}

// Start starts it again and returns when it answers.
func (s *Server) Start() {
	s.t.Helper()
	s.tell("start")
	if err := s.wait(time.Minute); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) tell(word string) {
	if _, err := fmt.Fprintln(s.hold, word); err != nil {
		s.t.Fatal(err)
	}
}
