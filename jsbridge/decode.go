package jsbridge

import (
	"math"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

func getU32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func getU64(b []byte) uint64 {
	_ = b[7]
	return uint64(getU32(b)) | uint64(getU32(b[4:]))<<32
}

// cursor reads a frame. After the first error every read gives zero, so a
// caller looks at err once, at the end; loops look at it to stop early.
type cursor struct {
	b   []byte
	at  int
	err error
}

//go:noinline
func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// take returns the next n bytes, not a copy; nil when they are not there.
func (c *cursor) take(n int) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 || n > len(c.b)-c.at {
		c.fail(ErrTruncated)
		return nil
	}
	c.at += n
	return c.b[c.at-n : c.at]
}

//go:noinline
func (c *cursor) u8() byte {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

//go:noinline
func (c *cursor) u32() uint32 {
	if b := c.take(4); b != nil {
		return getU32(b)
	}
	return 0
}

//go:noinline
func (c *cursor) u64() uint64 {
	if b := c.take(8); b != nil {
		return getU64(b)
	}
	return 0
}

//go:noinline
func (c *cursor) float() float64 { return math.Float64frombits(c.u64()) }

// choice reads a byte that is at most max.
//
//go:noinline
func (c *cursor) choice(max byte) byte {
	v := c.u8()
	if v > max {
		c.fail(ErrMalformed)
		return 0
	}
	return v
}

func (c *cursor) varuint() uint32 {
	var v uint64
	for shift := 0; shift < 35; shift += 7 {
		b := c.u8()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			if v > math.MaxUint32 {
				break
			}
			return uint32(v)
		}
	}
	c.fail(ErrMalformed)
	return 0
}

// count reads how many things of at least one byte each follow, and refuses
// more than there are bytes left.
//
//go:noinline
func (c *cursor) count() int {
	n := c.varuint()
	if uint64(n) > uint64(len(c.b)-c.at) {
		c.fail(ErrTruncated)
		return 0
	}
	return int(n)
}

// text reads a string, copied and checked to be UTF-8.
//
//go:noinline
func (c *cursor) text() string {
	b := c.take(c.count())
	if !utf8.Valid(b) {
		c.fail(ErrMalformed)
		return ""
	}
	return string(b)
}

// builder makes values of some T from the wire: graph.Value for parameters,
// JavaScript values for the page's object, trees in tests. Slices are the
// builder's to keep; bytes are not.
type builder[T any] interface {
	Null() T
	Bool(bool) T
	Int(int64) T
	Float(float64) T
	String(string) T
	Bytes([]byte) T
	List([]T) T
	Map(keys []string, values []T) T
	Temporal(graph.Value) T // dates, times, durations
	Point(graph.Coordinates) T
	Vector([]float32) T
	Node(id uint64, labels, keys []string, values []T) T
	Relationship(id, start, end uint64, typ string, keys []string, values []T) T
	Path(nodes, rels []T) T
}

// table finds the elements of a batch by index.
type table[T any] interface {
	node(c *cursor, index uint32) T
	rel(c *cursor, index uint32) T
}

// readValue reads a tagged value. Without a table elements are malformed.
func readValue[T any](c *cursor, to builder[T], t table[T], depth int) T {
	switch tag := c.u8(); tag {
	case tagNull:
		return to.Null()
	case tagFalse, tagTrue:
		return to.Bool(tag == tagTrue)
	case tagInt8:
		return to.Int(int64(int8(c.u8())))
	case tagInt32:
		return to.Int(int64(int32(c.u32())))
	case tagInt64:
		return to.Int(int64(c.u64()))
	case tagFloat:
		return to.Float(c.float())
	case tagString:
		return to.String(c.text())
	case tagBytes:
		return to.Bytes(c.take(c.count()))
	case tagList, tagMap:
		if depth == 0 {
			c.fail(ErrTooDeep)
			return to.Null()
		}
		return readContainer(c, tag, to, t, depth-1)
	case tagNode, tagRelationship, tagPath:
		if t == nil {
			c.fail(ErrMalformed)
			return to.Null()
		}
		return readElement(c, tag, to, t)
	case tagPoint:
		return to.Point(graph.Coordinates{SRID: int32(c.u32()), X: c.float(), Y: c.float(), Z: c.float()})
	case tagVector:
		return to.Vector(readVector(c))
	default:
		return to.Temporal(readTemporal(c, tag))
	}
}

// listStart is how many items are made room for before they are seen.
const listStart = 256

