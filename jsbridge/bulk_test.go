//go:build !js

package jsbridge

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/staging"
	"github.com/pocketgraph/pocketgraph/jsbridge/wire"
)

// staged is a graph of n nodes in a ring, with values of several kinds.
func staged(t testing.TB, n int) graph.Reader {
	g := staging.New()
	require.NoError(t, g.Update(func(w graph.Writer) error {
		label, _ := w.Label("Ring")
		odd, _ := w.Label("Odd")
		i, _ := w.Key("i")
		text, _ := w.Key("Ring") // a key of a label's name
		next, _ := w.Type("NEXT")
		var nodes []graph.Node
		for at := range n {
			labels := []graph.LabelID{label, odd}[:1+at%2]
			node, err := w.CreateNode(labels, []graph.Property{{Key: i, Value: graph.Int(int64(at) << 40)}, {Key: text, Value: graph.List([]graph.Value{graph.Date(int64(at)), graph.Date(0)})}})
			require.NoError(t, err)
			nodes = append(nodes, node)
		}
		for at := range n {
			_, err := w.CreateRel(nodes[at], nodes[(at+1)%n], next, []graph.Property{{Key: i, Value: graph.Float(float64(at))}})
			require.NoError(t, err)
		}
		return nil
	}))
	return g.Reader()
}

// bodies are the bodies of BULK that make a graph, each of about so many bytes.
func bodies(t testing.TB, r graph.Reader, limit int) (out [][]byte) {
	b := wire.NewBulk(r, limit, func(body []byte) error {
		out = append(out, body)
		return nil
	})
	for n := range graph.Handles(r.ScanNodes) {
		require.NoError(t, b.Node(n))
	}
	for rel := range graph.Handles(r.ScanRels) {
		require.NoError(t, b.Relationship(rel))
	}
	require.NoError(t, b.Flush())
	require.EqualValues(t, 2*r.NodeCount()+r.RelCount(), b.Properties)
	require.EqualValues(t, r.NodeCount()+r.RelCount(), b.Elements)
	return out
}

func TestBulkAndExport(t *testing.T) {
	l := realLoop(t, nil)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
	l.done(2)
	l.send(Request{Op: OpBegin, ID: 3, Database: 1, Write: true})
	require.Equal(t, object{"$int": "1"}, l.done(3)["transaction"])
	id := uint32(10)
	for _, body := range bodies(t, staged(t, 3000), 20_000) {
		l.send(Request{Op: OpBulk, ID: id, Database: 1, Tx: 1, Bulk: body})
		require.Equal(t, "", l.code(id))
		id++
	}
	l.send(query(100, "MATCH (n) RETURN count(n)"), Request{Op: OpCommit, ID: 101, Database: 1, Tx: 1})
	require.Equal(t, [][]any{{object{"$int": "0"}}}, l.rows(100), "nobody sees it before it is committed")
	require.Equal(t, "", l.code(101))
	l.send(query(102, "MATCH (a:Ring)-[r:NEXT {i: 7.0}]->(b:Odd|Ring) RETURN a.i, b.i, size(labels(a)), a.Ring[0] = date({year: 1970, day: 8, month: 1})"),
		query(103, "MATCH (n:Odd) WITH count(n) AS n MATCH ()-[r]->() RETURN n, count(r)"))
	require.Equal(t, [][]any{{object{"$int": "7696581394432"}, object{"$int": "8796093022208"}, object{"$int": "2"}, true}}, l.rows(102))
	require.Equal(t, [][]any{{object{"$int": "1500"}, object{"$int": "3000"}}}, l.rows(103))

	l.send(Request{Op: OpExport, ID: 104, Database: 1})
	var backup []byte
	all := l.last(104)
	for _, a := range all[:len(all)-1] {
		require.Equal(t, AnswerData, a["kind"])
		backup = append(backup, a["bytes"].([]byte)...)
	}
	info, err := pocketgraph.CheckBackup(context.Background(), bytes.NewReader(backup), int64(len(backup)))
	require.NoError(t, err)
	require.EqualValues(t, 1, info.Sequence)
	require.EqualValues(t, len(backup), info.Bytes)
}

