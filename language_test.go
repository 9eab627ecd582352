//go:build !js

package pocketgraph

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/internal/cytest"
)

// answer runs a statement and writes its rows, cells joined by " | ".
func answer(t *testing.T, db *DB, text string) []string {
	t.Helper()
	result, err := db.Query(context.Background(), text, nil)
	require.NoError(t, err, text)
	rows, err := allRows(result)
	require.NoError(t, err, text)
	var out []string
	for _, row := range rows {
		var cells []string
		for _, v := range row {
			cells = append(cells, cytest.Format(result.Reader(), v))
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return out
}

// refused runs a statement that fails, and gives its error.
func refused(t *testing.T, db *DB, text string) *Error {
	t.Helper()
	result, err := db.Query(context.Background(), text, nil)
	if err == nil {
		_, err = allRows(result)
	}
	var e *Error
	require.ErrorAs(t, err, &e, text)
	return e
}

// importing is a store that may load what files holds, by name.
func importing(t *testing.T, files map[string]string) *DB {
	t.Helper()
	outside := t.TempDir()
	dir := filepath.Join(outside, "import")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "sub"), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(outside, "secret.csv"), []byte("a\n"), 0o666))
	require.NoError(t, os.Symlink(filepath.Join(outside, "secret.csv"), filepath.Join(dir, "link.csv")))
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666))
	}
	db := open(t, crashfs.New(), Options{Importer: ImportDir(dir)})
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestLoadCSV(t *testing.T) {
	db := importing(t, map[string]string{
		"people.csv":   "name,born,note\nAda,1815,\"\"\n\"Grace, Rear Admiral\",1906,\nAlan\n",
		"a b.csv":      "1;2\n\n3;\"x;y\"\n",
		"sub/deep.csv": "x\n1\n",
		"bad.csv":      "a,b\n1,\"2\n",
	})
	for text, want := range map[string][]string{
		"LOAD CSV WITH HEADERS FROM 'file:///people.csv' AS row RETURN row.name, toInteger(row.born) + 1, row.note": {
			"'Ada' | 1816 | ''", "'Grace, Rear Admiral' | 1907 | null", "'Alan' | null | null"},
		"LOAD CSV FROM 'file:///a%20b.csv' AS row FIELDTERMINATOR ';' RETURN row":                            {"['1', '2']", "['3', 'x;y']"},
		"UNWIND ['sub/deep.csv', null, '/sub/deep.csv'] AS f LOAD CSV WITH HEADERS FROM f AS row RETURN row": {"{x: '1'}", "{x: '1'}"},
		"LOAD CSV FROM 'people.csv' AS row RETURN count(*)":                                                  {"4"},
		"LOAD CSV FROM 'people.csv' AS row RETURN row[0] LIMIT 1":                                            {"'name'"},
		"LOAD CSV WITH HEADERS FROM 'people.csv' AS row CREATE (p:Person) SET p = row RETURN p.name":         {"'Ada'", "'Grace, Rear Admiral'", "'Alan'"},
		"LOAD CSV WITH HEADERS FROM 'people.csv' AS row RETURN linenumber(), row.name, file()": {
			"2 | 'Ada' | 'people.csv'", "3 | 'Grace, Rear Admiral' | 'people.csv'", "4 | 'Alan' | 'people.csv'"},
		"LOAD CSV FROM 'file:///a%20b.csv' AS row FIELDTERMINATOR ';' WITH row, LINENUMBER() AS line WHERE line > 1 RETURN line":          {"3"},
		"LOAD CSV FROM 'people.csv' AS a LOAD CSV FROM 'sub/deep.csv' AS b RETURN file() AS f, max(linenumber()) AS n, count(*)":          {"'sub/deep.csv' | 2 | 8"},
		"LOAD CSV FROM 'people.csv' AS row CALL { WITH row RETURN 1 AS x } RETURN collect(linenumber())":                                  {"[1, 2, 3, 4]"},
		"LOAD CSV FROM 'people.csv' AS row RETURN [x IN [linenumber()] | x + COUNT { RETURN 1 }] AS l ORDER BY linenumber() DESC LIMIT 1": {"[5]"},
	} {
		require.Equal(t, want, answer(t, db, text), text)
	}
	for address, detail := range map[string]string{
		"none.csv": "NotFound", "../secret.csv": "NotAllowed", "link.csv": "NotAllowed", "file:///../secret.csv": "NotAllowed", "sub": "NotAllowed",
		"file:///%2e%2e/secret.csv": "NotAllowed", "https://example.org/a.csv": "NotAllowed", "file://host/a.csv": "NotAllowed", "bad.csv": "Malformed",
	} {
		e := refused(t, db, "LOAD CSV FROM '"+address+"' AS row RETURN row")
		require.Equal(t, CodeImport, e.Code, "%s: %s", address, e.Message)
		require.Equal(t, detail, e.Detail, "%s: %s", address, e.Message)
		require.NotContains(t, e.Message, os.TempDir())
		require.Equal(t, 1, e.Line)
	}
	plain := open(t, crashfs.New(), Options{})
	defer plain.Close()
	require.Equal(t, CodeImport, refused(t, plain, "LOAD CSV FROM 'people.csv' AS row RETURN row").Code)
}

