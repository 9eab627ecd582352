// Package spike compares designs for the executor, on the same small graph and
// the same three queries. It is kept so that anyone can run it again; see
// docs/executor-spike.md for the figures and the decision.
//
//	rows     every operator is a closure that is called once a row
//	batches  operators pass 1,024 rows in columns of values; expressions are closures called once a row
//	kernels  as batches, but node columns hold 4-byte handles and expressions are closures called once a batch
package spike

import (
	"math/rand"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
)

const (
	nodes = 100_000
	edges = 500_000
	size  = 1024
)

// reader is the part of graph.Reader that the queries need, called through an
// interface as the real one is.
type reader interface {
	ScanNodes(from graph.Node, dst []graph.Node) int
	AppendHops(dst []graph.Hop, n graph.Node) []graph.Hop
	NodeProperty(n graph.Node, k graph.KeyID) graph.Value
	NodeProperties(k graph.KeyID, elements []graph.Node, out []graph.Value)
}

type csr struct {
	offsets []uint32
	hops    []graph.Hop
	age     []int64
}

func newCSR() *csr {
	rng := rand.New(rand.NewSource(1))
	from := make([]uint32, edges)
	g := &csr{offsets: make([]uint32, nodes+1), hops: make([]graph.Hop, edges), age: make([]int64, nodes)}
	for i := range from {
		from[i] = uint32(rng.Intn(nodes))
		g.offsets[from[i]+1]++
	}
	for i := 0; i < nodes; i++ {
		g.offsets[i+1] += g.offsets[i]
		g.age[i] = int64(rng.Intn(80))
	}
	at := append([]uint32(nil), g.offsets...)
	for i, f := range from {
		g.hops[at[f]] = graph.Hop{Rel: graph.Rel(i), Node: graph.Node(rng.Intn(nodes))}
		at[f]++
	}
	return g
}

func (g *csr) ScanNodes(from graph.Node, dst []graph.Node) int {
	n := 0
	for h := from; h < nodes && n < len(dst); h++ {
		dst[n] = h
		n++
	}
	return n
}

func (g *csr) AppendHops(dst []graph.Hop, n graph.Node) []graph.Hop {
	return append(dst, g.hops[g.offsets[n]:g.offsets[n+1]]...)
}

func (g *csr) NodeProperty(n graph.Node, _ graph.KeyID) graph.Value { return graph.Int(g.age[n]) }

func (g *csr) NodeProperties(_ graph.KeyID, elements []graph.Node, out []graph.Value) {
	for i, n := range elements {
		out[i] = graph.Int(g.age[n])
	}
}

// The queries, over rows (a, b):
//
//	expand     MATCH (a)-->(b) RETURN count(*)
//	filter     MATCH (a) WHERE a.age > 30 AND a.age < 60 RETURN count(*)
//	aggregate  MATCH (a)-->(b) RETURN b.age, count(*)

// ---- rows

type row struct{ slots [2]graph.Value }
type rowExpr func(*row) graph.Value
type sink func(*row)

func rowScan(g reader, next sink) {
	var buf [size]graph.Node
	var r row
	for from := graph.Node(0); ; {
		n := g.ScanNodes(from, buf[:])
		for _, h := range buf[:n] {
			r.slots[0] = graph.NodeValue(h)
			next(&r)
		}
		if n < size {
			return
		}
		from = buf[n-1] + 1
	}
}

func rowExpand(g reader, next sink) sink {
	var hops []graph.Hop
	return func(r *row) {
		hops = g.AppendHops(hops[:0], r.slots[0].AsNode())
		for _, h := range hops {
			r.slots[1] = graph.NodeValue(h.Node)
			next(r)
		}
	}
}

func rowProperty(g reader, slot int) rowExpr {
	return func(r *row) graph.Value { return g.NodeProperty(r.slots[slot].AsNode(), 0) }
}

func constant(v graph.Value) rowExpr { return func(*row) graph.Value { return v } }

func rowOrder(a, b rowExpr, want graph.Ordering) rowExpr {
	return func(r *row) graph.Value { return graph.Bool(graph.Order(a(r), b(r)) == want) }
}

