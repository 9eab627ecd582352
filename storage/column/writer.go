package column

// ChunkSlots is the number of slots of a chunk. Smaller chunks copy less for a
// single change, larger ones need fewer headers; a chunk of 64-bit values is
// 8 KiB, which Go allocates without waste.
const ChunkSlots = 1024

const (
	pageChunks = 32 // chunks of a directory page: 256 bytes to copy
	wideBytes  = ChunkSlots * 8
	// maxOpen bounds the chunks that a transaction keeps wide at one time, per
	// vector; the oldest is narrowed first.
	maxOpen = 8
	// maxSpare bounds the wide buffers kept for the next chunk.
	maxSpare = 16
)

// Writer says on whose behalf a vector is changed. It belongs to one
// transaction; the vectors of one kind of element share it.
type Writer struct {
	Gen   uint64 // generation of the transaction, at least 1
	Fresh uint64 // slots not below were never part of a committed version
	spare [][]byte
}

// wide returns a buffer for ChunkSlots 64-bit values, with any content.
func (w *Writer) wide() []byte {
	if n := len(w.spare); n > 0 {
		b := w.spare[n-1]
		w.spare = w.spare[:n-1]
		return b
	}
	return make([]byte, wideBytes)
}

// recycle takes back a buffer that no version refers to.
func (w *Writer) recycle(b []byte) {
	if len(b) == wideBytes && len(w.spare) < maxSpare {
		w.spare = append(w.spare, b)
	}
}

// dir is a two-level directory of chunks, copied page by page.
type dir[T any] struct {
	gen   uint64 // who may change pages[i]
	pages []*page[T]
}

type page[T any] struct {
	gen    uint64
	chunks [pageChunks]*T
}

// get returns chunk i, or nil.
func (d *dir[T]) get(i uint32) *T {
	p := int(i / pageChunks)
	if p >= len(d.pages) || d.pages[p] == nil {
		return nil
	}
	return d.pages[p].chunks[i%pageChunks]
}

// put makes c chunk i of this generation's version.
func (d *dir[T]) put(gen uint64, i uint32, c *T) {
	p := int(i / pageChunks)
	if d.gen != gen {
		d.pages = append(make([]*page[T], 0, max(len(d.pages), p+1)), d.pages...)
		d.gen = gen
	}
	for len(d.pages) <= p {
		d.pages = append(d.pages, nil)
	}
	pg := d.pages[p]
	switch {
	case pg == nil:
		pg = &page[T]{gen: gen}
	case pg.gen != gen:
		cp := *pg
		cp.gen = gen
		pg = &cp
	}
	pg.chunks[i%pageChunks] = c
	d.pages[p] = pg
}

// each calls f for every chunk that is there, ascending.
func (d *dir[T]) each(f func(i uint32, c *T)) {
	for p, pg := range d.pages {
		if pg == nil {
			continue
		}
		for k, c := range pg.chunks {
			if c != nil {
				f(uint32(p*pageChunks+k), c)
			}
		}
	}
}

func (d *dir[T]) bytes() int {
	n := len(d.pages) * 8
	for _, p := range d.pages {
		if p != nil {
			n += 8 + pageChunks*8
		}
	}
	return n
}
