package storage_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// transactions takes what a feed has to give.
func transactions(f *storage.Feed, each func(*storage.Committed) error) error {
	for {
		c, err := f.Next()
		if c == nil || err != nil {
			return err
		}
		if err := each(c); err != nil {
			return err
		}
	}
}

// shown prints the changes of a transaction.
func shown(t *testing.T, c *storage.Committed) []string {
	var out []string
	for ch, err := range c.Changes() {
		require.NoError(t, err)
		line := string(ch.Kind)
		if ch.ID != 0 {
			line += fmt.Sprintf(" %d", ch.ID)
		}
		if ch.Start != 0 {
			line += fmt.Sprintf(" (%d)-[:%s]->(%d)", ch.Start, ch.Type, ch.End)
		}
		for _, l := range ch.Labels {
			line += " :" + l
		}
		for _, p := range ch.Properties {
			line += fmt.Sprintf(" %s=%s", p.Key, plain(p.Value))
		}
		if ch.Key != "" {
			line += fmt.Sprintf(" %s: %s -> %s", ch.Key, plain(ch.Before), plain(ch.After))
		}
		if s := ch.Schema; s != nil {
			line += fmt.Sprintf(" %s on %s %v %d", s.Name, s.Of, s.Keys, s.Kind)
		}
		if !ch.Imaged {
			line += " (before not kept)"
		}
		out = append(out, line)
	}
	return out
}

func plain(v graph.Value) string {
	switch v.Kind() {
	case graph.KindInt:
		return strconv.FormatInt(v.AsInt(), 10)
	case graph.KindString:
		return "'" + v.AsString() + "'"
	}
	return "null"
}

// TestFeedShowsChangesWithBeforeAndAfter: every kind of change, through a log,
// in memory, and without a history.
func TestFeedShowsChangesWithBeforeAndAfter(t *testing.T) {
	one, two := graph.Int(1), graph.Int(2)
	work := []func(graph.Writer) error{
		create("Person", "n", one),
		create("Person", "n", two),
		join(1, 2, "KNOWS"),
		all(set(1, "n", two), set(1, "name", graph.String("Ada")), set(1, "n", graph.Null)),
		func(w graph.Writer) error {
			l, err := w.Label("Admin")
			if err != nil {
				return err
			}
			return errors.Join(w.AddLabel(element(w, 2), l), w.AddLabel(element(w, 2), l))
		},
		schema(func(w graph.Writer, l graph.LabelID, k graph.KeyID) error {
			return errors.Join(
				w.CreateIndex(graph.IndexDefinition{Name: "ix", Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}}),
				w.CreateConstraint(graph.ConstraintDefinition{Name: "typed", Kind: graph.TypeConstraint, Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}, Types: graph.StringType}))
		}),
		func(w graph.Writer) error { return errors.Join(w.DropIndex("ix"), w.DropConstraint("typed")) },
		deleteAll(2),
	}
	want := []string{
		"1: createNode 1 :Person n=1",
		"2: createNode 2 :Person n=2",
		"3: createRelationship 1 (1)-[:KNOWS]->(2) since=1000",
		"4: setNodeProperty 1 n: 1 -> 2; setNodeProperty 1 name: null -> 'Ada'; setNodeProperty 1 n: 2 -> null",
		"5: addLabel 2 :Admin",
		"6: createIndex ix on Person [name] 0; createConstraint typed on Person [name] 4",
		"7: dropIndex ix on Person [name] 0; dropConstraint typed on Person [name] 4",
		"8: deleteRelationship 1 (1)-[:KNOWS]->(2) since=1000; deleteNode 2 :Person :Admin n=2",
	}
	bare := []string{
		want[0], want[1], want[2],
		"4: setNodeProperty 1 n: null -> 2 (before not kept); setNodeProperty 1 name: null -> 'Ada' (before not kept); setNodeProperty 1 n: null -> null (before not kept)",
		want[4], want[5],
		"7: dropIndex ix on  [] 0 (before not kept); dropConstraint typed on  [] 0 (before not kept)",
		"8: deleteRelationship 1 (before not kept); deleteNode 2 (before not kept)",
	}
	with := options()
	with.History = wal.Retention{Bytes: 1 << 20}
	for name, open := range map[string]func() (*storage.Store, []string, error){
		"log": func() (*storage.Store, []string, error) {
			s, err := storage.Open(context.Background(), crashfs.New(), with)
			return s, want, err
		},
		"memory": func() (*storage.Store, []string, error) { return storage.OpenMemory(with), want, nil },
		"without history": func() (*storage.Store, []string, error) {
			s, err := storage.Open(context.Background(), crashfs.New(), options())
			return s, bare, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, want, err := open()
			require.NoError(t, err)
			for i, run := range work {
				tx, err := s.Begin(context.Background())
				require.NoError(t, err)
				require.NoError(t, tx.SetMetadata(map[string]string{"step": strconv.Itoa(i)}))
				require.NoError(t, run(tx))
				_, err = tx.Commit()
				require.NoError(t, err)
			}
			f, err := s.Feed(context.Background(), s.Incarnation(), 0)
			require.NoError(t, err)
			var got []string
			require.NoError(t, transactions(f, func(c *storage.Committed) error {
				require.Equal(t, map[string]string{"step": strconv.Itoa(len(got))}, c.Metadata)
				got = append(got, fmt.Sprintf("%d: %s", c.Sequence, strings.Join(shown(t, c), "; ")))
				return nil
			}))
			require.Equal(t, want, got)
			require.NoError(t, s.Close())
			_, err = f.Next()
			require.ErrorIs(t, err, wal.ErrClosed)
		})
	}
}