func rowAnd(a, b rowExpr) rowExpr {
	return func(r *row) graph.Value { return graph.Bool(a(r).AsBool() && b(r).AsBool()) }
}

// ---- batches of values

type batch struct {
	n    int
	cols [2][]graph.Value
}
type at struct {
	b *batch
	i int
}
type batchExpr func(*at) graph.Value

func batchScan(g reader, next func(*batch)) {
	var buf [size]graph.Node
	b := &batch{}
	b.cols[0] = make([]graph.Value, size)
	for from := graph.Node(0); ; {
		n := g.ScanNodes(from, buf[:])
		for i, h := range buf[:n] {
			b.cols[0][i] = graph.NodeValue(h)
		}
		b.n = n
		next(b)
		if n < size {
			return
		}
		from = buf[n-1] + 1
	}
}

func batchExpand(g reader, next func(*batch)) func(*batch) {
	var hops []graph.Hop
	out := &batch{}
	out.cols[0], out.cols[1] = make([]graph.Value, size), make([]graph.Value, size)
	return func(in *batch) {
		for i := 0; i < in.n; i++ {
			hops = g.AppendHops(hops[:0], in.cols[0][i].AsNode())
			for _, h := range hops {
				out.cols[0][out.n] = in.cols[0][i]
				out.cols[1][out.n] = graph.NodeValue(h.Node)
				if out.n++; out.n == size {
					next(out)
					out.n = 0
				}
			}
		}
		next(out)
		out.n = 0
	}
}

func batchProperty(g reader, slot int) batchExpr {
	return func(r *at) graph.Value { return g.NodeProperty(r.b.cols[slot][r.i].AsNode(), 0) }
}

func batchConstant(v graph.Value) batchExpr { return func(*at) graph.Value { return v } }

func batchOrder(a, b batchExpr, want graph.Ordering) batchExpr {
	return func(r *at) graph.Value { return graph.Bool(graph.Order(a(r), b(r)) == want) }
}

func batchAnd(a, b batchExpr) batchExpr {
	return func(r *at) graph.Value { return graph.Bool(a(r).AsBool() && b(r).AsBool()) }
}

// ---- kernels: handle columns, one call a batch

type handles struct {
	n    int
	cols [2][]graph.Node
}
type kernel func(b *handles, out []graph.Value)

func kernelScan(g reader, next func(*handles)) {
	b := &handles{}
	b.cols[0] = make([]graph.Node, size)
	for from := graph.Node(0); ; {
		b.n = g.ScanNodes(from, b.cols[0])
		last := b.n
		next(b)
		if last < size {
			return
		}
		from += size
	}
}

func kernelExpand(g reader, live bool, next func(*handles)) func(*handles) {
	var hops []graph.Hop
	out := &handles{}
	out.cols[0], out.cols[1] = make([]graph.Node, size), make([]graph.Node, size)
	return func(in *handles) {
		for i := 0; i < in.n; i++ {
			hops = g.AppendHops(hops[:0], in.cols[0][i])
			for _, h := range hops {
				if live {
					out.cols[0][out.n] = in.cols[0][i]
				}
				out.cols[1][out.n] = h.Node
				if out.n++; out.n == size {
					next(out)
					out.n = 0
				}
			}
		}
		next(out)
		out.n = 0
	}
}

func kernelProperty(g reader, slot int) kernel {
	return func(b *handles, out []graph.Value) { g.NodeProperties(0, b.cols[slot][:b.n], out) }
}

func kernelOrder(a kernel, c graph.Value, want graph.Ordering) kernel {
	return func(b *handles, out []graph.Value) {
		a(b, out)
		for i := range out[:b.n] {
			out[i] = graph.Bool(graph.Order(out[i], c) == want)
		}
	}
}

func kernelAnd(x, y kernel) kernel {
	buf := make([]graph.Value, size)
	return func(b *handles, out []graph.Value) {
		x(b, out)
		y(b, buf)
		for i := range out[:b.n] {
			out[i] = graph.Bool(out[i].AsBool() && buf[i].AsBool())
		}
	}
}

// groups is hash aggregation, the same for every design.
type groups struct {
	table  [256]int32
	keys   []graph.Value
	counts []int64
}

