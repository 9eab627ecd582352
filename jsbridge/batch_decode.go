package jsbridge

import "math"

// batch reads a ROWS frame into values of some T, an element at most once.
type batch[T any] struct {
	frame []byte
	to    builder[T]
	err   error

	Rows    int
	Columns int

	names []string
	nodes elementTable[T]
	rels  elementTable[T]
}

// elementTable holds the offsets of elements and what was made of them.
type elementTable[T any] struct {
	offsets []byte // u32 each
	made    []T
	done    []bool
}

// readBatch checks the frame's tables; columns are read by column.
func readBatch[T any](frame []byte, to builder[T]) (*batch[T], error) {
	if len(frame) < batchHeader {
		return nil, ErrTruncated
	}
	t := &batch[T]{frame: frame, to: to, Rows: int(getU32(frame[16:])), Columns: int(getU32(frame[20:]))}
	switch {
	case t.Rows == 0 || t.Rows > RowsPerFrame:
		return nil, ErrMalformed
	case t.Columns > (len(frame)-batchHeader)/4:
		return nil, ErrTruncated
	}
	t.names = t.readNames(getU32(frame[24:]))
	t.nodes = t.readOffsets(getU32(frame[28:]))
	t.rels = t.readOffsets(getU32(frame[32:]))
	return t, t.err
}

func (t *batch[T]) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// section opens a cursor at an offset that the header gave.
func (t *batch[T]) section(offset uint32) *cursor {
	c := &cursor{b: t.frame}
	if offset&7 != 0 || offset < batchHeader || int64(offset) > int64(len(t.frame)) {
		c.fail(ErrMalformed)
		return c
	}
	c.at = int(offset)
	return c
}

func (t *batch[T]) readNames(offset uint32) []string {
	if offset == 0 {
		return nil
	}
	c := t.section(offset)
	n := int(c.u32())
	if n > (len(c.b)-c.at)/4 {
		c.fail(ErrTruncated)
	}
	names := c.strings(n)
	if c.err != nil {
		t.fail(c.err)
	}
	return names
}

func (t *batch[T]) readOffsets(offset uint32) (e elementTable[T]) {
	if offset == 0 {
		return e
	}
	c := t.section(offset)
	n := int(c.u32())
	c.u32()
	if n > (len(c.b)-c.at)/4 {
		c.fail(ErrTruncated)
	}
	e.offsets = c.take(4 * n)
	if c.err != nil {
		t.fail(c.err)
		return e
	}
	e.made, e.done = make([]T, n), make([]bool, n)
	return e
}

// strings reads the payload of encoding 7. n has been checked against the
// bytes that are left.
func (c *cursor) strings(n int) []string {
	size := int(c.u32())
	ends := c.take(4 * n)
	blob := c.take(size)
	if c.err != nil {
		return nil
	}
	out := make([]string, n)
	at, units := 0, uint32(0)
	for i := range out {
		end := getU32(ends[4*i:])
		from := at
		for at < len(blob) && units < end {
			width, u := utf8Step(blob[at])
			at, units = at+width, units+u
		}
		if units != end || at > len(blob) {
			c.fail(ErrMalformed)
			return nil
		}
		s := string(blob[from:at])
		if _, ok := utf16Units(s); !ok {
			c.fail(ErrMalformed)
			return nil
		}
		out[i] = s
	}
	if at != len(blob) {
		c.fail(ErrMalformed)
	}
	return out
}

// utf8Step tells from its first byte how long a character is in UTF-8 and in
// UTF-16. That it is one at all is checked later.
func utf8Step(first byte) (bytes int, units uint32) {
	switch {
	case first < 0xC0:
		return 1, 1
	case first < 0xE0:
		return 2, 1
	case first < 0xF0:
		return 3, 1
	}
	return 4, 2
}

// node and rel implement table.
func (t *batch[T]) node(c *cursor, index uint32) T { return t.element(c, &t.nodes, index, t.readNode) }
func (t *batch[T]) rel(c *cursor, index uint32) T  { return t.element(c, &t.rels, index, t.readRel) }

