package importer

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
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
func file(name, text string) Source {
	return Source{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}
}

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
	report, err := CSV(context.Background(), db, []Source{file("l", livesIn), file("p", people), file("c", cities)}, Options{})
	require.NoError(t, err)
	require.Equal(t, Report{Nodes: 3, Relationships: 2}, report)
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
	_, err := CSV(context.Background(), db, []Source{file("n", nodes)}, Options{Delimiter: '\t', ArrayDelimiter: "|", IDKind: IDInteger})
	require.NoError(t, err)
	require.Equal(t, []any{int64(7), []any{"a", "b"}, []any{"A", "B"}}, ask(t, db, "MATCH (n) RETURN n.id, n.names, labels(n)"))
	for _, bad := range []byte{'"', '\n', '\r', 0xe9} {
		_, err := CSV(context.Background(), db, nil, Options{Delimiter: bad})
		require.Error(t, err)
	}
}

func TestMalformedFilesChangeNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []Source
		want  string
	}{
		{"empty file", []Source{file("a", people), file("b", "")}, "b, line 1: the file is empty; expected a header"},
		{"only a byte order mark", []Source{file("b", "\xef\xbb\xbf\n\n")}, "b, line 3: the file is empty; expected a header"},
		{"bad header", []Source{file("a", people), file("b", "\nname\n")}, "b, line 2: the header has neither :ID (nodes) nor :START_ID and :END_ID (relationships)"},
		{"too few fields", []Source{file("a", people+"3,x\n")}, "a, line 4: expected 5 fields as in the header, found 2"},
		{"too many fields", []Source{file("c", cities+"2,x,y\n")}, "c, line 3: expected 2 fields as in the header, found 3"},
		{"bad type", []Source{file("a", people+"3,x,old,,\n")}, `a, line 4, column 3: expected an integer of 64 bits, found "old"`},
		{"no identifier", []Source{file("a", people+",x,,,\n")}, "a, line 4, column 1: a node needs an identifier"},
		{"identifier twice", []Source{file("a", people), file("b", people)}, `b, line 2, column 1: the identifier "1" was used before`},
		{"end unknown", []Source{file("a", people), file("c", cities), file("l", livesIn+"1,9,LIVES_IN,\n")}, `l, line 4, column 2: no node has the identifier "9"`},
		{"end in another id space", []Source{file("a", people), file("c", cities), file("l", livesIn+"1,2,LIVES_IN,\n")}, `l, line 4, column 2: no node has the identifier "2"`},
		{"id space unknown", []Source{file("l", livesIn)}, `l, line 2, column 1: no node has the identifier "1"`},
		{"no type", []Source{file("a", people), file("c", cities), file("l", livesIn+"1,1,,\n")}, "l, line 4, column 3: a relationship needs a type"},
		{"quote never closed", []Source{file("a", people+"\"3\n")}, "a, line 4, column 1: the quote that opens here is never closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := memory(t)
			report, err := CSV(context.Background(), db, c.files, Options{BatchSize: 1})
			require.EqualError(t, err, c.want)
			require.Zero(t, report)
			require.Zero(t, db.Stats().Sequence, "something was written")
		})
	}
	t.Run("not an integer where ids are", func(t *testing.T) {
		db := memory(t)
		_, err := CSV(context.Background(), db, []Source{file("a", "id:ID\nx1\n")}, Options{IDKind: IDInteger})
		require.EqualError(t, err, `a, line 2, column 1: expected an integer of 64 bits, found "x1"`)
	})
}