// follower is one who follows the changes through crashes, and remembers what
// it has seen under which number.
type follower struct {
	incarnation, last uint64
	seen              map[uint64]string
	dropped           int // how often it was told of a gap
}

// follow takes what there is. It must be without a gap that it is not told of,
// and never other than what anybody saw before.
func (fo *follower) follow(s *storage.Store) error {
	f, err := s.Feed(context.Background(), fo.incarnation, fo.last)
	if err != nil {
		return err
	}
	take := func(c *storage.Committed) error {
		if c.Sequence != fo.last+1 {
			return fmt.Errorf("transaction %d behind %d", c.Sequence, fo.last)
		}
		fo.last = c.Sequence
		content := c.Metadata["n"]
		for ch, err := range c.Changes() {
			if err != nil {
				return err
			}
			for _, p := range ch.Properties {
				if p.Key == "n" && strconv.FormatInt(p.Value.AsInt(), 10) != content {
					return fmt.Errorf("transaction %d has metadata %s and changes %v", c.Sequence, content, p.Value)
				}
			}
		}
		if was, ok := fo.seen[c.Sequence]; ok && was != content {
			return fmt.Errorf("transaction %d was %s and is %s", c.Sequence, was, content)
		}
		fo.seen[c.Sequence] = content
		return nil
	}
	fo.incarnation = s.Incarnation()
	err = transactions(f, take)
	var dropped *wal.DroppedError
	if !errors.As(err, &dropped) {
		return err
	}
	if dropped.Oldest <= fo.last+1 {
		return fmt.Errorf("told that %d is the oldest, and asked for %d", dropped.Oldest, fo.last+1)
	}
	fo.dropped++
	fo.last = dropped.Oldest - 1
	return fo.follow(s)
}

// feedWork commits, snapshots and reopens, with somebody following.
type feedWork struct {
	fs      *crashfs.FS
	options storage.Options
	s       *storage.Store
	near    *follower // looks after every step
	count   int
	steps   int
}

func newFeedWork(fs *crashfs.FS, durability storage.Durability) *feedWork {
	w := &feedWork{fs: fs, options: options(), near: &follower{seen: map[uint64]string{}}}
	w.options.Durability = durability
	w.options.FlushInterval = time.Hour
	w.options.SnapshotInterval = -1
	w.options.History = wal.Retention{Bytes: 20 << 10}
	return w
}

