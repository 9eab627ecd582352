package wal

import (
	"context"
	"testing"
	"time"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/stretchr/testify/require"
)

// historyStore is a store with a history and a clock that its test sets.
type historyStore struct {
	*testing.T
	*Store
	fs    *crashfs.FS
	at    time.Time
	keep  Retention
	sizes []int // of the payloads
}

func newHistoryStore(t *testing.T, keep Retention) *historyStore {
	h := &historyStore{T: t, fs: crashfs.New(), at: time.Unix(1_700_000_000, 0), keep: keep}
	h.open()
	return h
}

func (h *historyStore) open() {
	s, _, err := Open(context.Background(), Options{FS: h.fs, StoreID: testID, LockWait: -1, History: h.keep,
		Now: func() time.Time { return h.at }}, &memory{})
	require.NoError(h, err)
	h.Store = s
}

func (h *historyStore) append(size int) {
	h.sizes = append(h.sizes[:h.Sequence()], size)
	require.NoError(h, h.Append(&Record{Payload: make([]byte, size)}))
	require.NoError(h, h.Flush())
}

// snapshot archives, and moves the log on.
func (h *historyStore) snapshot() {
	require.NoError(h, h.Archive(context.Background()))
	snap, err := h.Cut()
	require.NoError(h, err)
	require.NoError(h, sections(nil, h.Sequence(), 1, snap.Section))
	_, err = snap.Commit()
	require.NoError(h, err)
}

// TestHistoryAge: the turn of the files is measured by the times of the
// commits, however many are archived at a time; what is younger than the age is
// kept, and what is older by more than a seventh goes.
func TestHistoryAge(t *testing.T) {
	const age, step = 7 * time.Hour, 10 * time.Minute
	for name, every := range map[string]int{"all at once": 200, "many a time": 30, "few a time": 3} {
		t.Run(name, func(t *testing.T) {
			h := newHistoryStore(t, Retention{Age: age})
			var times []time.Time
			for i := range 200 {
				h.at = h.at.Add(step)
				times = append(times, h.at)
				h.append(10)
				if (i+1)%every == 0 {
					h.snapshot()
				}
			}
			h.snapshot() // behind it the last log but one is archived next
			h.snapshot()
			h.append(10)
			h.snapshot()
			oldest := times[h.Stats().HistoryFirst-1]
			require.LessOrEqual(t, h.at.Sub(oldest), age+age/7+2*step, "what is too old is gone")
			require.GreaterOrEqual(t, h.at.Sub(oldest), age-step, "what is not is kept")
			h.checkFeed()
			h.at = h.at.Add(2 * age)
			h.append(10)
			h.snapshot()
			require.EqualValues(t, 202, h.Stats().HistoryFirst, "what is in the logs is all there is")
			require.Zero(t, h.Stats().HistoryBytes)
			require.NoError(t, h.Close())
		})
	}
}

// TestHistoryAgeOfAClockPutBack: files take turns all the same.
func TestHistoryAgeOfAClockPutBack(t *testing.T) {
	h := newHistoryStore(t, Retention{Age: 7 * time.Hour})
	h.append(10)
	h.at = h.at.Add(-1000 * time.Hour)
	for range 100 {
		h.at = h.at.Add(time.Hour)
		h.append(10)
	}
	for range 2 {
		h.snapshot()
		h.append(10)
	}
	h.snapshot()
	require.Greater(t, h.Stats().HistoryFirst, uint64(80))
	h.checkFeed()
	require.NoError(t, h.Close())
}

// checkFeed reads all that is kept, in this session and in the next.
func (h *historyStore) checkFeed() {
	for range 2 {
		ctx := context.Background()
		oldest, err := h.Oldest(ctx)
		require.NoError(h, err)
		feed, err := h.Feed(ctx, h.Incarnation(), oldest-1)
		require.NoError(h, err)
		for want := oldest; want <= h.Sequence(); want++ {
			r, err := feed.Next(want)
			require.NoError(h, err)
			require.Equal(h, want, r.Sequence)
			require.Len(h, r.Payload, h.sizes[want-1])
		}
		require.NoError(h, h.Close())
		h.open()
	}
}

// TestFeedFromNowReadsNothingBefore: who begins at the newest record, or behind
// what is flushed, reads no more than what comes later.
func TestFeedFromNowReadsNothingBefore(t *testing.T) {
	h := newHistoryStore(t, Retention{Bytes: 1 << 20})
	for range 100 {
		h.append(60 << 10)
	}
	now := h.Sequence()
	feed, err := h.Feed(context.Background(), 0, now)
	require.NoError(t, err)
	require.NoError(t, h.Append(&Record{Payload: make([]byte, 10)}))
	ahead, err := h.Feed(context.Background(), 0, now+1) // of the one that is not flushed
	require.NoError(t, err)
	h.append(10)
	before := h.fs.Counts().BytesRead
	for _, c := range []struct {
		feed *Feed
		want uint64
	}{{feed, now + 1}, {feed, now + 2}, {ahead, now + 2}} {
		r, err := c.feed.Next(h.Sequence())
		require.NoError(t, err)
		require.Equal(t, c.want, r.Sequence)
	}
	require.Less(t, h.fs.Counts().BytesRead-before, int64(1<<10))
	h.snapshot() // the log moves on
	h.append(10)
	r, err := ahead.Next(h.Sequence())
	require.NoError(t, err)
	require.Equal(t, now+3, r.Sequence)
	require.NoError(t, h.Close())
}

// TestHistoryAheadOfTheStoreIsNotItsOwn: files of a later state beside the five
// of an earlier one, as a copy by hand may leave them.
func TestHistoryAheadOfTheStoreIsNotItsOwn(t *testing.T) {
	h := newHistoryStore(t, Retention{Bytes: 1 << 20})
	h.append(10)
	h.snapshot()
	h.append(10)
	earlier := h.fs.Clone()
	for range 3 {
		h.append(10)
		h.snapshot()
	}
	require.Positive(t, h.Stats().HistoryBytes)
	require.NoError(t, h.Close())
	earlier.Put("hist.0", h.fs.Bytes("hist.0"))
	h.fs = earlier
	h.open()
	for range 2 {
		h.append(20)
		h.snapshot()
		h.checkFeed()
	}
	require.NoError(t, h.Close())
}

// TestHistoryOfManySessions: a file that one session began and another one
// ended is part of the history like any other.
func TestHistoryOfManySessions(t *testing.T) {
	h := newHistoryStore(t, Retention{Bytes: 64 << 10})
	for range 60 {
		h.append(1 << 10)
		h.snapshot()
		require.NoError(t, h.Close())
		h.open()
	}
	oldest, err := h.Oldest(context.Background())
	require.NoError(t, err)
	require.Less(t, oldest, uint64(20), "7 of 8 files are full, of some 7 records each")
	h.checkFeed()
	require.NoError(t, h.Close())
}
