package cyrand

import "math/rand/v2"

// Choices is a list of decisions. Drawn from a source it records, given it
// replays; past its end everything is 0.
type Choices struct {
	List   []uint32
	at     int
	source *rand.Rand // nil when replaying
}

// Record draws from a seed.
func Record(seed1, seed2 uint64) *Choices {
	return &Choices{source: rand.New(rand.NewPCG(seed1, seed2))}
}

// Replay takes the decisions of a list.
func Replay(list []uint32) *Choices { return &Choices{List: list} }

// n decides among n things; 0 is the simplest of them.
func (c *Choices) n(n int) int {
	if c.source != nil {
		c.List = append(c.List, uint32(c.source.IntN(n)))
	}
	if c.at >= len(c.List) {
		return 0
	}
	c.at++
	return int(c.List[c.at-1]) % n
}

// rarely is true one time in n.
func (c *Choices) rarely(n int) bool { return c.n(n) == n-1 }

func pick[T any](c *Choices, of ...T) T { return of[c.n(len(of))] }

// shrinkTries bounds how often Shrink asks.
const shrinkTries = 3000

// Shrink makes a list shorter and its decisions smaller while fails holds. It
// takes out blocks of halving length, then lowers single decisions, and begins
// again until nothing helps.
func Shrink(list []uint32, fails func([]uint32) bool) []uint32 {
	best := append([]uint32(nil), list...)
	tries := 0
	try := func(candidate []uint32) bool {
		if tries++; tries > shrinkTries || !fails(candidate) {
			return false
		}
		best = candidate
		return true
	}
	for better := true; better && tries <= shrinkTries; {
		better = false
		for size := len(best); size > 0; size /= 2 {
			for at := len(best) - size; at >= 0; at -= max(1, size/2) {
				if at+size <= len(best) && try(append(append([]uint32(nil), best[:at]...), best[at+size:]...)) {
					better = true
				}
			}
		}
		for i := 0; i < len(best); i++ {
			for _, smaller := range []uint32{0, best[i] / 2, best[i] - 1} {
				if i >= len(best) || smaller >= best[i] {
					continue
				}
				candidate := append([]uint32(nil), best...)
				candidate[i] = smaller
				better = try(candidate) || better
			}
		}
	}
	return best
}
