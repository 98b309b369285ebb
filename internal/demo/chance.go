package demo

import (
	"math/rand/v2"
	"slices"

	"quxiang/internal/domain/calendar"
	"quxiang/internal/domain/ident"
)

// Streams of chance, one for each thing that is built, so that one more firm
// changes nobody's name.
const (
	ofPeople = iota + 1
	ofSlots
	ofSpread
	ofEmployers
	ofStaff
)

// random returns the stream of one thing; same seed, same stream.
func random(seed uint64, stream, of uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream<<56|of))
}

// chance is true in that percentage of cases.
func chance(r *rand.Rand, percent float64) bool { return r.Float64()*100 < percent }

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// choice is a value with its weight.
type choice[T any] struct {
	value  T
	weight int
}

func weighted[T any](r *rand.Rand, list []choice[T]) T {
	sum := 0
	for _, c := range list {
		sum += c.weight
	}
	n := r.IntN(sum)
	for _, c := range list {
		if n < c.weight {
			return c.value
		}
		n -= c.weight
	}
	panic("demo: weights of nothing")
}

// apportion splits total by the weights, by largest remainder; the first of
// equal ones takes. Where total is the sum of the weights it returns them.
func apportion(weights []int, total int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	out, order := make([]int, len(weights)), make([]int, len(weights))
	left := total
	for i, w := range weights {
		out[i], order[i] = w*total/sum, i
		left -= out[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return weights[b]*total%sum - weights[a]*total%sum })
	for _, i := range order[:left] {
		out[i]++
	}
	return out
}

// spread splits n by the weights, not all of them 0, with chance only in the
// rounding: the sum is n, and each part is off its share by less than one.
func spread(r *rand.Rand, n int, weights []float64) []int {
	sum, last := 0.0, 0
	for i, w := range weights {
		if sum += w; w > 0 {
			last = i
		}
	}
	out := make([]int, len(weights))
	at, shift, before := 0.0, r.Float64(), 0
	for i, w := range weights {
		at += w
		now := min(n, int(at/sum*float64(n)+shift))
		if i >= last { // whatever the rounding of floats left
			now = n
		}
		out[i] = now - before
		before = now
	}
	return out
}

// numbers makes ids in the form of ident.New: the moment, then 32 bits of the
// thing that they are of, 8 of a count and 40 of chance.
type numbers struct {
	of    uint32
	count uint8
	r     *rand.Rand
}

func (n *numbers) next(at calendar.Instant) string {
	var b [16]byte
	n.count++
	fill(b[0:6], uint64(at))
	fill(b[6:10], uint64(n.of))
	b[10] = n.count
	fill(b[11:16], n.r.Uint64())
	return ident.Encode(b)
}

// fill writes the low bytes of v, the greatest first.
func fill(b []byte, v uint64) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte(v)
		v >>= 8
	}
}
