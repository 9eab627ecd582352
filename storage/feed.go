package storage

import (
	"context"
	"strconv"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/wal"
)

// Feed is the committed transactions in order, from a place on. It shows what
// is durable: no crash takes back what it has shown. It belongs to one
// goroutine at a time.
type Feed struct {
	s       *Store
	records recordFeed
}

// recordFeed is what a feed needs of a log; see wal.Feed.
type recordFeed interface {
	Next(limit uint64) (*wal.Record, error)
}

// Feed begins behind the transaction of that sequence, as it was in that
// incarnation. Errors: wal.ErrHistoryChanged, wal.ErrClosed.
func (s *Store) Feed(ctx context.Context, incarnation, after uint64) (*Feed, error) {
	records, err := s.log.feed(ctx, incarnation, after)
	if err != nil {
		return nil, err
	}
	return &Feed{s, records}, nil
}

// Incarnation is the number of the store's present one; see wal.Store.
func (s *Store) Incarnation() uint64 { return s.log.Incarnation() }

// Oldest is the sequence of the oldest transaction that a feed can show.
func (s *Store) Oldest(ctx context.Context) (uint64, error) { return s.log.Oldest(ctx) }

// Shown is the sequence of the newest transaction that readers see.
func (s *Store) Shown() uint64 { return s.shown.Load() }

// Next returns the next transaction, valid until the call after, or nil when
// there is none yet. Errors: a *wal.DroppedError, wal.ErrClosed, wal.ErrIO.
func (f *Feed) Next() (*Committed, error) {
	r, err := f.records.Next(f.s.shown.Load())
	if r == nil || err != nil {
		return nil, err
	}
	metadata, err := ParseMetadata(r.Metadata)
	if err != nil {
		return nil, recordError(r, err)
	}
	return &Committed{Sequence: r.Sequence, Time: time.UnixMicro(r.UnixMicros), Metadata: metadata, record: r, names: f.s.State()}, nil
}

// Ready is closed when there may be another transaction than there was when it
// was called.
func (f *Feed) Ready() <-chan struct{} { return f.s.watching.next() }

