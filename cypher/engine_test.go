package cypher

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
	"github.com/stretchr/testify/require"
)

// drain runs a statement to its end.
func drain(e *Engine, rt *Runtime, text string, params map[string]graph.Value) (int, error) {
	s, err := e.Prepare(text)
	if err != nil {
		return 0, err
	}
	rows, err := e.Run(rt, s, params)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for {
		b, err := rows.Next()
		if err != nil || b == nil {
			return n, err
		}
		n += b.Len
	}
}

func requireCode(t *testing.T, err error, code, phase, detail string) *Error {
	t.Helper()
	var x *Error
	require.True(t, errors.As(err, &x), "want an *Error, got %v", err)
	require.Equal(t, code+" "+phase+" "+detail, x.Code+" "+x.Phase+" "+x.Detail)
	return x
}

const runaway = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n"

func TestRunawayStatementIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	yields := 0
	rt := &Runtime{Reader: mapgraph.New(), Context: ctx, Yield: func() {
		if yields++; yields == 5 {
			cancel()
		}
	}}
	_, err := drain(NewEngine(Config{}), rt, runaway, nil)
	requireCode(t, err, "Cancelled", RuntimePhase, "Cancelled")
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 5, yields)
}

func TestBufferedRowsAreLimited(t *testing.T) {
	rt := &Runtime{Reader: mapgraph.New(), Limits: Limits{Rows: 1000}}
	e := NewEngine(Config{})
	for _, text := range []string{
		"UNWIND range(1, 2000) AS a RETURN a ORDER BY a",
		"UNWIND range(1, 2000) AS a RETURN DISTINCT a",
		"UNWIND range(1, 2000) AS a RETURN collect(a)",
		"UNWIND range(1, 2000) AS a RETURN a, count(*)",
	} {
		_, err := drain(e, rt, text, nil)
		requireCode(t, err, "LimitError", RuntimePhase, "LimitExceeded")
	}
	n, err := drain(e, rt, "UNWIND range(1, 2000) AS a RETURN a", nil)
	require.NoError(t, err)
	require.Equal(t, 2000, n)
}

func TestWritingNeedsAWriter(t *testing.T) {
	_, err := drain(NewEngine(Config{}), &Runtime{Reader: mapgraph.New()}, "CREATE (n)", nil)
	requireCode(t, err, "TransactionError", RuntimePhase, "ReadOnly")
}

func TestMissingParameterIsRefusedBeforeAnythingIsDone(t *testing.T) {
	g := mapgraph.New()
	_, err := drain(NewEngine(Config{}), &Runtime{Reader: g, Writer: g}, "CREATE (n) RETURN $x", nil)
	requireCode(t, err, "ParameterMissing", CompilePhase, "MissingParameter")
	require.Zero(t, g.NodeCount())
}

func TestRuntimeErrorShowsItsPlace(t *testing.T) {
	_, err := drain(NewEngine(Config{}), &Runtime{Reader: mapgraph.New()}, "WITH 0 AS z\nRETURN 1 / z AS x", nil)
	x := requireCode(t, err, "ArithmeticError", RuntimePhase, "DivisionByZero")
	require.Equal(t, "ArithmeticError (DivisionByZero): division by zero\n2 | RETURN 1 / z AS x\n  |        ^^^^^", x.Render())
}

func TestCountersAndProfile(t *testing.T) {
	g := mapgraph.New()
	e := NewEngine(Config{})
	s, err := e.Prepare("CREATE (a:A {x: 1})-[:K]->(b:B) SET b.y = 2")
	require.NoError(t, err)
	rows, err := e.Run(&Runtime{Reader: g, Writer: g}, s, nil)
	require.NoError(t, err)
	require.Equal(t, Counters{NodesCreated: 2, RelationshipsCreated: 1, PropertiesSet: 2, LabelsAdded: 2}, rows.Counters())

	s, err = e.Prepare("PROFILE MATCH (a:A)-->(b) RETURN b")
	require.NoError(t, err)
	rows, err = e.Run(&Runtime{Reader: g}, s, nil)
	require.NoError(t, err)
	for b, err := rows.Next(); b != nil; b, err = rows.Next() {
		require.NoError(t, err)
	}
	require.Contains(t, rows.Plan(), "LabelScan(a:A)  rows=1")
}

// TestOneStatementManyReaders: a run that is used again must not be used twice
// at once.
func TestOneStatementManyReaders(t *testing.T) {
	g := mapgraph.New()
	e := NewEngine(Config{})
	_, err := drain(e, &Runtime{Reader: g, Writer: g}, "UNWIND range(1, 100) AS i CREATE (:N {i: i})", nil)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 50 {
				n, err := drain(e, &Runtime{Reader: g}, "MATCH (n:N) WHERE n.i > $i RETURN n.i ORDER BY n.i", map[string]graph.Value{"i": graph.Int(int64(i))})
				if err != nil || n != 100-i {
					t.Error(n, err)
				}
			}
		}()
	}
	wg.Wait()
}

// TestLargeRunsAreUsedAgain: the tables of a large grouping are not made anew
// for each execution, but only those of one statement are kept.
func TestLargeRunsAreUsedAgain(t *testing.T) {
	const rows = 100_000 // more than a program keeps by itself
	e, rt := NewEngine(Config{}), &Runtime{Reader: mapgraph.New()}
	grown := func(text string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n, err := drain(e, rt, text, nil)
		require.NoError(t, err)
		require.Equal(t, rows, n)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	a := fmt.Sprintf("UNWIND range(1, %d) AS x RETURN x, count(*) AS n", rows)
	b := fmt.Sprintf("UNWIND range(1, %d) AS y RETURN y, count(*) AS n", rows)
	first := grown(a)
	require.Less(t, grown(a)*4, first)
	grown(b)
	require.Greater(t, grown(a)*4, first, "b's are kept instead")
}
