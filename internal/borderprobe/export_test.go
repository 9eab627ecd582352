//go:build js && wasm

package borderprobe

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExportWaitsForRunnableGoroutine: the rule that requests live by.
func TestExportWaitsForRunnableGoroutine(t *testing.T) {
	var r struct {
		Sum, Handoff, Yielding, Many int
		AddNs, HandoffNs             float64
	}
	drive(t, `async function drive() {
  const r = { sum: x.add(2, 3), handoff: x.handoff(1), yielding: x.handoffYielding(1), many: 0 };
  for (let i = 0; i < 1000; i++) r.many += x.handoffYielding(i) - i;
  r.addNs = nanoseconds(200000, () => x.add(1, 2));
  r.handoffNs = nanoseconds(20000, () => x.handoff(1));
  return r;
}`, &r)
	require.Equal(t, 5, r.Sum)
	require.Equal(t, 2, r.Handoff)
	require.Equal(t, 2, r.Yielding)
	require.Equal(t, 1000, r.Many)
}

// TestExportThatParksBreaksTheRuntime: the call returns something that Go never
// returned, and when the goroutine is woken the runtime traps. It is not
// detected by anyone at the time of the call.
func TestExportThatParksBreaksTheRuntime(t *testing.T) {
	for _, export := range []string{"parkOnTimer", "parkOnLock", "parkOnPromise"} {
		t.Run(export, func(t *testing.T) {
			var r struct {
				Park     outcome
				Before   []string
				Uncaught []string
			}
			drive(t, `async function drive() {
  const r = { park: attempt("`+export+`") };
  r.before = [...uncaught];
  try { go._resume(); } catch (error) { uncaught.push(String(error)); } // registers timers and wakes what can run
  for (let i = 0; i < 20 && uncaught.length === 0; i++) await sleep(20);
  return { ...r, uncaught };
}`, &r)
			require.NotNil(t, r.Park.Returned, "it returned to JavaScript")
			require.NotEqual(t, 42., *r.Park.Returned, "Go can park in an export now: rejoice and simplify the bridge")
			require.False(t, r.Park.Exited)
			require.Empty(t, r.Before, "nothing was said at the time")
			require.NotEmpty(t, r.Uncaught, "Go survives a parked export now")
			require.Contains(t, r.Uncaught[0], "signature mismatch")
		})
	}
}

// TestGoroutineThatOutlivesItsExport: what an export leaves behind is not run
// by itself, neither a runnable goroutine nor one whose timer is due: the
// scheduler hands timers to the browser only when it idles, and an export
// returns without idling. go._resume() does both. A promise's callback is an
// event of its own.
func TestGoroutineThatOutlivesItsExport(t *testing.T) {
	for _, c := range []struct {
		export            string
		byItself, resumed int
	}{
		{"startWorker", 0, 1},
		{"startSleeper", 0, 1},
		{"startAwaiter", 1, 1},
	} {
		t.Run(c.export, func(t *testing.T) {
			var r struct{ AtOnce, ByItself, Resumed int }
			drive(t, `async function drive() {
  x.`+c.export+`(5);
  const r = { atOnce: x.answers() };
  await sleep(60);
  r.byItself = x.answers();
  go._resume();
  await sleep(60);
  r.resumed = x.answers();
  return r;
}`, &r)
			require.Equal(t, 0, r.AtOnce)
			require.Equal(t, c.byItself, r.ByItself)
			require.Equal(t, c.resumed, r.Resumed)
		})
	}
}

// TestPanicIsReportedThroughMemory: a request's goroutine recovers, writes what
// it was and the instance goes on.
func TestPanicIsReportedThroughMemory(t *testing.T) {
	for kind, want := range []string{
		"on purpose",
		"runtime error: index out of range [1] with length 0",
		"runtime error: invalid memory address or nil pointer ",
		"JavaScript error: ",
	} {
		t.Run(strconv.Itoa(kind), func(t *testing.T) {
			var r struct {
				Recovered, Sum int
				Text           string
				Exited         bool
			}
			drive(t, `async function drive() {
  const recovered = x.panicRecovered(`+strconv.Itoa(kind)+`);
  const status = new Uint8Array(x.mem.buffer, Number(x.statusAddress()), 64);
  return { recovered, text: new TextDecoder().decode(status.slice(1, 1 + status[0])), sum: x.handoff(2), exited: go.exited };
}`, &r)
			require.Equal(t, 1, r.Recovered)
			require.Contains(t, r.Text, want)
			require.Equal(t, 3, r.Sum, "it goes on")
			require.False(t, r.Exited)
		})
	}
}

// TestEscapedPanicIsSilent: the export returns undefined or nothing and throws
// nothing; some exports even go on answering. Only go.exited tells.
func TestEscapedPanicIsSilent(t *testing.T) {
	var r struct {
		Panic, Add, Handoff outcome
		Died                int
		Said                string
	}
	drive(t, `async function drive() {
  const r = { panic: attempt("panicEscapes"), add: attempt("add", 2, 3), handoff: attempt("handoff", 1) };
  return { ...r, died, said: said.join("\n").split("\n")[0] };
}`, &r)
	require.Empty(t, r.Panic.Threw)
	require.True(t, r.Panic.Exited)
	require.Equal(t, 2, r.Died, "the exit code")
	require.Equal(t, "panic: nobody recovers this", r.Said)
	require.EqualValues(t, 5, *r.Add.Returned, "a dead program that answers")
	require.NotEmpty(t, r.Handoff.Threw)
}

// TestStackOverflowIsAnException: the browser's stack ends before Go's limit.
// go.exited stays false although the goroutine was cut off in the middle, so
// whatever an export throws means that the instance is dead.
func TestStackOverflowIsAnException(t *testing.T) {
	var r struct {
		Call  outcome
		Depth int
	}
	drive(t, `async function drive() {
  const r = { call: attempt("overflowStack") };
  return { ...r, depth: x.depth() };
}`, &r)
	require.Regexp(t, "RangeError|InternalError", r.Call.Threw)
	require.False(t, r.Call.Exited)
	require.Greater(t, r.Depth, 1000)
}
