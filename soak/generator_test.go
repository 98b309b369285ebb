package soak

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patient is how often a visitor comes again who was told to: until it is their turn, on a
// machine however busy.
const patient = 60

// The generator is this test binary once more, in a process of its own: what it
// costs is not counted as the server's, and both share the machine's processors.

// order is what the generator is asked to do; it comes as JSON in the environment.
type order struct {
	Do      string        // instant, minute, peak, flood
	Address string        // http://127.0.0.1:port
	Guests  string        // file
	From    int           // first guest
	Count   int           // how many
	Over    time.Duration // how long
	Rate    int           // requests a second, of flood
}

// answered is what came of one request, as one line of the generator's output.
type answered struct {
	Graduate string
	What     string  // GET or POST and path
	Status   int     // 0: no answer
	Location string  // where it led
	Ms       float64 // since it was meant to be sent
	At       float64 // when it was meant to be sent, in ms since the beginning
	Retry    string  // Retry-After
	Kept     bool    // the answer holds the form
	Err      string
	Said     string // what a refusal says
}

// orderVariable is set in the generator's process.
const orderVariable = "QUXIANG_SOAK_ORDER"

// generate carries out the order in a process of its own.
func generate(t *testing.T, o order) []answered {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self)
	c.Env = append(os.Environ(), orderVariable+"="+string(text))
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		t.Fatalf("the generator: %v\n%s", err, said.String())
	}
	t.Logf("generator: %s", strings.TrimSpace(said.String()))
	var list []answered
	for in := json.NewDecoder(&out); in.More(); {
		var one answered
		if err := in.Decode(&one); err != nil {
			t.Fatal(err)
		}
		list = append(list, one)
	}
	return list
}

// carryOut is the generator's main function.
func carryOut(text string) error {
	g := &generator{out: json.NewEncoder(os.Stdout)}
	if err := json.Unmarshal([]byte(text), &g.order); err != nil {
		return err
	}
	g.host = strings.TrimPrefix(g.Address, "http://")
	lines, err := os.ReadFile(g.Guests)
	if err != nil {
		return err
	}
	for in := json.NewDecoder(bytes.NewReader(lines)); in.More(); {
		var v visitor
		if err := in.Decode(&v.guest); err != nil {
			return err
		}
		v.g = g
		g.visitors = append(g.visitors, &v)
	}
	g.visitors = g.visitors[g.From:][:g.Count]
	switch g.Do {
	case "instant":
		return g.instant()
	case "minute":
		return g.minute()
	case "peak", "flood":
		return g.flood()
	}
	return errors.New("no such order: " + g.Do)
}

type generator struct {
	order
	host     string
	visitors []*visitor
	began    time.Time

	mu  sync.Mutex
	out *json.Encoder
}

func (g *generator) report(a answered) {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.out.Encode(a)
}

// instant has everybody press the button at one moment: pages are open, connections
// are made, then all requests are written as fast as the machine can.
func (g *generator) instant() error {
	if err := g.prepare(); err != nil {
		return err
	}
	var wait sync.WaitGroup
	gates := make(chan struct{}, 256)
	for _, v := range g.visitors {
		v.hangUp()
		gates <- struct{}{}
		wait.Go(func() {
			defer func() { <-gates }()
			if err := v.dial(); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		})
	}
	wait.Wait()
	start := make(chan struct{})
	list := make([]answered, len(g.visitors))
	for i, v := range g.visitors {
		wait.Go(func() {
			<-start
			list[i] = v.press()
		})
	}
	time.Sleep(time.Second)
	g.began = time.Now()
	close(start)
	wait.Wait()
	fmt.Fprintf(os.Stderr, "%d answers in %s\n", len(list), time.Since(g.began).Round(time.Millisecond))
	for _, a := range list {
		g.report(a)
	}
	return nil
}

// press sends the form, and again when told to.
func (v *visitor) press() answered {
	for tries := 1; ; tries++ {
		page, a := v.exchange("POST "+formPath, v.send, v.g.began)
		a.Kept = keeps(a, page)
		if a.Status == http.StatusBadRequest {
			a.Said = summary(page)
		}
		if a.Status != http.StatusServiceUnavailable || tries == patient {
			return a
		}
		v.g.report(a)
		wait, _ := strconv.Atoi(a.Retry)
		time.Sleep(time.Duration(max(wait, 1)) * time.Second)
	}
}

