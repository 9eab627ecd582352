//go:build !js

package jsbridge

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph"
)

func named(request uint64, repeated bool) pocketgraph.Origin {
	return pocketgraph.Origin{Client: [16]byte{1}, Request: request, Repeated: repeated}
}

// TestRepeatedRequests: a write that is repeated to the next owner gets the
// answer it had, and is there once.
func TestRepeatedRequests(t *testing.T) {
	root := newRoot(t)
	open := func() *fakeLoop {
		l := realLoop(t, root)
		l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
		l.done(2)
		return l
	}
	shut := func(l *fakeLoop) {
		l.send(Request{Op: OpClose, ID: 9999, Database: 1})
		l.done(9999)
	}
	const text = "CREATE (n:N {i: 1}) RETURN n, 'text' AS s"
	const large = "UNWIND range(1, 3000) AS i CREATE (n:Large {text: 'a text that makes the row long ' + i}) RETURN n"
	requests := func(repeated bool) []Request {
		return []Request{
			{Op: OpQuery, ID: 10, Database: 1, Text: text, Origin: named(1, repeated)},
			{Op: OpCreateNode, ID: 11, Database: 1, Labels: []string{"Made"}, Origin: named(2, repeated)},
			{Op: OpQuery, ID: 12, Database: 1, Text: large, Origin: named(3, repeated)},
			{Op: OpQuery, ID: 13, Database: 1, Text: "MATCH (n:N) RETURN count(n) AS n", Origin: named(4, repeated)},
			{Op: OpQuery, ID: 14, Database: 1, Text: "MATCH (x:Nothing) SET x.y = 1", Origin: named(5, repeated)},
		}
	}
	l := open()
	l.send(requests(false)...)
	first := map[uint32][]object{}
	for id := uint32(10); id <= 14; id++ {
		first[id] = l.last(id)
		require.Equal(t, "", l.code(id), "%v", first[id])
	}
	sequence := l.done(12)["sequence"] // requests that came together may commit in any order
	l.send(Request{Op: OpBegin, ID: 20, Database: 1, Write: true})
	tx := uint32(1)
	l.done(20)
	l.send(Request{Op: OpQuery, ID: 21, Database: 1, Tx: tx, Text: "CREATE (:T)"}, Request{Op: OpCommit, ID: 22, Database: 1, Tx: tx, Origin: named(6, false)})
	committed := l.done(22)
	for round := range 3 {
		shut(l)
		l = open()
		l.send(requests(true)...)
		for _, id := range []uint32{10, 11, 13, 14} {
			require.Equal(t, "", l.code(id), "%v", l.last(id))
			require.Equal(t, first[id], l.last(id), "round %d, request %d", round, id)
		}
		require.Equal(t, codeAlreadyApplied, l.code(12))
		end := l.last(12)[0]["map"].(object)["$map"].(object)
		require.Equal(t, sequence, end["sequence"])
		require.Equal(t, object{"$int": "3000"}, end["counters"].(object)["$map"].(object)["nodesCreated"])
		l.send(Request{Op: OpCommit, ID: 22, Database: 1, Origin: named(6, true)}, Request{Op: OpCommit, ID: 23, Database: 1, Origin: named(7, true)})
		require.Equal(t, committed, l.done(22))
		require.Equal(t, codeOwnerChanged, l.code(23))
		l.send(Request{Op: OpSnapshot, ID: 30, Database: 1})
		l.done(30)
	}
	l.send(Request{Op: OpQuery, ID: 40, Database: 1, Text: "MATCH (n) RETURN labels(n)[0] AS l, count(*) AS n ORDER BY l"})
	require.Equal(t, [][]any{
		{"Large", object{"$int": "3000"}}, {"Made", object{"$int": "1"}}, {"N", object{"$int": "1"}}, {"T", object{"$int": "1"}}}, l.rows(40))
	shut(l)
}

// TestRepeatedParts: a statement of several transactions that broke off says
// how many are there.
func TestRepeatedParts(t *testing.T) {
	l := realLoop(t, nil)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a", Storage: StorageMemory}})
	l.done(2)
	const whole = "UNWIND range(1, 6) AS i CALL (i) { CREATE (:P {i: i}) } IN TRANSACTIONS OF 2 ROWS RETURN count(*) AS n"
	const broken = "UNWIND range(1, 6) AS i CALL (i) { CREATE (:P {i: 10 / (5 - i)}) } IN TRANSACTIONS OF 2 ROWS"
	for i, repeated := range []bool{false, true} {
		id := uint32(10 + 10*i)
		l.send(Request{Op: OpQuery, ID: id, Database: 1, Text: whole, Origin: named(1, repeated)})
		require.Equal(t, [][]any{{object{"$int": "6"}}}, l.rows(id))
		l.send(Request{Op: OpQuery, ID: id + 1, Database: 1, Text: broken, Origin: named(2, repeated)})
		require.Equal(t, []string{"ArithmeticError", codePartlyApplied}[i], l.code(id+1), "%v", l.last(id+1))
	}
	l.send(Request{Op: OpQuery, ID: 40, Database: 1, Text: "MATCH (n:P) RETURN count(*) AS n"})
	require.Equal(t, [][]any{{object{"$int": "10"}}}, l.rows(40))
}
