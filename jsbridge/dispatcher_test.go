package jsbridge

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// opened says HELLO and opens database 1.
func opened(t *testing.T) (*fakeLoop, *fakeHost) {
	l, h := newFake(t)
	l.send(Request{Op: OpHello, ID: 1, Version: ProtocolVersion}, Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
	require.Equal(t, "", l.code(2))
	return l, h
}

func query(id uint32, text string) Request {
	return Request{Op: OpQuery, ID: id, Database: 1, Text: text}
}

func TestHelloComesFirstAndOfTheSameVersion(t *testing.T) {
	l, _ := newFake(t)
	l.send(Request{Op: OpPing, ID: 5})
	require.Equal(t, codeProtocol, l.code(5))
	l.send(Request{Op: OpHello, ID: 6, Version: ProtocolVersion + 1})
	require.Equal(t, codeProtocol, l.code(6))
	l.send(Request{Op: OpHello, ID: 7, Version: ProtocolVersion}, Request{Op: OpPing, ID: 8})
	require.Equal(t, AnswerHello, l.last(7)[0]["kind"])
	require.Equal(t, "", l.code(8))
	l.send(Request{Op: OpPing, ID: 9, Client: 2})
	require.Equal(t, codeProtocol, l.code(9), "each client says HELLO")
}

func TestOpen(t *testing.T) {
	l, _ := opened(t)
	all := l.last(2)
	require.Equal(t, AnswerProgress, all[0]["kind"])
	info := all[len(all)-1]["map"].(object)["$map"].(object)
	require.Equal(t, object{"$int": "1"}, info["database"])
	require.Equal(t, "memory", info["storage"])

	l.send(Request{Op: OpOpen, ID: 3, Open: OpenRequest{Name: "a"}})
	require.Equal(t, codeLocked, l.code(3))
	for i, bad := range []string{"", ".", "..", "a/b", "a\\b", "a\x00", string(make([]byte, MaxName+1))} {
		id := uint32(100 + i)
		l.send(Request{Op: OpOpen, ID: id, Open: OpenRequest{Name: bad}})
		require.Equal(t, codeInvalid, l.code(id), bad)
	}
	l.send(Request{Op: OpOpen, ID: 4, Open: OpenRequest{Name: "gone", Create: 2}})
	require.Equal(t, codeNotFound, l.code(4))
	l.send(Request{Op: OpOpen, ID: 5, Open: OpenRequest{Name: "slow"}})
	l.send(Request{Op: OpCancel, ID: 5})
	require.Equal(t, codeCancelled, l.code(5))
	l.send(Request{Op: OpOpen, ID: 6, Timeout: 20, Open: OpenRequest{Name: "slow"}})
	require.Equal(t, codeTimeout, l.code(6))
}

func TestQueryAnswers(t *testing.T) {
	l, _ := opened(t)
	l.send(query(10, "rows 0"), query(11, "rows 1500"), query(12, "what"), Request{Op: OpQuery, ID: 13, Database: 9, Text: "rows 1"})
	require.Empty(t, l.rows(10))
	require.Len(t, l.last(10), 2, "HEAD and DONE")
	rows := l.rows(11)
	require.Len(t, rows, 1500)
	require.Equal(t, object{"$int": "1500"}, rows[0][0])
	require.Equal(t, "SyntaxError", l.code(12))
	require.Equal(t, codeInvalid, l.code(13))
	l.send(Request{Op: OpQuery, ID: 14, Database: 1, Text: "echo", Entries: []graph.Entry{{Key: "x", Value: graph.String("ü")}}})
	require.Equal(t, [][]any{{"ü"}}, l.rows(14))
}

func TestLargeRowsSplitIntoFrames(t *testing.T) {
	l, _ := opened(t)
	l.send(query(10, "big 100 10000"))
	require.Len(t, l.rows(10), 100)
	require.Greater(t, len(l.last(10)), 4, "a megabyte does not fit into one frame of FrameTarget")
	l.send(query(11, "big 2 1000000"))
	require.Len(t, l.rows(11), 2, "a row larger than FrameTarget has a frame of its own")
	l.send(query(12, "rows 3000"))
	require.Len(t, l.rows(12), 3000)
	require.Len(t, l.last(12), 2+5, "HEAD, DONE, and a frame for each 700 rows that the result gives, whatever came before")
}

func TestWritesSentTogetherShareAFlushAndKeepTheirOrder(t *testing.T) {
	// As in a page, where goroutines do not run in parallel: natively each of the
	// writes might come after a flush.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	l, h := opened(t)
	l.send(query(10, "write a"), query(11, "write b"), query(12, "log"), query(13, "write c"), query(14, "rows 1"))
	seen := l.rows(12)[0][0].(string)
	require.Contains(t, seen, "a", "a read sees the writes before it")
	require.Contains(t, seen, "b")
	for id := uint32(10); id < 15; id++ {
		require.Equal(t, "", l.code(id))
	}
	// The scheduler may still come in between once; in a page it does not, see
	// TestOrderInThePage.
	require.LessOrEqual(t, h.opened[0].flushes, 2)
	require.ElementsMatch(t, []string{"a", "b", "c"}, h.opened[0].written)
}

func TestCredit(t *testing.T) {
	l, _ := opened(t)
	stream := query(10, "rows 5000")
	stream.Credit = 2
	l.send(stream)
	frames := func() (n int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, a := range l.answers {
			if a["id"] == uint32(10) && a["kind"] == AnswerRows {
				n++
			}
		}
		return n
	}
	require.Eventually(t, func() bool { return frames() == 2 }, 5*time.Second, time.Millisecond)
	l.send(Request{Op: OpMore, ID: 10, Database: 1, Credit: 1})
	require.Eventually(t, func() bool { return frames() == 3 }, 5*time.Second, time.Millisecond)
	require.Equal(t, 1, l.d.InFlight())
	l.send(Request{Op: OpMore, ID: 10, Database: 1, Credit: 0})
	require.Equal(t, "", l.code(10))
	require.Equal(t, 3, frames())
	require.Zero(t, l.d.InFlight())
}

func TestCancelAndTimeout(t *testing.T) {
	l, _ := opened(t)
	timed := query(11, "wait")
	timed.Timeout = 10
	l.send(query(10, "wait"), timed, query(12, "spin 1000"))
	require.Equal(t, codeTimeout, l.code(11))
	l.send(Request{Op: OpCancel, ID: 10}, Request{Op: OpCancel, ID: 12}, Request{Op: OpCancel, ID: 77})
	require.Equal(t, codeCancelled, l.code(10))
	require.Equal(t, codeCancelled, l.code(12))
}

func TestLongWorkLetsTheLoopTurn(t *testing.T) {
	l, _ := opened(t)
	l.send(query(10, "spin 40"), query(11, "spin 40"), query(12, "rows 1"))
	require.Len(t, l.rows(12), 1)
	require.Len(t, l.rows(10), 1)
	require.Len(t, l.rows(11), 1)
}

func begin(t *testing.T, l *fakeLoop, id uint32, write bool) uint32 {
	l.send(Request{Op: OpBegin, ID: id, Database: 1, Write: write})
	require.Equal(t, "", l.code(id))
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	return l.d.lastTx
}

func inside(r Request, tx uint32) Request { r.Tx = tx; return r }

func TestTransaction(t *testing.T) {
	l, h := opened(t)
	tx := begin(t, l, 10, true)
	l.send(inside(query(11, "write a"), tx), inside(query(12, "write b"), tx), query(13, "write other"),
		Request{Op: OpCommit, ID: 14, Database: 1, Tx: tx}, inside(query(15, "rows 1"), tx))
	require.Equal(t, "", l.code(14))
	require.Equal(t, "", l.code(13), "a write outside waited for the transaction")
	require.Equal(t, codeClosed, l.code(15))
	require.ElementsMatch(t, []string{"a+b", "other"}, h.opened[0].written)

	tx = begin(t, l, 20, true)
	l.send(Request{Op: OpRollback, ID: 21, Database: 1, Tx: tx}, Request{Op: OpRollback, ID: 22, Database: 1, Tx: tx})
	require.Equal(t, "", l.code(21))
	require.Equal(t, "", l.code(22), "rolling back twice does no harm")
	l.send(Request{Op: OpCommit, ID: 23, Database: 1, Tx: tx})
	require.Equal(t, codeClosed, l.code(23))
}

func TestFailedStatementEndsAWritingTransaction(t *testing.T) {
	l, h := opened(t)
	tx := begin(t, l, 10, true)
	l.send(inside(query(11, "write a"), tx), inside(query(12, "nonsense"), tx), inside(query(13, "write b"), tx))
	require.Equal(t, "SyntaxError", l.code(12))
	require.Equal(t, codeClosed, l.code(13))
	l.send(query(14, "write c"))
	require.Equal(t, "", l.code(14), "the writer's place is free again")
	require.Equal(t, []string{"c"}, h.opened[0].written)
}

func TestCancelledStatementEndsItsTransaction(t *testing.T) {
	l, _ := opened(t)
	tx := begin(t, l, 10, true)
	l.send(inside(query(11, "wait"), tx))
	l.send(Request{Op: OpCancel, ID: 11})
	require.Equal(t, codeCancelled, l.code(11))
	l.send(query(12, "write c"))
	require.Equal(t, "", l.code(12))
}

func TestTransactionRunsOutOfTime(t *testing.T) {
	l, _ := opened(t)
	tx := begin(t, l, 10, true)
	l.d.mu.Lock()
	open := l.d.databases[1].transactions[tx]
	l.d.mu.Unlock()
	for range TxIdle / TxLook {
		l.d.look(open) // what its timer does
	}
	l.send(inside(query(11, "rows 1"), tx), query(12, "write c"))
	require.Equal(t, codeTxExpired, l.code(11))
	require.Equal(t, "", l.code(12))

	tx = begin(t, l, 20, true)
	l.send(inside(query(21, "wait"), tx))
	l.d.mu.Lock()
	open = l.d.databases[1].transactions[tx]
	l.d.mu.Unlock()
	require.Eventually(t, func() bool { l.d.mu.Lock(); defer l.d.mu.Unlock(); return open.running != nil }, 5*time.Second, time.Millisecond)
	for range TxIdle / TxLook {
		l.d.look(open)
	}
	require.False(t, open.expired, "it is not idle while a statement runs")
	l.d.expire(open) // after TxLife
	require.Equal(t, codeTxExpired, l.code(21))
	l.send(query(22, "write d"))
	require.Equal(t, "", l.code(22))
}

func TestBeginGivesUpWaiting(t *testing.T) {
	l, _ := opened(t)
	tx := begin(t, l, 10, true)
	l.send(Request{Op: OpBegin, ID: 11, Database: 1, Write: true, Timeout: 20})
	require.Equal(t, codeTimeout, l.code(11))
	l.send(Request{Op: OpCommit, ID: 12, Database: 1, Tx: tx})
	require.Equal(t, "", l.code(12))
	begin(t, l, 13, true)
}

func TestCreate(t *testing.T) {
	l, _ := opened(t)
	ada := []graph.Entry{{Key: "name", Value: graph.String("Ada")}}
	l.send(Request{Op: OpCreateNode, ID: 10, Database: 1, Labels: []string{"P"}, Entries: ada})
	require.Equal(t, [][]any{{object{"$node": object{"id": "1", "labels": []any{"P"}, "props": object{"name": "Ada"}}}}}, l.rows(10))
	tx := begin(t, l, 11, true)
	l.send(inside(Request{Op: OpCreateRelationship, ID: 12, Database: 1, Start: 1, End: 1, Type: "KNOWS"}, tx),
		Request{Op: OpCommit, ID: 13, Database: 1, Tx: tx})
	require.Equal(t, [][]any{{object{"$rel": object{"id": "1", "type": "KNOWS", "start": "1", "end": "1", "props": object{}}}}}, l.rows(12))
	require.Equal(t, "", l.code(13))
	l.send(Request{Op: OpCreateRelationship, ID: 14, Database: 1, Start: 1, End: 99, Type: "KNOWS"},
		Request{Op: OpCreateRelationship, ID: 15, Database: 1, Start: 1, End: 1},
		Request{Op: OpCreateNode, ID: 16, Database: 1, Labels: []string{""}})
	require.Equal(t, codeNotFound, l.code(14))
	require.Equal(t, codeInvalid, l.code(15))
	require.Equal(t, codeInvalid, l.code(16))
}

func TestCloseEndsEverything(t *testing.T) {
	l, h := opened(t)
	begin(t, l, 10, true)
	l.send(query(11, "wait"), query(12, "write never"), Request{Op: OpClose, ID: 13, Database: 1})
	require.Equal(t, "", l.code(13))
	require.Equal(t, codeClosed, l.code(11))
	require.Equal(t, codeClosed, l.code(12))
	require.True(t, h.opened[0].closed)
	require.Empty(t, h.opened[0].written)
	l.send(query(14, "rows 1"))
	require.Equal(t, codeClosed, l.code(14))
	l.send(Request{Op: OpOpen, ID: 15, Open: OpenRequest{Name: "a"}})
	require.Equal(t, "", l.code(15), "it can be opened again")
	require.Zero(t, l.d.InFlight())
}

func TestByeEndsWhatTheClientHas(t *testing.T) {
	l, _ := opened(t)
	l.send(Request{Op: OpHello, ID: 50, Client: 7, Version: ProtocolVersion},
		Request{Op: OpBegin, ID: 51, Client: 7, Database: 1, Write: true})
	require.Equal(t, "", l.code(51))
	wait := query(52, "wait")
	wait.Client = 7
	l.send(wait, query(53, "write mine"))
	l.send(Request{Op: OpBye, ID: 54, Client: 7})
	require.Equal(t, "", l.code(54))
	require.Equal(t, codeClosed, l.code(52))
	require.Equal(t, "", l.code(53), "the transaction of the one that left held it up")
}

func TestPanicStopsTheEngine(t *testing.T) {
	l, _ := opened(t)
	l.send(query(10, "wait"), query(11, "panic"))
	require.Equal(t, codeInternal, l.code(10))
	require.Equal(t, codeInternal, l.code(11))
	l.send(Request{Op: OpPing, ID: 12})
	require.Equal(t, codeInternal, l.code(12))
	require.True(t, l.d.Dead())
}

func TestOtherOperations(t *testing.T) {
	l, _ := opened(t)
	for i, op := range []Op{OpSnapshot, OpCheck, OpStats, OpDiagnostics, OpInfo, OpPing, OpList} {
		id := uint32(10 + i)
		l.send(Request{Op: op, ID: id, Database: 1})
		require.Equal(t, "", l.code(id), op)
	}
	l.send(Request{Op: OpDestroy, ID: 30, Open: OpenRequest{Name: "x"}}, Request{Op: 99, ID: 31})
	require.Equal(t, "", l.code(30))
	require.Equal(t, codeNotImplemented, l.code(31))
}

func TestBadRequests(t *testing.T) {
	l, _ := opened(t)
	l.send(query(10, "wait"))
	l.send(query(10, "rows 1"))
	require.Equal(t, codeInvalid, l.code(10), "the id is in use")
	b, err := AppendRequest(nil, &Request{Op: OpQuery, ID: 20, Database: 1, Text: "rows 1"})
	require.NoError(t, err)
	b[28] = 0xFF // the length of the text
	l.begin(b)
	require.Equal(t, codeProtocol, l.code(20))
	b[0] = 9 // the length of the frame
	l.begin(b)
	require.Equal(t, codeProtocol, l.code(0))
}

// TestCancelledTooLate: a write that only waits for its flush when it is
// cancelled has happened, and that is what is answered.
func TestCancelledTooLate(t *testing.T) {
	l, h := opened(t)
	release := h.opened[0].HoldFlush()
	stream := query(11, "write b")
	stream.Credit = 1
	l.send(query(10, "write a"), stream)
	require.Eventually(t, func() bool { // or they are not too late
		db := h.opened[0]
		db.mu.Lock()
		defer db.mu.Unlock()
		return len(db.waiting) == 2
	}, 10*time.Second, time.Millisecond)
	l.send(Request{Op: OpCancel, ID: 10}, Request{Op: OpCancel, ID: 11})
	release()
	require.Equal(t, "", l.code(10))
	require.Equal(t, "", l.code(11))
	require.Equal(t, []string{"a", "b"}, h.opened[0].written)
}

func TestRegisterTable(t *testing.T) {
	l, h := opened(t)
	rows := []graph.Value{graph.List([]graph.Value{graph.Int(1)}), graph.List(nil)}
	l.send(Request{Op: OpRegisterTable, ID: 10, Database: 1, Text: "p() :: (a :: INTEGER?)", Rows: rows},
		Request{Op: OpRegisterTable, ID: 11, Database: 1, Text: "bad"},
		Request{Op: OpRegisterTable, ID: 12, Database: 1, Text: "p() :: (a :: INTEGER?)", Rows: []graph.Value{graph.Int(1)}},
		Request{Op: OpRegisterTable, ID: 13, Text: "p() :: (a :: INTEGER?)"})
	require.Equal(t, "", l.code(10))
	require.Equal(t, codeInvalid, l.code(11))
	require.Equal(t, codeInvalid, l.code(12), "a row that is no list")
	require.Equal(t, codeInvalid, l.code(13), "no database")
	require.Equal(t, []string{"p() :: (a :: INTEGER?) 2"}, h.opened[0].tables)
}
