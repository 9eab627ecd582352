package column

import (
	"math/bits"
	"strconv"
)

// Check reports every broken invariant: counts that disagree with bitmaps,
// chunks whose form their data does not fit, ids of no string, encoded values
// that are none, and properties of slots that are not in live. It returns
// whether all values can be read.
func (c *Column) Check(live *Bits, strs *View, report func(problem string)) (readable bool) {
	total := 0
	readable = true
	c.dir.each(func(i uint32, ch *chunk) {
		where := "chunk " + strconv.FormatUint(uint64(i), 10) + ": "
		n := 0
		for k, w := range ch.valid {
			n += bits.OnesCount64(w)
			for ; w != 0; w &= w - 1 {
				slot := i*ChunkSlots + uint32(k*64+bits.TrailingZeros64(w))
				if !live.Has(slot) {
					report(where + "slot " + strconv.FormatUint(uint64(slot), 10) + " has the property and no element")
				}
			}
		}
		if n != int(ch.count) {
			report(where + strconv.Itoa(n) + " values, counted " + strconv.Itoa(int(ch.count)))
		}
		total += n
		if problem := ch.broken(n, strs); problem != "" {
			report(where + problem)
			readable = false
		}
	})
	if total != c.count {
		report(strconv.Itoa(total) + " values, counted " + strconv.Itoa(c.count))
	}
	return readable
}

// broken says what is wrong with the form or the values of a chunk that has n.
func (c *chunk) broken(n int, strs *View) string {
	elements := ChunkSlots
	if c.packed {
		elements = n
	}
	switch {
	case (c.kind == kindNone) != (n == 0) || c.kind > kindOther:
		return "kind " + strconv.Itoa(int(c.kind)) + " with " + strconv.Itoa(n) + " values"
	case len(c.data) != elements*int(c.width):
		return strconv.Itoa(len(c.data)) + " bytes for " + strconv.Itoa(elements) + " elements of " + strconv.Itoa(int(c.width))
	case c.code != codeBits && c.kind != kindFloat:
		return "a code for floats, and no floats"
	}
	problem := ""
	c.each(func(k uint32, x int64) {
		switch {
		case c.kind == kindBool && uint64(x) > 1:
			problem = "a Boolean that is neither"
		case (c.kind == kindString || c.kind == kindOther) && uint64(x) >= uint64(strs.Len()):
			problem = "id " + strconv.FormatInt(x, 10) + " of no string"
		case c.kind == kindOther:
			if v, rest, ok := DecodeValue(strs.Get(uint32(x))); !ok || rest != "" || !Storable(v) {
				problem = "an encoded value that is none"
			}
		}
	})
	return problem
}
