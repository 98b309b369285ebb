package httpd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// How long a server waits for a slow client, and for running requests at its end.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = patience + grace // a form waits for its turn before it is read
	writeTimeout  = 60 * time.Second
	idleTimeout   = 120 * time.Second
	farewell      = 8 * time.Second
	maxHeader     = 16 << 10
)

// Serve answers on the listener until the context ends, then lets running
// requests end for a few seconds. It speaks https if the Config has a
// certificate. Error: why it could not go on; nil after a wanted end.
func Serve(ctx context.Context, c Config, ln net.Listener, h http.Handler) error {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
	}
	limited := newConnections(ln, c.TLSCert == "")
	s.ConnState = limited.changed
	if site, ok := h.(*handler); ok {
		s.RegisterOnShutdown(site.queue.end)
	}
	if c.Log != nil {
		s.ErrorLog = slog.NewLogLogger(c.Log.Handler(), slog.LevelDebug)
	}
	ended := make(chan error, 1)
	go func() {
		if c.TLSCert != "" {
			ended <- s.ServeTLS(limited, c.TLSCert, c.TLSKey)
			return
		}
		ended <- s.Serve(limited)
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	if err := s.Shutdown(last); err != nil {
		return errors.Join(ignoreDeadline(err), s.Close())
	}
	return nil
}

// ignoreDeadline: a client that does not go is cut off, which is no failure.
func ignoreDeadline(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
