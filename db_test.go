package pocketgraph

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

func open(t *testing.T, fs *crashfs.FS, o Options) *DB {
	t.Helper()
	o.LockWait = -1
	db, err := Open(context.Background(), fs, o)
	require.NoError(t, err)
	return db
}

func count(t *testing.T, db *DB, query string) int64 {
	t.Helper()
	rows, err := db.Run(context.Background(), query, nil)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	return rows[0].Values[0].(int64)
}

func TestQueriesAreDurable(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	db := open(t, fs, Options{})
	result, err := db.Query(ctx, "CREATE (:A {n: $n})", map[string]graph.Value{"n": graph.Int(7)})
	require.NoError(t, err)
	require.EqualValues(t, 1, result.Summary().Sequence)
	require.EqualValues(t, 1, result.Summary().Counters.NodesCreated)
	// What was acknowledged survives a power cut that drops everything unsynced.
	after := open(t, fs.Crashed(crashfs.Policies[1], 1), Options{})
	require.EqualValues(t, 7, count(t, after, "MATCH (a:A) RETURN a.n"))
	require.NoError(t, after.Close())
	require.NoError(t, db.Close())
}

func TestAFailedStatementChangesNothing(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	_, err := db.Run(ctx, "UNWIND [1, 2, 0] AS d CREATE (:A {n: 10 / d})", nil)
	require.Equal(t, Code("ArithmeticError"), CodeOf(err), "%v", err)
	require.Zero(t, count(t, db, "MATCH (n) RETURN count(n)"))
	require.Zero(t, db.Stats().Sequence, "a failed statement reached the log")
}

func TestAFailedStatementEndsItsTransaction(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	tx, err := db.Begin(ctx, true)
	require.NoError(t, err)
	_, err = tx.Run("CREATE (:A)", nil)
	require.NoError(t, err)
	_, err = tx.Run("MATCH (a:A) SET a.n = 1 / 0", nil)
	require.Error(t, err)
	_, err = tx.Run("CREATE (:A)", nil)
	require.Equal(t, CodeClosed, CodeOf(err))
	require.Equal(t, CodeClosed, CodeOf(tx.Commit()))
	require.Zero(t, count(t, db, "MATCH (n) RETURN count(n)"))
	_, err = db.Run(ctx, "CREATE (:B)", nil)
	require.NoError(t, err, "the writer's lock was not released")
}

func TestReadersDoNotSeeWhatIsNotCommitted(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	require.NoError(t, db.Update(ctx, func(tx *Tx) error {
		if _, err := tx.Run("CREATE (:A)", nil); err != nil {
			return err
		}
		require.Zero(t, count(t, db, "MATCH (a:A) RETURN count(a)"))
		rows, err := tx.Run("MATCH (a:A) RETURN count(a)", nil)
		require.NoError(t, err)
		require.EqualValues(t, 1, rows[0].Values[0], "a transaction does not read its own writes")
		return nil
	}))
	require.EqualValues(t, 1, count(t, db, "MATCH (a:A) RETURN count(a)"))
}

func TestReadOnlyTransaction(t *testing.T) {
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	err := db.View(context.Background(), func(tx *Tx) error {
		require.Nil(t, tx.Writer())
		_, err := tx.Run("CREATE (:A)", nil)
		return err
	})
	require.Equal(t, CodeReadOnly, CodeOf(err))
}

func TestErrorsHaveCodesAndPlaces(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	_, err := db.Run(ctx, "RETURN 1 AS x\nORDER BY y", nil)
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "SyntaxError", string(e.Code))
	require.Equal(t, "compile", e.Phase)
	require.Equal(t, "UndefinedVariable", e.Detail)
	require.Equal(t, 2, e.Line)
	require.Equal(t, 10, e.Column)
	require.Equal(t, "2 | ORDER BY y\n  |          ^", e.Excerpt)

	_, err = db.Run(ctx, "RETURN $missing", nil)
	require.Equal(t, Code("ParameterMissing"), CodeOf(err))
	_, err = db.Run(ctx, "RETURN $p", Params{"p": struct{}{}})
	require.Equal(t, CodeInvalidArgument, CodeOf(err))

	_, err = db.Run(ctx, "CREATE CONSTRAINT one FOR (a:A) REQUIRE a.n IS UNIQUE", nil)
	require.NoError(t, err)
	_, err = db.Run(ctx, "CREATE (:A {n: 1}), (:A {n: 1})", nil)
	require.ErrorIs(t, err, graph.ErrConstraint)
}

