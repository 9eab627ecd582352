package storage

import (
	"context"
	"iter"
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

// ChangeKind says what a change did.
type ChangeKind string

// The kinds of changes.
const (
	NodeCreated             ChangeKind = "createNode"
	NodeDeleted             ChangeKind = "deleteNode"
	NodePropertySet         ChangeKind = "setNodeProperty" // or removed
	LabelAdded              ChangeKind = "addLabel"
	LabelRemoved            ChangeKind = "removeLabel"
	RelationshipCreated     ChangeKind = "createRelationship"
	RelationshipDeleted     ChangeKind = "deleteRelationship"
	RelationshipPropertySet ChangeKind = "setRelationshipProperty" // or removed
	IndexCreated            ChangeKind = "createIndex"
	IndexDropped            ChangeKind = "dropIndex"
	ConstraintCreated       ChangeKind = "createConstraint"
	ConstraintDropped       ChangeKind = "dropConstraint"
)

// Change is one change of a transaction. Which fields count depends on Kind.
type Change struct {
	Kind ChangeKind
	ID   graph.ID // of the element

	Labels     []string        // of a node created or deleted; the one added or removed
	Type       string          // of a relationship created or deleted
	Start, End graph.ID        // of such a relationship: its nodes
	Properties []NamedProperty // of an element created or deleted

	Key           string      // of a property set
	Before, After graph.Value // and its values, Null for none

	Schema *SchemaChange

	// Imaged reports that what was before is known: what was deleted or
	// dropped, and Before. It is not where no history was kept at the time.
	Imaged bool
}

// NamedProperty is a property with its key's name.
type NamedProperty struct {
	Key   string
	Value graph.Value
}

// SchemaChange is an index or constraint that was created or dropped.
type SchemaChange struct {
	Name  string
	Kind  graph.ConstraintKind // 0: an index
	Nodes bool                 // about nodes, else about relationships
	Of    string               // their label or type
	Keys  []string
	Types graph.PropertyTypes // of a type constraint
}

// Changes are those of the transaction, in the order in which it made them.
// An error, wal.ErrCorrupt, ends them.
func (c *Committed) Changes() iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		r := c.record
		d := &changeReader{source: source{rest: string(r.Payload)}, names: c.names,
			before: source{rest: string(r.Before)}, imaged: len(r.Before) > 0}
		for len(d.rest) > 0 {
			change, shown := d.step(d.byte())
			if d.fault || d.before.fault {
				yield(Change{}, recordError(r, errMalformed))
				return
			}
			if shown && !yield(change, nil) {
				return
			}
		}
	}
}

// recordError: the record passed its checksums and is not what this package writes.
func recordError(r *wal.Record, err error) error {
	return &wal.CorruptError{File: "a log", Sequence: r.Sequence, Reason: "record " + strconv.FormatUint(r.Sequence, 10) + ": " + err.Error()}
}

// changeReader reads a record's changes, and beside them the before images.
// After the first fault all it gives is worthless.
type changeReader struct {
	source
	before source
	imaged bool
	names  *mem.State
}

// step reads one change; shown is false for the giving of names, which changes nothing.
func (d *changeReader) step(op byte) (c Change, shown bool) {
	c.Imaged = true
	switch op {
	case opLabelName, opTypeName, opKeyName:
		d.string()
		return c, false
	case opCreateNode:
		c.Kind, c.ID = NodeCreated, d.id()
		d.node(&c, &d.source)
	case opCreateRel:
		c.Kind, c.ID = RelationshipCreated, d.id()
		d.rel(&c, &d.source)
	case opDeleteNode:
		c.Kind, c.ID = NodeDeleted, d.id()
		if c.Imaged = d.imaged; d.imaged {
			d.node(&c, &d.before)
		}
	case opDeleteRel:
		c.Kind, c.ID = RelationshipDeleted, d.id()
		if c.Imaged = d.imaged; d.imaged {
			d.rel(&c, &d.before)
		}
	case opSetNode, opSetRel:
		c.Kind, c.ID = NodePropertySet, d.id()
		if op == opSetRel {
			c.Kind = RelationshipPropertySet
		}
		c.Key, c.After = d.key(&d.source), d.value()
		if c.Imaged = d.imaged; d.imaged {
			c.Before = d.before.value()
		}
	case opAddLabel, opRemoveLabel:
		c.Kind, c.ID = LabelAdded, d.id()
		if op == opRemoveLabel {
			c.Kind = LabelRemoved
		}
		c.Labels = []string{d.label(&d.source)}
	default:
		d.schema(op, &c)
	}
	return c, true
}

func (d *changeReader) schema(op byte, c *Change) {
	switch op {
	case opCreateIndex:
		c.Kind, c.Schema = IndexCreated, d.definition(&d.source, false)
	case opCreateConstraint:
		c.Kind, c.Schema = ConstraintCreated, d.definition(&d.source, true)
	case opDropIndex, opDropConstraint:
		c.Kind = IndexDropped
		if op == opDropConstraint {
			c.Kind = ConstraintDropped
		}
		c.Schema = &SchemaChange{Name: d.string()}
		if c.Imaged = d.imaged; d.imaged {
			c.Schema = d.definition(&d.before, op == opDropConstraint)
		}
	default:
		d.fail()
	}
}

func (d *changeReader) id() graph.ID { return graph.ID(d.uvarint()) }

// Names are looked up in the state that is read now: it has all of the names
// that were ever given, at their numbers.

func (d *changeReader) label(s *source) string {
	if l := s.uint32(); int(l) < d.names.LabelsLen() {
		return d.names.LabelName(graph.LabelID(l))
	}
	s.fail()
	return ""
}

func (d *changeReader) typeName(s *source) string {
	if t := s.uint32(); int(t) < d.names.TypesLen() {
		return d.names.TypeName(graph.TypeID(t))
	}
	s.fail()
	return ""
}

func (d *changeReader) key(s *source) string {
	if k := s.uint32(); int(k) < d.names.KeysLen() {
		return d.names.KeyName(graph.KeyID(k))
	}
	s.fail()
	return ""
}

func (d *changeReader) node(c *Change, s *source) {
	for n := s.count(); n > 0 && !s.fault; n-- {
		c.Labels = append(c.Labels, d.label(s))
	}
	d.properties(c, s)
}

func (d *changeReader) rel(c *Change, s *source) {
	c.Start, c.End = graph.ID(s.uvarint()), graph.ID(s.uvarint())
	c.Type = d.typeName(s)
	d.properties(c, s)
}

func (d *changeReader) properties(c *Change, s *source) {
	for n := s.count(); n > 0 && !s.fault; n-- {
		c.Properties = append(c.Properties, NamedProperty{d.key(s), s.value()})
	}
}

func (d *changeReader) definition(s *source, constraint bool) *SchemaChange {
	c := &SchemaChange{}
	if constraint {
		c.Kind = graph.ConstraintKind(s.byte())
	}
	if c.Kind == graph.TypeConstraint {
		c.Types = graph.PropertyTypes(s.uvarint())
	}
	c.Name = s.string()
	switch graph.Entity(s.byte()) {
	case graph.NodeEntity:
		c.Nodes, c.Of = true, d.label(s)
	case graph.RelEntity:
		c.Of = d.typeName(s)
	default:
		s.fail()
	}
	for n := s.count(); n > 0 && !s.fault; n-- {
		c.Keys = append(c.Keys, d.key(s))
	}
	return c
}
