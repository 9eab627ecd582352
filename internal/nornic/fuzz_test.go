package nornic

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// The corpora in testdata/fuzz are a choice of what the fuzzer found to reach
// further. Fuzz with -fuzzminimizetime 10x: the store works in the background,
// so that its coverage is not the same twice, and minimizing never ends.

// FuzzLog scans anything: no panic, records lie behind one another and inside
// the file, and what is not in a record is in a finding.
func FuzzLog(f *testing.F) {
	for _, forms := range [][]form{{legacy}, {version1}, {version2}, {version1, legacy, version2}} {
		w := counted(3, forms...)
		w.node(opUpdateEmbedding, "01", `{}`, "")
		f.Add(w.log)
		f.Add(w.log[:len(w.log)-9])
		flipped := bytes.Clone(w.log)
		flipped[w.starts[1]+40] ^= 4
		f.Add(flipped)
	}
	f.Fuzz(func(t *testing.T, log []byte) {
		report := &Report{}
		s := newScanner(bytes.NewReader(log), int64(len(log)), report)
		end := int64(0)
		covered := int64(0)
		for {
			r, err := s.next()
			if err == io.EOF || errors.Is(err, ErrHopeless) {
				break
			}
			require.NoError(t, err)
			require.GreaterOrEqual(t, r.from, end)
			require.Greater(t, r.to, r.from)
			require.LessOrEqual(t, r.to, int64(len(log)))
			require.NoError(t, r.sound())
			covered += r.to - r.from
			end = r.to
		}
		blank := 0
		for _, b := range log {
			if isSpace(b) {
				blank++
			}
		}
		if covered+int64(blank) < int64(len(log)) && len(report.Findings) == 0 {
			t.Fatalf("%d bytes are in no record, and nothing was reported", int64(len(log))-covered)
		}
	})
}

