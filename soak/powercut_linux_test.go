package soak

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"quxiang/internal/app"
)

// disk is a file system of its own, in a file, that can lose its power.
type disk struct {
	image, at string
	mounted   bool
}

// newDisk makes one. The test is skipped, with the reason, where that is not
// allowed: it takes root and /dev/loop.
func newDisk(t *testing.T, kind string, megabytes int) *disk {
	t.Helper()
	maker, err := exec.LookPath("mkfs." + kind)
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	d := &disk{image: filepath.Join(dir, "image"), at: filepath.Join(dir, "mnt")}
	if err := errors.Join(os.WriteFile(d.image, nil, 0o600), os.Truncate(d.image, int64(megabytes)<<20), os.Mkdir(d.at, 0o700)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(maker, "-q", d.image).CombinedOutput(); err != nil {
		t.Skipf("%s: %v %s", maker, err, out)
	}
	if err := d.mount(); err != nil {
		t.Skip("no loop devices may be mounted here: ", err)
	}
	t.Cleanup(func() {
		if err := d.unmount(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *disk) mount() error {
	out, err := exec.Command("mount", "-o", "loop", d.image, d.at).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mount: %w %s", err, out)
	}
	d.mounted = true
	return nil
}

func (d *disk) unmount() error {
	if !d.mounted {
		return nil
	}
	out, err := exec.Command("umount", d.at).CombinedOutput()
	if err != nil {
		return fmt.Errorf("umount: %w %s", err, out)
	}
	d.mounted = false
	return nil
}

// cut is the power cut of reliability.md, Appendix A: the file system stops at once,
// and neither its journal nor what waits in memory reaches the disk. ext4 and xfs
// take the same call; xfs_io -x -c shutdown makes it too.
func (d *disk) cut() error {
	const shutdown, withoutFlush = 0x8004587d, uint32(2) // EXT4_IOC_SHUTDOWN, NOLOGFLUSH
	f, err := os.Open(d.at)
	if err != nil {
		return err
	}
	defer f.Close()
	how := withoutFlush
	if _, _, no := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), shutdown, uintptr(unsafe.Pointer(&how))); no != 0 {
		return no
	}
	return nil
}

// restart puts the power back on.
func (d *disk) restart(t *testing.T) {
	t.Helper()
	if err := errors.Join(d.unmount(), d.mount()); err != nil {
		t.Fatal(err)
	}
}

// TestPowerCut: what was acknowledged is there after the power failed in a burst of
// registrations, files of evidence included (P1, R3).
func TestPowerCut(t *testing.T) {
	soaking(t)
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for kind, n := range map[string]int{"ext4": max(5, rounds(t, 20)/10), "xfs": 2} {
		t.Run(kind, func(t *testing.T) {
			if lost := cutPower(t, kind, path, n, true); len(lost) > 0 {
				t.Errorf("lost %v", lost)
			}
		})
	}
}

// TestPowerCutIsOne is the positive control: the same program with synchronous=NORMAL
// in the place of FULL, and one that does not flush its files of evidence, must lose
// something. They are built from the released source with that one word changed, so
// that the program itself needs no switch for it.
func TestPowerCutIsOne(t *testing.T) {
	soaking(t)
	newDisk(t, "ext4", 64) // before anything is built for nothing
	t.Run("normal", func(t *testing.T) {
		path := plantedIn(t, change{"internal/store/sqlite.go", `"synchronous(FULL)"`, `"synchronous(NORMAL)"`},
			change{"internal/store/sqlite.go", "flush != 2", "flush != 1"})
		if lost := cutPower(t, "ext4", path, 3, false); len(lost) == 0 {
			t.Error("NORMAL lost nothing: this test proves nothing")
		} else {
			t.Logf("%d acknowledged registrations are lost, as planted", len(lost))
		}
	})
	t.Run("evidence not flushed", func(t *testing.T) {
		path := plantedIn(t, change{"internal/gateway/blob/blob.go", "err = t.Sync()", "err = nil"},
			change{"internal/gateway/blob/blob.go", "return errors.Join(d.Sync(), d.Close())", "return d.Close()"})
		if lost := cutPower(t, "ext4", path, 3, false); len(lost) == 0 {
			t.Error("files that were not flushed are all there: this test proves nothing")
		} else {
			t.Logf("%d things are lost, as planted", len(lost))
		}
	})
}

// cutPower cuts the power so often while registrations come in, and returns what was
// acknowledged and is not there. A program that keeps its word goes on on the same
// disk; another one has shown enough with its first loss.
func cutPower(t *testing.T, kind, path string, n int, keeps bool) (lost []string) {
	d := newDisk(t, kind, 400)
	c, seed := gather(t, app.Config{Data: filepath.Join(d.at, "data")}, n*crowdSize), uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	chance, a := rand.New(rand.NewPCG(seed, 3)), newAcks(t)
	syscall.Sync() // the crowd itself is not what is tried
	for round := range n {
		s := serveWith(t, path, c.args("serve")...)
		seats := c.ready(t, s, crowdSize)
		before, dark := a.count(), make(chan struct{})
		wait := time.Duration(20+chance.IntN(800)) * time.Millisecond
		go func() {
			defer close(dark)
			for until := time.Now().Add(20 * time.Second); a.count() <= before+10 && time.Now().Before(until); {
				time.Sleep(2 * time.Millisecond)
			}
			time.Sleep(wait)
			if err := d.cut(); err != nil {
				t.Error(err)
			}
			time.Sleep(100 * time.Millisecond) // acks that come before the server saw the error count
			s.kill()
		}()
		sendInTheDark(s, seats, a)
		<-dark
		d.restart(t)
		gone, doubled := c.compare(t, a, seats)
		t.Logf("%s, round %d: power cut %v after answer 10: %d acknowledged, %d of them lost", kind, round, wait, a.count()-before, len(gone))
		if len(doubled) > 0 {
			t.Errorf("doubled %v", doubled)
		}
		if out, code := run(t, c.args("verify")...); code != 0 {
			gone = append(gone, out)
		}
		if lost = append(lost, gone...); len(lost) > 0 {
			return lost
		}
		if keeps {
			c.settle(t, a, seats)
		}
	}
	return lost
}

// sendInTheDark is burst while the disk may be gone: a refusal is one of the answers
// that may come.
func sendInTheDark(s *server, seats []*seat, a *acks) {
	browser := client(crowdWide)
	defer browser.CloseIdleConnections()
	atOnceDo(seats, crowdWide, func(x *seat) { _ = x.register(browser, s.Address, a) })
}
