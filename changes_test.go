package pocketgraph

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
)

func openWithHistory(t *testing.T) *DB {
	db, err := Open(context.Background(), crashfs.New(), Options{HistoryBytes: 1 << 20, SnapshotInterval: -1})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func write(t *testing.T, db *DB, text string) {
	r, err := db.Query(context.Background(), text, nil)
	require.NoError(t, err, text)
	r.Close()
}

// TestFollowGivesWhatIsThereAndWhatComes: transactions that are there, then
// those that are committed meanwhile, each once and in order, across snapshots
// that switch the log under the reader.
func TestFollowGivesWhatIsThereAndWhatComes(t *testing.T) {
	db := openWithHistory(t)
	const before, after = 20, 200
	for i := range before {
		write(t, db, fmt.Sprintf("CREATE (:N {n: %d})", i))
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	writing := make(chan error, 1)
	go func() {
		for i := range after {
			r, err := db.Query(ctx, fmt.Sprintf("CREATE (:N {n: %d})", before+i), nil)
			if err == nil {
				r.Close()
			}
			if i%37 == 0 && err == nil {
				_, err = db.Snapshot(ctx)
			}
			if err != nil {
				writing <- err
				return
			}
		}
		writing <- nil
	}()
	n := int64(0)
	var cursor Cursor
	for c, err := range db.Follow(ctx, Cursor{}) {
		require.NoError(t, err)
		require.EqualValues(t, n+1, c.Sequence)
		for ch, err := range c.Changes() {
			require.NoError(t, err)
			require.Equal(t, storage.NodeCreated, ch.Kind)
			require.Equal(t, n, ch.Properties[0].Value.AsInt())
		}
		cursor = c.Cursor
		if n++; n == before+after {
			break
		}
	}
	require.NoError(t, <-writing)
	require.Equal(t, db.Cursor(), cursor)
	for range db.Changes(ctx, cursor) {
		t.Fatal("there is nothing behind the newest")
	}
	ended, end := context.WithCancel(ctx)
	end()
	for range db.Follow(ended, cursor) {
		t.Fatal("a context that has ended is no transaction and no error")
	}
}

// TestCursors: they survive as text, and one that means nothing here is refused.
func TestCursors(t *testing.T) {
	db := openWithHistory(t)
	write(t, db, "CREATE ()")
	c := db.Cursor()
	again, err := ParseCursor(c.String())
	require.NoError(t, err)
	require.Equal(t, c, again)
	empty, err := ParseCursor(Cursor{}.String())
	require.NoError(t, err)
	require.Equal(t, Cursor{}, empty)
	for _, bad := range []string{"x", "a:b:c", "a:1", "a:1:-1", "a:1:99999999999999999999", "::::"} {
		_, err := ParseCursor(bad)
		require.Equal(t, CodeInvalidArgument, CodeOf(err), bad)
	}
	ctx := context.Background()
	other := openWithHistory(t)
	_, err = other.Feed(ctx, c)
	require.Equal(t, CodeHistoryChanged, CodeOf(err))
	c.Sequence += 100
	_, err = db.Feed(ctx, c)
	require.Equal(t, CodeHistoryChanged, CodeOf(err))
}

// TestFeedTellsWhatIsKept: without a history the logs are all there is, and who
// asks for more learns where they begin.
func TestFeedTellsWhatIsKept(t *testing.T) {
	db, err := Open(context.Background(), crashfs.New(), Options{SnapshotInterval: -1})
	require.NoError(t, err)
	for range 6 {
		write(t, db, "CREATE ()")
		_, err := db.Snapshot(context.Background())
		require.NoError(t, err)
	}
	first := db.CursorAt(0)
	got := 0
	for _, err := range db.Changes(context.Background(), first) {
		got++
		var e *Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, CodeHistoryDropped, e.Code)
		require.Greater(t, e.Oldest, uint64(1))
		first.Sequence = e.Oldest - 1
	}
	require.Equal(t, 1, got)
	var kept []uint64
	for c, err := range db.Changes(context.Background(), first) {
		require.NoError(t, err)
		kept = append(kept, c.Sequence)
	}
	require.Equal(t, first.Sequence+1, kept[0])
	require.EqualValues(t, 6, kept[len(kept)-1])
	require.NoError(t, db.Close())
	for _, err := range db.Changes(context.Background(), first) {
		require.Equal(t, CodeClosed, CodeOf(err))
	}
}

// places are where elements are that were deleted and made again. Nodes and
// relationships are counted apart.
type places struct{ nodes, rels map[graph.ID]graph.ID }

func (p *places) node(w graph.Writer, id graph.ID) graph.Node {
	if now, moved := p.nodes[id]; moved {
		id = now
	}
	n, _ := w.NodeByID(id)
	return n
}

func (p *places) rel(w graph.Writer, id graph.ID) graph.Rel {
	if now, moved := p.rels[id]; moved {
		id = now
	}
	r, _ := w.RelByID(id)
	return r
}

// undo takes back what a transaction did, in a new transaction. What was
// deleted comes back under a new identity, which places gives for the old one.
func undo(db *DB, c *Committed, places *places) error {
	var changes []Change
	for ch, err := range c.Changes() {
		if err != nil {
			return err
		}
		if !ch.Imaged {
			return fmt.Errorf("what transaction %d has changed was not kept", c.Sequence)
		}
		changes = append(changes, ch)
	}
	return db.Update(context.Background(), func(tx *Tx) error {
		if err := tx.SetMetadata(map[string]string{"undoes": c.Cursor.String()}); err != nil {
			return err
		}
		for i := len(changes) - 1; i >= 0; i-- { // the last change first
			if err := undoChange(tx.Writer(), changes[i], places); err != nil {
				return err
			}
		}
		return nil
	})
}

func undoChange(w graph.Writer, ch Change, places *places) error {
	properties := func() []graph.Property {
		var out []graph.Property
		for _, p := range ch.Properties {
			k, _ := w.Key(p.Key) // known: it was used before
			out = append(out, graph.Property{Key: k, Value: p.Value})
		}
		return out
	}
	switch ch.Kind {
	case storage.NodeCreated:
		n := places.node(w, ch.ID)
		return w.DeleteNode(n)
	case storage.RelationshipCreated:
		r := places.rel(w, ch.ID)
		return w.DeleteRel(r)
	case storage.NodePropertySet:
		n := places.node(w, ch.ID)
		k, _ := w.Key(ch.Key)
		return w.SetNodeProperty(n, k, ch.Before)
	case storage.RelationshipPropertySet:
		r := places.rel(w, ch.ID)
		k, _ := w.Key(ch.Key)
		return w.SetRelProperty(r, k, ch.Before)
	case storage.LabelAdded, storage.LabelRemoved:
		n := places.node(w, ch.ID)
		l, _ := w.Label(ch.Labels[0])
		if ch.Kind == storage.LabelAdded {
			return w.RemoveLabel(n, l)
		}
		return w.AddLabel(n, l)
	case storage.NodeDeleted:
		var labels []graph.LabelID
		for _, name := range ch.Labels {
			l, _ := w.Label(name)
			labels = append(labels, l)
		}
		n, err := w.CreateNode(labels, properties())
		if err == nil {
			places.nodes[ch.ID] = w.NodeID(n)
		}
		return err
	case storage.RelationshipDeleted:
		t, _ := w.Type(ch.Type)
		r, err := w.CreateRel(places.node(w, ch.Start), places.node(w, ch.End), t, properties())
		if err == nil {
			places.rels[ch.ID] = w.RelID(r)
		}
		return err
	}
	return fmt.Errorf("%s is not undone", ch.Kind)
}

// TestUndoFromBeforeImages takes back every transaction of a random history,
// the last first, and compares with the states in between.
func TestUndoFromBeforeImages(t *testing.T) {
	db := openWithHistory(t)
	picture := func() string {
		out := ""
		for _, text := range []string{
			"MATCH (n) RETURN n.k AS k, labels(n) AS l, n.v AS v ORDER BY k",
			"MATCH (a)-[r]->(b) RETURN a.k AS a, type(r) AS t, r.v AS v, b.k AS b ORDER BY a, b, t, v",
		} {
			records, err := db.Run(context.Background(), text, nil)
			require.NoError(t, err)
			for _, r := range records {
				out += fmt.Sprintln(r)
			}
		}
		return out
	}
	var pictures []string
	for _, text := range []string{
		"CREATE (:A {k: 1, v: 'one'})-[:R {v: 1}]->(:B:C {k: 2})",
		"MATCH (n) SET n.v = 'both', n:D",
		"MATCH (n {k: 1}) SET n.v = null REMOVE n:A CREATE (n)-[:S]->(n)",
		"MATCH ()-[r:R]->() SET r.v = r.v + 1, r.w = [1, 2]",
		"MATCH (n {k: 1}) DETACH DELETE n CREATE ({k: 3})",
		"MATCH (n) DETACH DELETE n",
	} {
		pictures = append(pictures, picture())
		write(t, db, text)
		_, err := db.Snapshot(context.Background()) // some of it is read from the history files
		require.NoError(t, err)
	}
	last := db.Cursor().Sequence
	where := &places{map[graph.ID]graph.ID{}, map[graph.ID]graph.ID{}}
	for sequence := last; sequence > 0; sequence-- {
		for c, err := range db.Changes(context.Background(), db.CursorAt(sequence-1)) {
			require.NoError(t, err)
			require.NoError(t, undo(db, c, where))
			break
		}
		require.Equal(t, pictures[sequence-1], picture(), "transaction %d taken back", sequence)
	}
	for c, err := range db.Changes(context.Background(), db.CursorAt(last)) {
		require.NoError(t, err)
		require.Contains(t, c.Metadata, "undoes")
	}
}

// TestMetadataOfAContext: transactions that are begun with a context have its
// metadata, however they are begun, and each part of a statement that commits in
// parts.
func TestMetadataOfAContext(t *testing.T) {
	db := openWithHistory(t)
	ctx := WithMetadata(context.Background(), map[string]string{"who": "Ada"})
	r, err := db.Query(ctx, "CREATE (:A)", nil)
	require.NoError(t, err)
	r.Close()
	require.NoError(t, db.Update(ctx, func(tx *Tx) error { _, err := tx.Run("CREATE (:B)", nil); return err }))
	tx, err := db.BeginOnce(ctx, Origin{Client: [16]byte{1}, Request: 1})
	require.NoError(t, err)
	_, err = tx.Run("CREATE (:C)", nil)
	require.NoError(t, err)
	require.NoError(t, tx.Commit())
	r, err = db.Query(ctx, "UNWIND range(1, 4) AS i CALL (i) { CREATE (:D {i: i}) } IN TRANSACTIONS OF 2 ROWS", nil)
	require.NoError(t, err)
	r.Close()
	seen := 0
	for c, err := range db.Changes(context.Background(), Cursor{}) {
		require.NoError(t, err)
		require.Equal(t, map[string]string{"who": "Ada"}, c.Metadata, "transaction %d", c.Sequence)
		seen++
	}
	require.GreaterOrEqual(t, seen, 5)
	_, err = db.Query(WithMetadata(context.Background(), map[string]string{"long": strings.Repeat("x", MaxMetadata)}), "CREATE ()", nil)
	require.Equal(t, CodeLimit, CodeOf(err))
	write(t, db, "CREATE (:E)") // the writer's lock is free
}
