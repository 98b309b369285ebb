package access

import (
	"fmt"
	"testing"
)

func plain(field, value string) string { return field + "|" + value } // a keyed digest that tests can read

// TestACollegeIsNotLockedOut: many mistype behind one address and nobody waits, while
// one password on many accounts stays bounded (X31).
func TestACollegeIsNotLockedOut(t *testing.T) {
	s := &Service{Keyed: plain}
	campus := func(i int) From { return From{Peer: fmt.Sprintf("203.0.113.%d", i%250)} }
	for i := range 800 {
		try := s.attempt(fmt.Sprint("u", i), campus(i))
		for n := range 2 { // once wrong, once right
			if wait := s.tries.begin(0, try); wait > 0 {
				t.Fatalf("person %d, try %d waits %v", i, n, wait)
			}
		}
		s.tries.passed(try)
	}
	fresh := &Service{Keyed: plain}
	let := 0
	for i := range 500 {
		if fresh.tries.begin(0, fresh.attempt(fmt.Sprint("u", i), campus(i))) == 0 {
			let++
		}
	}
	if let != triesNetwork {
		t.Errorf("%d of 500 tries from one /24 were looked at", let)
	}
	if fresh.tries.begin(0, fresh.attempt("u1", From{Peer: "198.51.100.7"})) > 0 {
		t.Error("another network is locked as well")
	}
	code := fresh.attempt(codeTry+"new", campus(1))
	if code.mild = true; fresh.tries.begin(0, code) > 0 {
		t.Error("a code is not taken while somebody sprays passwords")
	}
}

// TestAKnownBrowserIsNotLockedOut: whoever got in from a browser before gets in
// again while others try their account and their network; it guesses no more than
// five times itself, and the mark of one account is none of another's (X31).
func TestAKnownBrowserIsNotLockedOut(t *testing.T) {
	s := &Service{Keyed: plain}
	known := From{Peer: "203.0.113.9", Known: s.KnownDevice("zhou")}
	for i := range 500 {
		s.tries.begin(0, s.attempt("zhou", From{Peer: fmt.Sprintf("203.0.%d.1", i)}))
		s.tries.begin(0, s.attempt(fmt.Sprint("u", i), From{Peer: "203.0.113.9"}))
	}
	if s.tries.begin(0, s.attempt("zhou", From{Peer: "203.0.113.9"})) == 0 {
		t.Fatal("nothing is bounded")
	}
	let := 0
	for range 100 {
		if s.tries.begin(0, s.attempt("ZHOU", known)) == 0 {
			let++
		}
	}
	if let != triesPair {
		t.Errorf("%d tries of a known browser", let)
	}
	for name, from := range map[string]From{
		"of another account": {Peer: "203.0.113.9", Known: s.KnownDevice("li")},
		"made up":            {Peer: "203.0.113.9", Known: "n.x"}, "blank": {Peer: "203.0.113.9", Known: "."},
	} {
		if s.attempt("zhou", from).device != "" {
			t.Errorf("a mark %s is believed", name)
		}
	}
}

func TestTriesNotLookedAtAreTakenBack(t *testing.T) {
	s := &Service{Keyed: plain}
	try := s.attempt("zhou", From{Peer: "203.0.113.9"})
	for range 100 {
		if s.tries.begin(0, try) > 0 {
			t.Fatal("a crowded minute locks people out")
		}
		s.tries.undo(try)
	}
}

func TestNetworks(t *testing.T) {
	for peer, want := range map[string]string{
		"203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24", "2001:db8:1:2:3::9": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "invalid IP": "invalid IP", "": "",
	} {
		if got := network(peer); got != want {
			t.Errorf("%q: %q, want %q", peer, got, want)
		}
	}
}
