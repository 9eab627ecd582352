package pocketgraph

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// The anomalies of the LDBC benchmark's ACID test suite (Waudby et al., Towards
// Testing ACID Compliance in the LDBC Social Network Benchmark, TPCTC 2020).
// Each is looked for by concurrent goroutines, and must not be found in a DB;
// it must be found where transactions are not isolated, or the test is none.

// statements runs one statement after another.
type statements interface {
	Run(text string, params Params) ([]Record, error)
}

// system is a database as the anomalies see it.
type system interface {
	update(fn func(statements) error) error
	view(fn func(statements) error) error
}

// isolated is a DB.
type isolated struct{ db *DB }

func (s isolated) update(fn func(statements) error) error {
	return s.db.Update(context.Background(), func(tx *Tx) error { return fn(tx) })
}

func (s isolated) view(fn func(statements) error) error {
	return s.db.View(context.Background(), func(tx *Tx) error { return fn(tx) })
}

// broken is a DB without transactions: every statement commits by itself, and
// nothing is rolled back.
type broken struct{ db *DB }

func (s broken) update(fn func(statements) error) error { return fn(s) }
func (s broken) view(fn func(statements) error) error   { return fn(s) }

func (s broken) Run(text string, params Params) ([]Record, error) {
	rows, err := s.db.Run(context.Background(), text, params)
	for range rand.IntN(20) {
		runtime.Gosched() // others get between this statement and the next
	}
	return rows, err
}

// anomaly prepares a graph, runs clients against it and returns what it found.
type anomaly struct {
	name    string
	prepare string
	look    func(c *clients)
}

// clients are the goroutines of one round, and what they found.
type clients struct {
	system
	group sync.WaitGroup
	mu    sync.Mutex
	found []string
	fault error
	done  atomic.Int64 // transactions
}

// iterations of each client in one round.
const iterations = 40

// run starts n clients, each of which does something again and again; who is
// its number, from 0, and i counts over all clients of this kind.
func (c *clients) run(n int, fn func(who, i int) error) {
	for who := range n {
		c.group.Go(func() {
			for i := range iterations {
				if err := fn(who, who*iterations+i); err != nil && !errors.Is(err, errAbort) {
					c.mu.Lock()
					c.fault = err
					c.mu.Unlock()
					return
				}
				c.done.Add(1)
				runtime.Gosched()
			}
		})
	}
}

