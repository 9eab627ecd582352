//go:build js && wasm

package jsbridge

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExportAnswersAtOnceWhatCanBeAnsweredAtOnce(t *testing.T) {
	var r struct {
		States   []int
		Heard    string
		InFlight int
	}
	drive(t, `async function drive() {
  const states = [request(`+openFrames(t)+`), request(`+frames(t, query(10, "rows 3"), query(11, "what"))+`)];
  return { states, inFlight: status()[3], heard: hex(heard) };
}`, &r)
	require.Equal(t, []int{stateReady, stateReady}, r.States)
	require.Zero(t, r.InFlight)
	l := answersOf(t, r.Heard)
	require.Len(t, l.rows(10), 3)
	require.Equal(t, "SyntaxError", l.code(11))
}

// TestExportNeverParks: requests that wait for a timer, for another request or
// for nothing at all let the export return, and end without being polled for.
func TestExportNeverParks(t *testing.T) {
	timed, tx := query(12, "wait"), query(14, "write b")
	timed.Timeout = 30
	tx.Tx = 1
	var r struct {
		Waiting, Left int
		Heard         string
	}
	drive(t, `async function drive() {
  request(`+openFrames(t)+`);
  request(`+frames(t, query(10, "wait"), query(11, "spin 30"), timed, Request{Op: OpBegin, ID: 13, Database: 1, Write: true})+`);
  request(`+frames(t, tx, query(15, "write a"), query(16, "rows 1"))+`);
  const waiting = status()[3];
  request(`+frames(t, Request{Op: OpCommit, ID: 17, Database: 1, Tx: 1}, Request{Op: OpCancel, ID: 10})+`);
  await until(() => ended() == 10);
  request(`+frames(t, query(20, "log"))+`);
  return { waiting, left: status()[3], heard: hex(heard) };
}`, &r)
	require.GreaterOrEqual(t, r.Waiting, 4, "10, 11, 12, 15 and what reads behind 15")
	require.Zero(t, r.Left)
	l := answersOf(t, r.Heard)
	require.Equal(t, codeCancelled, l.code(10))
	require.Equal(t, codeTimeout, l.code(12))
	require.Len(t, l.rows(11), 1)
	require.Equal(t, [][]any{{"b a"}}, l.rows(20))
}

func TestOrderInThePage(t *testing.T) {
	var r struct{ Heard string }
	drive(t, `async function drive() {
  request(`+openFrames(t)+`);
  request(`+frames(t, query(10, "write a"), query(11, "write b"), query(12, "log"), query(13, "write c"), query(14, "flushes"))+`);
  return { heard: hex(heard) };
}`, &r)
	l := answersOf(t, r.Heard)
	require.Equal(t, [][]any{{"a b c"}}, l.rows(12))
	require.Equal(t, [][]any{{object{"$int": "1"}}}, l.rows(14), "one flush for all")
}

func TestLongWorkLetsTheEventLoopGoOn(t *testing.T) {
	var r struct {
		Longest float64
		Ticks   int
		Heard   string
	}
	drive(t, `async function drive() {
  request(`+openFrames(t)+`);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  const start = performance.now();
  request(`+frames(t, query(10, "burn 200"))+`);
  const longest = performance.now() - start;
  request(`+frames(t, query(11, "rows 1"))+`);
  await until(() => ended() == 4);
  clearInterval(timer);
  return { longest, ticks, heard: hex(heard) };
}`, &r)
	require.Greater(t, r.Ticks, 5)
	l := answersOf(t, r.Heard)
	require.Len(t, l.rows(10), 1)
	require.Len(t, l.rows(11), 1)
}

