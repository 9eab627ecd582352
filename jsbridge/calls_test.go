//go:build !js

package jsbridge

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// page is a loop whose client answers questions; the engine is the real one.
// kinds tells how often it was asked what.
func page(t *testing.T, reply func(question object) Request) (l *fakeLoop) {
	l = realLoop(t, nil)
	l.asked = func(q object) {
		r := reply(q)
		r.Op, r.Credit = OpReply, numberIn(q, "call")
		l.send(r)
	}
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a", Storage: StorageMemory}})
	require.Equal(t, "", l.code(2))
	return l
}

// numberIn is a number of a question's: of CALL beside the rows, else in its map.
func numberIn(q object, key string) uint32 {
	if n, ok := q[key].(uint32); ok {
		return n
	}
	n, _ := strconv.ParseUint(q["map"].(object)["$map"].(object)[key].(object)["$int"].(string), 10, 32)
	return uint32(n)
}

func value(v graph.Value) Request {
	return Request{Entries: []graph.Entry{{Key: "value", Value: v}}}
}

// upper answers CALLs of a function of one String.
func upper(q object) Request {
	var out []graph.Value
	for _, row := range q["rows"].([][]any) {
		out = append(out, graph.String(strings.ToUpper(row[0].(string))))
	}
	return value(graph.List(out))
}

func (l *fakeLoop) message(id uint32) string {
	all := l.last(id)
	return all[len(all)-1]["map"].(object)["$map"].(object)["message"].(string)
}

func ask(id uint32, text string) Request {
	return Request{Op: OpQuery, ID: id, Database: 1, Text: text}
}

func TestFunctionsOfThePage(t *testing.T) {
	calls := make(chan int, 100)
	l := page(t, func(q object) Request {
		calls <- len(q["rows"].([][]any))
		return upper(q)
	})
	l.send(Request{Op: OpRegister, ID: 10, Database: 1, Text: "my.up(s :: STRING) :: STRING"})
	require.Equal(t, "", l.code(10))
	l.send(ask(11, "RETURN my.up('a') AS x"))
	require.Equal(t, [][]any{{"A"}}, l.rows(11))
	require.Equal(t, 1, <-calls)

	l.send(ask(12, "UNWIND range(1, 3000) AS i RETURN my.up('x' + i) AS x"))
	rows := l.rows(12)
	require.Len(t, rows, 3000)
	require.Equal(t, []any{"X3000"}, rows[2999])
	total, times := 0, 0
	for total < 3000 {
		total += <-calls
		times++
	}
	require.Equal(t, 3000, total)
	require.LessOrEqual(t, times, 6, "batches, not rows, cross the border")

	l.send(ask(13, "CREATE (:P {name: my.up('ada')})"), ask(14, "MATCH (p:P) RETURN p.name AS x"))
	require.Equal(t, [][]any{{"ADA"}}, l.rows(14))

	l.send(Request{Op: OpHello, ID: 20, Client: 5, Version: ProtocolVersion})
	other := ask(21, "RETURN my.up('a') AS x")
	other.Client = 5
	l.send(other)
	require.Equal(t, "SyntaxError", l.code(21), "a connection's functions are nobody else's")

	l.send(Request{Op: OpUnregister, ID: 15, Database: 1, Text: "my.up"})
	require.Equal(t, "", l.code(15))
	l.send(ask(16, "RETURN my.up('a') AS x"), Request{Op: OpUnregister, ID: 17, Database: 1, Text: "my.up"})
	require.Equal(t, "SyntaxError", l.code(16))
	require.Equal(t, codeNotFound, l.code(17))
}

func TestFunctionsOfThePageThatFail(t *testing.T) {
	l := page(t, func(q object) Request {
		switch q["id"].(uint32) {
		case 10:
			return Request{Text: "no luck"}
		case 11:
			return value(graph.List(nil))
		}
		return value(graph.Int(1))
	})
	for id, name := range map[uint32]string{10: "fails", 11: "few", 12: "odd"} {
		l.send(Request{Op: OpRegister, ID: id, Database: 1, Text: "my." + name + "() :: INTEGER"})
		require.Equal(t, "", l.code(id))
	}
	for i, c := range []struct{ text, message string }{
		{"RETURN my.fails()", "my.fails() failed: no luck"},
		{"RETURN my.few()", "my.few() failed: it did not give one result for each call"},
		{"RETURN my.odd()", "my.odd() failed: it did not give one result for each call"},
		{"CREATE (n {x: my.fails()})", "my.fails() failed: no luck"},
	} {
		id := uint32(30 + i)
		l.send(ask(id, c.text))
		require.Equal(t, "FUNCTION", l.code(id), c.text)
		require.Equal(t, c.message, l.message(id))
	}
	for i, text := range []string{"toUpper(s :: STRING) :: STRING", "my.f(", "my.f() :: (a :: INTEGER)", "case() :: INTEGER"} {
		id := uint32(40 + i)
		l.send(Request{Op: OpRegister, ID: id, Database: 1, Text: text})
		require.Equal(t, []string{"EXISTS", "ProcedureError", "ProcedureError", "ProcedureError"}[i], l.code(id), text)
	}
	l.send(Request{Op: OpReply, ID: 10, Database: 1, Credit: 999}) // nobody waits for that
	l.send(ask(50, "RETURN 1 AS x"))
	require.Len(t, l.rows(50), 1)
	require.Empty(t, l.d.questions.open)
}