func (c *clients) anomaly(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

// errAbort rolls a transaction back on purpose.
var errAbort = errors.New("rolled back on purpose")

// number runs a statement that returns one number.
func number(s statements, text string, params Params) (int64, error) {
	rows, err := s.Run(text, params)
	if err != nil {
		return 0, err
	}
	if len(rows) != 1 {
		return 0, fmt.Errorf("%d rows from %s", len(rows), text)
	}
	return rows[0].Values[0].(int64), nil
}

// each runs statements until one fails.
func each(s statements, params Params, texts ...string) error {
	for _, text := range texts {
		if _, err := s.Run(text, params); err != nil {
			return err
		}
	}
	return nil
}

// twice reads the same in one transaction two times.
func twice[T any](c *clients, read func(statements) (T, error)) (first, second T, err error) {
	err = c.view(func(s statements) error {
		var err error
		if first, err = read(s); err == nil {
			runtime.Gosched()
			second, err = read(s)
		}
		return err
	})
	return first, second, err
}

const version = "MATCH (p:Person {id: $id}) RETURN p.version"

var anomalies = []anomaly{
	{"atomicity", "", atomicity},
	{"dirty write", "CREATE (a:Person {id: 1, history: [0]})-[:KNOWS {history: [0]}]->(b:Person {id: 2, history: [0]})", dirtyWrite},
	{"aborted read", "CREATE (:Person {id: 1, version: 1})", abortedRead},
	{"intermediate read", "CREATE (:Person {id: 1, version: 1})", intermediateRead},
	{"circular read", "CREATE (:Person {id: 1, version: 0}), (:Person {id: 2, version: 0})", circularRead},
	{"item-many-preceders", "CREATE (:Person {id: 1, version: 0})", itemManyPreceders},
	{"predicate-many-preceders", "CREATE (:Post {id: 1})", predicateManyPreceders},
	{"observed transaction vanishes", cycle, observedVanishes},
	{"fractured read", cycle, fracturedRead},
	{"lost update", "CREATE (:Person {id: 1, friends: 0})", lostUpdate},
	{"write skew", "UNWIND range(1, 40) AS pair CREATE (:Account {pair: pair, side: 0, value: 70}), (:Account {pair: pair, side: 1, value: 80})", writeSkew},
}

const cycle = "CREATE (a:Person {id: 1, version: 0})-[:KNOWS]->(b:Person {id: 2, version: 0})-[:KNOWS]->(c:Person {id: 3, version: 0})-[:KNOWS]->(d:Person {id: 4, version: 0})-[:KNOWS]->(a)"

// atomicity: a transaction makes a node, its mark and an edge between them, or
// is rolled back before the last; no reader finds a part.
func atomicity(c *clients) {
	c.run(3, func(_, i int) error {
		return c.update(func(s statements) error {
			id := Params{"id": i}
			if err := each(s, id, "CREATE (:Person {id: $id})", "CREATE (:Mark {id: $id})"); err != nil {
				return err
			}
			if i%3 == 0 {
				return errAbort
			}
			return each(s, id, "MATCH (p:Person {id: $id}), (m:Mark {id: $id}) CREATE (p)-[:HAS]->(m)")
		})
	})
	c.run(2, func(int, int) error {
		return c.view(func(s statements) error {
			n, err := number(s, "MATCH (p:Person) WHERE NOT (p)-[:HAS]->(:Mark) RETURN count(p)", nil)
			if n > 0 {
				c.anomaly("%d transactions are there in part", n)
			}
			return err
		})
	})
}

// dirtyWrite (G0): who writes several things must be first or second in all.
func dirtyWrite(c *clients) {
	c.run(3, func(_, i int) error {
		return c.update(func(s statements) error {
			return each(s, Params{"i": i + 1},
				"MATCH (a:Person {id: 1}) SET a.history = a.history + $i",
				"MATCH (:Person {id: 1})-[k:KNOWS]->() SET k.history = k.history + $i",
				"MATCH (b:Person {id: 2}) SET b.history = b.history + $i")
		})
	})
	c.group.Wait()
	err := c.view(func(s statements) error {
		rows, err := s.Run("MATCH (a:Person {id: 1})-[k:KNOWS]->(b) RETURN a.history AS a, k.history AS k, b.history AS b", nil)
		if err != nil {
			return err
		}
		a, k, b := fmt.Sprint(rows[0].Get("a")), fmt.Sprint(rows[0].Get("k")), fmt.Sprint(rows[0].Get("b"))
		if a != k || k != b {
			c.anomaly("written in another order: %s, %s, %s", a, k, b)
		}
		return nil
	})
	if err != nil {
		c.fault = err
	}
}

// abortedRead (G1a): nobody sees what was rolled back.
func abortedRead(c *clients) {
	c.run(2, func(int, int) error {
		return c.update(func(s statements) error {
			if err := each(s, nil, "MATCH (p:Person {id: 1}) SET p.version = 2"); err != nil {
				return err
			}
			runtime.Gosched()
			return errAbort
		})
	})
	c.run(2, func(int, int) error { return c.expect(1, "of a transaction that was rolled back") })
}

// intermediateRead (G1b): nobody sees what its own transaction overwrote.
func intermediateRead(c *clients) {
	c.run(2, func(int, int) error {
		return c.update(func(s statements) error {
			return each(s, nil, "MATCH (p:Person {id: 1}) SET p.version = 2", "MATCH (p:Person {id: 1}) SET p.version = 1")
		})
	})
	c.run(2, func(int, int) error { return c.expect(1, "in the middle of a transaction") })
}

func (c *clients) expect(want int64, otherwise string) error {
	return c.view(func(s statements) error {
		got, err := number(s, version, Params{"id": 1})
		if err == nil && got != want {
			c.anomaly("read %d, which was written %s", got, otherwise)
		}
		return err
	})
}

// circularRead (G1c): of two transactions one at most sees what the other wrote.
func circularRead(c *clients) {
	var seen sync.Map // transaction: what it read
	c.run(4, func(who, i int) error {
		return c.update(func(s statements) error {
			mine, theirs := 1+who%2, 2-who%2
			if err := each(s, Params{"id": mine, "v": i + 1}, "MATCH (p:Person {id: $id}) SET p.version = $v"); err != nil {
				return err
			}
			runtime.Gosched()
			got, err := number(s, version, Params{"id": theirs})
			seen.Store(int64(i+1), got)
			return err
		})
	})
	c.group.Wait()
	seen.Range(func(tx, read any) bool {
		if back, ok := seen.Load(read); ok && back == tx {
			c.anomaly("%d and %d have both read what the other wrote", tx, read)
		}
		return true
	})
}

// itemManyPreceders (IMP): one transaction sees one version of an item.
func itemManyPreceders(c *clients) {
	c.run(2, func(int, int) error {
		return c.update(func(s statements) error {
			return each(s, nil, "MATCH (p:Person {id: 1}) SET p.version = p.version + 1")
		})
	})
	c.run(2, func(int, int) error {
		first, second, err := twice(c, func(s statements) (int64, error) { return number(s, version, Params{"id": 1}) })
		if first != second {
			c.anomaly("version %d, then %d", first, second)
		}
		return err
	})
}

// predicateManyPreceders (PMP): one transaction sees one answer to a question.
func predicateManyPreceders(c *clients) {
	c.run(2, func(_, i int) error {
		return c.update(func(s statements) error {
			return each(s, Params{"i": i}, "MATCH (p:Post {id: 1}) CREATE (:Person {id: $i})-[:LIKES]->(p)")
		})
	})
	c.run(2, func(int, int) error {
		first, second, err := twice(c, func(s statements) (int64, error) {
			return number(s, "MATCH (:Person)-[:LIKES]->(p:Post {id: 1}) RETURN count(*)", nil)
		})
		if first != second {
			c.anomaly("%d likes, then %d", first, second)
		}
		return err
	})
}

// bump raises the versions along the cycle one after the other.
func (c *clients) bump(n int) {
	c.run(n, func(int, int) error {
		return c.update(func(s statements) error {
			for id := range 4 {
				if err := each(s, Params{"id": id + 1}, "MATCH (p:Person {id: $id}) SET p.version = p.version + 1"); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// versions reads those of the cycle one after the other.
func versions(s statements) (list []int64, err error) {
	for id := range 4 {
		v, err := number(s, version, Params{"id": id + 1})
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// observedVanishes (OTV): who has seen a transaction does not see it gone.
func observedVanishes(c *clients) {
	c.bump(2)
	c.run(2, func(int, int) error {
		first, second, err := twice(c, versions)
		if err == nil && slices.Max(first) > slices.Min(second) {
			c.anomaly("saw %v, then %v", first, second)
		}
		return err
	})
}

// fracturedRead (FR): who sees a part of a transaction sees all of it.
func fracturedRead(c *clients) {
	c.bump(2)
	c.run(2, func(int, int) error {
		return c.view(func(s statements) error {
			list, err := versions(s)
			if err == nil && slices.Min(list) != slices.Max(list) {
				c.anomaly("saw %v", list)
			}
			return err
		})
	})
}

// lostUpdate (LU): what was read and is written back larger is not overwritten.
func lostUpdate(c *clients) {
	var committed atomic.Int64
	c.run(4, func(int, int) error {
		err := c.update(func(s statements) error {
			n, err := number(s, "MATCH (p:Person {id: 1}) RETURN p.friends", nil)
			if err != nil {
				return err
			}
			return each(s, Params{"n": n + 1}, "MATCH (p:Person {id: 1}) SET p.friends = $n", "MATCH (p:Person {id: 1}) CREATE (p)-[:KNOWS]->(:Person)")
		})
		if err == nil {
			committed.Add(1)
		}
		return err
	})
	c.group.Wait()
	err := c.view(func(s statements) error {
		n, err := number(s, "MATCH (p:Person {id: 1}) RETURN p.friends", nil)
		if n != committed.Load() {
			c.anomaly("%d updates committed, and %d are there", committed.Load(), n)
		}
		return err
	})
	if err != nil {
		c.fault = err
	}
}

// writeSkew (WS): two that read the same and write different things do not
// both pass a check that either of them would make fail for the other.
func writeSkew(c *clients) {
	c.run(4, func(who, i int) error {
		return c.update(func(s statements) error {
			p := Params{"pair": 1 + i%40, "side": who % 2}
			sum, err := number(s, "MATCH (a:Account {pair: $pair}) RETURN sum(a.value)", p)
			if err != nil || sum < 100 {
				return err
			}
			return each(s, p, "MATCH (a:Account {pair: $pair, side: $side}) SET a.value = a.value - 100")
		})
	})
	c.group.Wait()
	err := c.view(func(s statements) error {
		n, err := number(s, "MATCH (a:Account) WITH a.pair AS pair, sum(a.value) AS total WHERE total <= 0 RETURN count(*)", nil)
		if n > 0 {
			c.anomaly("%d pairs are overdrawn", n)
		}
		return err
	})
	if err != nil {
		c.fault = err
	}
}

// round looks for an anomaly once, on a fresh database.
func (a anomaly) round(t *testing.T, of func(*DB) system) *clients {
	db := open(t, crashfs.New(), Options{SnapshotEntries: 50})
	if a.prepare != "" {
		_, err := db.Run(context.Background(), a.prepare, nil)
		require.NoError(t, err)
	}
	c := &clients{system: of(db)}
	a.look(c)
	c.group.Wait()
	require.NoError(t, c.fault)
	require.Positive(t, c.done.Load())
	problems, err := db.Check(context.Background())
	require.NoError(t, err)
	require.Empty(t, problems)
	require.NoError(t, db.Close())
	return c
}

// TestIsolation: no anomaly is found.
func TestIsolation(t *testing.T) {
	rounds := 3
	if long {
		rounds = 100
	}
	for _, a := range anomalies {
		t.Run(a.name, func(t *testing.T) {
			for range rounds {
				c := a.round(t, func(db *DB) system { return isolated{db} })
				require.Empty(t, c.found)
			}
		})
	}
}

// TestIsolationTestsCanFail: every anomaly is found where nothing is isolated.
func TestIsolationTestsCanFail(t *testing.T) {
	for _, a := range anomalies {
		t.Run(a.name, func(t *testing.T) {
			for round := 1; round <= 50; round++ {
				if c := a.round(t, func(db *DB) system { return broken{db} }); len(c.found) > 0 {
					t.Logf("round %d: %s", round, c.found[0])
					return
				}
			}
			t.Fatal("without isolation the anomaly is not found: the test proves nothing")
		})
	}
}
