package graph

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// BulkWriter is a Writer that makes many elements at once. After an error of
// CreateRows the transaction can only be dropped: some of the rows may be there.
type BulkWriter interface {
	Writer
	// CreateRows creates an element for each row from one up to another, with the
	// next identities, and appends its handle to made, if that is not nil.
	CreateRows(r *Rows, from, to int, made *[]uint32) error
	// FindNodes sets out[i] to the node with a label whose property equals row i
	// of a column, as Cypher's = says. It is an error of that row when there is
	// none, or a second one.
	FindNodes(l LabelID, k KeyID, keys *Column, out []uint32) error
}

// Rows are new nodes or new relationships, with a column for each property.
// Nothing of them is kept.
type Rows struct {
	Rels    bool        // they are relationships
	Kinds   [][]uint32  // the sets of labels that occur, or the types (one each); at least one
	Which   []byte      // by row, two bytes (little-endian): which of Kinds; nil: the first
	Ends    [2][]uint32 // of relationships: the nodes where each starts, and where it ends
	Columns []Column    // of different keys
}

// Kind says which of Kinds row i has.
func (r *Rows) Kind(i int) int {
	if r.Which == nil {
		return 0
	}
	return int(binary.LittleEndian.Uint16(r.Which[2*i:]))
}

// Form says how the values of a Column lie in its Data, little-endian.
type Form uint8

// The forms of columns. The numbers are those of the page's protocol.
const (
	FormValues Form = 1 // in Values
	FormInt32  Form = 2 // 4 bytes each: Integers
	FormInt64  Form = 4 // 8 bytes each: Integers
	FormFloat  Form = 5 // 8 bytes each: Floats
	FormText   Form = 7 // Strings, one behind the other, in UTF-8
)

// Column is one property of many new elements.
type Column struct {
	Key    KeyID
	Form   Form
	Nulls  []byte  // a bit for each row, the lowest first, set where there is none; nil: every row has one
	Data   []byte  // as Form says; where there is none it says anything
	Ends   []byte  // FormText: where each ends in Data, 4 bytes
	Values []Value // FormValues, Nulls among them
}

// IsNull says whether row i has none.
func (c *Column) IsNull(i int) bool {
	if c.Form == FormValues {
		return c.Values[i].IsNull()
	}
	return c.Nulls != nil && c.Nulls[i>>3]>>(i&7)&1 != 0
}

// Text returns row i of a column of Strings; it is valid as long as Data is.
func (c *Column) Text(i int) string {
	from, end := uint32(0), binary.LittleEndian.Uint32(c.Ends[4*i:])
	if i > 0 {
		from = binary.LittleEndian.Uint32(c.Ends[4*i-4:])
	}
	text := c.Data[from:end]
	return unsafe.String(unsafe.SliceData(text), len(text))
}

// Word returns row i of a column of numbers: an Integer, or the bits of a Float.
//
//go:noinline
func (c *Column) Word(i int) int64 {
	if c.Form == FormInt32 {
		return int64(int32(binary.LittleEndian.Uint32(c.Data[4*i:])))
	}
	return int64(binary.LittleEndian.Uint64(c.Data[8*i:]))
}

// Words sets out to the Words of rows from one on.
func (c *Column) Words(from int, out []int64) {
	if c.Form != FormInt32 {
		data := c.Data[8*from:][:8*len(out)]
		for i := range out {
			out[i] = int64(binary.LittleEndian.Uint64(data[8*i:]))
		}
		return
	}
	data := c.Data[4*from:][:4*len(out)]
	for i := range out {
		out[i] = int64(int32(binary.LittleEndian.Uint32(data[4*i:])))
	}
}

// Value returns row i, Null where there is none. A String is valid as long as
// Data is.
//
//go:noinline
func (c *Column) Value(i int) Value {
	switch {
	case c.IsNull(i):
		return Null
	case c.Form == FormValues:
		return c.Values[i]
	case c.Form == FormText:
		return String(c.Text(i))
	case c.Form == FormFloat:
		return Float(math.Float64frombits(uint64(c.Word(i))))
	}
	return Int(c.Word(i))
}

// RowError says at which row of Rows something is wrong.
type RowError struct {
	Row int
	Err error
}

func (e *RowError) Error() string { return e.Err.Error() }
func (e *RowError) Unwrap() error { return e.Err }
