package jsbridge

import (
	"math"

	"github.com/pocketgraph/pocketgraph/graph"
)

// batchEncoder lays out ROWS frames (PROTOCOL.md, section 5). It is kept and
// reused by one query, or by many in turn: its tables grow once and are reset
// after each frame. It belongs to one goroutine at a time.
type batchEncoder struct {
	reader graph.Reader

	nodes     []graph.Node // in order of first mention
	rels      []graph.Rel
	nodeIndex map[graph.Node]uint32
	relIndex  map[graph.Rel]uint32

	names     []string
	nameIndex map[nameKey]uint32

	labels     []graph.LabelID
	properties []graph.Property
}

// nameKey tells names apart without hashing text: what they name and which.
type nameKey struct {
	kind byte // 'l', 't' or 'k'
	id   uint32
}

func newBatchEncoder() *batchEncoder {
	return &batchEncoder{
		nodeIndex: map[graph.Node]uint32{},
		relIndex:  map[graph.Rel]uint32{},
		nameIndex: map[nameKey]uint32{},
	}
}

func (e *batchEncoder) reset() {
	e.nodes, e.rels, e.names = e.nodes[:0], e.rels[:0], e.names[:0]
	clear(e.nodeIndex)
	clear(e.relIndex)
	clear(e.nameIndex)
}

func (e *batchEncoder) node(n graph.Node) uint32 {
	i, ok := e.nodeIndex[n]
	if !ok {
		i = uint32(len(e.nodes))
		e.nodeIndex[n] = i
		e.nodes = append(e.nodes, n)
	}
	return i
}

func (e *batchEncoder) rel(r graph.Rel) uint32 {
	i, ok := e.relIndex[r]
	if !ok {
		i = uint32(len(e.rels))
		e.relIndex[r] = i
		e.rels = append(e.rels, r)
	}
	return i
}

func (e *batchEncoder) name(kind byte, id uint32) uint32 {
	key := nameKey{kind, id}
	i, ok := e.nameIndex[key]
	if ok {
		return i
	}
	var s string
	switch kind {
	case 'l':
		s = e.reader.LabelName(graph.LabelID(id))
	case 't':
		s = e.reader.TypeName(graph.TypeID(id))
	default:
		s = e.reader.KeyName(graph.KeyID(id))
	}
	i = uint32(len(e.names))
	e.nameIndex[key] = i
	e.names = append(e.names, s)
	return i
}

// room is how many rows of a result lately fitted into a frame; 0: none was made.
type room int

// appendSome appends one ROWS frame with rows from first on, as many as fit,
// and says how many. The reader materialises elements and must be of the
// transaction that made the columns. lately is the result's. On error b is as it was.
func (e *batchEncoder) appendSome(b []byte, h header, reader graph.Reader, columns [][]graph.Value, first, end int, lately *room) ([]byte, int, error) {
	e.reader = reader
	defer func() { e.reader = nil }()
	if *lately == 0 {
		*lately = RowsPerFrame
	}
	rows := min(end-first, int(*lately))
	for {
		limit := FrameTarget
		if rows == 1 {
			limit = MaxFrame
		}
		out, err := e.appendFrame(b, h, columns, first, first+rows, len(b)+limit)
		switch {
		case err == nil:
			if rows == int(*lately) && rows < RowsPerFrame {
				*lately++ // the rows may have become smaller: try, slowly
			}
			return out, rows, nil
		case err != errFull:
			return b, 0, err
		case rows == 1:
			return b, 0, ErrTooLarge
		}
		rows = (rows + 1) / 2
		*lately = room(rows)
	}
}