// TestLongWorkLeavesTheRuntimeBusy: what the host gives turns to goes on without
// the runtime becoming idle, in which it marks for the collector for as long as
// that takes. Others are answered in between, time-outs and cancelling are seen,
// and when nothing works any more what waits for a timer gets it.
func TestLongWorkLeavesTheRuntimeBusy(t *testing.T) {
	var r struct {
		Turns, Idle, Count int
		Heard              string
	}
	timed := query(12, "burn 100000")
	timed.Timeout = 60
	drive(t, `var hostTurns = true;
async function drive() {
  request(`+openFrames(t)+`);
  await sleep(50);
  turns.count = turns.idle = 0;
  request(`+frames(t, query(10, "burn 300"))+`);
  request(`+frames(t, query(11, "rows 1"))+`);
  await until(() => ended() == 4 && turns.idle);
  const { count, idle } = turns;
  request(`+frames(t, timed, query(13, "burn 100000"))+`);
  await sleep(100);
  request(`+frames(t, Request{Op: OpCancel, ID: 13})+`);
  await until(() => ended() == 6);
  request(`+frames(t, query(14, "spin 30"))+`);
  await until(() => ended() == 7);
  return { turns: count, idle, count: ended(), heard: hex(heard) };
}`, &r)
	require.Greater(t, r.Turns, 10)
	require.LessOrEqual(t, r.Idle, 3)
	require.Equal(t, 7, r.Count)
	l := answersOf(t, r.Heard)
	require.Len(t, l.rows(10), 1)
	require.Len(t, l.rows(11), 1)
	require.Equal(t, codeTimeout, l.code(12))
	require.Equal(t, codeCancelled, l.code(13))
	require.Len(t, l.rows(14), 1)
}

func TestExportInsideOnAnswerIsRefused(t *testing.T) {
	var r struct{ Inside []int }
	drive(t, `async function drive() {
  request(`+openFrames(t)+`);
  const inside = [];
  onAnswer = () => { x.pg_buffer(24); inside.push(x.pg_request(24)); };
  request(`+frames(t, query(10, "big 3000 1000"))+`);
  return { inside };
}`, &r)
	require.NotEmpty(t, r.Inside, "3 MB of answers do not wait for the end of the export")
	require.Equal(t, stateRefused, r.Inside[0])
}

func TestPanicIsAnsweredAndTheEngineIsDead(t *testing.T) {
	var r struct {
		State, Later int
		Exited       bool
		Heard        string
	}
	drive(t, `async function drive() {
  request(`+openFrames(t)+`);
  const state = request(`+frames(t, query(10, "wait"), query(11, "panic"))+`);
  const later = request(`+frames(t, query(12, "rows 1"))+`);
  return { state, later, exited: go.exited, heard: hex(heard) };
}`, &r)
	require.Equal(t, stateDead, r.State)
	require.Equal(t, stateDead, r.Later)
	require.False(t, r.Exited)
	l := answersOf(t, r.Heard)
	for _, id := range []uint32{10, 11, 12} {
		require.Equal(t, codeInternal, l.code(id))
	}
}

func TestBufferIsBounded(t *testing.T) {
	var r struct{ Large, Largest int }
	drive(t, `async function drive() {
  return { large: x.pg_buffer(`+number(MaxRequest+8)+`), largest: x.pg_buffer(8) >>> 0 };
}`, &r)
	require.Zero(t, r.Large)
	require.NotZero(t, r.Largest)
}

// TestMemoryStaysBounded: 2 GB allocated through requests, a megabyte each.
func TestMemoryStaysBounded(t *testing.T) {
	var r struct{ Before, After, Calls int }
	drive(t, `async function drive() {
  request(`+openFrames(t)+`);
  const before = Math.round(x.mem.buffer.byteLength / MB), frames = `+frames(t, query(10, "big 100 10000"))+`;
  let calls = 0;
  onAnswer = () => {};
  keep = false;
  for (; calls < 2100 && x.mem.buffer.byteLength < 1000 * MB; calls++) { request(frames); if (calls % 50 == 0) await sleep(0); }
  return { before, after: Math.round(x.mem.buffer.byteLength / MB), calls };
}`, &r)
	t.Logf("%d requests: %d MB before, %d MB after", r.Calls, r.Before, r.After)
	require.Equal(t, 2100, r.Calls)
	require.Less(t, r.After, 96)
}

