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
	return &engineFeed{Feed: f, db: e.db}, nil
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
	db   *pocketgraph.DB
	rows [2][]graph.Value
}

func (f *engineFeed) Reader() graph.Reader { return f.db.Reader() }

func (f *engineFeed) Next() (int, [][]graph.Value, error) {
	f.rows[0], f.rows[1] = f.rows[0][:0], f.rows[1][:0]
	tx, err := f.Feed.Next()
	if tx == nil || err != nil {
		return 0, nil, err
	}
	if err := tx.Raw(f.add); err != nil {
		return 0, nil, err
	}
	if len(f.rows[0]) == 0 {
		f.rows[0], f.rows[1] = append(f.rows[0], graph.Null), append(f.rows[1], graph.Null)
	}
	metadata := make([]graph.Entry, 0, len(tx.Metadata))
	for key, value := range tx.Metadata {
		metadata = append(metadata, word(key, value))
	}
	f.rows[1][len(f.rows[1])-1] = graph.MapValue(graph.NewMap([]graph.Entry{
		word("cursor", tx.Cursor.String()), count("sequence", tx.Sequence), eventTime(tx.Time), nested("metadata", metadata...)}))
	return len(f.rows[0]), f.rows[:], nil
}

func (f *engineFeed) add(change []graph.Value) bool {
	f.rows[0] = append(f.rows[0], graph.List(append([]graph.Value(nil), change...)))
	f.rows[1] = append(f.rows[1], graph.Null)
	return true
}

// eventTime is when something was, in milliseconds since 1970.
func eventTime(t time.Time) graph.Entry {
	return graph.Entry{Key: "time", Value: graph.Float(float64(t.UnixMicro()) / 1000)}
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
	entries := []graph.Entry{word("kind", e.Kind), eventTime(e.Time)}
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