func TestTimeoutAndCancel(t *testing.T) {
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	const endless = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*)"
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err := db.Run(ctx, endless, nil)
	require.Equal(t, CodeTimeout, CodeOf(err), "%v", err)
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, stop)
	_, err = db.Run(ctx, endless, nil)
	require.Equal(t, CodeCancelled, CodeOf(err), "%v", err)
}

func TestSecondOwnerIsRefused(t *testing.T) {
	fs := crashfs.New()
	db := open(t, fs, Options{})
	_, err := Open(context.Background(), fs, Options{LockWait: -1})
	require.Equal(t, CodeLocked, CodeOf(err), "%v", err)
	require.NoError(t, db.Close())
	require.NoError(t, open(t, fs, Options{}).Close())
}

func TestCreateModes(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	_, err := Open(ctx, fs, Options{Create: MustExist})
	require.Equal(t, CodeNotFound, CodeOf(err), "%v", err)
	require.NoError(t, open(t, fs, Options{Create: MustCreate}).Close())
	_, err = Open(ctx, fs, Options{Create: MustCreate})
	require.Equal(t, CodeExists, CodeOf(err), "%v", err)
	strange := crashfs.New()
	strange.Put("meta", []byte(strings.Repeat("this is somebody's diary. ", 1000)))
	_, err = Open(ctx, strange, Options{})
	require.Equal(t, CodeNotAStore, CodeOf(err), "%v", err)
	require.Equal(t, 26000, len(strange.Bytes("meta")), "a file that is not ours was touched")
}

func TestResultsSurviveTheirTransaction(t *testing.T) {
	ctx := context.Background()
	db := open(t, crashfs.New(), Options{})
	defer db.Close()
	rows, err := db.Run(ctx, "CREATE (a:A {n: 1})-[r:T {w: 2.5}]->(b:B) RETURN a, r, [a, b] AS both", nil)
	require.NoError(t, err)
	require.Equal(t, Node{ID: 1, Labels: []string{"A"}, Properties: map[string]any{"n": int64(1)}}, rows[0].Get("a"))
	require.Equal(t, Relationship{ID: 1, Type: "T", Start: 1, End: 2, Properties: map[string]any{"w": 2.5}}, rows[0].Get("r"))
	require.Len(t, rows[0].Get("both"), 2)
	rows, err = db.Run(ctx, "MATCH (a:A) DETACH DELETE a RETURN a", nil)
	require.NoError(t, err)
	require.EqualValues(t, 1, rows[0].Get("a").(Node).ID)
}

// TestManyWritersManyReaders is most useful under the race detector: money
// moves between accounts, and every reader sees the same sum.
func TestManyWritersManyReaders(t *testing.T) {
	ctx := context.Background()
	fs := crashfs.New()
	db := open(t, fs, Options{})
	_, err := db.Run(ctx, "UNWIND range(0, 9) AS i CREATE (:Account {i: i, n: 100})", nil)
	require.NoError(t, err)
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Add(2)
		go func() {
			defer wait.Done()
			for i := range 25 {
				_, err := db.Run(ctx, "MATCH (a:Account {i: $a}), (b:Account {i: $b}) SET a.n = a.n - 1, b.n = b.n + 1",
					Params{"a": (w + i) % 10, "b": (w + 3*i + 1) % 10})
				if err != nil {
					t.Error(err)
				}
			}
		}()
		go func() {
			defer wait.Done()
			for range 50 {
				rows, err := db.Run(ctx, "MATCH (a:Account) RETURN sum(a.n)", nil)
				if err != nil || rows[0].Values[0] != int64(1000) {
					t.Error(err, rows)
				}
			}
		}()
	}
	wait.Wait()
	problems, err := db.Check(ctx)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.NoError(t, db.Close())
	again := open(t, fs, Options{})
	require.EqualValues(t, 1000, count(t, again, "MATCH (a:Account) RETURN sum(a.n)"))
	require.NoError(t, again.Close())
}