func (e *batchEncoder) appendFrame(b []byte, h header, columns [][]graph.Value, first, end, limit int) ([]byte, error) {
	e.reset()
	b, start := beginFrame(b, byte(AnswerRows), h)
	b = appendU32(appendU32(b, uint32(end-first)), uint32(len(columns)))
	b = appendU64(appendU64(b, 0), 0) // three offsets, set below, and 0
	offsets := len(b)
	for range columns {
		b = appendU32(b, 0)
	}
	var err error
	for i, column := range columns {
		b = pad(b, start)
		putU32(b[offsets+4*i:], uint32(len(b)-start))
		if b, err = e.appendColumn(b, start, column[first:end], limit); err != nil {
			return b, err
		}
	}
	if b, err = e.appendNodes(b, start, limit); err != nil {
		return b, err
	}
	if b, err = e.appendRels(b, start, limit); err != nil {
		return b, err
	}
	if len(e.names) > 0 {
		b = pad(b, start)
		putU32(b[start+24:], uint32(len(b)-start))
		b = appendStrings(appendU32(b, uint32(len(e.names))), len(e.names), func(i int) string { return e.names[i] })
	}
	b = endFrame(b, start)
	if len(b) > limit {
		return b, errFull
	}
	return b, nil
}

// appendColumn chooses the encoding by one look over the column.
func (e *batchEncoder) appendColumn(b []byte, start int, column []graph.Value, limit int) ([]byte, error) {
	encoding, nulls := chooseEncoding(column)
	at := len(b)
	b = appendU32(append(b, encoding, boolByte(nulls), 0, 0), 0)
	if nulls {
		b = pad(appendNullBits(b, column), start)
	}
	var err error
	switch encoding {
	case colNulls:
	case colValues:
		for _, v := range column {
			if b, err = appendNested(b, v, e, limit, MaxDepth); err != nil {
				return b, err
			}
		}
	case colStrings:
		if b, err = appendStringColumn(b, column, limit); err != nil {
			return b, err
		}
	default:
		b = e.appendFixed(b, encoding, column)
	}
	putU32(b[at+4:], uint32(len(b)-at-columnHeader))
	return b, nil
}

// chooseEncoding tells the tightest encoding and whether there are nulls
// beside other values.
func chooseEncoding(column []graph.Value) (encoding byte, nulls bool) {
	kind := graph.KindNull
	var low, high int64
	for _, v := range column {
		k := v.Kind()
		switch {
		case k == graph.KindNull:
			nulls = true
			continue
		case kind == graph.KindNull:
			kind = k
		case k != kind:
			return colValues, false
		}
		if k == graph.KindInt {
			low, high = min(low, v.AsInt()), max(high, v.AsInt())
		}
	}
	switch kind {
	case graph.KindNull:
		return colNulls, false
	case graph.KindInt:
		switch {
		case low >= math.MinInt32 && high <= math.MaxInt32:
			return colInt32, nulls
		case low >= -maxSafe && high <= maxSafe:
			return colSafe, nulls
		}
		return colInt64, nulls
	case graph.KindFloat:
		return colFloat, nulls
	case graph.KindBool:
		return colBool, nulls
	case graph.KindString:
		return colStrings, nulls
	case graph.KindNode:
		return colNodes, nulls
	case graph.KindRel:
		return colRels, nulls
	}
	return colValues, false
}

func appendNullBits(b []byte, column []graph.Value) []byte {
	for i := 0; i < len(column); i += 8 {
		var bits byte
		for j, v := range column[i:min(i+8, len(column))] {
			if v.IsNull() {
				bits |= 1 << j
			}
		}
		b = append(b, bits)
	}
	return b
}

// appendFixed appends a slot of the same size for each row.
func (e *batchEncoder) appendFixed(b []byte, encoding byte, column []graph.Value) []byte {
	for _, v := range column {
		null := v.IsNull()
		switch encoding {
		case colInt32:
			i := uint32(v.AsInt())
			b = append(b, byte(i), byte(i>>8), byte(i>>16), byte(i>>24))
		case colSafe, colInt64, colFloat:
			i := uint64(v.AsInt()) // of a Float too: its bits
			if encoding == colSafe {
				i = math.Float64bits(float64(int64(i)))
			}
			b = append(b, byte(i), byte(i>>8), byte(i>>16), byte(i>>24), byte(i>>32), byte(i>>40), byte(i>>48), byte(i>>56))
		case colBool:
			b = append(b, boolByte(v.AsBool()))
		case colNodes:
			if null {
				b = appendU32(b, 0)
				continue
			}
			b = appendU32(b, e.node(v.AsNode()))
		case colRels:
			if null {
				b = appendU32(b, 0)
				continue
			}
			b = appendU32(b, e.rel(v.AsRel()))
		}
	}
	return b
}

