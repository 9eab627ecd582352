package importer

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/graph"
)

func memory(t *testing.T) *pocketgraph.DB {
	t.Helper()
	db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// file is a source of a text.
func file(name, text string) formats.Source {
	return formats.Source{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}
}

// csvImport imports CSV whatever the names of the files.
func csvImport(ctx context.Context, db *pocketgraph.DB, sources []formats.Source, o Options) (formats.Report, error) {
	if o.Format = formats.CSV; o.Delimiter == 0 {
		o.Delimiter = ','
	}
	return Import(ctx, db, sources, o)
}

// made is what a report counts.
func made(r formats.Report) []int64 { return []int64{r.Nodes, r.Relationships, r.Statements} }

func ask(t *testing.T, db *pocketgraph.DB, query string) []any {
	t.Helper()
	rows, err := db.Run(context.Background(), query, nil)
	require.NoError(t, err)
	var out []any
	for _, row := range rows {
		out = append(out, row.Values...)
	}
	return out
}

const people = "id:ID(Person),name,born:INT,tags:STRING[],:LABEL\n" +
	"1,Ada,1815,maths;engines,Person;Countess\n2,\"\",,,Person\n"

const cities = "\xef\xbb\xbfid:ID(City),name\r\n1,Paris\r\n"

const livesIn = ":START_ID(Person),:END_ID(City),:TYPE,since:INT\n1,1,LIVES_IN,1830\n2,1,LIVES_IN,\n"

func TestCSVImport(t *testing.T) {
	db := memory(t)
	// Relationships first: the importer sorts.
	report, err := csvImport(context.Background(), db, []formats.Source{file("l", livesIn), file("p", people), file("c", cities)}, Options{})
	require.NoError(t, err)
	require.Equal(t, []int64{3, 2, 0}, made(report))
	require.EqualValues(t, 9, report.Properties)
	require.Equal(t, []any{"1", "Ada", int64(1815), []any{"maths", "engines"}}, ask(t, db, "MATCH (p:Countess) RETURN p.id, p.name, p.born, p.tags"))
	require.Equal(t, []any{"", nil, nil}, ask(t, db, "MATCH (p:Person {id: '2'}) RETURN p.name, p.born, p.tags"))
	require.Equal(t, []any{int64(1), []any{}}, ask(t, db, "MATCH (c {name: 'Paris'}) RETURN count(c), head(collect(labels(c)))"))
	require.Equal(t, []any{int64(1830), nil}, ask(t, db, "MATCH (p:Person)-[l:LIVES_IN]->({name: 'Paris'}) RETURN l.since ORDER BY p.id"))
	problems, err := db.Check(context.Background())
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestCSVOptions(t *testing.T) {
	db := memory(t)
	nodes := "id:ID\tnames:STRING[]\t:LABEL\n7\ta|b\tA||B|\n"
	_, err := csvImport(context.Background(), db, []formats.Source{file("n", nodes)}, Options{Options: formats.Options{Delimiter: '\t', ArrayDelimiter: "|", IDs: formats.IDInteger}})
	require.NoError(t, err)
	require.Equal(t, []any{int64(7), []any{"a", "b"}, []any{"A", "B"}}, ask(t, db, "MATCH (n) RETURN n.id, n.names, labels(n)"))
	for _, bad := range []byte{'"', '\n', '\r', 0xe9} {
		_, err := csvImport(context.Background(), db, []formats.Source{file("n", nodes)}, Options{Options: formats.Options{Delimiter: bad}})
		require.Error(t, err)
	}
}

func TestMalformedFilesChangeNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []formats.Source
		want  string
	}{
		{"empty file", []formats.Source{file("a", people), file("b", "")}, "b, line 1: the file is empty; expected a header"},
		{"only a byte order mark", []formats.Source{file("b", "\xef\xbb\xbf\n\n")}, "b, line 3: the file is empty; expected a header"},
		{"bad header", []formats.Source{file("a", people), file("b", "\nname\n")}, "b, line 2: the header has neither :ID (nodes) nor :START_ID and :END_ID (relationships); a mapping can say what the columns are"},
		{"too few fields", []formats.Source{file("a", people+"3,x\n")}, "a, line 4: expected 5 fields as in the header, found 2"},
		{"too many fields", []formats.Source{file("c", cities+"2,x,y\n")}, "c, line 3: expected 2 fields as in the header, found 3"},
		{"bad type", []formats.Source{file("a", people+"3,x,old,,\n")}, `a, line 4, column 3: expected an integer of 64 bits, found "old"`},
		{"no identifier", []formats.Source{file("a", people+",x,,,\n")}, "a, line 4, column 1: a node needs an identifier"},
		{"identifier twice", []formats.Source{file("a", people), file("b", people)}, `b, line 2, column 1: the identifier "1" was used before`},
		{"end unknown", []formats.Source{file("a", people), file("c", cities), file("l", livesIn+"1,9,LIVES_IN,\n")}, `l, line 4, column 2: no node has the identifier "9"`},
		{"end in another id space", []formats.Source{file("a", people), file("c", cities), file("l", livesIn+"1,2,LIVES_IN,\n")}, `l, line 4, column 2: no node has the identifier "2"`},
		{"id space unknown", []formats.Source{file("l", livesIn)}, `l, line 2, column 1: no node has the identifier "1"`},
		{"no type", []formats.Source{file("a", people), file("c", cities), file("l", livesIn+"1,1,,\n")}, "l, line 4, column 3: a relationship needs a type"},
		{"quote never closed", []formats.Source{file("a", people+"\"3\n")}, "a, line 4, column 1: the quote that opens here is never closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := memory(t)
			for _, batch := range []int{0, 1} {
				report, err := csvImport(context.Background(), db, c.files, Options{BatchSize: batch})
				require.EqualError(t, err, c.want)
				require.Equal(t, pocketgraph.CodeImport, pocketgraph.CodeOf(err))
				require.Equal(t, []int64{0, 0, 0}, made(report))
				require.Zero(t, db.Stats().Sequence, "something was written")
			}
		})
	}
	t.Run("not an integer where ids are", func(t *testing.T) {
		db := memory(t)
		_, err := csvImport(context.Background(), db, []formats.Source{file("a", "id:ID\nx1\n")}, Options{Options: formats.Options{IDs: formats.IDInteger}})
		require.EqualError(t, err, `a, line 2, column 1: expected an integer of 64 bits, found "x1"`)
	})
}

