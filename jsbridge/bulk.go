package jsbridge

import (
	"errors"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/graph"
)

// bulk serves BULK: it creates the elements of the body in the request's
// transaction, which from then on may live for as long as it is not idle.
func (d *Dispatcher) bulk(t *task) (*graph.Map, error) {
	tx, err := d.takeTransaction(t)
	if err != nil {
		return nil, err
	}
	w, ok := tx.Writer().(graph.BulkWriter)
	if !ok {
		return nil, invalid("BULK needs a writing transaction")
	}
	tx.life.Stop()
	b := &bulkReader{cursor: cursor{b: t.r.Bulk}, w: w, tx: tx}
	if err = b.run(func() error { d.Yield(); return t.life.Err() }); err != nil {
		d.failInside(tx)
		var row *graph.RowError
		if errors.As(err, &row) {
			err = b.placed(row.Row, d.failure(row.Err))
		}
	}
	return nil, err
}

// bulkReader decodes and applies the body of BULK. Everything is checked before
// the first row is created, but for what only creating it tells.
type bulkReader struct {
	cursor
	w     graph.BulkWriter
	tx    *transaction
	table uint32
	first uint32 // row of the table
	n     int    // rows
	names []string
	rows  graph.Rows
}

// bulkPause is after how many rows others get their turn.
const bulkPause = 4096

func (b *bulkReader) run(pause func() error) error {
	b.table, b.first = b.varuint(), b.varuint()
	b.rows.Rels = b.choice(1) == 1
	b.n = b.bounded(int(b.varuint()))
	for n := b.some(); len(b.names) < n && b.err == nil; {
		b.names = append(b.names, b.text())
	}
	for _, part := range []func() error{b.kinds, b.ends, b.columns} {
		if b.err == nil {
			if err := part(); err != nil {
				return err
			}
		}
	}
	switch {
	case b.err != nil:
		return b.err
	case b.at < len(b.b):
		return ErrMalformed
	}
	made := &b.tx.made
	if b.rows.Rels {
		made = nil
	}
	for from := 0; from < b.n; from += bulkPause {
		if err := b.w.CreateRows(&b.rows, from, min(from+bulkPause, b.n), made); err != nil {
			return err
		}
		if err := pause(); err != nil {
			return err
		}
	}
	return nil
}

// placed is a failure with the place of what failed.
func (b *bulkReader) placed(row int, f *Failure) *Failure {
	placed := *f
	table := "nodes["
	if b.rows.Rels {
		table = "relationships["
	}
	placed.Message = table + number(b.table) + "], row " + number(b.first+uint32(row)) + ": " + f.Message
	return &placed
}

// bounded refuses more than MaxBulkRows of anything.
func (b *bulkReader) bounded(n int) int {
	if n <= MaxBulkRows {
		return n
	}
	b.fail(ErrTooLarge)
	return 0
}

// some reads how many things follow.
func (b *bulkReader) some() int { return b.bounded(b.count()) }

// name reads the index of a name.
func (b *bulkReader) name() string {
	i := b.varuint()
	if uint64(i) < uint64(len(b.names)) {
		return b.names[i]
	}
	b.fail(ErrMalformed)
	return ""
}

// kinds reads the sets of labels, or the types, and which row has which.
func (b *bulkReader) kinds() error {
	n := b.some()
	if n == 0 {
		b.fail(ErrMalformed)
	}
	for i := 0; i < n && b.err == nil; i++ {
		names := 1
		if !b.rows.Rels {
			names = b.some()
		}
		kind := []uint32{}
		for len(kind) < names && b.err == nil {
			number, err := b.number(!b.rows.Rels)
			if err != nil {
				return err
			}
			kind = append(kind, number)
		}
		b.rows.Kinds = append(b.rows.Kinds, kind)
	}
	if n > 1 {
		b.rows.Which = b.take(2 * b.n)
	}
	for i := 0; i < b.n && b.err == nil; i++ {
		if b.rows.Kind(i) >= n {
			b.fail(ErrMalformed)
		}
	}
	return nil
}

// number reads a name and returns the number of that label, or of that type.
func (b *bulkReader) number(label bool) (uint32, error) {
	if label {
		l, err := b.w.Label(b.name())
		return uint32(l), err
	}
	t, err := b.w.Type(b.name())
	return uint32(t), err
}

// ends reads where relationships start and end.
func (b *bulkReader) ends() error {
	for end := range b.rows.Ends {
		if !b.rows.Rels {
			return nil
		}
		out := make([]uint32, b.n)
		b.rows.Ends[end] = out
		if b.choice(1) == 1 {
			label, err := b.number(true)
			if err != nil {
				return err
			}
			var keys graph.Column
			if err := b.column(&keys); err != nil {
				return err
			}
			if err := b.w.FindNodes(graph.LabelID(label), keys.Key, &keys, out); err != nil {
				return err
			}
			continue
		}
		places := b.take(4 * b.n)
		for i := 0; i < b.n && b.err == nil; i++ {
			if place := getU32(places[4*i:]); uint64(place) < uint64(len(b.tx.made)) {
				out[i] = b.tx.made[place]
			} else {
				b.fail(ErrMalformed)
			}
		}
	}
	return nil
}

// columns reads the properties.
func (b *bulkReader) columns() error {
	b.rows.Columns = make([]graph.Column, b.some())
	for i := range b.rows.Columns {
		if err := b.column(&b.rows.Columns[i]); err != nil {
			return err
		}
	}
	return nil
}

// column reads the name of a property and a column, and checks its values.
func (b *bulkReader) column(c *graph.Column) (err error) {
	if c.Key, err = b.w.Key(b.name()); err != nil {
		return err
	}
	c.Form = graph.Form(b.u8())
	if b.choice(1) == 1 {
		c.Nulls = b.take((b.n + 7) / 8)
	}
	switch c.Form {
	case graph.FormValues:
		if b.n > len(b.b)-b.at { // each takes a byte at least
			b.fail(ErrTruncated)
			break
		}
		c.Values = make([]graph.Value, 0, b.n)
		for len(c.Values) < b.n && b.err == nil {
			c.Values = append(c.Values, readValue(&b.cursor, valueBuilder{}, nil, MaxDepth))
		}
	case graph.FormInt32:
		c.Data = b.take(4 * b.n)
	case graph.FormInt64, graph.FormFloat:
		c.Data = b.take(8 * b.n)
	case graph.FormText:
		b.texts(c)
	default:
		b.fail(ErrMalformed)
	}
	return b.err
}

// texts reads the strings: each has to be valid by itself.
func (b *bulkReader) texts(c *graph.Column) {
	if c.Ends = b.take(4 * b.n); len(c.Ends) == 0 {
		return
	}
	c.Data = b.take(int(getU32(c.Ends[len(c.Ends)-4:])))
	if !utf8.Valid(c.Data) {
		b.fail(ErrMalformed)
	}
	for i, last := 0, uint32(0); i < b.n && b.err == nil; i++ {
		end := getU32(c.Ends[4*i:])
		if end < last || end > uint32(len(c.Data)) || end < uint32(len(c.Data)) && !utf8.RuneStart(c.Data[end]) {
			b.fail(ErrMalformed)
		}
		last = end
	}
}
