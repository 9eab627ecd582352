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
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
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

// bodies are the bodies of BULK that make a graph, cut every so many elements.
func bodies(t testing.TB, r graph.Reader, every int) (out [][]byte) {
	b := wire.NewBulk(r)
	added := 0
	add := func(err error) {
		require.NoError(t, err)
		if added++; added%every == 0 {
			out = append(out, b.Take())
		}
	}
	nodes, rels := make([]graph.Node, r.NodeCount()+1), make([]graph.Rel, r.RelCount()+1)
	for _, n := range nodes[:r.ScanNodes(0, nodes)] {
		add(b.Node(n))
	}
	for _, rel := range rels[:r.ScanRels(0, rels)] {
		add(b.Relationship(rel))
	}
	require.EqualValues(t, 2*r.NodeCount()+r.RelCount(), b.Properties)
	return append(out, b.Take())
}

func TestBulkAndExport(t *testing.T) {
	l := realLoop(t, nil)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
	l.done(2)
	l.send(Request{Op: OpBegin, ID: 3, Database: 1, Write: true})
	require.Equal(t, object{"$int": "1"}, l.done(3)["transaction"])
	id := uint32(10)
	for _, body := range bodies(t, staged(t, 3000), 700) {
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
	whole := bodies(t, staged(t, 2), 100)[0]
	cases := [][]byte{nil, {1}, append(append([]byte(nil), whole...), 0), {0, 1, 1, 0, 0, 0}, {1, 1, 'T', 0, 1, 0, 0, 0, 0}}
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

// FuzzBulk: any bytes are a body or an error.
func FuzzBulk(f *testing.F) {
	for _, body := range bodies(f, staged(f, 5), 4) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b := &bulkReader{cursor: cursor{b: body}, w: mapgraph.New(), tx: &transaction{}}
		_ = b.run(func() error { return nil })
	})
}