func TestOpenErrorsPassThrough(t *testing.T) {
	broken := formats.Source{Name: "x", Open: func() (io.ReadCloser, error) { return nil, io.ErrClosedPipe }}
	_, err := csvImport(context.Background(), memory(t), []formats.Source{broken}, Options{})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = Import(context.Background(), memory(t), []formats.Source{broken}, Options{Options: formats.Options{Format: formats.Cypher}})
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

// A constraint is only known to the database.
func TestWriteErrorsChangeNothing(t *testing.T) {
	nodes := ":ID,n:INT,:LABEL\n1,1,A\n2,2,A\n3,3,A\n4,2,A\n5,5,A\n"
	db := memory(t)
	ask(t, db, "CREATE CONSTRAINT FOR (a:A) REQUIRE a.n IS UNIQUE")
	report, err := csvImport(context.Background(), db, []formats.Source{file("a", nodes)}, Options{})
	require.ErrorIs(t, err, graph.ErrConstraint)
	require.ErrorContains(t, err, "a, line 5")
	require.Equal(t, []int64{0, 0, 0}, made(report))
	require.Empty(t, ask(t, db, "MATCH (a:A) RETURN a.n ORDER BY a.n"))

	// In batches whole ones before it stay, and the report counts them.
	report, err = csvImport(context.Background(), db, []formats.Source{file("a", nodes)}, Options{BatchSize: 2})
	require.ErrorIs(t, err, graph.ErrConstraint)
	require.Equal(t, []int64{2, 0, 0}, made(report))
	require.Equal(t, []any{int64(1), int64(2)}, ask(t, db, "MATCH (a:A) RETURN a.n ORDER BY a.n"))
	ask(t, db, "CREATE (:B)") // the writer is free
}

func TestBatchesAndProgress(t *testing.T) {
	db := memory(t)
	var nodes strings.Builder
	nodes.WriteString(":ID,text,:LABEL\n")
	for i := range 1000 {
		nodes.WriteString(strings.Repeat("x", 3) + string(rune('a'+i%26)) + strings.Repeat("0", i/26) + "," + strings.Repeat("y", 1000) + ",A\n")
	}
	source := file("n", nodes.String())
	var seen []formats.Progress
	_, err := csvImport(context.Background(), db, []formats.Source{source}, Options{BatchSize: 300, Options: formats.Options{Progress: func(p formats.Progress) { seen = append(seen, p) }}})
	require.NoError(t, err)
	require.EqualValues(t, 4, db.Stats().Sequence, "300 elements a transaction")
	var read, written formats.Progress
	for _, p := range seen {
		if p.Phase == "read" {
			require.Equal(t, source.Size, p.Total)
			require.GreaterOrEqual(t, p.Done, read.Done)
			require.Zero(t, written, "reading comes first")
			read = p
			continue
		}
		require.Greater(t, p.Done, written.Done)
		written = p
	}
	require.Equal(t, source.Size, read.Done)
	require.Equal(t, formats.Progress{Phase: "write", Done: 1000, Total: 1000, Elements: 1000}, written)
	require.GreaterOrEqual(t, len(seen), 8)
}

func TestLargeElementsEndABatchEarly(t *testing.T) {
	db := memory(t)
	text := ":ID,text\n"
	for _, id := range []string{"a", "b", "c", "d"} {
		text += id + "," + strings.Repeat("y", batchBytes/2) + "\n"
	}
	_, err := csvImport(context.Background(), db, []formats.Source{file("n", text)}, Options{BatchSize: 100})
	require.NoError(t, err)
	require.EqualValues(t, 2, db.Stats().Sequence)
}

func TestCancelling(t *testing.T) {
	long := ":ID,text\n"
	for i := range 100 {
		long += string(rune('A'+i)) + "," + strings.Repeat("y", 10_000) + "\n"
	}
	for _, batch := range []int{0, 10_000} {
		db := memory(t)
		ctx, cancel := context.WithCancelCause(context.Background())
		enough := errors.New("enough")
		_, err := csvImport(ctx, db, []formats.Source{file("n", long)}, Options{BatchSize: batch, Options: formats.Options{Progress: func(formats.Progress) { cancel(enough) }}})
		require.ErrorIs(t, err, enough)
		require.Zero(t, db.Stats().Sequence)
		ask(t, db, "CREATE (:B)") // the writer is free
	}
}

func TestNodesDeletedBetweenBatches(t *testing.T) {
	db := memory(t)
	deleted := false
	_, err := csvImport(context.Background(), db, []formats.Source{file("n", ":ID\n1\n2\n"), file("r", ":START_ID,:END_ID,:TYPE\n1,2,T\n")}, Options{BatchSize: 2, Options: formats.Options{Progress: func(p formats.Progress) {
		if p.Phase == "write" && p.Elements == 2 && !deleted {
			deleted = true
			ask(t, db, "MATCH (n) DELETE n")
		}
	}}})
	require.EqualError(t, err, "a node was deleted while the import went on")
}

// Text in lists fills a transaction as text outside of them does.
func TestListsFillABatch(t *testing.T) {
	sequence := func(header, after string) uint64 {
		db := memory(t)
		text := header + "\n"
		for _, id := range []string{"a", "b", "c", "d"} {
			text += id + "," + strings.Repeat("y", batchBytes/2) + after + "\n"
		}
		_, err := csvImport(context.Background(), db, []formats.Source{file("n", text)}, Options{BatchSize: 100})
		require.NoError(t, err)
		return db.Stats().Sequence
	}
	require.Equal(t, sequence(":ID,text", ""), sequence(":ID,text:STRING[]", ";z"))
}

// A disk that is full is no argument that is wrong.
func TestExportToAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("the system has no /dev/full")
	}
	defer full.Close()
	db := memory(t)
	ask(t, db, "UNWIND range(1, 5000) AS i CREATE (:A {i: i, text: 'a text'})")
	_, err = Export(context.Background(), db, full, formats.WriteOptions{Format: formats.JSONLines})
	require.Equal(t, pocketgraph.CodeIO, pocketgraph.CodeOf(err), err)
}

