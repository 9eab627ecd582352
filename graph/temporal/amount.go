package temporal

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
)

// amount is an exact decimal number of some unit of time: whole + fraction /
// 10^18, both with the same sign. Digits beyond the eighteenth decimal are
// dropped; that is less than a nanosecond of any unit.
type amount struct{ whole, fraction int64 }

const attos = 1_000_000_000_000_000_000

func wholeAmount(n int64) amount { return amount{whole: n} }

// times multiplies by an integer. ok is false on overflow.
func (a amount) times(k int64) (product amount, ok bool) {
	w, ok := mul(a.whole, k)
	negative := (a.fraction < 0) != (k < 0)
	hi, lo := bits.Mul64(magnitude(a.fraction), magnitude(k))
	carry, rest := bits.Div64(hi, lo, attos) // hi < attos, because the fraction is
	if carry > math.MaxInt64 {
		return amount{}, false
	}
	c, f := int64(carry), int64(rest)
	if negative {
		c, f = -c, -f
	}
	w, fits := add(w, c)
	return amount{w, f}, ok && fits
}

// over divides by an integer that is not 0; the last decimal is rounded away
// from zero. ok is false when the
// smallest number is divided by -1.
func (a amount) over(k int64) (quotient amount, ok bool) {
	w, f, d := magnitude(a.whole), magnitude(a.fraction), magnitude(k)
	hi, lo := bits.Mul64(w%d, attos)
	lo, carry := bits.Add64(lo, f, 0)
	f, rest := bits.Div64(hi+carry, lo, d) // (w mod d) + fraction < d
	if rest > 0 && f < attos-1 {
		f++ // so that three thirds of a month are no nanosecond short of it
	}
	w /= d
	negative := (a.whole < 0 || a.fraction < 0) != (k < 0)
	if negative {
		return amount{int64(-w), int64(-f)}, w <= 1<<63
	}
	return amount{int64(w), int64(f)}, w < 1<<63
}

// plus adds; the parts of the sum have one sign again.
func (a amount) plus(b amount) (sum amount, ok bool) {
	f := a.fraction + b.fraction // both below 10^18
	w, ok := add(a.whole, b.whole)
	switch {
	case w > 0 && f < 0:
		w, f = w-1, f+attos
	case w < 0 && f > 0:
		w, f = w+1, f-attos
	}
	if f >= attos || f <= -attos {
		var fits bool
		w, fits = add(w, f/attos)
		f, ok = f%attos, ok && fits
	}
	return amount{w, f}, ok
}

// nanos is what the fraction is worth when the unit has so many nanoseconds.
func (a amount) nanos(unit int64) int64 {
	part, _ := amount{fraction: a.fraction}.times(unit)
	return part.whole
}

// amountOf reads an Integer or a Float; a Float is the shortest decimal number
// that it is printed as, so that 0.1 is a tenth.
func amountOf(v graph.Value) (a amount, ok bool) {
	switch v.Kind() {
	case graph.KindInt:
		return wholeAmount(v.AsInt()), true
	case graph.KindFloat:
		f := v.AsFloat()
		if !(f > -1<<63 && f < 1<<63) {
			return amount{}, false
		}
		s := scanner{s: strconv.FormatFloat(f, 'f', -1, 64)}
		return s.amount()
	}
	return amount{}, false
}

// amount reads a number with an optional sign and decimals.
func (s *scanner) amount() (a amount, ok bool) {
	minus := s.accept('-')
	if !minus {
		s.accept('+')
	}
	n := s.digits()
	if n == 0 {
		return a, false
	}
	a.whole, ok = s.whole(n, minus)
	if s.accept('.') || s.accept(',') {
		d := s.digits()
		used := min(d, 18)
		a.fraction = s.number(used)
		for i := used; i < 18; i++ {
			a.fraction *= 10
		}
		s.i += d - used
		ok = ok && d > 0
	}
	if minus {
		a.fraction = -a.fraction
	}
	return a, ok
}

// whole reads n digits of a number with a sign before it; ok is false when the
// number does not fit.
func (s *scanner) whole(n int, minus bool) (x int64, ok bool) {
	start := s.i
	if minus {
		start--
	}
	s.i += n
	x, err := strconv.ParseInt(s.s[start:s.i], 10, 64)
	return x, err == nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func add(a, b int64) (sum int64, ok bool) {
	sum = a + b
	return sum, (sum > a) == (b > 0)
}

func mul(a, b int64) (product int64, ok bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if (a < 0) != (b < 0) {
		return int64(-lo), hi == 0 && lo <= 1<<63
	}
	return int64(lo), hi == 0 && lo < 1<<63
}