func readContainer[T any](c *cursor, tag byte, to builder[T], t table[T], depth int) T {
	n := c.count()
	var keys []string
	if tag == tagMap {
		keys = make([]string, 0, min(n, listStart))
	}
	values := make([]T, 0, min(n, listStart))
	for i := 0; i < n && c.err == nil; i++ {
		if tag == tagMap {
			keys = append(keys, c.text())
		}
		values = append(values, readValue(c, to, t, depth))
	}
	if c.err != nil {
		return to.Null()
	}
	if tag == tagMap {
		return to.Map(keys, values)
	}
	return to.List(values)
}

func readElement[T any](c *cursor, tag byte, to builder[T], t table[T]) T {
	switch tag {
	case tagNode:
		return t.node(c, c.varuint())
	case tagRelationship:
		return t.rel(c, c.varuint())
	}
	k := c.count()
	nodes, rels := make([]T, 0, min(k+1, listStart)), make([]T, 0, min(k, listStart))
	for i := 0; i <= k && c.err == nil; i++ {
		nodes = append(nodes, t.node(c, c.varuint()))
	}
	for i := 0; i < k && c.err == nil; i++ {
		rels = append(rels, t.rel(c, c.varuint()))
	}
	return to.Path(nodes, rels)
}

func readVector(c *cursor) []float32 {
	n := c.count()
	if n > (len(c.b)-c.at)/4 {
		c.fail(ErrTruncated)
		return nil
	}
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(c.u32())
	}
	return out
}

// readTemporal refuses what no calendar and no clock shows, because the engine
// relies on parts being carried and on texts that can be read again.
func readTemporal(c *cursor, tag byte) graph.Value {
	v := readParts(c, tag)
	if c.err == nil && !temporal.Valid(v) {
		c.fail(ErrMalformed)
		return graph.Null
	}
	return v
}

func readParts(c *cursor, tag byte) graph.Value {
	switch tag {
	case tagDate:
		return graph.Date(int64(c.u64()))
	case tagLocalTime:
		return graph.LocalTime(c.nanosOfDay())
	case tagTime:
		nanos := c.nanosOfDay()
		return graph.Time(nanos, c.offset())
	case tagLocalDateTime:
		seconds := int64(c.u64())
		return graph.LocalDateTime(seconds, c.nanos())
	case tagDateTime:
		return graph.DateTime(graph.Zoned{Seconds: int64(c.u64()), Nanos: c.nanos(), Offset: c.offset(), Zone: c.text()})
	case tagDuration:
		return graph.Duration(graph.Span{Months: int64(c.u64()), Days: int64(c.u64()), Seconds: int64(c.u64()), Nanos: c.nanos()})
	}
	c.fail(ErrMalformed)
	return graph.Null
}

func (c *cursor) nanos() int32 {
	n := int32(c.u32())
	if n < 0 || n > 999_999_999 {
		c.fail(ErrMalformed)
	}
	return n
}

func (c *cursor) nanosOfDay() int64 {
	n := int64(c.u64())
	if n < 0 || n >= 86_400_000_000_000 {
		c.fail(ErrMalformed)
	}
	return n
}

// offset reads seconds east of UTC; the language allows 18 hours either way.
func (c *cursor) offset() int32 {
	s := int32(c.u32())
	if s < -18*3600 || s > 18*3600 {
		c.fail(ErrMalformed)
	}
	return s
}

// valueBuilder makes what the engine takes as parameters.
type valueBuilder struct{}

func (valueBuilder) Null() graph.Value                     { return graph.Null }
func (valueBuilder) Bool(v bool) graph.Value               { return graph.Bool(v) }
func (valueBuilder) Int(v int64) graph.Value               { return graph.Int(v) }
func (valueBuilder) Float(v float64) graph.Value           { return graph.Float(v) }
func (valueBuilder) String(v string) graph.Value           { return graph.String(v) }
func (valueBuilder) Bytes(v []byte) graph.Value            { return graph.Bytes(append([]byte(nil), v...)) }
func (valueBuilder) List(v []graph.Value) graph.Value      { return graph.List(v) }
func (valueBuilder) Temporal(v graph.Value) graph.Value    { return v }
func (valueBuilder) Point(v graph.Coordinates) graph.Value { return graph.Point(v) }
func (valueBuilder) Vector(v []float32) graph.Value        { return graph.Vector(v) }
func (valueBuilder) Path(_, _ []graph.Value) graph.Value   { return graph.Null }
func (valueBuilder) Map(keys []string, values []graph.Value) graph.Value {
	entries := make([]graph.Entry, len(keys))
	for i := range keys {
		entries[i] = graph.Entry{Key: keys[i], Value: values[i]}
	}
	return graph.MapValue(graph.NewMap(entries))
}

// Elements do not occur in requests: readValue refuses them without a table.
func (valueBuilder) Node(uint64, []string, []string, []graph.Value) graph.Value { return graph.Null }
func (valueBuilder) Relationship(uint64, uint64, uint64, string, []string, []graph.Value) graph.Value {
	return graph.Null
}