// What a file is is told by its content where its name does not say it, as in a
// page: a script may be called anything.
func TestAScriptOfAnyName(t *testing.T) {
	db := memory(t)
	closed := 0
	counting := func(s formats.Source) formats.Source {
		open := s.Open
		s.Open = func() (io.ReadCloser, error) {
			in, err := open()
			closed--
			return struct {
				io.Reader
				io.Closer
			}{in, closer(func() { closed++ })}, err
		}
		return s
	}
	report, err := Import(context.Background(), db, []formats.Source{
		counting(file("script.txt", "CREATE (:A {n: 1});\nCREATE (:A {n: 2});")),
		counting(file("table.txt", "id:ID,n:INT,:LABEL\n1,3,A\n")),
	}, Options{})
	require.NoError(t, err)
	require.Equal(t, []int64{3, 0, 2}, made(report))
	require.Equal(t, []any{int64(6)}, ask(t, db, "MATCH (a:A) RETURN sum(a.n) AS n"))
	_, err = Import(context.Background(), db, []formats.Source{
		counting(file("wrong.txt", "CREATE (")), counting(file("table.txt", "id:ID,n:INT,:LABEL\n1,3,A\n")),
	}, Options{})
	require.Error(t, err)
	require.Zero(t, closed, "files that were opened, but for those that were closed")
}

type closer func()

func (c closer) Close() error {
	c()
	return nil
}