func (g *groups) add(v graph.Value) {
	for i := graph.Hash(v) & 255; ; i = (i + 1) & 255 {
		at := g.table[i]
		if at == 0 {
			g.keys, g.counts = append(g.keys, v), append(g.counts, 1)
			g.table[i] = int32(len(g.keys))
			return
		}
		if graph.Equivalent(g.keys[at-1], v) {
			g.counts[at-1]++
			return
		}
	}
}

func run(b *testing.B, want int, query func(g reader) int) {
	var g reader = newCSR()
	want2 := query(g)
	if want > 0 && want2 != want {
		b.Fatalf("%d rows, want %d", want2, want)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		query(g)
	}
}

func BenchmarkExpand(b *testing.B) {
	b.Run("rows", func(b *testing.B) {
		run(b, edges, func(g reader) int {
			n := 0
			rowScan(g, rowExpand(g, func(*row) { n++ }))
			return n
		})
	})
	b.Run("batches", func(b *testing.B) {
		run(b, edges, func(g reader) int {
			n := 0
			batchScan(g, batchExpand(g, func(x *batch) { n += x.n }))
			return n
		})
	})
	b.Run("kernels", func(b *testing.B) {
		run(b, edges, func(g reader) int {
			n := 0
			kernelScan(g, kernelExpand(g, true, func(x *handles) { n += x.n }))
			return n
		})
	})
	b.Run("kernels-pruned", func(b *testing.B) {
		run(b, edges, func(g reader) int {
			n := 0
			kernelScan(g, kernelExpand(g, false, func(x *handles) { n += x.n }))
			return n
		})
	})
}

func BenchmarkFilter(b *testing.B) {
	b.Run("rows", func(b *testing.B) {
		run(b, 0, func(g reader) int {
			n := 0
			cond := rowAnd(rowOrder(rowProperty(g, 0), constant(graph.Int(30)), graph.Greater), rowOrder(rowProperty(g, 0), constant(graph.Int(60)), graph.Less))
			rowScan(g, func(r *row) {
				if cond(r).AsBool() {
					n++
				}
			})
			return n
		})
	})
	b.Run("batches", func(b *testing.B) {
		run(b, 0, func(g reader) int {
			n := 0
			cond := batchAnd(batchOrder(batchProperty(g, 0), batchConstant(graph.Int(30)), graph.Greater), batchOrder(batchProperty(g, 0), batchConstant(graph.Int(60)), graph.Less))
			batchScan(g, func(x *batch) {
				r := at{b: x}
				for ; r.i < x.n; r.i++ {
					if cond(&r).AsBool() {
						n++
					}
				}
			})
			return n
		})
	})
	b.Run("kernels", func(b *testing.B) {
		run(b, 0, func(g reader) int {
			n := 0
			cond := kernelAnd(kernelOrder(kernelProperty(g, 0), graph.Int(30), graph.Greater), kernelOrder(kernelProperty(g, 0), graph.Int(60), graph.Less))
			out := make([]graph.Value, size)
			kernelScan(g, func(x *handles) {
				cond(x, out)
				for _, v := range out[:x.n] {
					if v.AsBool() {
						n++
					}
				}
			})
			return n
		})
	})
}

func BenchmarkAggregate(b *testing.B) {
	b.Run("rows", func(b *testing.B) {
		run(b, 80, func(g reader) int {
			var t groups
			key := rowProperty(g, 1)
			rowScan(g, rowExpand(g, func(r *row) { t.add(key(r)) }))
			return len(t.keys)
		})
	})
	b.Run("batches", func(b *testing.B) {
		run(b, 80, func(g reader) int {
			var t groups
			key := batchProperty(g, 1)
			batchScan(g, batchExpand(g, func(x *batch) {
				for r := (at{b: x}); r.i < x.n; r.i++ {
					t.add(key(&r))
				}
			}))
			return len(t.keys)
		})
	})
	b.Run("kernels", func(b *testing.B) {
		run(b, 80, func(g reader) int {
			var t groups
			key := kernelProperty(g, 1)
			out := make([]graph.Value, size)
			kernelScan(g, kernelExpand(g, true, func(x *handles) {
				key(x, out)
				for _, v := range out[:x.n] {
					t.add(v)
				}
			}))
			return len(t.keys)
		})
	})
}
