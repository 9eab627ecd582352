//go:build !js

package jsbridge

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// clients says hello for others beside the page.
func (l *fakeLoop) clients(numbers ...uint16) {
	for i, n := range numbers {
		l.send(Request{Op: OpHello, ID: uint32(90 + i), Client: n, Version: ProtocolVersion})
	}
}

// answering sets what is done when the engine asks.
func (l *fakeLoop) answering(asked func(object)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = asked
}

// there is a client's answer to THERE.
func (l *fakeLoop) there(q object) {
	l.send(Request{Op: OpReply, Client: q["client"].(uint16)})
}

// look lets the timer of a client's transaction come, and waits for the signs of life it makes.
func (l *fakeLoop) look(t *testing.T, of uint16, answers bool) {
	l.d.mu.Lock()
	c := l.d.clients[of]
	var open *transaction
	for _, tx := range l.d.databases[1].transactions {
		if tx.client == c {
			open = tx
		}
	}
	l.d.mu.Unlock()
	require.NotNil(t, open, "its transaction is open")
	l.d.look(open)
	require.Eventually(t, func() bool {
		l.d.mu.Lock()
		defer l.d.mu.Unlock()
		return !answers || open.watch.asked == 0 || open.watch.signs != c.signs
	}, 5*time.Second, time.Millisecond)
}

func of(client uint16, r Request) Request { r.Client = client; return r }

func (l *fakeLoop) waits(t *testing.T, id uint32) {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	require.NotNil(t, l.d.tasks[taskKey{0, id}], "it waits for the writer's place")
}

func TestATransactionThatOthersWaitForEndsWithItsPage(t *testing.T) {
	l, h := opened(t)
	l.clients(5)
	l.answering(func(q object) { t.Errorf("asked while nobody waits: %v", q) })
	l.send(of(5, Request{Op: OpBegin, ID: 10, Database: 1, Write: true}))
	require.Equal(t, "", l.code(10))
	tx := l.d.lastTx
	for range TxLooks + 1 {
		l.look(t, 5, true)
	}
	l.send(of(5, inside(query(11, "write a"), tx)), of(5, query(12, "write mine")))
	require.Equal(t, "", l.code(11))
	l.look(t, 5, true) // only its own page waits

	l.answering(l.there)
	l.send(query(13, "write other"))
	for range TxLooks + 1 {
		l.look(t, 5, true)
	}
	l.waits(t, 13)

	l.answering(nil)
	l.send(of(5, inside(query(14, "write b"), tx)))
	require.Equal(t, "", l.code(14))
	for range TxLooks {
		l.look(t, 5, false)
	}
	l.waits(t, 13)
	l.look(t, 5, false)
	require.Equal(t, "", l.code(13))
	l.send(of(5, inside(query(15, "write c"), tx)))
	require.Equal(t, codeTxExpired, l.code(15))
	require.Equal(t, "", l.code(12))
	require.ElementsMatch(t, []string{"other", "mine"}, h.opened[0].written)
}

func TestATransactionBehindOneThatWasLeft(t *testing.T) {
	l, _ := opened(t)
	l.clients(5, 6)
	for i, n := range []uint16{5, 6} {
		l.send(of(n, Request{Op: OpBegin, ID: uint32(10 + i), Database: 1, Write: true}))
	}
	require.Equal(t, "", l.code(10))
	for range TxLooks + 1 {
		l.look(t, 5, false)
	}
	require.Equal(t, "", l.code(11), "the second has the place")
	l.send(query(12, "write other"))
	l.look(t, 6, false)
	require.Equal(t, "", l.code(12), "it has been asked before")
}

func TestATransactionIsAskedForItself(t *testing.T) {
	l, _ := opened(t)
	l.clients(5, 6)
	l.send(of(5, Request{Op: OpBegin, ID: 10, Database: 1, Write: true}))
	require.Equal(t, "", l.code(10))
	for id := range uint32(TxLooks + 2) { // they are all asked, and it does not add up
		l.send(of(6, Request{Op: OpBegin, ID: 20 + id, Database: 1, Write: true}))
	}
	l.look(t, 5, false)
	l.send(of(5, inside(Request{Op: OpRollback, ID: 11, Database: 1}, l.d.lastTx)))
	require.Equal(t, "", l.code(11))
	require.Equal(t, "", l.code(20))
	l.send(query(12, "write other"))
	l.look(t, 6, false)
	l.send(of(6, inside(query(30, "write a"), l.d.lastTx)))
	require.Equal(t, "", l.code(30))
}

func TestAFunctionThatOthersWaitForEndsWithItsPage(t *testing.T) {
	t.Parallel() // it takes what TxLooks take
	l := page(t, upper)
	var asked atomic.Int32
	l.answering(func(q object) {
		if q["kind"] == AnswerThere {
			asked.Add(1)
		}
	})
	l.clients(5)
	l.send(of(5, Request{Op: OpRegister, ID: 10, Database: 1, Text: "my.up(s :: STRING) :: STRING"}))
	require.Equal(t, "", l.code(10))
	const more = 6
	for id := range uint32(more) {
		l.send(of(5, ask(20+id, "RETURN my.up('a') AS x")))
	}
	l.send(of(5, ask(11, "CREATE (n:N {x: my.up('a')}) RETURN n.x AS x")))
	require.Eventually(t, func() bool { l.d.mu.Lock(); defer l.d.mu.Unlock(); return len(l.d.questions.open) == 1+more }, 5*time.Second, time.Millisecond)
	l.send(ask(12, "CREATE (:M)"))
	require.Equal(t, "", l.code(12))
	require.Eventually(t, func() bool { return asked.Load() > (1+more)*(TxLooks-1) }, 5*time.Second, time.Millisecond, "many questions at once are no sooner in vain")
	require.Equal(t, "FUNCTION", l.code(11))
	l.send(ask(13, "MATCH (n) RETURN labels(n)[0] AS x"))
	require.Equal(t, [][]any{{"M"}}, l.rows(13))
	late := value(graph.List([]graph.Value{graph.String("A")}))
	late.Op, late.Client, late.Credit = OpReply, 5, 1
	l.send(late) // for nobody
	for id := range uint32(more) {
		l.send(of(5, Request{Op: OpCancel, ID: 20 + id}))
	}
}
