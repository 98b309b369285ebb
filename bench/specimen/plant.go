package specimen

import (
	"math/rand/v2"
	"strings"

	"quxiang/internal/domain/proofread"
)

// Fault is what was planted in a report.
type Fault struct {
	Kind, Cause  string
	Where        string // the caption of the table or the sentence
	Printed, Was string
	Rules        []proofread.Rule // that may name it

	InText bool
}

// Plan is a kind of fault: which figures can have it, and the rules that may find it.
type Plan struct {
	Name    string
	Rules   []proofread.Rule
	fits    func(*Figure, index) bool
	falsify func(*rand.Rand, *Figure) (cause string)
}

// index is what the report says of one thing.
type index map[string]struct{ tables, texts int }

func (r *Report) index() index {
	out := index{}
	for _, f := range r.figures {
		if f.Key == "" {
			continue
		}
		n := out[f.Key]
		if f.Is(InTable) {
			n.tables++
		} else {
			n.texts++
		}
		out[f.Key] = n
	}
	return out
}

// Plans are the kinds of faults, each planted alone.
var Plans = []Plan{
	{"share beside its count", []proofread.Rule{proofread.PctVsCounts, proofread.PctImpossible}, has(Pct | InTable), misprinted},
	{"last digit of a share", []proofread.Rule{proofread.PctVsCounts, proofread.PctImpossible}, lastDigit, plugged},
	{"share beside its base alone", []proofread.Rule{proofread.PctImpossible, proofread.PctVsCounts, proofread.RateVsParts, proofread.PartsVs100, proofread.TableVsTable, proofread.RateVsWeighted}, impossible, misprinted},
	{"total of a column", []proofread.Rule{proofread.TotalVsSum, proofread.TableVsTable, proofread.SubtotalVsSum, proofread.PctVsCounts}, has(Total | InTable), misprinted},
	{"part of a total", []proofread.Rule{proofread.TotalVsSum, proofread.SubtotalVsSum, proofread.PctVsCounts, proofread.PctImpossible, proofread.TableVsTable}, has(Part | InTable), misprinted},
	{"total of a group", []proofread.Rule{proofread.SubtotalVsSum, proofread.TotalVsSum, proofread.PctVsCounts, proofread.TableVsTable, proofread.PctImpossible}, has(Subtotal | InTable), misprinted},
	{"shares that make 100", []proofread.Rule{proofread.PartsVs100, proofread.PctImpossible, proofread.PctVsCounts, proofread.TableVsTable, proofread.RateVsParts}, has(Slice | InTable), misprinted},
	{"rate of the kinds beside it", []proofread.Rule{proofread.RateVsParts, proofread.PartsVs100, proofread.RateVsWeighted, proofread.PctImpossible, proofread.TableVsTable, proofread.PctVsCounts}, has(Rate | InTable), misprinted},
	{"rate of all beside those of the parts", []proofread.Rule{proofread.RateVsWeighted, proofread.PctImpossible, proofread.TableVsTable}, has(Weighted | InTable), misprinted},
	{"sentence against a table", []proofread.Rule{proofread.TextVsTable, proofread.PctVsCounts, proofread.TextVsText, proofread.TotalVsSum, proofread.PctImpossible, proofread.ClaimVsTable}, func(f *Figure, i index) bool { return f.Is(InText) && i[f.Key].tables > 0 }, misprinted},
	{"two tables", []proofread.Rule{proofread.TableVsTable, proofread.TotalVsSum, proofread.SubtotalVsSum, proofread.PctVsCounts, proofread.PctImpossible, proofread.RateVsParts, proofread.RateVsWeighted, proofread.PartsVs100}, func(f *Figure, i index) bool { return f.Is(InTable) && i[f.Key].tables > 1 }, misprinted},
	{"two sentences", []proofread.Rule{proofread.TextVsText, proofread.PctVsCounts, proofread.TotalVsSum}, func(f *Figure, i index) bool { return f.Is(InText) && i[f.Key].texts > 1 && i[f.Key].tables == 0 }, misprinted},
	{"sum said in a sentence", []proofread.Rule{proofread.TotalVsSum, proofread.PctVsCounts, proofread.TextVsTable, proofread.TextVsText, proofread.PctImpossible}, has(Enum | InText), misprinted},
	{"share said in a sentence", []proofread.Rule{proofread.PctVsCounts, proofread.TextVsTable, proofread.PctImpossible, proofread.TextVsText, proofread.PartsVs100, proofread.TotalVsSum}, has(Pct | InText), misprinted},
	{"difference said in a sentence", []proofread.Rule{proofread.DeltaOrYear, proofread.TextVsTable}, has(Delta | InText), misprinted},
	{"cohorts of a difference", []proofread.Rule{proofread.DeltaOrYear}, has(Years | InText), reworded},
	{"claim in words", []proofread.Rule{proofread.ClaimVsTable}, has(Words | InText), reworded},
	{"place in a list", []proofread.Rule{proofread.LabelOrNumber}, has(Rank | InTable), misplaced},
}