func TestOpenErrorsPassThrough(t *testing.T) {
	broken := Source{Name: "x", Open: func() (io.ReadCloser, error) { return nil, io.ErrClosedPipe }}
	_, err := CSV(context.Background(), memory(t), []Source{broken}, Options{})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = Script(context.Background(), memory(t), broken, nil)
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

// A constraint is only known to the database: whole batches before it stay, and
// the report counts them.
func TestWriteErrorsKeepWholeBatches(t *testing.T) {
	db := memory(t)
	ask(t, db, "CREATE CONSTRAINT FOR (a:A) REQUIRE a.n IS UNIQUE")
	nodes := ":ID,n:INT,:LABEL\n1,1,A\n2,2,A\n3,3,A\n4,2,A\n5,5,A\n"
	report, err := CSV(context.Background(), db, []Source{file("a", nodes)}, Options{BatchSize: 2})
	require.ErrorIs(t, err, graph.ErrConstraint)
	require.ErrorContains(t, err, "a, line 5")
	require.Equal(t, Report{Nodes: 2}, report)
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
	var seen []Progress
	_, err := CSV(context.Background(), db, []Source{source}, Options{BatchSize: 300, Progress: func(p Progress) { seen = append(seen, p) }})
	require.NoError(t, err)
	require.EqualValues(t, 4, db.Stats().Sequence, "300 elements a transaction")
	phases := map[string]Progress{}
	var before Progress
	for _, p := range seen {
		require.Equal(t, source.Size, p.Total)
		if p.Phase == before.Phase {
			require.GreaterOrEqual(t, p.Done, before.Done)
			require.GreaterOrEqual(t, p.Elements, before.Elements)
		}
		phases[p.Phase], before = p, p
	}
	require.GreaterOrEqual(t, len(seen), 8)
	require.Equal(t, source.Size, phases["check"].Done)
	require.Equal(t, source.Size, phases["write"].Done)
	require.EqualValues(t, 1000, phases["write"].Elements)

	source.Size = 0
	_, err = CSV(context.Background(), memory(t), []Source{source, file("m", "a:ID\n")}, Options{Progress: func(p Progress) { require.Zero(t, p.Total) }})
	require.NoError(t, err)
}

func TestLargeElementsEndABatchEarly(t *testing.T) {
	db := memory(t)
	text := ":ID,text\n"
	for _, id := range []string{"a", "b", "c", "d"} {
		text += id + "," + strings.Repeat("y", batchBytes/2) + "\n"
	}
	_, err := CSV(context.Background(), db, []Source{file("n", text)}, Options{})
	require.NoError(t, err)
	require.EqualValues(t, 2, db.Stats().Sequence)
}

func TestCancelling(t *testing.T) {
	long := ":ID,text\n" + strings.Repeat("", 0)
	for i := range 100 {
		long += string(rune('A'+i)) + "," + strings.Repeat("y", 10_000) + "\n"
	}
	for _, phase := range []string{"check", "write"} {
		t.Run(phase, func(t *testing.T) {
			db := memory(t)
			ctx, cancel := context.WithCancelCause(context.Background())
			enough := errors.New("enough")
			_, err := CSV(ctx, db, []Source{file("n", long)}, Options{BatchSize: 10_000, Progress: func(p Progress) {
				if p.Phase == phase {
					cancel(enough)
				}
			}})
			require.ErrorIs(t, err, enough)
			require.Zero(t, db.Stats().Sequence)
			ask(t, db, "CREATE (:B)") // the writer is free
		})
	}
}

// A file that changes between the passes cannot join the wrong nodes.
func TestFilesThatChange(t *testing.T) {
	changing := func(texts ...string) Source {
		opens := 0
		return Source{Name: "n", Open: func() (io.ReadCloser, error) {
			text := texts[min(opens/2, len(texts)-1)] // header and check, then write
			opens++
			return io.NopCloser(strings.NewReader(text)), nil
		}}
	}
	for _, second := range []string{":ID\n2\n1\n", ":ID\n1\n3\n", ":ID\n1\n2\n3\n", ":ID\n1\n"} {
		db := memory(t)
		_, err := CSV(context.Background(), db, []Source{changing(":ID\n1\n2\n", second), file("r", ":START_ID,:END_ID,:TYPE\n1,2,T\n")}, Options{})
		require.ErrorIs(t, err, errChanged)
		require.Zero(t, db.Stats().Sequence)
	}
}

func TestNodesDeletedBetweenBatches(t *testing.T) {
	db := memory(t)
	deleted := false
	_, err := CSV(context.Background(), db, []Source{file("n", ":ID\n1\n2\n"), file("r", ":START_ID,:END_ID,:TYPE\n1,2,T\n")}, Options{BatchSize: 2, Progress: func(p Progress) {
		if p.Phase == "write" && p.Elements == 2 && !deleted {
			deleted = true
			ask(t, db, "MATCH (n) DELETE n")
		}
	}})
	require.EqualError(t, err, `r, line 2, column 1: the node with the identifier "1" was deleted while the files were imported`)
}
