package nornic

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// shown is a graph in short: "a(v=1) b() ab:a->b".
func shown(g *graphOf) string {
	var parts []string
	for _, n := range g.Nodes {
		parts = append(parts, n.ID+"("+properties(n.Properties)+")")
	}
	for _, e := range g.Edges {
		parts = append(parts, e.ID+":"+e.Start+"->"+e.End)
	}
	return strings.Join(parts, " ")
}

func properties(p map[string]any) string {
	if v, ok := p["v"]; ok {
		return fmt.Sprintf("v=%v", v)
	}
	return ""
}

// findings is what a report lists, in short: "torn-tail 3".
func findings(r *Report) string {
	var parts []string
	for _, f := range r.Findings {
		parts = append(parts, fmt.Sprintf("%s %d", f.Kind, f.Sequence))
	}
	return strings.Join(parts, ", ")
}

var forms = map[string]form{"legacy": legacy, "version 1": version1, "version 2": version2}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name   string
		write  func(w *writer) (snapshot []byte)
		graph  string
		report string
	}{
		{"every operation", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "").node(opUpdateNode, "b", `{"v":2}`, "")
			w.node(opUpdateNode, "a", `{"v":3}`, "").node(opUpdateEmbedding, "b", `{"v":4}`, "")
			w.edge(opCreateEdge, "ab", "a", "b", "").edge(opUpdateEdge, "ab", "b", "a", "")
			w.op(opBulkNodes, `{"nodes":[%s,%s,%s]}`, nodeJSON("c", "null", "null"), nodeJSON("d", "[]", "{}"), nodeJSON("e", "[]", "{}"))
			w.op(opBulkEdges, `{"edges":[%s,%s]}`, edgeJSON("cd", "c", "d", "null"), edgeJSON("ce", "c", "e", "{}"))
			w.op(opBulkDeleteEdges, `{"ids":["cd","none"]}`).op(opBulkDeleteNodes, `{"ids":["d","none"]}`)
			w.op(opCheckpoint, `{"checkpoint_time":"2025-12-04T07:29:11Z","sequence":10}`)
			w.edge(opCreateEdge, "x", "a", "e", "").delete(opDeleteEdge, "x")
			w.node(opCreateNode, "f", `{}`, "").edge(opCreateEdge, "fa", "f", "a", "").delete(opDeleteNode, "f")
			return nil
		}, "a(v=3) b(v=4) c() e() ab:b->a ce:c->e", ""},
		{"refused operations", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "").node(opCreateNode, "a", `{"v":2}`, "").node(opCreateNode, "", `{}`, "")
			w.op(opCreateNode, `{"node":null}`).op(opUpdateNode, `{}`).node(opUpdateEmbedding, "x", `{}`, "").delete(opDeleteNode, "x")
			w.edge(opCreateEdge, "e", "a", "x", "").edge(opUpdateEdge, "e", "a", "a", "").delete(opDeleteEdge, "e").op(opCreateEdge, `{}`)
			w.op(opBulkNodes, `{"nodes":[%s,%s]}`, nodeJSON("b", "[]", "{}"), nodeJSON("a", "[]", "{}"))
			w.op(opBulkEdges, `{"edges":[%s,null]}`, edgeJSON("aa", "a", "a", "{}"))
			w.op("frobnicate", `{}`).op(opCreateNode, `{"node":[]}`).op(opCreateNode, `{} {}`)
			w.edge(opCreateEdge, "e", "a", "a", "").edge(opUpdateEdge, "e", "a", "x", "")
			return nil
		}, "a(v=1) e:a->a", "refused-operation 2, refused-operation 3, refused-operation 4, refused-operation 5, refused-operation 6, refused-operation 7, " +
			"refused-operation 8, refused-operation 9, refused-operation 10, refused-operation 11, refused-operation 12, refused-operation 13, " +
			"refused-operation 14, refused-operation 15, refused-operation 16, refused-operation 18"},
		{"an identity twice in a bulk", func(w *writer) []byte {
			w.op(opBulkNodes, `{"nodes":[%s,%s]}`, nodeJSON("a", "[]", `{"v":1}`), nodeJSON("a", "[]", `{"v":2}`))
			w.op(opBulkEdges, `{"edges":[%s,%s]}`, edgeJSON("e", "a", "a", `{"v":1}`), edgeJSON("e", "a", "a", `{"v":2}`))
			return nil
		}, "a(v=2) e:a->a", "repeated-identity 1, repeated-identity 2"},
		{"records out of order", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "")
			w.sequence = 2
			w.node(opUpdateNode, "a", `{"v":3}`, "")
			w.sequence = 1
			w.node(opUpdateNode, "a", `{"v":2}`, "")
			return nil
		}, "a(v=3)", ""},
		{"numbering anew", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "").node(opUpdateNode, "a", `{"v":2}`, "").node(opUpdateNode, "a", `{"v":3}`, "")
			w.sequence = 0
			w.node(opUpdateNode, "a", `{"v":4}`, "").node(opUpdateNode, "a", `{"v":5}`, "")
			return nil
		}, "a(v=5)", "restarted-numbering 1, duplicate-sequence 1"},
		{"a number twice in a row", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "").node(opUpdateNode, "a", `{"v":2}`, "")
			w.sequence = 1
			w.node(opUpdateNode, "a", `{"v":3}`, "").node(opCreateNode, "b", `{}`, "")
			return nil
		}, "a(v=3) b()", "duplicate-sequence 2"},
		{"a number missing", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "")
			w.sequence = 5
			w.node(opUpdateNode, "a", `{"v":2}`, "")
			return nil
		}, "a(v=2)", "missing-sequence 2"},
		{"the beginning missing", func(w *writer) []byte {
			w.sequence = 100
			w.node(opCreateNode, "a", `{"v":1}`, "")
			return nil
		}, "a(v=1)", "missing-sequence 1"},
		{"transactions", func(w *writer) []byte {
			w.tx(opTxBegin, "t").node(opCreateNode, "a", `{"v":1}`, "t").tx(opTxBegin, "u").node(opCreateNode, "b", `{}`, "u")
			w.node(opUpdateNode, "a", `{"v":2}`, "t").tx(opTxAbort, "u").tx(opTxCommit, "t")
			w.tx(opTxBegin, "t").node(opUpdateNode, "a", `{"v":3}`, "t").tx(opTxBegin, "t").node(opUpdateNode, "c", `{}`, "t").tx(opTxCommit, "t")
			w.tx(opTxBegin, "v").node(opUpdateNode, "a", `{"v":9}`, "v").tx(opTxCommit, "none").tx(opTxAbort, "none")
			return nil
		}, "a(v=2) c()", "aborted-transaction 6, unfinished-transaction 8, aborted-transaction 16, unfinished-transaction 13"},
		{"a transaction is applied at its commit", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "").tx(opTxBegin, "t").node(opUpdateNode, "a", `{"v":3}`, "t")
			w.node(opUpdateNode, "a", `{"v":2}`, "").tx(opTxCommit, "t")
			return nil
		}, "a(v=3)", ""},
		{"an operation of a transaction missing", func(w *writer) []byte {
			w.tx(opTxBegin, "t").node(opCreateNode, "a", `{}`, "t").op(opTxCommit, `{"tx_id":"t","op_count":2}`)
			return nil
		}, "a()", "incomplete-transaction 3"},
		{"a transaction without its begin", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{}`, "t").tx(opTxCommit, "t")
			return nil
		}, "a()", ""},
		{"snapshot and log behind it", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "").node(opUpdateNode, "a", `{"v":2}`, "")
			snapshot := w.snapshot([]string{nodeJSON("a", "[]", `{"v":2}`)}, nil)
			w.op(opCheckpoint, `{}`).node(opCreateNode, "b", `{}`, "")
			return snapshot
		}, "a(v=2) b()", ""},
		{"numbering anew after a snapshot", func(w *writer) []byte {
			w.sequence = 50
			snapshot := w.snapshot([]string{nodeJSON("a", "[]", `{"v":1}`)}, nil)
			w.sequence = 0
			w.node(opUpdateNode, "a", `{"v":2}`, "").node(opCreateNode, "b", `{}`, "")
			return snapshot
		}, "a(v=2) b()", "restarted-numbering 1"},
		{"numbering anew behind the log of a snapshot", func(w *writer) []byte {
			w.sequence = 50
			snapshot := w.snapshot([]string{nodeJSON("a", "[]", `{"v":1}`)}, nil)
			w.node(opUpdateNode, "a", `{"v":2}`, "").node(opUpdateNode, "a", `{"v":3}`, "")
			w.sequence = 0
			w.node(opUpdateNode, "a", `{"v":4}`, "").node(opUpdateNode, "a", `{"v":5}`, "")
			return snapshot
		}, "a(v=5)", "restarted-numbering 1"},
		{"a transaction across a snapshot", func(w *writer) []byte {
			w.tx(opTxBegin, "in").node(opCreateNode, "a", `{"v":1}`, "in").tx(opTxCommit, "in")
			w.tx(opTxBegin, "t").node(opUpdateNode, "a", `{"v":2}`, "t").tx(opTxBegin, "u").node(opCreateNode, "x", `{}`, "u")
			snapshot := w.snapshot([]string{nodeJSON("a", "[]", `{"v":1}`)}, nil)
			w.node(opUpdateNode, "b", `{}`, "t").tx(opTxCommit, "t").tx(opTxAbort, "u")
			return snapshot
		}, "a(v=2) b()", "aborted-transaction 10"},
		{"an edge of the snapshot whose end comes later", func(w *writer) []byte {
			snapshot := w.snapshot([]string{nodeJSON("a", "[]", "{}")}, []string{edgeJSON("ab", "a", "b", "{}"), edgeJSON("ac", "a", "c", "{}"), edgeJSON("ad", "d", "a", "{}")})
			w.node(opCreateNode, "b", `{}`, "").delete(opDeleteEdge, "ac").node(opCreateNode, "c", `{}`, "")
			return snapshot
		}, "a() b() c() ab:a->b", "dangling-edge 0"},
		{"edges kept aside and the log", func(w *writer) []byte {
			snapshot := w.snapshot([]string{nodeJSON("a", "[]", "{}")}, []string{edgeJSON("1", "a", "b", "{}"), edgeJSON("2", "a", "b", "{}"), edgeJSON("3", "a", "b", "{}")})
			w.node(opCreateNode, "b", `{}`, "").edge(opCreateEdge, "1", "b", "a", "").edge(opUpdateEdge, "2", "b", "b", "").delete(opDeleteNode, "a").node(opCreateNode, "a", `{}`, "")
			return snapshot
		}, "a() b() 2:b->b", ""},
		{"a snapshot that makes no sense", func(w *writer) []byte {
			return w.snapshot([]string{nodeJSON("a", "[]", `{"v":1}`), nodeJSON("a", "[]", `{"v":2}`), nodeJSON("", "[]", `{}`)},
				[]string{edgeJSON("e", "a", "a", "{}"), edgeJSON("e", "a", "b", "{}"), edgeJSON("", "a", "a", "{}")})
		}, "a(v=1) e:a->a", "repeated-identity 0, refused-operation 0, repeated-identity 0, refused-operation 0"},
		{"a damaged snapshot beside a whole log", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "").node(opCreateNode, "b", `{}`, "")
			snapshot := w.snapshot([]string{nodeJSON("a", "[]", `{"v":1}`), nodeJSON("b", "[]", `{}`)}, nil)
			w.node(opUpdateNode, "a", `{"v":2}`, "")
			return snapshot[:len(snapshot)-60]
		}, "a(v=2) b()", "damaged-snapshot 2"},
		{"a damaged snapshot and the rest of the log", func(w *writer) []byte {
			w.sequence = 7
			snapshot := w.snapshot([]string{nodeJSON("a", "[]", `{"v":1}`), nodeJSON("b", "[]", `{}`)}, nil)
			w.node(opUpdateNode, "a", `{"v":2}`, "")
			return snapshot[:bytes.Index(snapshot, []byte(`"b"`))]
		}, "a(v=2)", "damaged-snapshot 7"},
		{"a snapshot of which nothing can be read", func(w *writer) []byte {
			w.node(opCreateNode, "a", `{"v":1}`, "")
			return []byte(`["no snapshot"]`)
		}, "a(v=1)", "damaged-snapshot 0"},
	} {
		for name, f := range forms {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				w := newWriter(f)
				snapshot := c.write(w)
				db, report := imported(t, w.log, snapshot)
				require.Equal(t, c.graph, shown(read(t, db, "")))
				require.Equal(t, c.report, findings(report))
				require.Equal(t, len(w.starts), report.Records)
			})
		}
	}
}

func TestDatabases(t *testing.T) {
	w := newWriter(version2)
	w.sequence = 4
	snapshot := w.snapshot([]string{nodeJSON("nornic:a", "[]", `{"v":1}`), nodeJSON("other:a:b", "[]", `{"v":2}`), nodeJSON("bare", "[]", "{}")},
		[]string{edgeJSON("nornic:aa", "nornic:a", "nornic:a", "{}"), edgeJSON("other:e", "other:a:b", "other:a:b", "{}")})
	w.op(opCheckpoint, `{}`)
	w.database = "other"
	w.node(opUpdateNode, "a:b", `{"v":3}`, "").node(opCreateNode, "a", `{}`, "")
	w.database = ""
	w.node(opUpdateNode, "a", `{"v":4}`, "")
	db, report := imported(t, w.log, snapshot)
	require.Equal(t, "a(v=4) bare() aa:a->a", shown(read(t, db, "nornic")))
	require.Equal(t, "a() a:b(v=3) e:a:b->a:b", shown(read(t, db, "other")))
	require.Empty(t, findings(report))

	t.Run("the log has nothing but markers", func(t *testing.T) {
		w := newWriter(version2)
		snapshot := w.snapshot([]string{nodeJSON("nornic:a", "[]", `{"v":1}`)}, nil)
		w.op(opCheckpoint, `{}`)
		db, _ := imported(t, w.log, snapshot)
		require.Equal(t, "a(v=1)", shown(read(t, db, "nornic")))
	})
	t.Run("no database is named", func(t *testing.T) {
		w := newWriter(version1)
		snapshot := w.snapshot([]string{nodeJSON("x:a", "[]", `{"v":1}`)}, nil)
		w.node(opUpdateNode, "x:a", `{"v":2}`, "")
		db, _ := imported(t, w.log, snapshot)
		require.Equal(t, "x:a(v=2)", shown(read(t, db, "")))
	})
}

func TestFormsMayChangeInOneFile(t *testing.T) {
	w := newWriter(legacy)
	for i, f := range []form{legacy, version1, version2, version1, legacy, version2, legacy, legacy} {
		w.form = f
		w.node(opCreateNode, fmt.Sprint(i), `{}`, "")
	}
	db, report := imported(t, w.log, nil)
	require.Equal(t, 8, db.Reader().NodeCount())
	require.Empty(t, report.Findings)
}

func TestLinesMayBeAnywhere(t *testing.T) {
	w := newWriter(legacy)
	w.node(opCreateNode, "a", `{}`, "").node(opCreateNode, "b", `{}`, "")
	log := bytes.ReplaceAll(w.log, []byte("\n"), []byte("  "))
	log = append([]byte(" \t\r\n"), log...)
	db, report := imported(t, bytes.TrimRight(log, " "), nil)
	require.Equal(t, "a() b()", shown(read(t, db, "")))
	require.Empty(t, report.Findings)
}

func TestLabelsThatDifferByCase(t *testing.T) {
	w := newWriter(version1)
	for i, labels := range []string{`["Person"]`, `["person"]`, `["PERSON","Dog"]`, `["gone"]`, `["Gone"]`} {
		w.op(opCreateNode, `{"node":%s}`, nodeJSON(fmt.Sprint(i), labels, "{}"))
	}
	w.delete(opDeleteNode, "4")
	db, report := imported(t, w.log, nil)
	require.Equal(t, 1, db.Reader().NodeCountByLabel(label(t, db, "Person")))
	require.Len(t, report.Findings, 1)
	require.Equal(t, Finding{LabelsDifferByCase, 0, -1, "labels that differ only by case: PERSON, Person, person"}, report.Findings[0])
}

func label(t *testing.T, db *pocketgraph.DB, name string) (id graph.LabelID) {
	id, ok := db.Reader().LookLabel(name)
	require.True(t, ok)
	return id
}
