//go:build js && wasm

package jsbridge

import (
	"strconv"
	"testing"
	"time"

	"github.com/pocketgraph/pocketgraph/graph"
)

// BenchmarkRequest measures what a request costs inside the module, from the
// frames in the buffer to the answers in theirs, on a database in memory with
// 100,000 people. In Node:
//
//	GOOS=js GOARCH=wasm go test -exec="$(go env GOROOT)/lib/wasm/go_js_wasm_exec" -run xxx -bench Request ./jsbridge
func BenchmarkRequest(b *testing.B) {
	p := &page{}
	p.d = NewDispatcher(NewHost(HostOptions{Hooks: Hooks{Yield: func() { p.d.Yield() }}}), p)
	p.listen()
	send := func(requests ...Request) {
		p.request = p.request[:0]
		for i := range requests {
			p.request, _ = AppendRequest(p.request, &requests[i])
		}
		p.exchange(uint32(len(p.request)))
	}
	send(Request{Op: OpHello, ID: 1, Version: ProtocolVersion}, Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a", Storage: StorageMemory}})
	run := func(text string) { send(Request{Op: OpQuery, ID: 3, Database: 1, Text: text}); p.drain() }
	run("UNWIND range(0, 99999) AS i CREATE (:Person {id: i, name: 'Person ' + toString(i), age: i % 90})")
	run("CREATE INDEX FOR (p:Person) ON (p.id)")
	for _, c := range []struct{ name, text string }{
		{"nothing", ""},
		{"constant", "RETURN 1 AS x"},
		{"point lookup", "MATCH (p:Person {id: $n}) RETURN p.name AS name"},
		{"create", "CREATE (:Event {n: $n, kind: 'click', at: 1700000000})"},
	} {
		for _, at := range []int{1, 100} {
			b.Run(c.name+", "+strconv.Itoa(at)+" a call", func(b *testing.B) {
				b.ReportAllocs()
				requests := make([]Request, at)
				for n := 0; n < b.N; n += at {
					for i := range requests {
						requests[i] = Request{Op: OpQuery, ID: uint32(10 + i), Database: 1, Text: c.text,
							Entries: []graph.Entry{{Key: "n", Value: graph.Int(int64((n + i) * 7919 % 100000))}}}
						if c.text == "" {
							requests[i] = Request{Op: OpPing, ID: uint32(10 + i)}
						}
					}
					send(requests...)
					p.drain()
				}
			})
		}
	}
}

// drain waits until everything has answered.
func (p *page) drain() {
	for p.settle(); p.d.InFlight() > 0; p.settle() {
		time.Sleep(time.Microsecond) // lets the event loop turn
	}
}
