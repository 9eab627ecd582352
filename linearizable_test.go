package pocketgraph

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// long makes tests whole that are sampled otherwise.
var long = os.Getenv("POCKETGRAPH_LONG") != ""

// registerOp is what a client asks of one of the registers.
type registerOp struct {
	kind  string // read, write, add
	key   int
	value int64
}

// registerAnswer is what it was told: a value, or that nobody knows.
type registerAnswer struct {
	value   int64
	unknown bool
}

// registers is the model: each is a number that can be read, written and added
// to, and add answers with the sum. A transaction of unknown outcome may have
// taken place at any time since, or never.
var registers = porcupine.NondeterministicModel{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byKey := map[int][]porcupine.Operation{}
		for _, op := range history {
			key := op.Input.(registerOp).key
			byKey[key] = append(byKey[key], op)
		}
		var out [][]porcupine.Operation
		for _, part := range byKey {
			out = append(out, part)
		}
		return out
	},
	Init: func() []any { return []any{int64(0)} },
	Step: func(state, input, output any) []any {
		was, op, got := state.(int64), input.(registerOp), output.(registerAnswer)
		next := was
		switch op.kind {
		case "write":
			next = op.value
		case "add":
			next = was + op.value
		}
		switch {
		case got.unknown:
			return []any{was, next}
		case got.value != next:
			return nil
		}
		return []any{next}
	},
	Equal: func(a, b any) bool { return a == b },
	DescribeOperation: func(input, output any) string {
		return fmt.Sprintf("%+v: %+v", input, output)
	},
}

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
	history []porcupine.Operation
	fault   error
}

// perform does one operation in one transaction.
func perform(s system, op registerOp) (value int64, err error) {
	if op.kind == "read" {
		err = s.view(func(st statements) error {
			value, err = number(st, "MATCH (r:Register {key: $key}) RETURN r.value", Params{"key": op.key})
			return err
		})
		return value, err
	}
	err = s.update(func(st statements) error {
		value = op.value
		if op.kind == "add" {
			was, err := number(st, "MATCH (r:Register {key: $key}) RETURN r.value", Params{"key": op.key})
			if err != nil {
				return err
			}
			value += was
		}
		return each(st, Params{"key": op.key, "value": value}, "MATCH (r:Register {key: $key}) SET r.value = $value")
	})
	return value, err
}

// client does one operation and notes what it was told. What was said not to
// have happened is not noted: if it did, others' answers betray it.
func (c *cluster) client(who int, op registerOp) {
	c.mu.RLock()
	db := c.db
	call := c.clock.Add(1)
	value, err := perform(c.of(db), op)
	back := c.clock.Add(1)
	c.mu.RUnlock()
	note := porcupine.Operation{ClientId: who, Input: op, Call: call, Output: registerAnswer{value: value}, Return: back}
	switch CodeOf(err) {
	case "":
	case CodeOutcomeUnknown:
		note.Output, note.Return = registerAnswer{unknown: true}, math.MaxInt64
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
	c.history = append(c.history, note)
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
				c.client(who, registerOp{kind, rnd.IntN(keys), 1 + rnd.Int64N(1000)})
			}
		})
	}
	group.Wait()
	require.NoError(t, c.fault)
	for key := range keys { // what is there in the end
		c.recover(c.db)
		c.client(workers, registerOp{"read", key, 0})
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
			if op.Output.(registerAnswer).unknown {
				unknown++
			}
		}
		model := registers.ToModel()
		require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(model, c.history, time.Minute), "seed %d", seed)
	}
	t.Logf("%d rounds: opened again %d times, %d operations failed, %d of unknown outcome", rounds, reopened, failed, unknown)
	require.Positive(t, failed)
	require.Positive(t, unknown)
}

// TestLinearizableTestCanFail: without transactions the checker objects.
func TestLinearizableTestCanFail(t *testing.T) {
	for seed := range uint64(20) {
		c := history(t, seed, false, func(db *DB) system { return broken{db} })
		if porcupine.CheckOperationsTimeout(registers.ToModel(), c.history, time.Minute) == porcupine.Illegal {
			return
		}
	}
	t.Fatal("without isolation the checker finds nothing: the test proves nothing")
}
