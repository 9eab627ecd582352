package pocketgraph

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

// table runs a statement and gives its rows as texts.
func table(t *testing.T, db *DB, text string, params map[string]graph.Value) (rows [][]string) {
	t.Helper()
	result, err := db.Query(context.Background(), text, params)
	require.NoError(t, err, text)
	defer result.Close()
	for {
		b, err := result.Next()
		require.NoError(t, err)
		if b == nil {
			return rows
		}
		for i := range b.Len {
			var row []string
			for _, c := range b.Columns {
				switch c[i].Kind() {
				case graph.KindString:
					row = append(row, c[i].AsString())
				case graph.KindInt:
					row = append(row, fmt.Sprint(c[i].AsInt()))
				default:
					row = append(row, c[i].Kind().String())
				}
			}
			rows = append(rows, row)
		}
	}
}

func TestTransactionsAreShown(t *testing.T) {
	db, err := OpenMemory(Options{Name: "movies", Limits: Limits{List: 9000}})
	require.NoError(t, err)
	const show = "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery AS q, access, status, startTime, elapsedTime"
	require.Equal(t, [][]string{{"transaction-1", show, "read", "Running", "DateTime", "Duration"}}, table(t, db, show, nil))

	tx, err := db.Begin(context.Background(), true)
	require.NoError(t, err)
	reading, err := db.Begin(context.Background(), false)
	require.NoError(t, err)
	rows, err := reading.Query("UNWIND range(1, 5000) AS i RETURN i", nil)
	require.NoError(t, err)
	_, err = rows.Next()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"transaction-2", "", "write", "Idle", "DateTime", "Duration"},
		{"transaction-3", "UNWIND range(1, 5000) AS i RETURN i", "read", "Running", "DateTime", "Duration"},
		{"transaction-4", show, "read", "Running", "DateTime", "Duration"},
	}, table(t, db, show, nil))
	require.Equal(t, [][]string{{"transaction-3", "UNWIND range(1, 5000) AS i RETURN i"}},
		table(t, db, "SHOW TRANSACTIONS $id YIELD transactionId AS id, currentQuery AS q", map[string]graph.Value{"id": graph.String("transaction-3")}))
	rows.Close()
	reading.Rollback()
	require.NoError(t, tx.Commit())
	_, err = db.Query(context.Background(), "RETURN 1 / 0", nil)
	if err == nil { // the error comes with the first row
		require.Len(t, table(t, db, show, nil), 2)
	}
	require.Equal(t, [][]string{{"movies", "standard", "read-write", "online", "Boolean"}}, table(t, db, "SHOW DATABASES", nil))
	require.Equal(t, [][]string{{"durability", "strict"}, {"limits.list", "9000"}},
		table(t, db, "SHOW SETTINGS YIELD name, value WHERE name IN ['durability', 'limits.list']", nil))
}

func TestTransactionsAreTerminated(t *testing.T) {
	db, err := OpenMemory(Options{})
	require.NoError(t, err)
	terminate := func(id string) string {
		return table(t, db, "TERMINATE TRANSACTIONS $id YIELD message", map[string]graph.Value{"id": graph.List([]graph.Value{graph.String(id)})})[0][0]
	}
	require.Equal(t, "Transaction not found.", terminate("transaction-0"))

	// A statement that runs and runs.
	const runaway = "UNWIND range(1, 16000000) AS a UNWIND range(1, 16000000) AS b WITH a WHERE a < 0 RETURN count(*) AS n"
	ended := make(chan error, 1)
	go func() {
		result, err := db.Query(context.Background(), runaway, nil)
		if err == nil {
			_, err = result.Next()
			result.Close()
		}
		ended <- err
	}()
	id := ""
	for id == "" {
		for _, w := range db.Transactions() {
			if w.Query == runaway {
				id = w.ID
			}
		}
		time.Sleep(time.Millisecond)
	}
	require.Equal(t, "Transaction terminated.", terminate(id))
	err = <-ended
	require.Equal(t, CodeCancelled, CodeOf(err))
	require.Contains(t, err.Error(), "the transaction was terminated")

	// A transaction between two statements.
	tx, err := db.Begin(context.Background(), true)
	require.NoError(t, err)
	_, err = tx.Query("CREATE (:N)", nil)
	require.NoError(t, err)
	require.Equal(t, "Transaction terminated.", terminate(db.Transactions()[0].ID))
	_, err = tx.Query("CREATE (:N)", nil)
	require.ErrorIs(t, err, cypher.ErrTerminated)
	require.Equal(t, CodeCancelled, CodeOf(err))
	require.Error(t, tx.Commit())

	tx, err = db.Begin(context.Background(), true)
	require.NoError(t, err)
	_, err = tx.Query("CREATE (:N)", nil)
	require.NoError(t, err)
	require.Equal(t, "Transaction terminated.", terminate(db.Transactions()[0].ID))
	require.Equal(t, CodeCancelled, CodeOf(tx.Commit()))

	// A statement that is done before it would look.
	require.NoError(t, db.RegisterFunction("my.stop() :: INTEGER", func(context.Context, graph.Reader, []graph.Value) (graph.Value, error) {
		for _, w := range db.Transactions() {
			require.True(t, db.Terminate(w.ID))
		}
		return graph.Int(1), nil
	}))
	_, err = db.Query(context.Background(), "CREATE (:N {x: my.stop()})", nil)
	require.ErrorIs(t, err, cypher.ErrTerminated)
	require.Equal(t, [][]string{{"0"}}, table(t, db, "MATCH (n) RETURN count(n)", nil))
	require.Empty(t, db.Transactions())
}
