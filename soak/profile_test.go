package soak

import (
	"context"
	"os"
	"testing"

	"quxiang/internal/app"
)

// TestProfile serves from this very process, so that -cpuprofile and -memprofile
// show what a registration costs:
//
//	QUXIANG_SOAK=1 QUXIANG_SOAK_PROFILE=1 go test -run TestProfile -cpuprofile cpu.out ./soak
func TestProfile(t *testing.T) {
	soaking(t)
	if os.Getenv("QUXIANG_SOAK_PROFILE") == "" {
		t.Skip("for whoever makes it faster: QUXIANG_SOAK_PROFILE=1")
	}
	args, guests := crowded(t, "", 3000)
	a, err := app.Open(t.Context(), app.Config{Data: args[2]}, app.Serving)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- a.Serve(ctx, app.Serve{Listen: "127.0.0.1:0", Ready: func(address string) { ready <- address }})
	}()
	list := generate(t, order{Do: "instant", Address: <-ready, Guests: guests, Count: 3000})
	t.Logf("median %.1f s, slowest %.1f s", quantile(list, 50)/1000, quantile(list, 100)/1000)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
