//go:build js && wasm

package borderprobe

import (
	"runtime"
	"runtime/debug"
	"sync"
	"syscall/js"
	"time"
	"unsafe"

	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// These are the exports that the drivers call.

//go:wasmexport add
func add(a, b int32) int32 { return a + b }

// handoff waits for a goroutine that can run at once.
//
//go:wasmexport handoff
func handoff(n int32) int32 {
	done := make(chan int32)
	go func() { done <- n + 1 }()
	return <-done
}

// handoffYielding waits for a goroutine that yields on its way.
//
//go:wasmexport handoffYielding
func handoffYielding(n int32) int32 {
	done := make(chan int32)
	go func() {
		for range 10 {
			runtime.Gosched()
		}
		done <- n + 1
	}()
	return <-done
}

// startSleeper returns although the goroutine it started goes on: here on a
// timer, in startWorker while it could run at once.
//
//go:wasmexport startSleeper
func startSleeper(ms int32) {
	parked := make(chan struct{})
	go func() {
		close(parked)
		time.Sleep(time.Duration(ms) * time.Millisecond)
		answered++
	}()
	<-parked
}

//go:wasmexport startWorker
func startWorker() {
	started := make(chan struct{})
	go func() {
		close(started)
		for range 10 {
			runtime.Gosched()
		}
		answered++
	}()
	<-started
}

// startAwaiter goes on when a promise settles.
//
//go:wasmexport startAwaiter
func startAwaiter() {
	asked := make(chan struct{})
	go func() {
		promise := js.Global().Get("Promise").Call("resolve", 1)
		close(asked)
		_, _ = jsutil.Await(promise)
		answered++
	}()
	<-asked
}

var answered int32

//go:wasmexport answers
func answers() int32 { return answered }

// The next three park inside the export, which is what must not be.

//go:wasmexport parkOnTimer
func parkOnTimer() int32 {
	time.Sleep(5 * time.Millisecond)
	return 42
}

//go:wasmexport parkOnLock
func parkOnLock() int32 {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		time.Sleep(5 * time.Millisecond)
		mu.Unlock()
	}()
	mu.Lock()
	return 42
}

//go:wasmexport parkOnPromise
func parkOnPromise() int32 {
	if _, err := jsutil.Await(js.Global().Get("Promise").Call("resolve", 1)); err != nil {
		return -1
	}
	return 42
}

// status is where a request says how it ended, since an export returns numbers only.
var status [64]byte

//go:wasmexport statusAddress
func statusAddress() unsafe.Pointer { return unsafe.Pointer(&status) }

// panicRecovered panics inside the goroutine of a request and reports it
// through memory: its length, then its text. kind: 0 a panic, 1 an index out of
// range, 2 a nil pointer, 3 a JavaScript exception.
//
//go:wasmexport panicRecovered
func panicRecovered(kind int32) int32 {
	done := make(chan int32)
	go func() {
		defer func() {
			text := "not a panic"
			switch p := recover().(type) {
			case error:
				text = p.Error()
			case string:
				text = p
			}
			status[0] = byte(copy(status[1:], text))
			done <- 1
		}()
		misbehave(kind)
		done <- 0
	}()
	return <-done
}

func misbehave(kind int32) {
	var none []byte
	var null *[8]int
	switch kind {
	case 0:
		panic("on purpose")
	case 1:
		_ = none[kind]
	case 2:
		null[kind]++
	case 3:
		js.Global().Get("JSON").Call("parse", "{")
	}
}

//go:wasmexport panicEscapes
func panicEscapes() { panic("nobody recovers this") }

var recursed int

//go:wasmexport overflowStack
func overflowStack() { overflow(1) }

//go:wasmexport depth
func depth() int32 { return int32(recursed) }

func overflow(n int) int {
	recursed = n
	return overflow(n+1) + 1
}

// The collector. A request makes garbage in pieces, small ones as decoding and
// building rows does, or one large one as an answer's buffer is, and 16 KB are alive.

var (
	garbage []byte
	live    = make([]byte, 16<<10)
	piece   = 1600
)

//go:wasmexport setPiece
func setPiece(bytes int32) { piece = int(bytes) }

func makeGarbage(bytes int32) {
	for ; bytes > 0; bytes -= int32(piece) {
		garbage = make([]byte, piece)
	}
}

// requestInline does the work inside the export and never yields.
//
//go:wasmexport requestInline
func requestInline(bytes int32) int32 {
	makeGarbage(bytes)
	return int32(live[0])
}

// requestGosched works inside the export and yields after every 1.6 MB.
//
//go:wasmexport requestGosched
func requestGosched(bytes int32) int32 {
	for ; bytes > 0; bytes -= 1_600_000 {
		makeGarbage(min(bytes, 1_600_000))
		runtime.Gosched()
	}
	return int32(live[0])
}

// requestGoroutine hands the work to a goroutine and waits for it.
//
//go:wasmexport requestGoroutine
func requestGoroutine(bytes int32) int32 {
	done := make(chan struct{})
	go func() {
		makeGarbage(bytes)
		close(done)
	}()
	<-done
	return int32(live[0])
}

// requestBudget is a long request on its own goroutine that yields each time it
// has charged a megabyte.
//
//go:wasmexport requestBudget
func requestBudget(bytes int32) int32 {
	done := make(chan struct{})
	go func() {
		for ; bytes > 0; bytes -= 1 << 20 {
			makeGarbage(min(bytes, 1<<20))
			runtime.Gosched()
		}
		close(done)
	}()
	<-done
	return int32(live[0])
}

// The memory budget: chunks without pointers, copied on write.

var chunks [][]byte

//go:wasmexport setGC
func setGC(percent int32, limitMB int32) {
	debug.SetGCPercent(int(percent))
	if limitMB > 0 {
		debug.SetMemoryLimit(int64(limitMB) << 20)
	}
}

// grow keeps n more chunks of 64 KB alive, yielding like a request should.
//
//go:wasmexport grow
func grow(n int32) int32 {
	done := make(chan struct{})
	go func() {
		for i := range n {
			chunks = append(chunks, make([]byte, 64<<10))
			if i%16 == 0 {
				runtime.Gosched()
			}
		}
		close(done)
	}()
	<-done
	return int32(len(chunks))
}

// rewrite copies every chunk once.
//
//go:wasmexport rewrite
func rewrite() int32 {
	done := make(chan struct{})
	go func() {
		for i, c := range chunks {
			chunks[i] = append([]byte(nil), c...)
			if i%16 == 0 {
				runtime.Gosched()
			}
		}
		close(done)
	}()
	<-done
	return int32(len(chunks))
}

// collections is how often the collector ran.
//
//go:wasmexport collections
func collections() int32 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int32(s.NumGC)
}