func appendStringColumn(b []byte, column []graph.Value, limit int) ([]byte, error) {
	total := 0
	for _, v := range column {
		total += len(v.AsString())
	}
	if len(b)+4*len(column)+total > limit {
		return b, errFull
	}
	return appendStrings(b, len(column), func(i int) string { return column[i].AsString() }), nil
}

// appendStrings appends the payload of encoding 7.
func appendStrings(b []byte, n int, at func(int) string) []byte {
	sizes := len(b)
	b = appendU32(b, 0)
	for range n {
		b = appendU32(b, 0)
	}
	blob, units := len(b), uint32(0)
	for i := range n {
		s := at(i)
		from := len(b)
		b = append(b, s...)
		count, ok := utf16Units(s)
		if !ok {
			b = append(b[:from], validText(s)...)
			count, _ = utf16Units(string(b[from:]))
		}
		units += count
		putU32(b[sizes+4+4*i:], units)
	}
	putU32(b[sizes:], uint32(len(b)-blob))
	return b
}

// utf16Units counts the UTF-16 units of s, and tells whether s is UTF-8.
func utf16Units(s string) (units uint32, valid bool) {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return utf16UnitsSlow(s)
		}
	}
	return uint32(len(s)), true
}

func utf16UnitsSlow(s string) (units uint32, valid bool) {
	for i, r := range s {
		switch {
		case r >= 0x10000:
			units += 2
		case r == 0xFFFD && (len(s)-i < 3 || s[i:i+3] != "\uFFFD"):
			return 0, false
		default:
			units++
		}
	}
	return units, true
}

func (e *batchEncoder) appendNodes(b []byte, start, limit int) ([]byte, error) {
	if len(e.nodes) == 0 {
		return b, nil
	}
	b, offsets := beginElements(b, start, 28, len(e.nodes))
	var err error
	for i, n := range e.nodes {
		putU32(b[offsets+4*i:], uint32(len(b)-start))
		b = appendU64(b, uint64(e.reader.NodeID(n)))
		e.labels = e.reader.AppendLabels(e.labels[:0], n)
		b = appendVaruint(b, uint32(len(e.labels)))
		for _, l := range e.labels {
			b = appendVaruint(b, e.name('l', uint32(l)))
		}
		e.properties = e.reader.AppendNodeProperties(e.properties[:0], n)
		if b, err = e.appendProperties(b, limit); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (e *batchEncoder) appendRels(b []byte, start, limit int) ([]byte, error) {
	if len(e.rels) == 0 {
		return b, nil
	}
	b, offsets := beginElements(b, start, 32, len(e.rels))
	var err error
	for i, r := range e.rels {
		putU32(b[offsets+4*i:], uint32(len(b)-start))
		from, to := e.reader.RelEnds(r)
		b = appendU64(b, uint64(e.reader.RelID(r)))
		b = appendU64(b, uint64(e.reader.NodeID(from)))
		b = appendU64(b, uint64(e.reader.NodeID(to)))
		b = appendVaruint(b, e.name('t', uint32(e.reader.RelType(r))))
		e.properties = e.reader.AppendRelProperties(e.properties[:0], r)
		if b, err = e.appendProperties(b, limit); err != nil {
			return b, err
		}
	}
	return b, nil
}

// beginElements starts a table of elements: its place goes into the field of
// the batch's header, and room for the offsets is made.
func beginElements(b []byte, start, field, n int) (out []byte, offsets int) {
	b = pad(b, start)
	putU32(b[start+field:], uint32(len(b)-start))
	b = appendU32(appendU32(b, uint32(n)), 0)
	offsets = len(b)
	for range n {
		b = appendU32(b, 0)
	}
	return b, offsets
}

func (e *batchEncoder) appendProperties(b []byte, limit int) ([]byte, error) {
	var err error
	b = appendVaruint(b, uint32(len(e.properties)))
	for _, p := range e.properties {
		b = appendVaruint(b, e.name('k', uint32(p.Key)))
		if b, err = appendNested(b, p.Value, nil, limit, MaxDepth); err != nil {
			return b, err
		}
	}
	clear(e.properties) // keep no values alive
	return b, nil
}
