//go:build !js

package jsbridge

import (
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

func openedReal(t *testing.T, root Root, relaxed bool) *fakeLoop {
	l := realLoop(t, root)
	storage := StorageMemory
	if root != nil {
		storage = StorageOPFS
	}
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a", Storage: storage, Relaxed: relaxed}})
	l.done(2)
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	l.d.databases[1].direct.most = time.Minute // of a slow machine
	return l
}

// A time-out sends a statement the usual way.
func TestDirectAnswersAreThoseOfTheUsualWay(t *testing.T) {
	direct, usual := openedReal(t, nil, false), openedReal(t, nil, false)
	for i, c := range engineCases {
		r := Request{Op: OpQuery, ID: uint32(1000 + i), Database: 1, Text: c.text, Entries: c.params}
		direct.send(r)
		r.Timeout = 60_000
		usual.send(r)
		require.Equal(t, usual.last(r.ID), direct.last(r.ID), c.text)
	}
}

// idle waits until no request waits for a write, and until nobody writes: one is
// answered a moment before it is off that list, and a commit may be flushed, and
// so be answered, before it has given the writer's place away.
func (l *fakeLoop) idle() {
	require.Eventually(l.t, func() bool {
		l.d.mu.Lock()
		defer l.d.mu.Unlock()
		for _, c := range l.d.clients {
			if len(c.writes) > 0 {
				return false
			}
		}
		return true
	}, time.Minute, time.Millisecond)
	nothing := func(*pocketgraph.Tx) error { return nil }
	require.NoError(l.t, l.d.databases[1].Database.(*engineDB).db.Update(l.t.Context(), nothing))
}

// begun counts the requests that became tasks.
func (l *fakeLoop) begun(requests ...Request) (tasks int) {
	l.d.mu.Lock()
	before := l.d.admitted
	l.d.mu.Unlock()
	l.send(requests...)
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	return int(l.d.admitted - before)
}

func TestWhatIsRunDirectly(t *testing.T) {
	l := openedReal(t, nil, false)
	l.send(query(3, "CREATE INDEX FOR (p:P) ON (p.id)"), query(4, "UNWIND range(0, 9999) AS i CREATE (:P {id: i})"))
	l.done(4)
	l.idle()
	lookup := query(10, "MATCH (p:P {id: $id}) RETURN p.id AS id")
	lookup.Entries = []graph.Entry{{Key: "id", Value: graph.Int(77)}}
	require.Zero(t, l.begun(lookup))
	require.Equal(t, [][]any{{object{"$int": "77"}}}, l.rows(10))
	require.Zero(t, l.begun(query(11, "CREATE (:Q)")))
	require.Equal(t, "", l.code(11))

	write := query(25, "CREATE (q:Named) RETURN 1 AS x")
	write.Origin = named(1, false)
	require.Zero(t, l.begun(write), "a named write")
	require.Equal(t, [][]any{{object{"$int": "1"}}}, l.rows(25))
	write.ID, write.Origin.Repeated = 26, true
	require.Equal(t, 1, l.begun(write), "a repeated one")
	require.Equal(t, l.rows(25), l.rows(26))
	require.Equal(t, l.done(25), l.done(26))
	write.ID, write.Origin.Repeated = 27, false
	require.Equal(t, 1, l.begun(write), "the same name without the word that it is repeated")
	require.Equal(t, l.rows(25), l.rows(27))
	require.Equal(t, l.done(25), l.done(27))

	stream, timed, missing := query(12, lookup.Text), query(13, "RETURN 1 AS x"), query(14, lookup.Text)
	stream.Entries, stream.Credit, timed.Timeout = lookup.Entries, 2, 1000
	require.Equal(t, 1, l.begun(stream))
	require.Equal(t, 1, l.begun(timed))
	require.Equal(t, 1, l.begun(missing))
	require.Equal(t, "ParameterMissing", l.code(14))

	l.send(Request{Op: OpEvents, ID: 90, Database: 1, Slower: 1000})
	require.Eventually(t, l.d.databases[1].direct.at.Watched, time.Minute, time.Millisecond)
	require.Equal(t, 1, l.begun(query(91, "RETURN 1 AS x")), "somebody wants to know of slow ones")
	l.send(Request{Op: OpCancel, ID: 90})
	require.Equal(t, codeCancelled, l.code(90))

	tx := begin(t, l, 15, true)
	require.Equal(t, 1, l.begun(query(16, "CREATE (:Q)")), "somebody else writes")
	require.Equal(t, 1, l.begun(query(17, "MATCH (q:Q) RETURN count(q) AS n")), "a write before it waits")
	l.send(Request{Op: OpRollback, ID: 18, Database: 1, Tx: tx})
	require.Equal(t, "", l.code(18))
	require.Equal(t, [][]any{{object{"$int": "2"}}}, l.rows(17))
}

// A long statement is given up and started again on a goroutine, and goes there
// at once for a while.
func TestLongStatementsAreHandedOver(t *testing.T) {
	l := openedReal(t, nil, false)
	l.d.databases[1].direct.most = directTime
	long := "UNWIND range(1, 2000000) AS x WITH x WHERE x % 7 = 3 RETURN count(x) AS n"
	for i := range lateDebt + 1 {
		require.Equal(t, 1, l.begun(query(uint32(10+i), long)))
		require.Equal(t, [][]any{{object{"$int": "285714"}}}, l.rows(uint32(10+i)))
	}
	write := "UNWIND range(1, 300000) AS x CREATE (:N {x: x})"
	require.Equal(t, 1, l.begun(query(60, write)))
	require.Equal(t, "", l.code(60))
	l.send(query(61, "MATCH (n:N) RETURN count(n) AS n"))
	require.Equal(t, [][]any{{object{"$int": "300000"}}}, l.rows(61), "what was given up left nothing")
	// More rows than one answer buffer takes are sent as they come.
	require.Equal(t, 1, l.begun(query(62, "MATCH (n:N) RETURN n.x AS x")))
	require.Len(t, l.rows(62), 300000)
}

// Direct writes that come together share one write and one flush, and a read
// behind them sees them.
func TestDirectWritesShareAFlush(t *testing.T) {
	for _, relaxed := range []bool{false, true} {
		l := openedReal(t, newRoot(t), relaxed)
		count := func(id uint32, what string) int {
			l.send(Request{Op: OpStats, ID: id, Database: 1})
			n, err := strconv.Atoi(l.done(id)["log"].(object)["$map"].(object)[what].(object)["$int"].(string))
			require.NoError(t, err)
			return n
		}
		l.send(query(10, "CREATE (:W)")) // the first one of a session also writes the meta file
		l.done(10)
		before := [2]int{count(11, "writes"), count(12, "flushes")}
		require.Zero(t, l.begun(query(13, "CREATE (:W)"), query(14, "MATCH (w:W) RETURN count(w) AS n"), query(15, "CREATE (:W)"), query(16, "CREATE (w:W) RETURN 1 AS one")))
		require.Equal(t, [][]any{{object{"$int": "4"}}}, l.rows(14), "all that were sent together")
		require.Equal(t, [][]any{{object{"$int": "1"}}}, l.rows(16))
		require.Equal(t, object{"$int": "3"}, l.done(15)["sequence"])
		require.Equal(t, before[0]+1, count(17, "writes"))
		if !relaxed { // there the flush comes with the interval
			require.Equal(t, before[1]+1, count(18, "flushes"))
		}
	}
}

// The parts of a request that are paid for in every lookup.
func TestDirectLookupAllocates(t *testing.T) {
	l := openedReal(t, nil, false)
	l.send(query(3, "CREATE INDEX FOR (p:P) ON (p.id)"), query(4, "UNWIND range(0, 999) AS i CREATE (:P {id: i, name: 'Person ' + toString(i)})"))
	l.done(4)
	l.idle()
	lookup := query(10, "MATCH (p:P {id: $id}) RETURN p.name AS name")
	lookup.Entries = []graph.Entry{{Key: "id", Value: graph.Int(77)}}
	frame, err := AppendRequest(nil, &lookup)
	require.NoError(t, err)
	l.d.Gather()
	run := func() {
		l.d.Begin(frame)
		l.d.Take()
		l.d.Gather()
	}
	require.LessOrEqual(t, testing.AllocsPerRun(100, run), 1.0)
}

// The same of a commit of one node with a name, as pages send it. Most of what
// remains is the new version: the roots, and a page and a chunk of each column.
func TestDirectCommitAllocates(t *testing.T) {
	l := openedReal(t, nil, false)
	create := query(10, "CREATE (:Event {n: $n, kind: 'click', at: 1700000000})")
	create.Entries = []graph.Entry{{Key: "n", Value: graph.Int(77)}}
	const runs = 2000
	frames := make([][]byte, runs+101)
	for i := range frames {
		create.Origin = pocketgraph.Origin{Client: [16]byte{1}, Request: uint64(i + 1), Acknowledged: uint64(i)}
		frame, err := AppendRequest(nil, &create)
		require.NoError(t, err)
		frames[i] = frame
	}
	l.d.Gather()
	run := func() {
		l.d.Begin(frames[0])
		frames = frames[1:]
		l.d.Take()
		l.d.Gather()
	}
	for range 100 {
		run()
	}
	before := allocated()
	require.LessOrEqual(t, testing.AllocsPerRun(runs, run), 44.0)
	require.Less(t, (allocated()-before)/runs, uint64(7<<10))
}

// allocated is how many bytes have been, so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestSummaryIsAppendedAsTheMapIs(t *testing.T) {
	for _, s := range []pocketgraph.Summary{{}, {Sequence: 300}, {Sequence: 1 << 40, Counters: cypher.Counters{NodesCreated: 1}},
		{Counters: cypher.Counters{NodesCreated: 1, NodesDeleted: 2, RelationshipsCreated: 300, RelationshipsDeleted: 4, PropertiesSet: 70_000,
			LabelsAdded: 6, LabelsRemoved: 7, IndexesAdded: 8, IndexesRemoved: 9, ConstraintsAdded: 10, ConstraintsRemoved: 11}}} {
		for _, writes := range []bool{false, true} {
			m := graph.NewMap([]graph.Entry{countersEntry(&s.Counters), truth("writes", writes)})
			if s.Sequence > 0 {
				m = graph.NewMap([]graph.Entry{countersEntry(&s.Counters), truth("writes", writes), count("sequence", s.Sequence)})
			}
			want, err := appendMapAnswer(nil, AnswerDone, header{id: 7}, m)
			require.NoError(t, err)
			require.Equal(t, want, appendSummary(nil, header{id: 7}, &s, writes))
		}
	}
}

// A page sees what it wrote without awaiting it, whatever came in before: a
// request that goes the usual way holds the flush for those behind it.
func TestReadsSeeDirectWritesBehindUsualRequests(t *testing.T) {
	l := openedReal(t, newRoot(t), false)
	timed := func(id uint32, text string) Request {
		return Request{Op: OpQuery, ID: id, Database: 1, Text: text, Timeout: 60_000}
	}
	for i, first := range []Request{{Op: OpStats, Database: 1}, timed(0, "RETURN 1 AS x")} {
		id := uint32(100 * (i + 1))
		first.ID = id
		count := "MATCH (w:W {of: " + number(id) + "}) RETURN count(w) AS n"
		write := "CREATE (:W {of: " + number(id) + "})"
		l.send(first, query(id+1, write), query(id+2, count))
		require.Equal(t, [][]any{{object{"$int": "1"}}}, l.rows(id+2), "read directly")
		first.ID = id + 10
		l.send(first, query(id+11, write), timed(id+12, count))
		require.Equal(t, [][]any{{object{"$int": "2"}}}, l.rows(id+12), "read the usual way")
	}
}
