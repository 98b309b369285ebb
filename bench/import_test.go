package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"quxiang/internal/app"
	"quxiang/internal/domain/access"
	"quxiang/internal/domain/exchange"
)

// Each import and each reading runs in a process of its own, this binary again:
// its clock, its processor time and its highest memory are its own then.

// The environment of a child: what it does, to which file, in which data folder.
const (
	taskVariable   = "QUXIANG_BENCH_TASK"
	fileVariable   = "QUXIANG_BENCH_FILE"
	folderVariable = "QUXIANG_BENCH_FOLDER"
)

// run is what a child measured of itself.
type run struct {
	Wall, CPU time.Duration
	Peak      int64 // most memory that was in use at one time (VmHWM), in bytes
	Rows      int
}

// String is the run in seconds and MiB.
func (r run) String() string {
	return fmt.Sprintf("%.1f s (%.1f s of processor, %d MiB)", r.Wall.Seconds(), r.CPU.Seconds(), r.Peak>>20)
}

var tasks = map[string]func(file string) (rows int, err error){
	"import": func(file string) (int, error) { return importRoster(file, exchange.Added) },
	"again":  func(file string) (int, error) { return importRoster(file, exchange.Same) },
	"excelize": func(file string) (int, error) {
		rows, _, err := readByExcelize(file)
		return rows - 1, err
	},
}

func TestMain(m *testing.M) {
	task := os.Getenv(taskVariable)
	if task == "" {
		os.Exit(m.Run())
	}
	r, err := measure(tasks[task])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(r)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measure(task func(string) (int, error)) (r run, err error) {
	began := time.Now()
	if r.Rows, err = task(os.Getenv(fileVariable)); err != nil {
		return r, err
	}
	r.Wall = time.Since(began)
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return r, err
	}
	r.CPU = time.Duration(used.Utime.Nano() + used.Stime.Nano())
	var programs syscall.Rusage // that it started
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &programs); err != nil {
		return r, err
	}
	r.CPU += time.Duration(programs.Utime.Nano() + programs.Stime.Nano())
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return r, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	_, err = fmt.Sscanf(rest, "%d kB", &r.Peak)
	r.Peak = max(r.Peak, programs.Maxrss) << 10
	return r, err
}

// importRoster does all that `quxiang import roster` does and returns how many
// rows it reports as of that kind.
func importRoster(file string, kind exchange.Kind) (rows int, err error) {
	ctx := context.Background()
	a, err := app.Open(ctx, app.Config{Data: os.Getenv(folderVariable)}, app.Writing)
	if err != nil {
		return 0, err
	}
	defer a.Close()
	content, err := app.ReadLocal(file)
	if err != nil {
		return 0, err
	}
	report, err := a.Import(ctx, access.Console("bench"), "roster", app.TableFile(file, content), app.ImportOptions{})
	if err == nil && report.Refused > 0 {
		err = fmt.Errorf("%d refusals: %v", report.Refused, report.Refusals[:min(3, len(report.Refusals))])
	}
	return report.Counts[kind], err
}

// child runs a task in a process of its own, on a data folder.
func child(b *testing.B, task, file, folder string, rows int) run {
	b.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), taskVariable+"="+task, fileVariable+"="+file, folderVariable+"="+folder)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		b.Fatalf("%s: %v", task, err)
	}
	var r run
	if err := json.Unmarshal(out, &r); err != nil {
		b.Fatalf("%s: %v: %s", task, err, out)
	}
	if r.Rows != rows {
		b.Fatalf("%s took %d rows, want %d", task, r.Rows, rows)
	}
	return r
}

// mostMemory is what an import may take (issue 3, §2).
const mostMemory = 256 << 20

// BenchmarkImport takes 100,000 rows of 40 cells into an empty school, against
// reading the same file with excelize and doing nothing with it, in turns.
func BenchmarkImport(b *testing.B) {
	const rows = 100_000
	for _, c := range []struct {
		name  string
		cells []cell
	}{{"listed", listed()}, {"kept", kept()}} {
		b.Run(c.name, func(b *testing.B) {
			file := rosterFile(b, "roster.xlsx", c.cells, rows)
			var ours, theirs []run
			for range 3 {
				theirs = append(theirs, child(b, "excelize", file, "", rows))
				ours = append(ours, child(b, "import", file, b.TempDir(), rows))
				b.Logf("excelize %v, import %v", theirs[len(theirs)-1], ours[len(ours)-1])
			}
			a, p := middle(ours), middle(theirs)
			told(b, "import", a)
			told(b, "excelize", p)
			ratio := a.Wall.Seconds() / p.Wall.Seconds()
			b.ReportMetric(ratio, "ratio")
			b.ReportMetric(a.CPU.Seconds()/p.CPU.Seconds(), "cpu-ratio")
			b.ReportMetric(0, "ns/op")
			if ratio > 1 {
				b.Errorf("median: the import took %v, reading with excelize alone %v", a, p)
			}
		})
	}
}

// BenchmarkImportLargest takes the largest roster that the product accepts, and
// then the same once more, which unseals and compares everybody and changes nothing.
func BenchmarkImportLargest(b *testing.B) {
	const rows = 200_000
	file, folder := rosterFile(b, "roster.csv", halfway(), rows), b.TempDir()
	told(b, "import", child(b, "import", file, folder, rows))
	told(b, "again", child(b, "again", file, folder, rows))
	b.ReportMetric(0, "ns/op")
}

// metrics are a run's time, processor time and memory.
func metrics(b *testing.B, name string, r run) {
	b.ReportMetric(r.Wall.Seconds(), name+"-s")
	b.ReportMetric(r.CPU.Seconds(), name+"-cpu-s")
	b.ReportMetric(float64(r.Peak)/(1<<20), name+"-peak-MiB")
}

// told are the metrics of a run that may take so much memory.
func told(b *testing.B, name string, r run) {
	metrics(b, name, r)
	if name != "excelize" && r.Peak > mostMemory {
		b.Errorf("%s took %d MiB", name, r.Peak>>20)
	}
}

// middle is a run of median times and the highest memory of all.
func middle(list []run) (r run) {
	var wall, cpu []time.Duration
	for _, x := range list {
		wall, cpu = append(wall, x.Wall), append(cpu, x.CPU)
		r.Peak = max(r.Peak, x.Peak)
	}
	r.Wall, r.CPU = median(wall), median(cpu)
	return r
}
