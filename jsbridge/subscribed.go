package jsbridge

import (
	"context"
	"strconv"
	"time"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// What engineDB has of Subscriptions.

func (e *engineDB) WithMetadata(ctx context.Context, data map[string]string) context.Context {
	return pocketgraph.WithMetadata(ctx, data)
}

func (t *engineTx) SetMetadata(data map[string]string) error { return t.tx.SetMetadata(data) }

// engineWatch is a *pocketgraph.Watch as the dispatcher sees it.
type engineWatch struct {
	*pocketgraph.Watch
	db *pocketgraph.DB
}

func (w engineWatch) Sequence() uint64 { return w.db.Cursor().Sequence }

func (e *engineDB) Watch(text string) (Watch, error) {
	w, err := e.db.Watch(text)
	if err != nil {
		return nil, err
	}
	return engineWatch{w, e.db}, nil
}

func (e *engineDB) Feed(ctx context.Context, since string) (Feed, error) {
	cursor, err := e.cursor(since)
	if err != nil {
		return nil, err
	}
	f, err := e.db.Feed(ctx, cursor)
	if err != nil {
		return nil, err
	}
	return &engineFeed{Feed: f, db: e.db, prefix: e.db.Reader().ElementPrefix()}, nil
}

// cursor reads what CHANGES says of where to begin.
func (e *engineDB) cursor(since string) (pocketgraph.Cursor, error) {
	if since == "now" {
		return e.db.Cursor(), nil
	}
	if sequence, err := strconv.ParseUint(since, 10, 64); err == nil {
		return e.db.CursorAt(sequence), nil
	}
	return pocketgraph.ParseCursor(since)
}

// engineFeed turns transactions into rows.
type engineFeed struct {
	*pocketgraph.Feed
	db     *pocketgraph.DB
	prefix string
	rows   [2][]graph.Value
}

func (f *engineFeed) Reader() graph.Reader { return f.db.Reader() }

func (f *engineFeed) Next() (int, [][]graph.Value, error) {
	f.rows[0], f.rows[1] = f.rows[0][:0], f.rows[1][:0]
	tx, err := f.Feed.Next()
	if tx == nil || err != nil {
		return 0, nil, err
	}
	for change, err := range tx.Changes() {
		if err != nil {
			return 0, nil, err
		}
		f.rows[0] = append(f.rows[0], f.change(&change))
		f.rows[1] = append(f.rows[1], graph.Null)
	}
	if len(f.rows[0]) == 0 {
		f.rows[0], f.rows[1] = append(f.rows[0], graph.Null), append(f.rows[1], graph.Null)
	}
	f.rows[1][len(f.rows[1])-1] = f.transaction(tx)
	return len(f.rows[0]), f.rows[:], nil
}

func (f *engineFeed) transaction(tx *pocketgraph.Committed) graph.Value {
	metadata := make([]graph.Entry, 0, len(tx.Metadata))
	for key, value := range tx.Metadata {
		metadata = append(metadata, word(key, value))
	}
	return graph.MapValue(graph.NewMap([]graph.Entry{
		word("cursor", tx.Cursor.String()), count("sequence", tx.Sequence),
		{Key: "time", Value: graph.Float(float64(tx.Time.UnixMicro()) / 1000)}, nested("metadata", metadata...)}))
}

// change is a change as a map. What was there before and is not known is left out.
func (f *engineFeed) change(c *pocketgraph.Change) graph.Value {
	entries := []graph.Entry{word("kind", string(c.Kind))}
	switch {
	case c.Schema != nil:
		entries = append(entries, word("name", c.Schema.Name))
		entries = f.sides(entries, c, f.schema(c.Schema))
	case len(c.Kind) > 6 && c.Kind[:3] == "set":
		entries = append(entries, f.id("id", c.ID, c.Kind == "setNodeProperty"), word("key", c.Key))
		if c.Imaged {
			entries = append(entries, graph.Entry{Key: "before", Value: c.Before})
		}
		entries = append(entries, graph.Entry{Key: "after", Value: c.After})
	case c.Kind == "addLabel" || c.Kind == "removeLabel":
		entries = append(entries, f.id("id", c.ID, true), word("label", c.Labels[0]))
	default:
		node := c.Kind == "createNode" || c.Kind == "deleteNode"
		entries = append(entries, f.id("id", c.ID, node))
		entries = f.sides(entries, c, f.element(c, node))
	}
	return graph.MapValue(graph.NewMap(entries))
}

// sides adds before and after of what was created, deleted or dropped.
func (f *engineFeed) sides(entries []graph.Entry, c *pocketgraph.Change, what graph.Value) []graph.Entry {
	if c.Kind[:6] == "create" {
		return append(entries, graph.Entry{Key: "before", Value: graph.Null}, graph.Entry{Key: "after", Value: what})
	}
	if c.Imaged {
		entries = append(entries, graph.Entry{Key: "before", Value: what})
	}
	return append(entries, graph.Entry{Key: "after", Value: graph.Null})
}

func (f *engineFeed) element(c *pocketgraph.Change, node bool) graph.Value {
	properties := make([]graph.Entry, 0, len(c.Properties))
	for _, p := range c.Properties {
		properties = append(properties, graph.Entry{Key: p.Key, Value: p.Value})
	}
	entries := []graph.Entry{nested("properties", properties...)}
	if node {
		entries = append(entries, graph.Entry{Key: "labels", Value: words(c.Labels)})
	} else {
		entries = append(entries, word("type", c.Type), f.id("start", c.Start, true), f.id("end", c.End, true))
	}
	return graph.MapValue(graph.NewMap(entries))
}

func (f *engineFeed) schema(s *pocketgraph.SchemaChange) graph.Value {
	of := "type"
	if s.Nodes {
		of = "label"
	}
	entries := []graph.Entry{word(of, s.Of), {Key: "properties", Value: words(s.Keys)}}
	if int(s.Kind) < len(constraintKinds) && s.Kind > 0 {
		entries = append(entries, word("constraint", constraintKinds[s.Kind]))
	}
	if s.Types != 0 {
		entries = append(entries, word("types", s.Types.String()))
	}
	return graph.MapValue(graph.NewMap(entries))
}

var constraintKinds = [...]string{graph.UniqueConstraint: "unique", graph.ExistsConstraint: "exists", graph.KeyConstraint: "key", graph.TypeConstraint: "type"}

func (f *engineFeed) id(key string, id graph.ID, node bool) graph.Entry {
	kind := ":r:"
	if node {
		kind = ":n:"
	}
	return word(key, f.prefix+kind+decimalText(uint64(id)))
}

func words(list []string) graph.Value {
	out := make([]graph.Value, 0, len(list))
	for _, s := range list {
		out = append(out, graph.String(s))
	}
	return graph.List(out)
}

// maxEvents is how many events wait for the page; more are dropped.
const maxEvents = 256

func (e *engineDB) Events(slowerThan time.Duration) (<-chan *graph.Map, func()) {
	events := make(chan *graph.Map, maxEvents)
	return events, e.db.Listen(func(event pocketgraph.Event) {
		select {
		case events <- eventMap(&event):
			if e.woken != nil {
				e.woken()
			}
		default:
		}
	}, slowerThan)
}

func eventMap(e *pocketgraph.Event) *graph.Map {
	entries := []graph.Entry{word("kind", e.Kind), {Key: "time", Value: graph.Float(float64(e.Time.UnixMicro()) / 1000)}}
	if e.Duration > 0 {
		entries = append(entries, milliseconds("milliseconds", e.Duration))
	}
	if e.Text != "" {
		entries = append(entries, word("text", e.Text))
	}
	if e.Err != nil {
		entries = append(entries, word("message", e.Err.Error()))
	}
	if e.Kind == pocketgraph.EventSnapshot {
		entries = append(entries, count("sequence", e.Sequence), count("bytes", e.Bytes))
	}
	return graph.NewMap(entries)
}
