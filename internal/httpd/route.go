package httpd

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"quxiang/internal/domain/access"
)

// Anyone is the permission of a route that needs no account.
const Anyone access.Permission = "anyone"

// SignedIn is the permission of a route that any account may take.
const SignedIn access.Permission = "signed-in"

// Class of the data that a route shows: it decides what may be kept and told on.
type Class string

// The classes.
const (
	Public   Class = "public"   // the same for everybody: may be kept
	Internal Class = "internal" // figures and forms of the house
	Personal Class = "personal" // says something about a person
	Secret   Class = "secret"   // its address lets somebody in: no referrer
)

// NotAudited is the audit kind of a route that writes nothing.
const NotAudited = "none"

// Request is a request with what httpd found out about it.
type Request struct {
	*http.Request
	ID      string         // of the request, for log and error page
	Account access.Account // who is signed in; the zero Account if nobody is
	Session access.Session // of who is signed in
	Who     access.Actor   // with the grants in force today
	Within  access.Scope   // over whom, by the route's Scope
	Peer    netip.Addr     // the client; behind a trusted proxy what the proxy says

	takesForm func(address string) bool
	queue     *queue                                           // whose turn this request has; nil: none
	site      *handler                                         // whose memory its body takes; nil: nobody counts
	giveBack  func()                                           // that memory
	files     map[string][]Upload                              // of the form, by field
	keep      func(ctx context.Context, location string) error // of a form with a key
	kept      bool                                             // keep was called

	ticket string // of the session
	form   string // of the form cookie
	conf   *Config
}

// SignedIn reports that somebody is.
func (r *Request) SignedIn() bool { return r.Account.ID != "" }

// Handler answers a request. An error that it returns is shown by the one
// function that shows errors; it must not have written anything then.
type Handler func(http.ResponseWriter, *Request) error

// Route is one row of the route table. Every field but MaxBody, Fresh and Always is needed:
// a route that leaves one blank does not start.
type Route struct {
	Method     string
	Pattern    string // of net/http's ServeMux, without the method
	Permission access.Permission
	Scope      func(access.Actor) access.Scope
	Class      Class
	Audit      string // the action that its verb writes down; NotAudited if it only reads
	Handle     Handler
	MaxBody    int64       // bytes of a form with its files; 0: 1 MiB
	Owing      bool        // open to who owes something before anything else (S39)
	Pays       access.Owed // where that is done: open to who owes it
	Fresh      bool        // the session must have proved itself within access.ProofTerm (S50)
	Always     bool        // answered however many wait and whoever asks: what costs nothing
}

// Nobody is the scope of a route that shows nobody.
func Nobody(access.Actor) access.Scope { return access.Scope{} }

// Over returns the scope over which the actor has the permission.
func Over(p access.Permission) func(access.Actor) access.Scope {
	return func(who access.Actor) access.Scope { return who.Within(p) }
}

// check says what the route lacks.
func (t *Route) check() error {
	var lacks []string
	for name, blank := range map[string]bool{
		"method": t.Method == "", "pattern": t.Pattern == "", "permission": t.Permission == "", "scope": t.Scope == nil,
		"class": t.Class == "", "audit": t.Audit == "", "handler": t.Handle == nil,
	} {
		if blank {
			lacks = append(lacks, name)
		}
	}
	if len(lacks) > 0 {
		return fmt.Errorf("httpd: route %s %s lacks %s", t.Method, t.Pattern, strings.Join(lacks, ", "))
	}
	if t.Method != http.MethodGet && t.Audit == NotAudited {
		return fmt.Errorf("httpd: route %s %s changes something and names no audit action", t.Method, t.Pattern)
	}
	if t.Permission == Anyone && t.Fresh {
		return fmt.Errorf("httpd: route %s %s wants a fresh proof of anyone", t.Method, t.Pattern)
	}
	if t.Always && (t.Permission != Anyone || t.Method != http.MethodGet) {
		return fmt.Errorf("httpd: route %s %s is answered always and is not anybody's", t.Method, t.Pattern)
	}
	if t.Permission == Anyone && t.Class == Personal {
		return fmt.Errorf("httpd: route %s %s shows persons to anyone", t.Method, t.Pattern)
	}
	return nil
}

// checkRoutes refuses an incomplete table.
func checkRoutes(routes []Route) error {
	var all []error
	for i := range routes {
		all = append(all, routes[i].check())
	}
	return errors.Join(all...)
}

// allows reports whether the route is open to the request, and says no.
func (t *Route) allows(r *Request) error {
	switch {
	case t.Permission == Anyone:
		return nil
	case !r.SignedIn():
		return errSignIn
	case t.Permission == SignedIn:
		return nil
	}
	return r.Who.May(t.Permission)
}
