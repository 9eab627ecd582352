package pocketgraph

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/internal/linear"
)

// long makes tests whole that are sampled otherwise.
var long = os.Getenv("POCKETGRAPH_LONG") != ""

// cluster is one database under faults, and what its clients were told.
type cluster struct {
	mu     sync.RWMutex // held whole while the database is opened again
	fs     *crashfs.FS
	db     *DB
	clock  atomic.Int64
	reopen atomic.Int64 // times
	failed atomic.Int64 // operations that did not take place
	of     func(*DB) system

	noting  sync.Mutex
	history []linear.Operation
	fault   error
}

// perform does one operation in one transaction.
func perform(s system, op linear.Operation) (value int64, err error) {
	if op.Kind == "read" {
		err = s.view(func(st statements) error {
			value, err = number(st, "MATCH (r:Register {key: $key}) RETURN r.value", Params{"key": op.Key})
			return err
		})
		return value, err
	}
	err = s.update(func(st statements) error {
		value = op.Value
		if op.Kind == "add" {
			was, err := number(st, "MATCH (r:Register {key: $key}) RETURN r.value", Params{"key": op.Key})
			if err != nil {
				return err
			}
			value += was
		}
		return each(st, Params{"key": op.Key, "value": value}, "MATCH (r:Register {key: $key}) SET r.value = $value")
	})
	return value, err
}

// client does one operation and notes what it was told.
func (c *cluster) client(op linear.Operation) {
	c.mu.RLock()
	db := c.db
	var err error
	op.Call = c.clock.Add(1)
	op.Answer, err = perform(c.of(db), op)
	op.Return = c.clock.Add(1)
	c.mu.RUnlock()
	switch CodeOf(err) {
	case "":
	case CodeOutcomeUnknown:
		op.Return = 0
		c.recover(db)
	case CodeReadOnly:
		c.failed.Add(1)
		c.recover(db)
		return
	case CodeDiskFull, CodeIO:
		c.failed.Add(1)
		return
	default:
		c.note(err)
		return
	}
	c.noting.Lock()
	c.history = append(c.history, op)
	c.noting.Unlock()
}

// recover opens the database again behind a failed flush, now and then on what
// a power cut leaves.
func (c *cluster) recover(old *DB) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db != old {
		return
	}
	_ = old.Close()
	if n := c.reopen.Add(1); n%2 == 0 {
		c.fs = c.fs.Crashed(crashfs.Policies[int(n)%len(crashfs.Policies)], uint64(n))
	}
	c.open()
}

// open opens the database; the faults that are planned may meet that, too.
func (c *cluster) open() {
	for range 100 {
		db, err := Open(context.Background(), c.fs, Options{SnapshotEntries: 30, LockWait: -1})
		if err == nil {
			c.db = db
			return
		}
		if code := CodeOf(err); code != CodeDiskFull && code != CodeIO {
			c.note(err)
			return
		}
	}
	c.note(errors.New("the database does not open any more"))
}

func (c *cluster) note(err error) {
	c.noting.Lock()
	defer c.noting.Unlock()
	c.fault = errors.Join(c.fault, err)
}

// disturb makes operations fail soon, and takes the disk's space away for a while.
func (c *cluster) disturb(rnd *rand.Rand) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	switch rnd.IntN(3) {
	case 0:
		c.fs.Limit(c.fs.Used())
		time.Sleep(200 * time.Microsecond)
		c.fs.Limit(0)
	default:
		c.fs.Plan(c.fs.Ops()+rnd.Int64N(3), crashfs.Faults[rnd.IntN(len(crashfs.Faults))])
	}
}

// history runs clients against one database and returns what they were told.
func history(t *testing.T, seed uint64, faults bool, of func(*DB) system) *cluster {
	const keys, workers, each = 3, 5, 40
	c := &cluster{fs: crashfs.New(), of: of}
	c.open()
	_, err := c.db.Run(context.Background(), "UNWIND range(0, $keys - 1) AS key CREATE (:Register {key: key, value: 0})", Params{"keys": keys})
	require.NoError(t, err)
	var group sync.WaitGroup
	for who := range workers {
		group.Go(func() {
			rnd := rand.New(rand.NewPCG(seed, uint64(who)))
			for i := range each {
				if faults && i%8 == 5 {
					c.disturb(rnd)
				}
				kind := []string{"read", "write", "add", "add"}[rnd.IntN(4)]
				c.client(linear.Operation{Client: who, Kind: kind, Key: rnd.IntN(keys), Value: 1 + rnd.Int64N(1000)})
			}
		})
	}
	group.Wait()
	require.NoError(t, c.fault)
	for key := range keys { // what is there in the end
		c.recover(c.db)
		c.client(linear.Operation{Client: workers, Kind: "read", Key: key})
	}
	_ = c.db.Close()
	return c
}

// TestLinearizable: what concurrent clients are told has an order in which one
// after the other would have been told the same; also while the disk is full,
// writes and flushes fail, and the power goes off.
func TestLinearizable(t *testing.T) {
	rounds := uint64(6)
	if long {
		rounds = 300
	}
	var reopened, failed, unknown int64
	for seed := range rounds {
		c := history(t, seed, seed%3 != 0, func(db *DB) system { return isolated{db} })
		reopened, failed = reopened+c.reopen.Load(), failed+c.failed.Load()
		for _, op := range c.history {
			if op.Return == 0 {
				unknown++
			}
		}
		require.NoError(t, linear.Check(c.history, time.Minute), "seed %d", seed)
	}
	t.Logf("%d rounds: opened again %d times, %d operations failed, %d of unknown outcome", rounds, reopened, failed, unknown)
	require.Positive(t, failed)
	require.Positive(t, unknown)
}

// TestLinearizableTestCanFail: without transactions the checker objects.
func TestLinearizableTestCanFail(t *testing.T) {
	for seed := range uint64(20) {
		c := history(t, seed, false, func(db *DB) system { return broken{db} })
		if errors.Is(linear.Check(c.history, time.Minute), linear.ErrNotLinearizable) {
			return
		}
	}
	t.Fatal("without isolation the checker finds nothing: the test proves nothing")
}