// A page that never answers holds nothing up that has an end of its own.
func TestFunctionsOfAPageThatIsSilent(t *testing.T) {
	l := page(t, upper)
	l.asked = nil
	l.send(Request{Op: OpRegister, ID: 10, Database: 1, Text: "my.up(s :: STRING) :: STRING"})
	require.Equal(t, "", l.code(10))
	timed := ask(11, "CREATE (n {x: my.up('a')})")
	timed.Timeout = 20
	l.send(timed)
	require.Equal(t, codeTimeout, l.code(11))
	l.send(ask(12, "RETURN my.up('a')"))
	l.send(Request{Op: OpCancel, ID: 12})
	require.Equal(t, codeCancelled, l.code(12))
	l.send(ask(14, "MATCH (n) RETURN count(*) AS x"))
	require.Equal(t, [][]any{{object{"$int": "0"}}}, l.rows(14))
	require.Empty(t, l.d.questions.open)
	l.send(ask(15, "RETURN my.up('a')"), Request{Op: OpClose, ID: 16, Database: 1})
	require.Equal(t, "", l.code(16))
	require.Equal(t, codeClosed, l.code(15))
	require.Empty(t, l.d.tasks)
}

func TestOnlyWhoWasAskedCanReply(t *testing.T) {
	l := page(t, upper)
	l.asked = nil
	l.send(Request{Op: OpRegister, ID: 10, Database: 1, Text: "my.up(s :: STRING) :: STRING"}, Request{Op: OpHello, ID: 11, Client: 5, Version: ProtocolVersion})
	require.Equal(t, "", l.code(10))
	l.send(ask(12, "RETURN my.up('a') AS x"))
	require.Eventually(t, func() bool { l.d.mu.Lock(); defer l.d.mu.Unlock(); return len(l.d.questions.open) == 1 }, 5*time.Second, time.Millisecond)
	stolen, mine := value(graph.List([]graph.Value{graph.String("stolen")})), value(graph.List([]graph.Value{graph.String("mine")}))
	stolen.Op, stolen.Client, stolen.Credit = OpReply, 5, 1
	mine.Op, mine.Credit = OpReply, 1
	l.send(stolen, mine)
	require.Equal(t, [][]any{{"mine"}}, l.rows(12))
}

func TestFunctionsOfModules(t *testing.T) {
	module := []graph.Entry{nested("module", word("url", "up.js"))}
	l := page(t, func(q object) Request {
		r := value(graph.Null)
		if q["kind"] == AnswerCall {
			r = upper(q)
		} else if q["map"].(object)["$map"].(object)["module"].(object)["$map"].(object)["url"] != "up.js" {
			r = Request{Text: "it is not there"}
		}
		r.Client = moduleClient
		return r
	})
	l.send(Request{Op: OpRegister, ID: 10, Database: 1, Text: "my.up(s :: STRING) :: STRING", Entries: module})
	require.Equal(t, "", l.code(10))
	l.send(ask(11, "RETURN my.up('a') AS x"))
	require.Equal(t, [][]any{{"A"}}, l.rows(11))
	l.send(Request{Op: OpRegister, ID: 12, Database: 1, Text: "my.no(s :: STRING) :: STRING", Entries: []graph.Entry{nested("module", word("url", "no.js"))}})
	require.Equal(t, "FUNCTION", l.code(12))
	l.noModules = true
	l.send(Request{Op: OpRegister, ID: 13, Database: 1, Text: "my.no(s :: STRING) :: STRING", Entries: module})
	require.Equal(t, codeUnavailable, l.code(13))
}