func (w *feedWork) open() error {
	s, err := storage.Open(context.Background(), w.fs, w.options)
	if err == nil {
		w.s = s
		err = w.look()
	}
	return err
}

func (w *feedWork) look() error {
	if err := w.near.follow(w.s); err != nil {
		return errors.Join(errFeed, err)
	}
	return nil
}

var errFeed = errors.New("the feed is wrong")

func (w *feedWork) commit(size int) error {
	tx, err := w.s.Begin(context.Background())
	if err != nil {
		return err
	}
	defer tx.Rollback()
	w.count++
	if err := tx.SetMetadata(map[string]string{"n": strconv.Itoa(w.count), "filler": strings.Repeat("x", size)}); err != nil {
		return err
	}
	if err := create("N", "n", graph.Int(int64(w.count)))(tx); err != nil {
		return err
	}
	_, err = tx.Commit()
	return err
}

// run makes so many rounds: commits of various sizes, a snapshot, now and then
// a reopening. An error of the disk is not the feed's.
func (w *feedWork) run(rounds int) error {
	if err := w.open(); err != nil {
		return err
	}
	for i := range rounds {
		for j := range 4 {
			if err := w.commit(100 + (i*7+j*3)%5*700); err != nil {
				return err
			}
			if err := w.look(); err != nil {
				return err
			}
		}
		if w.options.Durability == storage.Relaxed && i%2 == 0 {
			if err := w.s.Sync(); err != nil {
				return err
			}
		}
		if _, err := w.s.Snapshot(context.Background()); err != nil {
			return err
		}
		if err := w.look(); err != nil {
			return err
		}
		if i%3 == 2 {
			if err := w.s.Close(); err != nil {
				return err
			}
			if err := w.open(); err != nil {
				return err
			}
		}
	}
	return nil
}

// after goes on with what a crash left, and lets one follow who begins at the
// beginning, and the one who followed before.
func (w *feedWork) after(fs *crashfs.FS) error {
	next := *w
	near := *w.near
	near.seen = map[uint64]string{}
	for k, v := range w.near.seen {
		near.seen[k] = v
	}
	next.fs, next.near, next.count = fs, &near, w.count+1000
	if err := next.run(2); err != nil {
		return err
	}
	if got := next.s.Sequence(); near.last > got {
		return fmt.Errorf("followed to %d, and the last is %d", near.last, got)
	}
	far := &follower{incarnation: next.s.Incarnation(), seen: near.seen}
	err := far.follow(next.s)
	return errors.Join(err, next.s.Close())
}

// TestFeedThroughCrashes: a crash before every write-side operation while
// records are appended, the history is appended to and its files take turns,
// for every policy of what the disk keeps. Whoever followed goes on without a
// transaction twice, out of order or missing unless told, and nothing that was
// shown is taken back.
func TestFeedThroughCrashes(t *testing.T) {
	for name, durability := range map[string]storage.Durability{"strict": storage.Strict, "relaxed": storage.Relaxed} {
		t.Run(name, func(t *testing.T) {
			points := 0
			for k := int64(0); ; k++ {
				fs := crashfs.New()
				fs.Plan(k, crashfs.Crash)
				w := newFeedWork(fs, durability)
				err := w.run(14)
				if !fs.HasCrashed() {
					require.NoError(t, err)
					require.Positive(t, w.s.LogStats().HistoryBytes)
					require.Greater(t, w.s.LogStats().HistoryFirst, uint64(1), "nothing was dropped: the files never took turns")
					_ = w.s.Close() // the crash may come here
					break
				}
				require.NotErrorIs(t, err, errFeed, "before the crash at %d", k)
				for i, policy := range crashfs.Policies {
					if !long && (int(k)+i)%len(crashfs.Policies) != 0 {
						continue // each policy at every so many-th operation
					}
					require.NoError(t, w.after(fs.Crashed(policy, uint64(k)*31+uint64(i))), "crash before operation %d, %s", k, policy.Name)
					points++
				}
				require.NoError(t, w.after(fs.Killed()), "killed before operation %d", k)
			}
			t.Logf("%d crash points", points)
		})
	}
}

