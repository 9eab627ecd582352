package pocketgraph

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

// Params are the parameters of a statement as Go values: nil, bool, all
// integer types, float32, float64, string, []byte, []float32, []any, []string,
// map[string]any, time.Time (a DateTime), and graph.Value for everything else.
type Params map[string]any

// Node is a node as Run returns it.
type Node struct {
	ID         uint64
	Labels     []string
	Properties map[string]any
}

// Relationship is a relationship as Run returns it.
type Relationship struct {
	ID         uint64
	Type       string
	Start, End uint64
	Properties map[string]any
}

// Path is a path as Run returns it: Nodes has one more than Relationships.
type Path struct {
	Nodes         []Node
	Relationships []Relationship
}

// Record is one row: its values in the order of Columns. Values are nil, bool,
// int64, float64, string, []byte, []float32, []any, map[string]any, Node,
// Relationship, Path, and graph.Value for times, durations and points: Time makes
// a time.Time of some, package graph/temporal takes the others apart and prints
// them.
type Record struct {
	Columns []string
	Values  []any
}

// Get returns the value of a column, nil when there is none.
func (r Record) Get(column string) any {
	for i, name := range r.Columns {
		if name == column {
			return r.Values[i]
		}
	}
	return nil
}

// Run runs one statement in a transaction of its own and returns all its rows.
// For large results take batches from Query.
func (db *DB) Run(ctx context.Context, text string, params Params) ([]Record, error) {
	values, err := params.Values()
	if err != nil {
		return nil, err
	}
	result, err := db.Query(ctx, text, values)
	if err != nil {
		return nil, err
	}
	return result.All()
}

// Run runs one statement in the transaction and returns all its rows.
func (tx *Tx) Run(text string, params Params) ([]Record, error) {
	values, err := params.Values()
	if err != nil {
		return nil, err
	}
	result, err := tx.Query(text, values)
	if err != nil {
		return nil, err
	}
	return result.All()
}

// All returns the rest of the rows and closes the result.
func (r *Result) All() ([]Record, error) {
	defer r.Close()
	var records []Record
	for record, err := range r.Records() {
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

// Records walks the rest of the rows. After an error it ends.
func (r *Result) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for {
			batch, err := r.Next()
			if err != nil {
				yield(Record{}, err)
				return
			}
			if batch == nil {
				return
			}
			for row := range batch.Len {
				values := make([]any, len(batch.Columns))
				for i, column := range batch.Columns {
					values[i] = FromValue(r.reader, column[row])
				}
				if !yield(Record{Columns: r.columns, Values: values}, nil) {
					return
				}
			}
		}
	}
}

// Values converts the parameters. Errors: INVALID_ARGUMENT for a Go type that
// has no counterpart.
func (p Params) Values() (map[string]graph.Value, error) {
	values := make(map[string]graph.Value, len(p))
	for name, v := range p {
		value, err := ToValue(v)
		if err != nil {
			return nil, newError(CodeInvalidArgument, "parameter "+name+": "+err.Error())
		}
		values[name] = value
	}
	return values, nil
}

var errNoCounterpart = errors.New("the Go type has no counterpart in the query language")

// maxDepth bounds how deeply parameters may be nested, so that a cyclic value
// ends in an error.
const maxDepth = 100

// ToValue converts a Go value; see Params.
func ToValue(v any) (graph.Value, error) { return toValue(v, 0) }

// timeValue makes a DateTime with the offset that t has, without the name of
// its zone.
func timeValue(t time.Time) (graph.Value, error) {
	_, offset := t.Zone()
	v := graph.DateTime(graph.Zoned{Seconds: t.Unix(), Nanos: int32(t.Nanosecond()), Offset: int32(offset)})
	if !temporal.Valid(v) {
		return graph.Null, errors.New("the time is outside of the range of a DateTime")
	}
	return v, nil
}

// Time returns the moment of a DateTime, with its offset, and that of a
// LocalDateTime or a Date (midnight) as if it were UTC. Of anything else it
// returns false.
func Time(v any) (time.Time, bool) {
	value, ok := v.(graph.Value)
	if !ok {
		return time.Time{}, false
	}
	switch value.Kind() {
	case graph.KindDateTime:
		z := value.AsDateTime()
		return time.Unix(z.Seconds, int64(z.Nanos)).In(time.FixedZone(z.Zone, int(z.Offset))), true
	case graph.KindLocalDateTime:
		seconds, nanos := value.AsLocalDateTime()
		return time.Unix(seconds, int64(nanos)).UTC(), true
	case graph.KindDate:
		return time.Unix(value.AsDate()*24*60*60, 0).UTC(), true
	}
	return time.Time{}, false
}