func has(t Tag) func(*Figure, index) bool {
	return func(f *Figure, _ index) bool { return f.Is(t) }
}

func lastDigit(f *Figure, _ index) bool {
	return f.Is(Pct|InTable) && f.digits > 0 && f.K > 0 && f.K < f.N
}

// impossible figures have a base so small that most misprints are no share of it.
func impossible(f *Figure, _ index) bool {
	return f.Is(Lone|InTable) && f.digits > 1 && f.N > 0 && f.N < 2000
}

// Plant falsifies one figure; nil if the report has none that fits.
func (r *Report) Plant(rng *rand.Rand, p Plan) *Fault {
	at := r.index()
	var fit []*Figure
	for _, f := range r.figures {
		if p.fits(f, at) {
			fit = append(fit, f)
		}
	}
	for range 20 {
		if len(fit) == 0 {
			return nil
		}
		f := fit[rng.IntN(len(fit))]
		was := f.String()
		if cause := p.falsify(rng, f); cause != "" {
			where := f.where.Title
			if f.Is(InText) {
				where = f.where.text()
			}
			return &Fault{Kind: p.Name, Cause: cause, Where: where, Printed: f.String(), Was: was, Rules: p.Rules, InText: f.Is(InText)}
		}
	}
	return nil
}

// misprinted changes a figure as people do.
func misprinted(rng *rand.Rand, f *Figure) string {
	was := f.Text
	if len(f.Wrong) > 0 {
		return ""
	}
	cause := "digit"
	switch rng.IntN(4) {
	case 0:
		cause, f.Text = "digits swapped", swapped(rng, was)
	case 1:
		if f.Prior != "" {
			cause, f.Text = "last year's", f.Prior
			break
		}
		fallthrough
	default:
		f.Text = retyped(rng, was)
	}
	if f.Text == was || f.close() {
		f.Text = was
		return ""
	}
	return cause
}

// close tells whether a share is changed by so little that it may be rounding.
func (f *Figure) close() bool {
	if f.N == 0 {
		return false
	}
	d, ok := proofread.ParseDecimal(f.Text)
	if !ok {
		return true
	}
	e := d.Sub(proofread.Share(f.K, f.N, f.digits))
	return e.Units >= -2 && e.Units <= 2
}

// retyped changes one digit.
func retyped(rng *rand.Rand, s string) string {
	b := []byte(s)
	for range 20 {
		i := rng.IntN(len(b))
		if b[i] < '0' || b[i] > '9' {
			continue
		}
		c := '0' + byte(rng.IntN(10))
		if c == b[i] || i == 0 && c == '0' {
			continue
		}
		b[i] = c
		break
	}
	return string(b)
}

// swapped exchanges two neighbouring digits.
func swapped(rng *rand.Rand, s string) string {
	b := []byte(s)
	from := rng.IntN(len(b))
	for k := range b {
		i := (from + k) % len(b)
		if i+1 < len(b) && b[i] != b[i+1] && digit(b[i]) && digit(b[i+1]) && (i > 0 || b[i+1] != '0') {
			b[i], b[i+1] = b[i+1], b[i]
			break
		}
	}
	return string(b)
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// plugged moves a share by a unit of its last digit, so that no rounding gives it.
func plugged(rng *rand.Rand, f *Figure) string {
	up, down := (&style{}).share(f.K, f.N, f.digits), (&style{mode: 2}).share(f.K, f.N, f.digits)
	d, ok := proofread.ParseDecimal(down)
	if !ok {
		return ""
	}
	unit := proofread.Decimal{Units: 1, Digits: d.Digits}
	to := d.Sub(unit)
	if up != down && rng.IntN(2) == 0 {
		to = d.Add(unit).Add(unit)
	}
	if to.Units <= 0 {
		return ""
	}
	f.Text = to.String()
	return "made to fit"
}

// reworded says something else.
func reworded(rng *rand.Rand, f *Figure) string {
	if len(f.Wrong) == 0 {
		return ""
	}
	f.Text = f.Wrong[rng.IntN(len(f.Wrong))]
	return "words"
}

// misplaced gives a place in a list to the next one as well.
func misplaced(_ *rand.Rand, f *Figure) string {
	if f.Value < 3 {
		return ""
	}
	f.Text = proofread.Whole(f.Value - 1).String()
	return "place of the one before"
}

// Named tells whether a finding speaks of the fault: of its figure, or of a sum or share
// that it spoils in the same table or sentence.
func (x *Fault) Named(f proofread.Finding) bool {
	for _, s := range []string{f.Printed, f.Expected} {
		if s != "" && (bare(s) == bare(x.Printed) || bare(s) == bare(x.Was)) {
			return true
		}
	}
	if x.InText {
		cell := strings.TrimSuffix(strings.TrimPrefix(f.Cell, "…"), "…")
		return cell != "" && strings.Contains(bare(x.Where), bare(cell))
	}
	return bare(f.Where) == bare(x.Where) || strings.Contains(bare(f.Where), bare(x.Where))
}

func bare(s string) string {
	return strings.NewReplacer("%", "", ",", "", " ", "", "续", "").Replace(s)
}