// What is wrong with a body ends its transaction, of which nothing stays.
func TestBulkErrors(t *testing.T) {
	l := realLoop(t, nil)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
	l.done(2)
	staging := bodies(t, staged(t, 2), 1<<20)
	whole := staging[0]
	cases := [][]byte{nil, {1}, append(append([]byte(nil), whole...), 0), staging[1], // its nodes are not there
		{0, 0, 0, 1, 0, 0, 0},                                                         // no kind
		{0, 0, 0, 1, 0, 1, 1, 0, 0},                                                   // a label without a name
		{0, 0, 2, 1, 0, 1, 0, 0},                                                      // neither nodes nor relationships
		{0, 0, 0, 1, 1, 1, 'k', 1, 0, 1, 0, 0, 0},                                     // no encoding
		{0, 0, 0, 1, 1, 1, 'k', 1, 0, 1, 0, 6, 0, 2},                                  // no Boolean
		{0, 0, 0, 1, 1, 1, 'k', 1, 0, 1, 0, 7, 0, 2, 0, 0, 0, 'a', 0x80},              // no UTF-8
		{0, 0, 0, 2, 1, 1, 'k', 1, 0, 1, 0, 7, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0xc3, 0xa4}, // UTF-8 only together
		{0, 0, 0, 2, 1, 1, 'k', 1, 0, 1, 0, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 'a'},        // ends before it begins
		{0, 0, 0, 1, 1, 1, 'k', 2, 0, 0, 2, 0, 0},                                     // of a third kind
		{0, 0, 1, 1, 1, 1, 'T', 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},             // no such end
	}
	for n := range whole {
		cases = append(cases, whole[:n])
	}
	id := uint32(10)
	tx := uint32(0)
	for _, body := range cases {
		l.send(Request{Op: OpBegin, ID: id, Database: 1, Write: true})
		require.Equal(t, "", l.code(id))
		tx++
		l.send(Request{Op: OpBulk, ID: id + 1, Database: 1, Tx: tx, Bulk: body}, Request{Op: OpCommit, ID: id + 2, Database: 1, Tx: tx})
		require.Equal(t, codeProtocol, l.code(id+1), "%x", body)
		require.Equal(t, codeClosed, l.code(id+2))
		id += 3
	}
	l.send(Request{Op: OpBegin, ID: id, Database: 1}, Request{Op: OpBulk, ID: id + 1, Database: 1, Bulk: whole})
	require.Equal(t, codeClosed, l.code(id+1), "BULK wants a transaction")
	require.Equal(t, "", l.code(id))
	l.send(Request{Op: OpBulk, ID: id + 2, Database: 1, Tx: tx + 1, Bulk: whole}, query(id+3, "MATCH (n) RETURN count(n)"))
	require.Equal(t, codeInvalid, l.code(id+2), "one that writes")
	require.Equal(t, [][]any{{object{"$int": "0"}}}, l.rows(id+3))
}

func TestExportWaitsForCredit(t *testing.T) {
	l, _ := opened(t)
	l.send(Request{Op: OpExport, ID: 10, Database: 1, Credit: 2})
	frames := func() (n int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, a := range l.answers {
			if a["id"] == uint32(10) && a["kind"] == AnswerData {
				n++
			}
		}
		return n
	}
	require.Eventually(t, func() bool { return frames() == 2 }, 5*time.Second, time.Millisecond)
	l.send(Request{Op: OpMore, ID: 10, Database: 1, Credit: 1})
	require.Eventually(t, func() bool { return frames() == 3 }, 5*time.Second, time.Millisecond)
	require.Equal(t, 1, l.d.InFlight())
	l.send(Request{Op: OpCancel, ID: 10})
	require.Equal(t, codeCancelled, l.code(10))
	require.Equal(t, 3, frames())
	require.Zero(t, l.d.InFlight())
}