func toValue(v any, depth int) (graph.Value, error) {
	if depth > maxDepth {
		return graph.Null, errors.New("nested too deeply")
	}
	switch v := v.(type) {
	case nil:
		return graph.Null, nil
	case graph.Value:
		return v, nil
	case bool:
		return graph.Bool(v), nil
	case string:
		return graph.String(v), nil
	case float64:
		return graph.Float(v), nil
	case float32:
		return graph.Float(float64(v)), nil
	case []byte:
		return graph.Bytes(v), nil
	case []float32:
		return graph.Vector(v), nil
	case []string:
		items := make([]graph.Value, len(v))
		for i, s := range v {
			items[i] = graph.String(s)
		}
		return graph.List(items), nil
	case time.Time:
		return timeValue(v)
	case []any:
		return listValue(v, depth)
	case map[string]any:
		return mapValue(v, depth)
	}
	return integerValue(v)
}

func listValue(v []any, depth int) (graph.Value, error) {
	items := make([]graph.Value, len(v))
	for i, item := range v {
		var err error
		if items[i], err = toValue(item, depth+1); err != nil {
			return graph.Null, err
		}
	}
	return graph.List(items), nil
}

func mapValue(v map[string]any, depth int) (graph.Value, error) {
	entries := make([]graph.Entry, 0, len(v))
	for key, item := range v {
		value, err := toValue(item, depth+1)
		if err != nil {
			return graph.Null, err
		}
		entries = append(entries, graph.Entry{Key: key, Value: value})
	}
	return graph.MapValue(graph.NewMap(entries)), nil
}

func integerValue(v any) (graph.Value, error) {
	switch v := v.(type) {
	case int:
		return graph.Int(int64(v)), nil
	case int8:
		return graph.Int(int64(v)), nil
	case int16:
		return graph.Int(int64(v)), nil
	case int32:
		return graph.Int(int64(v)), nil
	case int64:
		return graph.Int(v), nil
	case uint8:
		return graph.Int(int64(v)), nil
	case uint16:
		return graph.Int(int64(v)), nil
	case uint32:
		return graph.Int(int64(v)), nil
	case uint:
		return unsigned(uint64(v))
	case uint64:
		return unsigned(v)
	}
	return graph.Null, errNoCounterpart
}

func unsigned(u uint64) (graph.Value, error) {
	if u > 1<<63-1 {
		return graph.Null, errors.New("the integer needs more than 64 bits with a sign")
	}
	return graph.Int(int64(u)), nil
}

// FromValue converts a value of a result; see Record. Handles are resolved
// through r.
func FromValue(r graph.Reader, v graph.Value) any {
	switch v.Kind() {
	case graph.KindNull:
		return nil
	case graph.KindBool:
		return v.AsBool()
	case graph.KindInt:
		return v.AsInt()
	case graph.KindFloat:
		return v.AsFloat()
	case graph.KindString:
		return v.AsString()
	case graph.KindBytes:
		return v.AsBytes()
	case graph.KindVector:
		return v.AsVector()
	case graph.KindList:
		items := make([]any, 0, len(v.AsList()))
		for _, item := range v.AsList() {
			items = append(items, FromValue(r, item))
		}
		return items
	case graph.KindMap:
		m := v.AsMap()
		out := make(map[string]any, m.Len())
		for i := range m.Len() {
			key, item := m.At(i)
			out[key] = FromValue(r, item)
		}
		return out
	case graph.KindNode:
		return nodeOf(r, v.AsNode())
	case graph.KindRel:
		return relationshipOf(r, v.AsRel())
	case graph.KindPath:
		return pathOf(r, v.AsPath())
	}
	return v
}

func nodeOf(r graph.Reader, n graph.Node) Node {
	node := Node{ID: uint64(r.NodeID(n)), Labels: []string{}}
	for _, l := range r.AppendLabels(nil, n) {
		node.Labels = append(node.Labels, r.LabelName(l))
	}
	node.Properties = propertiesOf(r, r.AppendNodeProperties(nil, n))
	return node
}

func relationshipOf(r graph.Reader, rel graph.Rel) Relationship {
	start, end := r.RelEnds(rel)
	return Relationship{
		ID: uint64(r.RelID(rel)), Type: r.TypeName(r.RelType(rel)),
		Start: uint64(r.NodeID(start)), End: uint64(r.NodeID(end)),
		Properties: propertiesOf(r, r.AppendRelProperties(nil, rel)),
	}
}

func pathOf(r graph.Reader, p *graph.Path) Path {
	var path Path
	for _, n := range p.Nodes {
		path.Nodes = append(path.Nodes, nodeOf(r, n))
	}
	for _, rel := range p.Rels {
		path.Relationships = append(path.Relationships, relationshipOf(r, rel))
	}
	return path
}

func propertiesOf(r graph.Reader, properties []graph.Property) map[string]any {
	out := make(map[string]any, len(properties))
	for _, p := range properties {
		out[r.KeyName(p.Key)] = FromValue(r, p.Value)
	}
	return out
}
