package column

import (
	"math/bits"

	"github.com/pocketgraph/pocketgraph/graph"
)

// Set makes v, which is Storable, the property of the element in a slot; Null
// removes it. On an error nothing changed.
func (c *Column) Set(w *Writer, slot uint32, v graph.Value, strs *Strings) error {
	if v.IsNull() {
		c.remove(w, slot)
		return nil
	}
	t, x, err := payload(v, strs)
	if err != nil {
		return err
	}
	ci, k := slot/ChunkSlots, slot%ChunkSlots
	ch := c.dir.get(ci)
	if ch == nil {
		ch = &chunk{gen: w.Gen, dataGen: w.Gen, kind: t, frame: frame{base: x}, count: 1}
		ch.valid[k/64] = 1 << (k % 64)
		c.dir.put(w.Gen, ci, ch)
		c.count++
		return nil
	}
	others := ch.count > 1 || ch.count == 1 && !ch.has(k)
	if others && ch.kind != t && ch.kind != kindOther {
		if ch, err = c.mix(w, ci, &strs.view, strs); err != nil {
			return err
		}
	}
	if others && ch.kind == kindOther && t != kindOther {
		if _, x, err = encoded(v, strs); err != nil {
			return err
		}
		t = kindOther
	}
	c.put(w, ci, k, t, x)
	return nil
}

// own returns the chunk with a header that this generation may change.
func (c *Column) own(w *Writer, ci uint32) *chunk {
	ch := c.dir.get(ci)
	if ch.gen != w.Gen {
		cp := *ch
		cp.gen = w.Gen
		ch = &cp
		c.dir.put(w.Gen, ci, ch)
	}
	return ch
}

// put stores payload x of kind t, which agrees with what else is in the chunk.
func (c *Column) put(w *Writer, ci, k uint32, t kind, x int64) {
	ch := c.own(w, ci)
	had := ch.has(k)
	if ch.kind != t || ch.count == 0 { // the only value, if any
		c.dropData(w, ch)
		ch.frame, ch.kind, ch.code, ch.packed = frame{base: x}, t, codeBits, false
		ch.dataGen = w.Gen
	} else {
		c.place(w, ch, ci, k, x, had)
	}
	if !had {
		ch.valid[k/64] |= 1 << (k % 64)
		ch.count++
		c.count++
	}
}

// place stores the payload among others.
func (c *Column) place(w *Writer, ch *chunk, ci, k uint32, x int64, had bool) {
	y, ok := ch.code.encode(x)
	at := k
	if ch.packed {
		if ok = ok && had; ok {
			at = ch.rank(k)
		}
	}
	if ok && ch.width == 0 && !ch.run && ch.base == y {
		return
	}
	fresh := uint64(ci)*ChunkSlots+uint64(k) >= w.Fresh && !ch.packed
	switch {
	case !ok || !ch.fits(y):
		c.widen(w, ch)
		c.opened(w, ci)
		ch.put(k, x)
	case fresh || ch.dataGen == w.Gen:
		ch.put(at, y)
	default:
		ch.data = append([]byte(nil), ch.data...)
		ch.dataGen = w.Gen
		ch.put(at, y)
	}
}

// dropData lets go of elements that nothing in this version refers to.
func (c *Column) dropData(w *Writer, ch *chunk) {
	if ch.dataGen == w.Gen {
		w.recycle(ch.data)
	}
	ch.data = nil
}

// widen gives an owned chunk plain 64-bit elements of its own.
func (c *Column) widen(w *Writer, ch *chunk) {
	wide := frame{data: w.wide(), width: 8}
	ch.each(func(k uint32, x int64) { wide.put(k, x) })
	c.dropData(w, ch)
	ch.frame, ch.code, ch.packed, ch.dataGen = wide, codeBits, false, w.Gen
}

// each calls f for every valid slot with its payload.
func (c *chunk) each(f func(k uint32, x int64)) {
	n := uint32(0)
	for i, word := range c.valid {
		for ; word != 0; word &= word - 1 {
			k := uint32(i*64 + bits.TrailingZeros64(word))
			at := k
			if c.packed {
				at = n
			}
			x := c.at(at)
			if c.code != codeBits {
				x = c.code.decode(x)
			}
			f(k, x)
			n++
		}
	}
}