// TestBulkPlaces: errors say where.
func TestBulkPlaces(t *testing.T) {
	l := realLoop(t, nil)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
	l.done(2)
	l.send(query(3, "CREATE CONSTRAINT FOR (n:P) REQUIRE n.k IS UNIQUE"))
	l.done(3)
	l.send(query(4, "CREATE (:P {k: 7}), (:Q {k: 1}), (:Q {k: 1.0})"))
	require.Equal(t, "", l.code(4))
	// Nodes of table 3 from row 100 on, and relationships of table 5 from row 50 on.
	nodes := func(label string, k ...int32) []byte {
		body := []byte{3, 100, 0, byte(len(k)), 2, 1, label[0], 1, 'k', 1, 1, 0, 1, 1, 2, 0}
		for _, x := range k {
			body = appendU32(body, uint32(x))
		}
		return body
	}
	rels := func(label string, to ...int32) []byte {
		body := []byte{5, 50, 1, byte(len(to)), 3, 1, 'T', 1, label[0], 1, 'k', 1, 0}
		for range 2 {
			body = append(body, 1, 1, 2, 2, 0)
			for _, x := range to {
				body = appendU32(body, uint32(x))
			}
		}
		return append(body, 0)
	}
	id := uint32(10)
	for i, c := range []struct {
		bodies        [][]byte
		code, message string
	}{
		{[][]byte{nodes("P", 1, 2, 7)}, "CONSTRAINT", "nodes[3], row 102: node 1 has the same values: (:`P` {`k`}) = 7"},
		{[][]byte{nodes("P", 1, 1)}, "CONSTRAINT", "nodes[3], row 101: node "},
		{[][]byte{nodes("P", 1, 2), rels("P", 7, 1, 2, 3)}, codeNotFound, "relationships[5], row 53: there is no such node"},
		{[][]byte{rels("Q", 1)}, codeInvalid, "relationships[5], row 50: there is more than one such node"},
		{[][]byte{rels("R", 1)}, codeNotFound, "relationships[5], row 50: there is no such node"},
		{[][]byte{{0, 0, 0, 1, 1, 1, 'k', 1, 0, 1, 0, 1, 0, 9, 1, 9, 0}}, codeInvalid, "nodes[0], row 0: not a property value"},
		{[][]byte{{0, 0, 0, 1, 1, 1, 'k', 1, 0, 2, 0, 1, 0, 0, 0, 1, 0, 0}}, codeInvalid, "a property twice"},
	} {
		tx := uint32(i + 1)
		l.send(Request{Op: OpBegin, ID: id, Database: 1, Write: true})
		require.Equal(t, "", l.code(id))
		for _, body := range c.bodies {
			id++
			l.send(Request{Op: OpBulk, ID: id, Database: 1, Tx: tx, Bulk: body})
		}
		e := l.last(id)[0]["map"].(object)["$map"].(object)
		require.Equal(t, c.code, e["code"], "%v", e)
		require.Contains(t, e["message"], c.message)
		l.send(Request{Op: OpCommit, ID: id + 1, Database: 1, Tx: tx})
		require.Equal(t, codeClosed, l.code(id+1))
		id += 2
	}
	l.send(query(id, "MATCH (n) RETURN count(n)"))
	require.Equal(t, [][]any{{object{"$int": "3"}}}, l.rows(id))
}

// FuzzBulk: any bytes are a body or an error, and what was taken is sound.
func FuzzBulk(f *testing.F) {
	for _, body := range bodies(f, staged(f, 5), 150) {
		f.Add(body)
	}
	f.Add([]byte{5, 50, 1, 1, 3, 1, 'T', 1, 'P', 1, 'k', 1, 0, 1, 1, 2, 2, 0, 1, 0, 0, 0, 1, 1, 2, 7, 0, 1, 0, 0, 0, 'x', 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
		require.NoError(t, err)
		defer db.Close()
		_, err = db.Query(context.Background(), "CREATE INDEX FOR (n:Ring) ON (n.i)", nil)
		require.NoError(t, err)
		_, err = db.Query(context.Background(), "CREATE (:P {k: 1}), (:P {k: 'x'})", nil)
		require.NoError(t, err)
		tx, err := db.Begin(context.Background(), true)
		require.NoError(t, err)
		b := &bulkReader{cursor: cursor{b: body}, w: tx.Writer().(graph.BulkWriter), tx: &transaction{}}
		if b.run(func() error { return nil }) != nil {
			tx.Rollback()
			return
		}
		err = tx.Commit()
		require.NoError(t, err)
		problems, err := db.Check(context.Background())
		require.NoError(t, err)
		require.Empty(t, problems)
	})
}