// TestFeedThroughFaults: instead of a crash an operation fails; the store may
// stop writing, and a feed is right before and after it was opened again.
func TestFeedThroughFaults(t *testing.T) {
	points := 0
	for i, fault := range crashfs.Faults {
		for k := int64(i); ; k += int64(len(crashfs.Faults)) {
			fs := crashfs.New()
			fs.Plan(k, fault)
			w := newFeedWork(fs, storage.Strict)
			err := w.run(14)
			require.NotErrorIs(t, err, errFeed, "%v at operation %d", fault, k)
			done := fs.Ops() <= k // it got through
			if w.s != nil {
				_ = w.s.Close()
			}
			require.NoError(t, w.after(fs.Killed()), "%v at operation %d", fault, k)
			points++
			if done {
				break
			}
		}
	}
	t.Logf("%d fault points", points)
}

// TestFeedIsToldOfARelaxedLoss: who knows of a transaction that was
// acknowledged and not flushed is told, when it is lost, that what follows is
// not what followed; also when others have taken its number. Who had seen only
// what was flushed, as a feed shows it, goes on.
func TestFeedIsToldOfARelaxedLoss(t *testing.T) {
	fs := crashfs.New()
	w := newFeedWork(fs, storage.Relaxed)
	require.NoError(t, w.open())
	for range 2 {
		require.NoError(t, w.commit(10))
	}
	require.NoError(t, w.s.Sync())
	require.NoError(t, w.look())
	require.EqualValues(t, 2, w.near.last)
	for range 3 {
		require.NoError(t, w.commit(10))
	}
	require.NoError(t, w.look())
	require.EqualValues(t, 2, w.near.last, "what is not flushed is not shown")
	was, acknowledged := w.s.Incarnation(), w.s.Shown()
	require.EqualValues(t, 5, acknowledged)
	next := newFeedWork(fs.Crashed(crashfs.Policies[1], 1), storage.Relaxed)
	next.near, next.count = w.near, 100
	for range 2 {
		require.NoError(t, next.open())
		require.EqualValues(t, 2, next.s.Shown(), "the policy keeps nothing that was not flushed")
		_, err := next.s.Feed(context.Background(), was, acknowledged)
		require.ErrorIs(t, err, wal.ErrHistoryChanged)
		next.fs = next.fs.Killed() // before anything was written
	}
	next.fs = next.fs.Killed()
	require.NoError(t, next.open())
	for range 6 {
		require.NoError(t, next.commit(10))
	}
	require.NoError(t, next.s.Sync())
	_, err := next.s.Feed(context.Background(), was, acknowledged)
	require.ErrorIs(t, err, wal.ErrHistoryChanged)
	_, err = next.s.Feed(context.Background(), was, 2)
	require.NoError(t, err)
	require.NoError(t, next.look())
	require.EqualValues(t, 8, next.near.last)
	require.NoError(t, next.s.Close())
	require.NoError(t, next.open())
	_, err = next.s.Feed(context.Background(), was, 2)
	require.NoError(t, err, "still after a clean close")
	_, err = next.s.Feed(context.Background(), was, acknowledged)
	require.ErrorIs(t, err, wal.ErrHistoryChanged)
	_, err = next.s.Feed(context.Background(), next.s.Incarnation()+1, 0)
	require.ErrorIs(t, err, wal.ErrHistoryChanged)
	_, err = next.s.Feed(context.Background(), next.s.Incarnation(), 9)
	require.ErrorIs(t, err, wal.ErrHistoryChanged, "one that is to come")
}

