package pocketgraph

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// heard collects events.
type heard struct {
	mu  sync.Mutex
	all []Event
}

func (h *heard) tell(e Event) {
	h.mu.Lock()
	h.all = append(h.all, e)
	h.mu.Unlock()
}

func (h *heard) kinds() (kinds []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.all {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// TestEvents: slow statements, snapshots, and a flush that fails; who has
// stopped listening hears nothing.
func TestEvents(t *testing.T) {
	fs := crashfs.New()
	var quick, never heard
	db, err := Open(context.Background(), fs, Options{OnEvent: quick.tell, SlowerThan: time.Nanosecond, SnapshotInterval: -1})
	require.NoError(t, err)
	stop := db.Listen(never.tell, time.Hour)
	write(t, db, "CREATE (:A)")
	require.NoError(t, db.View(context.Background(), func(tx *Tx) error { _, err := tx.Run("MATCH (n) RETURN n", nil); return err }))
	_, err = db.Snapshot(context.Background())
	require.NoError(t, err)
	require.Equal(t, []string{EventSlowStatement, EventSlowStatement, EventSnapshot}, quick.kinds())
	require.Equal(t, "CREATE (:A)", quick.all[0].Text)
	require.Positive(t, quick.all[0].Duration)
	require.EqualValues(t, 1, quick.all[2].Sequence)
	require.Equal(t, []string{EventSnapshot}, never.kinds())
	stop()
	fs.Before = func(o crashfs.Op) {
		if o.Kind == "sync" && o.Name[:3] == "wal" {
			fs.Plan(fs.Ops(), crashfs.EIO)
		}
	}
	_, err = db.Query(context.Background(), "CREATE (:B)", nil)
	require.Equal(t, CodeOutcomeUnknown, CodeOf(err))
	require.Contains(t, quick.kinds(), EventFlushError)
	require.Equal(t, []string{EventSnapshot}, never.kinds())
	c := db.Diagnostics().Counters
	require.EqualValues(t, 1, c.Commits)
	require.EqualValues(t, 1, c.FlushErrors)
	require.Positive(t, c.LongestCommit)
	_ = db.Close()
}

// TestStallsAreCounted: a commit whose flush takes long.
func TestStallsAreCounted(t *testing.T) {
	fs := crashfs.New()
	var h heard
	db, err := Open(context.Background(), fs, Options{OnEvent: h.tell, SnapshotInterval: -1})
	require.NoError(t, err)
	write(t, db, "CREATE (:A)")
	fs.Before = func(o crashfs.Op) {
		if o.Kind == "sync" {
			time.Sleep(300 * time.Millisecond)
		}
	}
	write(t, db, "CREATE (:A)")
	fs.Before = nil
	require.Contains(t, h.kinds(), EventStall)
	require.EqualValues(t, 1, db.Diagnostics().Counters.Stalls)
	require.NoError(t, db.Close())
}