func TestProceduresOfThePage(t *testing.T) {
	l := page(t, func(q object) Request {
		var rows []graph.Value
		for i := range 3 {
			rows = append(rows, graph.List([]graph.Value{graph.Int(int64(i)), q2value(q["rows"].([][]any)[0][0])}))
		}
		return value(graph.List([]graph.Value{graph.List(rows)}))
	})
	l.send(Request{Op: OpRegister, ID: 10, Database: 1, Entries: []graph.Entry{truth("procedure", true)}, Text: "my.three(of :: STRING) :: (i :: INTEGER, of :: STRING)"})
	require.Equal(t, "", l.code(10))
	l.send(ask(11, "CALL my.three('x') YIELD i, of WHERE i > 0 RETURN i, of"))
	require.Equal(t, [][]any{{object{"$int": "1"}, "x"}, {object{"$int": "2"}, "x"}}, l.rows(11))
}

func q2value(v any) graph.Value { return graph.String(v.(string)) }

// files answers READs of named texts, so many bytes at a time.
func files(of map[string]string, part int) (reply func(object) Request) {
	var mu sync.Mutex
	rest := map[uint32]string{}
	return func(q object) Request {
		mu.Lock()
		defer mu.Unlock()
		file, address := numberIn(q, "file"), q["map"].(object)["$map"].(object)["address"].(string)
		if file == numberIn(q, "call") {
			text, there := of[address]
			if !there {
				return Request{Text: "there is no " + address, Entries: []graph.Entry{word("detail", "NotFound")}}
			}
			rest[file] = text
		}
		n := min(part, len(rest[file]))
		out := rest[file][:n]
		rest[file] = rest[file][n:]
		return value(graph.Bytes([]byte(out)))
	}
}

func TestFilesOfThePage(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("id,name\n")
	for i := range 2000 {
		csv.WriteString(strconv.Itoa(i) + ",n" + strconv.Itoa(i) + "\n")
	}
	reply := files(map[string]string{"people.csv": csv.String(), "empty.csv": ""}, 1000)
	l := page(t, reply)
	load := func(id uint32, text string) Request {
		r := ask(id, text)
		r.Files = true
		return r
	}
	l.send(load(10, "LOAD CSV WITH HEADERS FROM 'people.csv' AS row RETURN count(*) AS n, sum(toInteger(row.id)) AS s"))
	require.Equal(t, [][]any{{object{"$int": "2000"}, object{"$int": "1999000"}}}, l.rows(10))
	l.send(load(11, "LOAD CSV WITH HEADERS FROM 'people.csv' AS row CREATE (:P {id: row.id})"), ask(12, "MATCH (p:P) RETURN count(*) AS n"))
	require.Equal(t, [][]any{{object{"$int": "2000"}}}, l.rows(12))
	l.send(load(13, "LOAD CSV FROM 'empty.csv' AS row RETURN row"), load(14, "LOAD CSV FROM 'none.csv' AS row RETURN row"),
		ask(15, "LOAD CSV FROM 'people.csv' AS row RETURN row"), load(16, "LOAD CSV FROM 'people.csv' AS row RETURN row[0] AS x LIMIT 2"))
	require.Empty(t, l.rows(13))
	require.Equal(t, "IMPORT", l.code(14))
	require.Equal(t, "there is no none.csv", l.message(14))
	require.Equal(t, "IMPORT", l.code(15), "a statement that brings no files has none")
	require.Len(t, l.rows(16), 2)
	tx := begin(t, l, 20, true)
	l.send(inside(load(21, "LOAD CSV WITH HEADERS FROM 'people.csv' AS row CREATE (:T {id: row.id})"), tx), Request{Op: OpCommit, ID: 22, Database: 1, Tx: tx},
		ask(23, "MATCH (t:T) RETURN count(*) AS n"))
	require.Equal(t, "", l.code(22))
	require.Equal(t, [][]any{{object{"$int": "2000"}}}, l.rows(23))
}

func TestLiveQueriesCallFunctionsOfTheirClient(t *testing.T) {
	l := page(t, upper)
	l.send(Request{Op: OpRegister, ID: 10, Database: 1, Text: "my.up(s :: STRING) :: STRING"})
	require.Equal(t, "", l.code(10))
	l.send(Request{Op: OpLive, ID: 11, Database: 1, Text: "RETURN my.up('a') AS x", Credit: 1})
	soon(t, func() bool { return l.kindsOf(11)[AnswerProgress]+l.kindsOf(11)[AnswerError] == 1 })
	require.Zero(t, l.kindsOf(11)[AnswerError])
	l.send(Request{Op: OpCancel, ID: 11})
	require.Equal(t, codeCancelled, l.code(11))
}