// TestFeedIsToldOfASalvage: after a salvage whoever followed is told, and the
// history from before it is not shown as that of the store.
func TestFeedIsToldOfASalvage(t *testing.T) {
	fs := crashfs.New()
	w := newFeedWork(fs, storage.Strict)
	require.NoError(t, w.run(4))
	for range 3 {
		require.NoError(t, w.commit(10))
	}
	require.NoError(t, w.look())
	was, last := w.s.Incarnation(), w.near.last
	require.Positive(t, w.s.LogStats().HistoryBytes)
	require.NoError(t, w.s.Close())
	for _, name := range []string{"wal.0", "wal.1"} { // the first record of each
		b := fs.Bytes(name)
		b[4096+100] ^= 1
		fs.Put(name, b)
	}
	next := newFeedWork(fs, storage.Strict)
	next.count = 100
	require.ErrorIs(t, next.open(), wal.ErrCorrupt)
	next.options.Recovery = wal.RecoverSalvage
	require.NoError(t, next.open())
	require.NotNil(t, next.s.Report().Salvage)
	require.Equal(t, 1, next.near.dropped)
	require.Empty(t, next.near.seen)
	_, err := next.s.Feed(context.Background(), was, last)
	require.ErrorIs(t, err, wal.ErrHistoryChanged)
	require.NoError(t, next.commit(10))
	next.near = &follower{incarnation: next.s.Incarnation(), last: last, seen: map[uint64]string{}}
	require.NoError(t, next.look())
	require.Equal(t, map[uint64]string{last + 1: "101"}, next.near.seen)
	require.NoError(t, next.s.Close())
	next.options.Recovery = wal.RecoverStrict
	next.near = &follower{incarnation: was, last: last, seen: map[uint64]string{}}
	require.ErrorIs(t, next.open(), wal.ErrHistoryChanged)
	require.NoError(t, next.s.Close())
}

// TestFeedThroughDamagedHistory: what is damaged there is dropped, with all
// before it, and whoever asks for it is told; the store does not care.
func TestFeedThroughDamagedHistory(t *testing.T) {
	fs := crashfs.New()
	w := newFeedWork(fs, storage.Strict)
	require.NoError(t, w.run(12))
	require.NoError(t, w.s.Close())
	for at := 0; at < 8; at++ {
		name := "hist." + strconv.Itoa(at)
		whole := fs.Bytes(name)
		for _, offset := range []int{20, 4096 + 20, len(whole) / 2, len(whole) - 9} {
			hurt := fs.Clone()
			b := append([]byte(nil), whole...)
			b[offset] ^= 4
			hurt.Put(name, b)
			next := newFeedWork(hurt, storage.Strict)
			next.near.seen = w.near.seen
			next.near.last = 0
			require.NoError(t, next.run(1), "%s, byte %d", name, offset)
			require.NoError(t, next.s.Close())
		}
	}
}

// TestHistoryOutlivesUncleanSessions: a relaxed store that is never closed, its
// process killed or its machine switched off each time, keeps what its bounds
// allow over any number of sessions, and shows nothing that was lost.
func TestHistoryOutlivesUncleanSessions(t *testing.T) {
	const sessions = 40
	w := newFeedWork(crashfs.New(), storage.Relaxed)
	w.options.History = wal.Retention{Bytes: 1 << 20}
	for i := range sessions {
		require.NoError(t, w.open())
		for range 2 { // the second makes room for the records of the first
			require.NoError(t, w.commit(100))
			_, err := w.s.Snapshot(context.Background())
			require.NoError(t, err)
			require.NoError(t, w.look())
		}
		require.NoError(t, w.commit(100)) // shown, and not flushed
		if i%2 == 0 {
			w.fs = w.fs.Killed()
		} else {
			w.fs = w.fs.Crashed(crashfs.Policies[1], uint64(i)) // nothing that was not flushed
		}
	}
	require.NoError(t, w.open())
	require.EqualValues(t, sessions, w.s.Incarnation(), "each began one")
	require.Equal(t, 5*sessions/2, int(w.s.Sequence()))
	far := &follower{incarnation: w.s.Incarnation(), seen: w.near.seen}
	require.NoError(t, far.follow(w.s))
	require.Zero(t, far.dropped, "the history reaches back to the first")
	require.Zero(t, w.near.dropped)
	require.Equal(t, w.near.last, far.last)
	require.NoError(t, w.s.Close())
}