// FuzzSnapshot reads anything twice; what the first reading found the second
// finds, too.
func FuzzSnapshot(f *testing.F) {
	w := newWriter(version1)
	w.sequence = 3
	whole := w.snapshot([]string{nodeJSON("a", `["A"]`, `{"x":[1,null]}`)}, []string{edgeJSON("e", "a", "a", "null")})
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte(`{"nodes":null,"edges":null,"sequence":1,"timestamp":"2025-12-04T07:29:11Z"}`))
	f.Add([]byte(`{"sequence":-1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		head, err := readHead(bytes.NewReader(text))
		require.NoError(t, err, "what is wrong with the content is in the head")
		again := &snapshotHead{}
		nodes := 0
		err = readSnapshot(bytes.NewReader(text), again, snapshotVisitor{
			node: func(*node) error { nodes++; return nil }, edge: func(*edge) error { return nil }})
		require.Equal(t, head.damage == nil, err == nil)
		require.Equal(t, head.Sequence, again.Sequence)
	})
}

// FuzzImport imports anything: the store is sound and holds what the report
// says.
func FuzzImport(f *testing.F) {
	seed := func(fill func(w *writer)) {
		for _, form := range forms {
			w := newWriter(form)
			snapshot := w.snapshot([]string{nodeJSON("a", `["A"]`, `{"x":[1,null]}`)}, []string{edgeJSON("e", "a", "b", "null")})
			fill(w)
			f.Add(w.log, snapshot)
			f.Add(w.log, []byte(nil))
		}
	}
	seed(func(w *writer) {
		w.node(opCreateNode, "b", `{"_nornicId":{}}`, "").edge(opCreateEdge, "x", "b", "b", "")
	})
	seed(func(w *writer) {
		w.tx(opTxBegin, "t").node(opUpdateNode, "a", `{}`, "t").tx(opTxCommit, "t").delete(opDeleteNode, "a")
	})
	seed(func(w *writer) {
		w.op(opBulkNodes, `{"nodes":[%s,%[1]s]}`, nodeJSON("b", `["x",""]`, `{"":1e999}`)).op(opBulkDeleteNodes, `{"ids":["b"]}`)
	})
	f.Fuzz(func(t *testing.T, log, snapshot []byte) {
		db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
		require.NoError(t, err)
		defer db.Close()
		if len(snapshot) == 0 {
			snapshot = nil
		}
		report, err := Import(context.Background(), db, sourceOf(log, snapshot), Options{})
		problems, checkErr := db.Check(context.Background())
		require.NoError(t, checkErr)
		require.Empty(t, problems)
		if err != nil {
			return // a limit; what was written so far is sound
		}
		require.Equal(t, db.Reader().NodeCount(), report.Nodes)
		require.Equal(t, db.Reader().RelCount(), report.Edges)
		require.LessOrEqual(t, report.Nodes+report.Edges, len(log)+len(snapshot))
	})
}

// FuzzOperations wraps anything into sound records, which a fuzzer does not find
// by itself: each line is a digit for the form, an operation and its data, and a
// line that begins with '<' begins the numbers anew.
func FuzzOperations(f *testing.F) {
	f.Add("1create_node {\"node\":{\"id\":\"a\",\"labels\":[\"A\",\"a\"],\"properties\":{\"x\":[1,2.5,null]}}}\n"+
		"2tx_begin {\"tx_id\":\"t\"}\n0update_node {\"node\":{\"id\":\"b\"},\"tx_id\":\"t\"}\n1tx_commit {\"tx_id\":\"t\",\"op_count\":1}\n"+
		"2create_edge {\"edge\":{\"id\":\"e\",\"startNode\":\"a\",\"endNode\":\"b\",\"type\":\"\",\"properties\":null}}\n<\n"+
		"1bulk_create_nodes {\"nodes\":[{\"id\":\"c\"},{\"id\":\"c\"}]}\n1bulk_delete_nodes {\"ids\":[\"a\",\"z\"]}", true)
	f.Add("1update_edge {\"edge\":{\"id\":\"e\",\"startNode\":\"a\",\"endNode\":\"a\"}}\n0delete_edge {\"id\":\"e\"}\n2checkpoint {}\n1tx_abort {}", true)
	f.Fuzz(func(t *testing.T, script string, withSnapshot bool) {
		w := newWriter(version1)
		var snapshot []byte
		if withSnapshot {
			snapshot = w.snapshot([]string{nodeJSON("a", "[]", "{}")}, []string{edgeJSON("e", "a", "q", "{}")})
		}
		for line := range strings.SplitSeq(script, "\n") {
			if strings.HasPrefix(line, "<") {
				w.sequence = 0
				continue
			}
			op, data, ok := strings.Cut(line, " ")
			if !ok || len(op) < 2 || !utf8.ValidString(op) {
				continue
			}
			w.form, w.database = form(op[0]%3), ""
			if op[0] >= '3' {
				w.database = "d"
			}
			w.op(op[1:], "%s", data)
		}
		db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
		require.NoError(t, err)
		defer db.Close()
		report, err := Import(context.Background(), db, sourceOf(w.log, snapshot), Options{})
		problems, checkErr := db.Check(context.Background())
		require.NoError(t, checkErr)
		require.Empty(t, problems)
		if err != nil {
			require.ErrorIs(t, err, graph.ErrLimit)
			return
		}
		require.Equal(t, len(w.starts), report.Records, "a sound record was passed over: %v", report.Findings)
		require.Equal(t, db.Reader().NodeCount(), report.Nodes)
		require.Equal(t, db.Reader().RelCount(), report.Edges)
	})
}

// TestFixturesCutAndDamaged imports the files of NornicDB, cut and damaged, where
// they are there: the store stays sound.
func TestFixturesCutAndDamaged(t *testing.T) {
	for _, file := range fixtures(t) {
		log, err := os.ReadFile(filepath.Join(filepath.Dir(file), "wal", "wal.log"))
		require.NoError(t, err)
		for at := 0; at < len(log); at += 97 {
			imported(t, log[:at], nil)
			log[at] ^= 0x10
			imported(t, log, nil)
			log[at] ^= 0x10
		}
	}
}
