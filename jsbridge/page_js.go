//go:build js && wasm

package jsbridge

import (
	"runtime"
	"syscall/js"
	"unsafe"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
	_ "github.com/pocketgraph/pocketgraph/internal/jszones" // time zones, for the language
)

// page is the event loop of a browser as the dispatcher sees it, and the
// memory that requests and answers cross in. There is one: the exports have
// no receiver.
type page struct {
	d        *Dispatcher
	onAnswer js.Value // the host's, or undefined
	onCall   js.Value // the same
	channel  js.Value // through which the engine wakes itself, where the host does not; kept, or a collector may take its ports
	wake     js.Value // asks for a turn
	woken    bool     // and it has not come yet

	delivering bool
	request    []byte // what pg_buffer gave out
	answers    []byte // what pg_request gave back, kept from the collector
	status     [8]uint32

	object objectSide
}

// The words of the status block (PROTOCOL.md, section 6).
const (
	statusVersion = iota
	statusPointer
	statusLength
	statusInFlight
	statusState
	statusTransactions
)

// What pg_request returns, and the state word.
const (
	stateReady   = 1
	stateDead    = 2
	stateRefused = 3 // called inside onAnswer: nothing was begun
)

// requestKeep is the largest request buffer that is kept for the next one.
const requestKeep = 1 << 20

var served *page

// Serve makes the engine callable: it sets globalThis.pocketgraph, calls the
// onReady of globalThis.pocketgraphHost, if there is one, and never returns.
// makeHost is given the dispatcher's hooks, to hand on to what works long.
func Serve(makeHost func(Hooks) Host) {
	start(makeHost)
	select {}
}

func start(makeHost func(Hooks) Host) *page {
	p := &page{}
	host := makeHost(Hooks{Yield: func() { p.d.Yield() }, OnTimer: func() { p.d.OnTimer() }})
	p.d = NewDispatcher(host, p)
	p.status[statusVersion], p.status[statusState] = ProtocolVersion, stateReady
	served = p
	p.setObject()
	if hooks := js.Global().Get("pocketgraphHost"); hooks.Type() == js.TypeObject {
		p.onAnswer, p.onCall = hooks.Get("onAnswer"), hooks.Get("onCall")
		if wake := hooks.Get("onWake"); wake.Type() == js.TypeFunction {
			p.wake = wake
		}
		if ready := hooks.Get("onReady"); ready.Type() == js.TypeFunction {
			_, _ = jsutil.Invoke(ready) // what it throws is the host's to see to
		}
	}
	if p.wake.IsUndefined() {
		p.listen()
	}
	return p
}

// turn lets what waits for its turn go on until it wants the event loop again.
// It reports whether that is all there is to do. If not, the runtime has to
// become idle: something ended, or waits for a timer or a promise.
//
// A runtime that becomes idle first marks all that is alive if the collector is
// at it, which takes a second for some hundred megabytes, and lets nobody stop
// it. So a statement that works for long must not let it.
func (p *page) turn() (waiting bool) {
	p.woken = false
	p.d.Turn()
	p.settle()
	return p.d.Waiting()
}

// listen makes the channel through which the engine wakes itself: a message
// comes after what the event loop already has to do, and sooner than a timer.
func (p *page) listen() {
	p.channel = js.Global().Get("MessageChannel").New()
	p.channel.Get("port1").Set("onmessage", js.FuncOf(func(js.Value, []js.Value) any {
		p.woken = false
		p.d.Turn()
		return nil // now the runtime runs until it is idle, and sets its timers
	}))
	port := p.channel.Get("port2")
	p.wake = port.Get("postMessage").Call("bind", port)
}

// Wake implements Loop.
func (p *page) Wake() {
	if !p.woken {
		p.woken = true
		p.wake.Invoke(0)
	}
}

// Deliver implements Loop.
func (p *page) Deliver(answers []byte) {
	answers = p.object.takeOwn(answers)
	if len(answers) == 0 || p.onAnswer.Type() != js.TypeFunction {
		return
	}
	p.delivering = true
	_, _ = jsutil.Invoke(p.onAnswer, address(answers), len(answers))
	p.delivering = false
}

// Call implements Loop.
func (p *page) Call(question []byte) bool {
	if p.onCall.Type() != js.TypeFunction {
		return false
	}
	_, _ = jsutil.Invoke(p.onCall, address(question), len(question))
	return true
}

// address is where the bytes lie in the module's memory. Go never moves what
// is on its heap.
func address(b []byte) uint32 { return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }

// exchange runs the requests in the buffer until nothing can go on for now.
func (p *page) exchange(length uint32) uint32 {
	if p.delivering {
		return stateRefused
	}
	frames := p.request[:min(int(length), len(p.request))]
	if cap(p.request) > requestKeep {
		p.request = nil
	}
	p.d.Gather()
	p.d.Begin(frames)
	p.settle()
	p.answers = p.object.takeOwn(p.d.Take())
	p.status[statusPointer], p.status[statusLength] = address(p.answers), uint32(len(p.answers))
	p.status[statusInFlight], p.status[statusTransactions] = uint32(p.d.InFlight()), uint32(p.d.OpenTransactions())
	if p.d.Dead() {
		p.status[statusState] = stateDead
	}
	if p.status[statusInFlight] > 0 || p.d.takeTimers() {
		p.Wake() // what waits for a timer needs the runtime to become idle once
	}
	return p.status[statusState]
}

// quietRounds is how often in a row nothing may happen before settle gives
// up. The scheduler looks at the queue that Gosched puts us into out of turn
// now and then, so once would be too few. To give up too early costs a turn of
// the event loop, nothing else.
const quietRounds = 3

// settle lets the requests run. It must never park, because an export that
// waits for what only the event loop can bring breaks the runtime; it stays
// runnable and looks whether anything still happens.
func (p *page) settle() {
	for quiet := 0; quiet < quietRounds && p.d.InFlight() > 0; {
		before := p.d.happened()
		runtime.Gosched()
		if p.d.happened() == before {
			quiet++
		} else {
			quiet = 0
		}
	}
}

//go:wasmexport pg_status
func pgStatus() uint32 {
	if served == nil {
		return 0
	}
	return uint32(uintptr(unsafe.Pointer(&served.status)))
}

//go:wasmexport pg_buffer
func pgBuffer(length uint32) uint32 {
	if served == nil || length > MaxRequest {
		return 0
	}
	size := (int(length) + 7) &^ 7
	if size > cap(served.request) {
		served.request = make([]byte, max(size, 4096))
	}
	served.request = served.request[:cap(served.request)]
	return address(served.request)
}

// pgTurn is for onWake. 1: go._resume() is to be called.
//
//go:wasmexport pg_turn
func pgTurn() uint32 {
	if served == nil || served.turn() {
		return 0
	}
	return 1
}

//go:wasmexport pg_request
func pgRequest(length uint32) (state uint32) {
	if served == nil {
		return stateRefused
	}
	defer func() {
		if p := recover(); p != nil {
			served.d.die(panicText(p))
			served.status[statusState] = stateDead
			state = stateDead
		}
	}()
	return served.exchange(length)
}