// keeps reports a refusal that holds the form.
func keeps(a answered, page []byte) bool {
	return a.Status == http.StatusServiceUnavailable && bytes.Contains(page, []byte(`name="once"`)) && bytes.Contains(page, []byte(`name="form_token"`))
}

// prepare opens everybody's form, a few at a time.
func (g *generator) prepare() error {
	g.began = time.Now()
	var wait sync.WaitGroup
	var bad atomic.Int64
	work := make(chan *visitor)
	for range 16 {
		wait.Go(func() {
			for v := range work {
				if a := v.fillIn(time.Now()); a.Status != http.StatusOK {
					if bad.Add(1) < 4 {
						fmt.Fprintf(os.Stderr, "%+v\n", a)
					}
				}
				v.hangUp()
			}
		})
	}
	for _, v := range g.visitors {
		work <- v
	}
	close(work)
	wait.Wait()
	if n := bad.Load(); n > 0 {
		return fmt.Errorf("%d of %d pages did not open", n, len(g.visitors))
	}
	return nil
}

// minute has everybody come at a time of their own: the form, the registration, the
// receipt; one in five looks at home and at how it stands first.
func (g *generator) minute() error {
	g.began = time.Now()
	var wait sync.WaitGroup
	for i, v := range g.visitors {
		meant := g.began.Add(g.Over * time.Duration(i) / time.Duration(len(g.visitors)))
		wait.Go(func() {
			time.Sleep(time.Until(meant))
			if i%5 == 0 {
				for _, path := range []string{"/", "/mine"} {
					_, a := v.get(path, meant)
					g.report(a)
					meant = time.Now()
				}
			}
			v.register(meant)
			v.hangUp()
		})
	}
	wait.Wait()
	return nil
}

// register opens the form, sends it and reads the receipt. Whoever is told to come
// again does, as a browser would.
func (v *visitor) register(meant time.Time) {
	again := func(do func(time.Time) answered) answered {
		a := do(meant)
		v.g.report(a)
		for tries := 0; a.Status == http.StatusServiceUnavailable && tries < patient; tries++ {
			wait, _ := strconv.Atoi(a.Retry)
			time.Sleep(time.Duration(max(wait, 1)) * time.Second)
			a = do(time.Now())
			v.g.report(a)
		}
		meant = time.Now()
		return a
	}
	if a := again(v.fillIn); a.Status != http.StatusOK {
		return
	}
	a := again(func(meant time.Time) answered {
		_, a := v.exchange("POST "+formPath, v.send, meant)
		return a
	})
	if a.Status == http.StatusSeeOther {
		_, a = v.get(a.Location, time.Now())
		a.What = "GET /mine/receipt"
		v.g.report(a)
	}
}

// flood keeps a draft of one visitor after the other: peak with as many at a time as
// keep the server busy, flood at a rate that nothing slows down.
func (g *generator) flood() error {
	g.began = time.Now()
	end := g.began.Add(g.Over)
	var next atomic.Int64
	one := func(meant time.Time) {
		v := g.visitors[int(next.Add(1))%len(g.visitors)]
		if !v.busy.CompareAndSwap(false, true) {
			return // still waits: a person, not a machine
		}
		defer v.busy.Store(false)
		if v.send == nil {
			if a := v.fillIn(meant); a.Status != http.StatusOK {
				g.report(a)
				return
			}
			v.send = bytes.Replace(v.send, []byte("\r\n\r\nsubmit\r\n"), []byte("\r\n\r\nnotyet\r\n"), 1)
			meant = time.Now()
		}
		page, a := v.exchange("POST "+formPath, v.send, meant)
		a.Kept = keeps(a, page)
		g.report(a)
	}
	var wait sync.WaitGroup
	if g.Do == "peak" {
		for range 64 {
			wait.Go(func() {
				for time.Now().Before(end) {
					one(time.Now())
				}
			})
		}
		wait.Wait()
		return nil
	}
	for i := 0; ; i++ {
		meant := g.began.Add(time.Duration(i) * time.Second / time.Duration(g.Rate))
		if meant.After(end) {
			break
		}
		time.Sleep(time.Until(meant))
		wait.Go(func() { one(meant) })
	}
	wait.Wait()
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
