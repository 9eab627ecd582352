package wal

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/stretchr/testify/require"
)

// historySteps is how long a random life of a store with history is.
const historySteps = 400

// TestHistoryOfRandomLives: stores live through appends, flushes, snapshots,
// snapshots that are given up, closings, deaths of their process and power cuts
// that keep, drop, tear or reorder what was not flushed. At any time the history
// has every record from its oldest on, and half of the bytes it may keep at least;
// a feed that goes on in one session misses none.
func TestHistoryOfRandomLives(t *testing.T) {
	seeds := uint64(30)
	if testing.Short() {
		seeds = 6
	}
	for seed := range seeds {
		newHistoryLife(t, seed).live()
	}
}

// historyLife is a store of which every record's size is known.
type historyLife struct {
	t     *testing.T
	seed  uint64
	rnd   *rand.Rand
	fs    *crashfs.FS
	s     *Store
	sizes map[uint64]int // by sequence
	feed  *Feed
	at    uint64 // the last record of the feed
}

const historyLifeKeeps = 32 << 10

func newHistoryLife(t *testing.T, seed uint64) *historyLife {
	l := &historyLife{t: t, seed: seed, rnd: rand.New(rand.NewPCG(seed, 3)), fs: crashfs.New(), sizes: map[uint64]int{}}
	l.open()
	return l
}

func (l *historyLife) ok(err error) { require.NoError(l.t, err, "seed %d", l.seed) }

func (l *historyLife) open() {
	var err error
	l.s, _, err = Open(context.Background(), Options{FS: l.fs, StoreID: testID, LockWait: -1, History: Retention{Bytes: historyLifeKeeps},
		Relaxed: l.seed%2 == 0, Tuning: Tuning{ReserveAfter: 8 << 10, ReserveLeast: 4 << 10}}, &memory{})
	l.ok(err)
	l.feed = nil
}

func (l *historyLife) live() {
	for range historySteps {
		switch k := l.rnd.IntN(20); {
		case k < 11:
			l.append()
		case k < 14:
			l.snapshot()
		case k == 14:
			l.ok(l.s.Close())
			l.open()
		case k == 15:
			l.fs = l.fs.Killed()
			l.open()
		case k == 16 && l.rnd.IntN(2) == 0:
			l.fs = l.fs.Crashed(crashfs.Policies[l.rnd.IntN(len(crashfs.Policies))], l.rnd.Uint64())
			l.open()
		case k == 17:
			l.check()
		case k == 18:
			l.follow()
		default:
			l.goOn()
		}
	}
	l.check()
}

func (l *historyLife) append() {
	size := l.rnd.IntN(1500)
	l.ok(l.s.Append(&Record{Payload: make([]byte, size)}))
	l.sizes[l.s.Sequence()] = size
	if l.rnd.IntN(2) == 0 {
		l.ok(l.s.Flush())
	}
}

func (l *historyLife) snapshot() {
	l.ok(l.s.Archive(context.Background()))
	snap, err := l.s.Cut()
	l.ok(err)
	if l.rnd.IntN(4) == 0 {
		snap.Abort()
		return
	}
	l.ok(sections(nil, l.s.Sequence(), 1, snap.Section))
	_, err = snap.Commit()
	l.ok(err)
}

// follow begins a feed now, or at one of the last records.
func (l *historyLife) follow() {
	back := uint64(l.rnd.IntN(3))
	l.at = l.s.Sequence() - min(back, l.s.Sequence())
	var err error
	l.feed, err = l.s.Feed(context.Background(), l.s.Incarnation(), l.at)
	l.ok(err)
}

// goOn reads what the feed has not given.
func (l *historyLife) goOn() {
	if l.feed == nil {
		return
	}
	l.ok(l.s.Flush())
	for l.at < l.s.Sequence() {
		l.at++
		l.next(l.feed, l.at)
	}
}

func (l *historyLife) next(f *Feed, want uint64) {
	r, err := f.Next(l.s.Sequence())
	l.ok(err)
	require.NotNil(l.t, r, "seed %d: record %d", l.seed, want)
	require.Equal(l.t, want, r.Sequence, "seed %d", l.seed)
	require.Len(l.t, r.Payload, l.sizes[want], "seed %d", l.seed)
}

// check reads the whole history.
func (l *historyLife) check() {
	l.ok(l.s.Flush())
	oldest, err := l.s.Oldest(context.Background())
	l.ok(err)
	f, err := l.s.Feed(context.Background(), l.s.Incarnation(), oldest-1)
	l.ok(err)
	kept := 0
	for sequence := oldest; sequence <= l.s.Sequence(); sequence++ {
		l.next(f, sequence)
		kept += l.sizes[sequence]
	}
	require.True(l.t, oldest == 1 || kept >= historyLifeKeeps/2, "seed %d: only %d bytes, from record %d to %d", l.seed, kept, oldest, l.s.Sequence())
}