func (t *batch[T]) element(c *cursor, e *elementTable[T], index uint32, read func(*cursor) T) T {
	if int64(index) >= int64(len(e.made)) || c.err != nil {
		c.fail(ErrMalformed)
		return t.to.Null()
	}
	if e.done[index] {
		return e.made[index]
	}
	inner := &cursor{b: t.frame, at: int(getU32(e.offsets[4*index:]))}
	if inner.at < batchHeader || inner.at > len(t.frame) {
		c.fail(ErrMalformed)
		return t.to.Null()
	}
	v := read(inner)
	if inner.err != nil {
		c.fail(inner.err)
		return t.to.Null()
	}
	e.made[index], e.done[index] = v, true
	return v
}

func (t *batch[T]) readNode(c *cursor) T {
	id := c.u64()
	n := c.count()
	labels := make([]string, 0, min(n, listStart))
	for i := 0; i < n && c.err == nil; i++ {
		labels = append(labels, t.name(c))
	}
	keys, values := t.properties(c)
	if c.err != nil {
		return t.to.Null()
	}
	return t.to.Node(id, labels, keys, values)
}

func (t *batch[T]) readRel(c *cursor) T {
	id, start, end := c.u64(), c.u64(), c.u64()
	typ := t.name(c)
	keys, values := t.properties(c)
	if c.err != nil {
		return t.to.Null()
	}
	return t.to.Relationship(id, start, end, typ, keys, values)
}

func (t *batch[T]) name(c *cursor) string {
	i := c.varuint()
	if int64(i) >= int64(len(t.names)) {
		c.fail(ErrMalformed)
		return ""
	}
	return t.names[i]
}

func (t *batch[T]) properties(c *cursor) (keys []string, values []T) {
	n := c.count()
	keys, values = make([]string, 0, min(n, listStart)), make([]T, 0, min(n, listStart))
	for i := 0; i < n && c.err == nil; i++ {
		keys = append(keys, t.name(c))
		values = append(values, readValue(c, t.to, nil, MaxDepth))
	}
	return keys, values
}

// column reads the i-th column whole.
func (t *batch[T]) column(i int) ([]T, error) {
	c := t.section(getU32(t.frame[batchHeader+4*i:]))
	encoding, nulls := c.u8(), c.choice(1) == 1
	c.take(2)
	size := int(c.u32())
	body := c.take(size)
	if c.err != nil {
		return nil, c.err
	}
	c.b, c.at = t.frame[:c.at], c.at-len(body)
	var bits []byte
	if nulls {
		bits = c.take((((t.Rows + 7) / 8) + 7) &^ 7)
	}
	out := t.readColumn(c, encoding)
	if c.err != nil {
		return nil, c.err
	}
	if nulls {
		for row := range out {
			if bits[row/8]>>(row%8)&1 != 0 {
				out[row] = t.to.Null()
			}
		}
	}
	return out, nil
}

func (t *batch[T]) readColumn(c *cursor, encoding byte) []T {
	out := make([]T, t.Rows)
	if encoding == colStrings {
		if t.Rows > (len(c.b)-c.at)/4 {
			c.fail(ErrTruncated)
			return nil
		}
		for i, s := range c.strings(t.Rows) {
			out[i] = t.to.String(s)
		}
		return out
	}
	for i := range out {
		if c.err != nil {
			return nil
		}
		out[i] = t.readSlot(c, encoding)
	}
	return out
}

func (t *batch[T]) readSlot(c *cursor, encoding byte) T {
	switch encoding {
	case colNulls:
		return t.to.Null()
	case colValues:
		return readValue[T](c, t.to, t, MaxDepth)
	case colInt32:
		return t.to.Int(int64(int32(c.u32())))
	case colSafe:
		f := c.float()
		if !(math.Abs(f) <= maxSafe) || f != math.Trunc(f) {
			c.fail(ErrMalformed)
			return t.to.Null()
		}
		return t.to.Int(int64(f))
	case colInt64:
		return t.to.Int(int64(c.u64()))
	case colFloat:
		return t.to.Float(c.float())
	case colBool:
		return t.to.Bool(c.choice(1) == 1)
	case colNodes, colRels:
		return t.readHandle(c, encoding)
	}
	c.fail(ErrMalformed)
	return t.to.Null()
}

// readHandle reads an index into a table. The slot of a null holds 0 even
// when the table is empty.
func (t *batch[T]) readHandle(c *cursor, encoding byte) T {
	i := c.u32()
	e, get := &t.nodes, t.node
	if encoding == colRels {
		e, get = &t.rels, t.rel
	}
	if i == 0 && len(e.made) == 0 {
		return t.to.Null()
	}
	return get(c, i)
}