// mix turns a chunk of one kind into one of encoded values.
func (c *Column) mix(w *Writer, ci uint32, view *View, strs *Strings) (*chunk, error) {
	old := c.dir.get(ci)
	wide := frame{data: w.wide(), width: 8}
	var err error
	old.each(func(k uint32, x int64) {
		if err != nil {
			return
		}
		var id int64
		_, id, err = encoded(old.kind.value(x, view), strs)
		wide.put(k, id)
	})
	if err != nil {
		return nil, err
	}
	ch := c.own(w, ci)
	c.dropData(w, ch)
	ch.frame, ch.kind, ch.code, ch.packed, ch.dataGen = wide, kindOther, codeBits, false, w.Gen
	c.opened(w, ci)
	return ch, nil
}

func (c *Column) remove(w *Writer, slot uint32) {
	if !c.Has(slot) {
		return
	}
	ci, k := slot/ChunkSlots, slot%ChunkSlots
	ch := c.own(w, ci)
	if ch.packed {
		c.widen(w, ch)
		c.opened(w, ci)
	}
	ch.valid[k/64] &^= 1 << (k % 64)
	ch.count--
	c.count--
	if ch.count == 0 {
		c.dropData(w, ch)
		ch.frame, ch.kind, ch.code = frame{}, kindNone, codeBits
		ch.dataGen = w.Gen
	}
}

func (c *Column) opened(w *Writer, ci uint32) {
	for _, o := range c.open {
		if o == ci {
			return
		}
	}
	if len(c.open) >= maxOpen {
		c.narrow(w, c.open[0])
		n := copy(c.open, c.open[1:])
		c.open = c.open[:n]
	}
	c.open = append(c.open, ci)
}

// narrow gives a wide chunk its smallest form.
func (c *Column) narrow(w *Writer, ci uint32) {
	ch := c.dir.get(ci)
	if ch == nil || ch.width != 8 || ch.packed {
		return
	}
	var values [ChunkSlots]int64
	n := 0
	ch.each(func(_ uint32, x int64) { values[n] = x; n++ })
	packed, code := pack(values[:n], ch.kind)
	dense := n == ChunkSlots
	if packed.width == 8 && n > ChunkSlots/2 {
		return
	}
	ch = c.own(w, ci)
	c.dropData(w, ch)
	ch.code, ch.dataGen = code, w.Gen
	switch {
	case packed.width == 0 && !packed.run, dense:
		ch.frame = packed
	case n <= ChunkSlots/2:
		ch.frame, ch.packed = packed, true
	default:
		ch.frame = spread(&packed, &ch.valid)
	}
}

// pack finds the smallest frame of payloads.
func pack(values []int64, t kind) (frame, code) {
	best := narrow(values)
	if t != kindFloat || best.width == 0 {
		return best, codeBits
	}
	var buf [ChunkSlots]int64
	c := shorten(values, buf[:])
	if c == codeBits {
		return best, c
	}
	if f := narrow(buf[:len(values)]); f.width < best.width {
		return f, c
	}
	return best, codeBits
}

// shorten finds how all of the given floats can be written shorter, and writes
// what stands for them to out.
func shorten(values, out []int64) code {
	for _, c := range [...]code{codeDecimal, codeDecimal + 1, codeDecimal + 2, codeDecimal + 3, codeDecimal + 4, codeFloat32} {
		ok := true
		for i := 0; ok && i < len(values); i++ {
			out[i], ok = c.encode(values[i])
		}
		if ok {
			return c
		}
	}
	return codeBits
}

// spread puts the elements of f into the valid slots of a frame for all.
func spread(f *frame, valid *[ChunkSlots / 64]uint64) frame {
	width := f.width
	if width == 0 {
		width = 2 // a run: at most ChunkSlots different numbers
	}
	out := frame{data: make([]byte, ChunkSlots*int(width)), base: f.base, width: width}
	n := uint32(0)
	for i, word := range valid {
		for ; word != 0; word &= word - 1 {
			out.put(uint32(i*64+bits.TrailingZeros64(word)), f.at(n))
			n++
		}
	}
	return out
}

// Seal narrows what the transaction left wide, except a last chunk that is
// not full yet. length is the number of slots in use.
func (c *Column) Seal(w *Writer, length uint32) {
	last := length / ChunkSlots
	for _, ci := range c.open {
		if ci < last {
			c.narrow(w, ci)
		}
	}
	c.open = nil
	for ; c.full < last; c.full++ {
		c.narrow(w, c.full)
	}
}