// Wait is Next, and waits for the transaction where there is none yet.
func (f *Feed) Wait(ctx context.Context) (*Committed, error) {
	for {
		wait := f.Ready() // before looking, so that no commit comes between
		c, err := f.Next()
		if c != nil || err != nil {
			return c, err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// Committed is a transaction that was committed.
type Committed struct {
	Sequence uint64
	Time     time.Time
	Metadata map[string]string

	record *wal.Record
	names  *mem.State
}

// Raw gives the changes of the transaction one after the other as lists of
// values: the number of the operation, its operands, then what it took away,
// where that was kept. Labels, types and keys are strings there, and:
//
//	 4 id, [label], {key: value}                        create node
//	 5 id, start id, end id, type, {key: value}         create relationship
//	 6 id; [label], {key: value}                        delete node
//	 7 id; start id, end id, type, {key: value}         delete relationship
//	 8 id, key, value; value                            set a property of a node
//	 9 id, key, value; value                            set a property of a relationship
//	10 id, label                                        add a label
//	11 id, label                                        remove a label
//	12 name, of nodes, label or type, [key]             create an index
//	13 name; name, of nodes, label or type, [key]       drop an index
//	14 kind, types, name, of nodes, label or type, [key]        create a constraint
//	15 name; kind, types, name, of nodes, label or type, [key]  drop a constraint
//
// What stands behind the semicolon is there or is not. The list is valid during
// the call; each ends the walk by returning false. An error is wal.ErrCorrupt.
func (c *Committed) Raw(each func([]graph.Value) bool) error {
	r := c.record
	d := &changeReader{names: c.names, s: source{rest: string(r.Payload)}}
	before := changeReader{names: c.names, s: source{rest: string(r.Before)}}
	for len(d.s.rest) > 0 {
		op := d.s.byte()
		if op == 0 || int(op) >= len(layouts) {
			return recordError(r, errMalformed)
		}
		d.values = append(d.values[:0], graph.Int(int64(op)))
		d.read(layouts[op].operands)
		if len(r.Before) > 0 {
			before.values = d.values
			before.read(layouts[op].image)
			d.values = before.values
		}
		switch {
		case d.s.fault || before.s.fault:
			return recordError(r, errMalformed)
		case op >= opCreateNode && !each(d.values): // a name that is given changes nothing
			return nil
		}
	}
	return nil
}

// layouts say how the operands of an operation lie in the record, and how what
// it took away does (format.go, images.go), a letter for each.
var layouts = [...]struct{ operands, image string }{
	opLabelName: {"s", ""}, opTypeName: {"s", ""}, opKeyName: {"s", ""},
	opCreateNode: {"ilp", ""}, opCreateRel: {"iiiTp", ""},
	opDeleteNode: {"i", "lp"}, opDeleteRel: {"i", "iiTp"},
	opSetNode: {"iKv", "v"}, opSetRel: {"iKv", "v"},
	opAddLabel: {"iL", ""}, opRemoveLabel: {"iL", ""},
	opCreateIndex: {"sek", ""}, opDropIndex: {"s", "sek"},
	opCreateConstraint: {"csek", ""}, opDropConstraint: {"s", "csek"},
}

// changeReader reads operands as values. After the first fault all it gives is
// worthless. Names are looked up in the state that is read now: it has all of
// the names that were ever given, at their numbers.
type changeReader struct {
	s      source
	names  *mem.State
	values []graph.Value
}

func (d *changeReader) add(v graph.Value) { d.values = append(d.values, v) }

func (d *changeReader) read(layout string) {
	s := &d.s
	for i := 0; i < len(layout) && !s.fault; i++ {
		switch layout[i] {
		case 'i':
			d.add(graph.Int(int64(s.uvarint())))
		case 's':
			d.add(graph.String(s.string()))
		case 'v':
			d.add(s.value())
		case 'l', 'k':
			d.list(layout[i] - 'a' + 'A')
		case 'p':
			d.properties()
		case 'e':
			nodes := s.byte() == byte(graph.NodeEntity)
			d.add(graph.Bool(nodes))
			if nodes {
				d.add(d.name('L'))
			} else {
				d.add(d.name('T'))
			}
		case 'c':
			kind, types := s.byte(), uint64(0)
			if graph.ConstraintKind(kind) == graph.TypeConstraint {
				types = s.uvarint()
			}
			d.add(graph.Int(int64(kind)))
			d.add(graph.Int(int64(types)))
		default:
			d.add(d.name(layout[i]))
		}
	}
}

// name reads the number of a label, type or key.
func (d *changeReader) name(of byte) graph.Value {
	n := d.s.uint32()
	switch {
	case of == 'L' && int(n) < d.names.LabelsLen():
		return graph.String(d.names.LabelName(graph.LabelID(n)))
	case of == 'T' && int(n) < d.names.TypesLen():
		return graph.String(d.names.TypeName(graph.TypeID(n)))
	case of == 'K' && int(n) < d.names.KeysLen():
		return graph.String(d.names.KeyName(graph.KeyID(n)))
	}
	d.s.fail()
	return graph.Null
}

func (d *changeReader) list(of byte) {
	var items []graph.Value
	for n := d.s.count(); n > 0 && !d.s.fault; n-- {
		items = append(items, d.name(of))
	}
	d.add(graph.List(items))
}

func (d *changeReader) properties() {
	var entries []graph.Entry
	for n := d.s.count(); n > 0 && !d.s.fault; n-- {
		key := d.name('K')
		entries = append(entries, graph.Entry{Key: key.AsString(), Value: d.s.value()})
	}
	d.add(graph.MapValue(graph.NewMap(entries)))
}

// recordError: the record passed its checksums and is not what this package writes.
func recordError(r *wal.Record, err error) error {
	return &wal.CorruptError{File: "a log", Sequence: r.Sequence, Reason: "record " + strconv.FormatUint(r.Sequence, 10) + ": " + err.Error()}
}