func TestCallInTransactions(t *testing.T) {
	fs := crashfs.New()
	db := open(t, fs, Options{})
	defer func() { require.NoError(t, db.Close()) }()
	answer(t, db, "CREATE CONSTRAINT FOR (n:N) REQUIRE n.i IS UNIQUE")
	before := db.Sequence()
	require.Equal(t, []string{"25 | 300"}, answer(t, db, "UNWIND range(1, 25) AS i CALL { WITH i CREATE (n:N {i: i}) RETURN n.i * 1 AS k } IN TRANSACTIONS OF 10 ROWS RETURN count(*), sum(k) - 25"))
	require.EqualValues(t, 3, db.Sequence()-before)

	// A batch that fails is dropped; those before it stay.
	e := refused(t, db, "UNWIND [101, 102, 103, 5, 104] AS i CALL (i) { CREATE (:N {i: i}) } IN TRANSACTIONS OF 2 ROWS")
	require.Equal(t, "2 rows before were committed and stay", e.Hint)
	require.Equal(t, []string{"101", "102"}, answer(t, db, "MATCH (n:N) WHERE n.i > 100 RETURN n.i ORDER BY n.i"))

	require.Equal(t, []string{
		"201 | 201 | true | true | true", "202 | 202 | true | true | true",
		"5 | null | true | false | false", "203 | null | true | false | false", "204 | 204 | true | true | true"},
		answer(t, db, `UNWIND [201, 202, 5, 203, 204] AS i CALL (i) { CREATE (n:New:N {i: i}) RETURN n.i AS k }
			IN TRANSACTIONS OF 2 ROWS ON ERROR CONTINUE REPORT STATUS AS s RETURN i, k, s.started, s.committed, s.errorMessage IS NULL`))
	require.Equal(t, []string{"301 | true | true", "5 | true | false", "302 | false | false"},
		answer(t, db, "UNWIND [301, 5, 302] AS i CALL (i) { CREATE (:N {i: i}) } IN TRANSACTIONS OF 1 ROW ON ERROR BREAK REPORT STATUS AS s RETURN i, s.started, s.committed"))
	require.Equal(t, []string{"201", "202", "204", "301"}, answer(t, db, "MATCH (n:N) WHERE n.i > 200 RETURN n.i ORDER BY n.i"))

	// What a batch deleted stays deleted for the next ones: its place is not
	// given to what they create.
	answer(t, db, "UNWIND range(1, 40) AS i CREATE (:Old {i: i})-[:R]->(:Old {i: -i})")
	answer(t, db, `MATCH (a:Old), (b:Old) WHERE a.i = -b.i
		CALL (a, b) { DETACH DELETE a CREATE (:Fresh) WITH b SET b.seen = true } IN TRANSACTIONS OF 1 ROW ON ERROR CONTINUE`)
	require.Equal(t, []string{"0"}, answer(t, db, "MATCH (n:Fresh) WHERE n.seen RETURN count(*)"))
	require.Equal(t, []string{"40"}, answer(t, db, "MATCH (n:Fresh) RETURN count(*)"))
	problems, err := db.Check(context.Background())
	require.NoError(t, err)
	require.Empty(t, problems)

	tx, err := db.Begin(context.Background(), true)
	require.NoError(t, err)
	_, err = tx.Query("UNWIND [1] AS i CALL (i) { CREATE (:X) } IN TRANSACTIONS", nil)
	require.Equal(t, CodeReadOnly, CodeOf(err))
	tx.Rollback()
	for text, detail := range map[string]string{
		"CREATE (a) WITH a CALL (a) { SET a.x = 1 } IN TRANSACTIONS":                  "InvalidClauseComposition",
		"UNWIND [1] AS i CALL (i) { CALL (i) { CREATE (:X) } IN TRANSACTIONS }":       "InvalidClauseComposition",
		"UNWIND [1] AS i CALL (i) { CREATE (:X) } IN TRANSACTIONS OF 0 ROWS":          "NumberOutOfRange",
		"UNWIND [1] AS i CALL (i) { CREATE (:X) } IN TRANSACTIONS OF i ROWS RETURN i": "NonConstantExpression",
		"UNWIND [1] AS i CALL (i) { CREATE (:X {a: 1/0}) } IN TRANSACTIONS":           "DivisionByZero",
	} {
		require.Equal(t, detail, refused(t, db, text).Detail, text)
	}
}

// TestCallInTransactionsIsDurable: what was answered is there after a crash,
// also when the last part of the statement changed nothing.
func TestCallInTransactionsIsDurable(t *testing.T) {
	fs := crashfs.New()
	db := open(t, fs, Options{})
	answer(t, db, "UNWIND range(1, 20) AS i CALL (i) { CREATE (:N {i: i}) } IN TRANSACTIONS OF 5 ROWS")
	db = open(t, fs.Crashed(crashfs.Policies[1], 1), Options{})
	defer func() { require.NoError(t, db.Close()) }()
	require.Equal(t, []string{"20"}, answer(t, db, "MATCH (n:N) RETURN count(*)"))
}