// TestBothPaths runs one table of cases through the exports and through
// globalThis.pocketgraph: they drive one dispatcher and answer the same.
func TestBothPaths(t *testing.T) {
	type call struct{ text, code string }
	calls := []call{{"what", "SyntaxError"}, {"rows 2", ""}, {"rows 0", ""}}
	for _, c := range valueCases {
		calls = append(calls, call{"value " + c.name, ""})
	}
	requests := []Request{}
	texts := []string{}
	for i, c := range calls {
		requests = append(requests, query(uint32(10+i), c.text))
		texts = append(texts, c.text)
	}
	var r struct {
		Heard  string
		Object []string
	}
	drive(t, `async function drive() {
  request(`+openFrames(t)+`);
  request(`+frames(t, requests...)+`);
  await pocketgraph.create("object", {});
  const object = [];
  for (const text of `+string(must(json.Marshal(texts)))+`) object.push(plain(await pocketgraph.query("object", text, {}).catch((error) => error)));
  return { heard: hex(heard), object };
}`, &r)
	l := answersOf(t, r.Heard)
	for i, c := range calls {
		var got struct {
			Code    string
			Columns []string
			Rows    []map[string]any
		}
		require.NoError(t, json.Unmarshal([]byte(r.Object[i]), &got))
		id := uint32(10 + i)
		require.Equal(t, c.code, l.code(id), c.text)
		require.Equal(t, c.code, got.Code, c.text)
		if c.code != "" {
			continue
		}
		want := []any{}
		for _, row := range l.rows(id) {
			want = append(want, plainOf(row[0]))
		}
		have := []any{}
		for _, row := range got.Rows {
			have = append(have, row["x"])
		}
		require.Equal(t, []string{"x"}, got.Columns)
		require.Equal(t, want, have, c.text)
	}
}

func TestObject(t *testing.T) {
	var r struct{ Results []string }
	drive(t, `async function drive() {
  const results = [], add = (value) => results.push(plain(value));
  const attempt = async (promise) => add(await promise.catch((error) => [error instanceof Error, error.name, error.code]));
  add((await pocketgraph.create("o", { storage: "memory" })).storage);
  await attempt(pocketgraph.create("o"));
  const x = { i: 1, f: 0.5, b: 12345678901234567890n >> 4n, s: "ü", n: null, u: undefined, l: [1, [true]], d: new Date(1500), y: new Uint8Array([1, 255]), v: new Float32Array([0.5]), t: { $date: "-0044-03-15" } };
  Object.defineProperty(x, "__proto__", { value: "own", enumerable: true });
  const { rows } = await pocketgraph.query("o", "echo", { x });
  add(rows[0].x);
  add(Object.getPrototypeOf(rows[0].x) === Object.prototype && Object.hasOwn(rows[0].x, "__proto__"));
  add(await pocketgraph.snapshot("o"));
  const cycle = {}; cycle.self = cycle;
  await attempt(pocketgraph.query("o", "echo", { x: cycle }));
  await attempt(pocketgraph.query("o", "echo", { x: () => 1 }));
  await attempt(pocketgraph.query("o", "echo", { x: { $date: "2015-02-29" } }));
  await attempt(pocketgraph.query("o", "echo", { x: 2n ** 64n }));
  await attempt(pocketgraph.query("o", "echo", { get x() { throw new Error("no") } }));
  await attempt(pocketgraph.query("o", 7));
  await attempt(pocketgraph.query("o", "wait", {}, { timeout: 20 }));
  await attempt(pocketgraph.query("nobody", "echo"));
  await attempt(pocketgraph.recover("gone", { mode: "strict" }));
  await attempt(pocketgraph.recover("gone", { mode: "loose" }));
  await attempt(pocketgraph.close("o").then(() => "closed"));
  await attempt(pocketgraph.snapshot("o"));
  add((await pocketgraph.recover("o")).name);
  return { results };
}`, &r)
	require.Equal(t, []string{
		`"memory"`,
		`[true,"PocketGraphError","LOCKED"]`,
		`{"__proto__":"own","b":"771604931327160493n","d":{"$datetime":"1970-01-01T00:00:01.5Z"},"f":0.5,"i":1,"l":[1,[true]],"n":null,"s":"ü","t":{"$date":"-0044-03-15"},"u":null,"v":{"$vector":[0.5]},"y":{"$bytes":"01ff"}}`,
		`true`,
		`{"sequence":3}`,
		`[true,"PocketGraphError","LIMIT"]`,
		`[true,"PocketGraphError","INVALID_ARGUMENT"]`,
		`[true,"PocketGraphError","INVALID_ARGUMENT"]`,
		`[true,"PocketGraphError","INVALID_ARGUMENT"]`,
		`[true,"PocketGraphError","INVALID_ARGUMENT"]`,
		`[true,"PocketGraphError","INVALID_ARGUMENT"]`,
		`[true,"PocketGraphError","TIMEOUT"]`,
		`[true,"PocketGraphError","CLOSED"]`,
		`[true,"PocketGraphError","NOT_FOUND"]`,
		`[true,"PocketGraphError","INVALID_ARGUMENT"]`,
		`"closed"`,
		`[true,"PocketGraphError","CLOSED"]`,
		`"o"`,
	}, r.Results)
}
