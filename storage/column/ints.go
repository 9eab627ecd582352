package column

// Ints is a vector of integers without nulls. The zero Ints is empty; a slot
// that was never set reads as anything. Copy it to keep a version.
type Ints struct {
	dir  dir[intChunk]
	runs bool     // a new chunk is guessed to count upwards
	open []uint32 // chunks widened by this transaction, oldest first
	full uint32   // chunks below were narrowed since they were full
}

type intChunk struct {
	gen     uint64 // who may change the header
	dataGen uint64 // who may change every element
	frame
}

// NewRuns returns an empty vector whose values are mostly consecutive.
func NewRuns() Ints { return Ints{runs: true} }

// Get returns element i.
func (v *Ints) Get(i uint32) int64 {
	c := v.dir.get(i / ChunkSlots)
	if c == nil {
		return 0
	}
	return c.at(i % ChunkSlots)
}

// Set makes x element i.
func (v *Ints) Set(w *Writer, i uint32, x int64) {
	ci, k := i/ChunkSlots, i%ChunkSlots
	c := v.dir.get(ci)
	if c == nil {
		f := frame{base: x}
		if v.runs {
			f = frame{base: x - int64(k), run: true}
		}
		v.dir.put(w.Gen, ci, &intChunk{gen: w.Gen, dataGen: w.Gen, frame: f})
		return
	}
	fits := c.fits(x)
	if fits && (uint64(i) >= w.Fresh || c.dataGen == w.Gen) {
		c.put(k, x)
		return
	}
	if c.at(k) == x {
		return
	}
	if c.gen != w.Gen {
		c = &intChunk{gen: w.Gen, dataGen: c.dataGen, frame: c.frame}
		v.dir.put(w.Gen, ci, c)
	}
	if fits {
		c.data = append([]byte(nil), c.data...)
	} else {
		c.frame = c.widened(w.wide())
		v.opened(w, ci)
	}
	c.dataGen = w.Gen
	c.put(k, x)
}

// SetRun makes x, x+1 and so on the n elements from i on.
func (v *Ints) SetRun(w *Writer, i, n uint32, x int64) {
	for end := i + n; i < end; {
		next := min(end, (i/ChunkSlots+1)*ChunkSlots)
		v.Set(w, i, x)
		for k := i + 1; k < next && !v.dir.get(i/ChunkSlots).run; k++ { // what is one run has them all
			v.Set(w, k, x+int64(k-i))
		}
		x += int64(next - i)
		i = next
	}
}

func (v *Ints) opened(w *Writer, ci uint32) {
	if len(v.open) >= maxOpen {
		v.narrow(w, v.open[0])
		n := copy(v.open, v.open[1:])
		v.open = v.open[:n]
	}
	v.open = append(v.open, ci)
}

// narrow gives a wide chunk its smallest form.
func (v *Ints) narrow(w *Writer, ci uint32) {
	c := v.dir.get(ci)
	if c == nil || c.width != 8 {
		return
	}
	var values [ChunkSlots]int64
	for i := range values {
		values[i] = c.at(uint32(i))
	}
	f := narrow(values[:])
	if f.width == 8 {
		return
	}
	if c.dataGen == w.Gen {
		w.recycle(c.data)
	}
	v.dir.put(w.Gen, ci, &intChunk{gen: w.Gen, dataGen: w.Gen, frame: f})
}

// Seal narrows what the transaction left wide, except a last chunk that is
// not full yet. length is the number of slots in use.
func (v *Ints) Seal(w *Writer, length uint32) {
	last := length / ChunkSlots
	for _, ci := range v.open {
		if ci < last {
			v.narrow(w, ci)
		}
	}
	v.open = nil
	for ; v.full < last; v.full++ {
		v.narrow(w, v.full)
	}
}

// AppendChunk makes p chunk ci, for loading.
func (v *Ints) AppendChunk(w *Writer, ci uint32, p *Packed) {
	v.dir.put(w.Gen, ci, &intChunk{gen: w.Gen, dataGen: w.Gen, frame: p.frame})
}

// Bytes is about what the vector occupies.
func (v *Ints) Bytes() int {
	n := v.dir.bytes()
	v.dir.each(func(_ uint32, c *intChunk) { n += 64 + len(c.data) })
	return n
}

// Gather sets out[i] to the element of slots[i].
func (v *Ints) Gather(slots []uint32, out []int64) {
	var c *intChunk
	at := uint32(noSlot)
	for i, s := range slots {
		if ci := s / ChunkSlots; ci != at {
			at, c = ci, v.dir.get(ci)
		}
		if c == nil {
			out[i] = 0
			continue
		}
		out[i] = c.at(s % ChunkSlots)
	}
}

// Chunk fills out with the elements of chunk ci.
func (v *Ints) Chunk(ci uint32, out []int64) {
	if c := v.dir.get(ci); c != nil {
		c.copy(0, out)
	} else {
		clear(out)
	}
}
