//go:build js && wasm

package wasmtest

import (
	_ "embed"
	"os"
	"path"
	"strings"
	"syscall/js"
	"time"
)

//go:embed worker.js
var workerSource string

// message is what the worker tells the page.
type message struct {
	kind string // "line", "exit" or "fault"
	text string
	code int
	open int // sync access handles opened
}

// runInWorker runs this test binary again in a dedicated worker and returns
// the exit code it deserves.
func runInWorker(o Options) int {
	messages, stop := startWorker()
	defer stop()
	v := newVerdict(o, os.Args)
	for {
		select {
		case m := <-messages:
			if code, done := v.take(m); done {
				return code
			}
		case <-time.After(o.Silence):
			return v.silent()
		}
	}
}

func startWorker() (<-chan message, func()) {
	messages := make(chan message)
	queue := newQueue(messages)
	send := queue.put
	spawned := spawner{}
	onMessage := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if !spawned.take(args[0]) {
			send(decode(args[0].Get("data")))
		}
		return nil
	})
	onError := js.FuncOf(func(_ js.Value, args []js.Value) any {
		send(message{kind: "fault", text: "worker error: " + args[0].Get("message").String()})
		return nil
	})
	worker := newWorker(workerSource)
	worker.Set("onmessage", onMessage)
	worker.Set("onerror", onError)
	worker.Call("postMessage", setup())
	return messages, func() {
		worker.Set("onmessage", js.Null()) // what is under way must not call a program that has ended
		worker.Set("onerror", js.Null())
		worker.Call("terminate")
	}
}

// queue passes messages on in their order; put never waits, because it is
// called where the event loop would wait with it.
type queue struct {
	waiting []message
	wake    chan struct{}
}

func newQueue(out chan<- message) *queue {
	q := &queue{wake: make(chan struct{}, 1)}
	go func() {
		for range q.wake {
			for len(q.waiting) > 0 {
				m := q.waiting[0]
				q.waiting = q.waiting[1:]
				out <- m
			}
		}
	}()
	return q
}

func (q *queue) put(m message) {
	q.waiting = append(q.waiting, m)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func decode(data js.Value) message {
	m := message{kind: data.Get("kind").String()}
	value := data.Get("value")
	if m.kind == "exit" {
		m.code, m.open = value.Get("code").Int(), value.Get("handles").Int()
		return m
	}
	m.text = value.String()
	return m
}

// setup says what the worker loads. The runners serve the test binary beside
// the page under its base name.
func setup() map[string]any {
	argv := []any{os.Args[0]}
	for _, a := range workerArgs(os.Args[1:]) {
		argv = append(argv, a)
	}
	env := map[string]any{}
	for _, kv := range os.Environ() {
		if k, v, ok := strings.Cut(kv, "="); ok {
			env[k] = v
		}
	}
	return map[string]any{
		"origin": js.Global().Get("location").Get("origin").String(),
		"wasm":   "/" + path.Base(os.Args[0]),
		"argv":   argv,
		"env":    env,
	}
}
