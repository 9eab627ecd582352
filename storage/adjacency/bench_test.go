package adjacency

import (
	"math/rand"
	"strconv"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
)

// skewed makes a social graph: half of the ends follow a Zipf distribution.
func skewed(nodes, rels int) []Edge {
	rng := rand.New(rand.NewSource(1))
	zipf := rand.NewZipf(rng, 1.3, 20, uint64(nodes-1))
	end := func() graph.Node {
		if rng.Intn(2) == 0 {
			return graph.Node(zipf.Uint64() * 7919 % uint64(nodes))
		}
		return graph.Node(rng.Intn(nodes))
	}
	edges := make([]Edge, rels)
	for i := range edges {
		edges[i] = Edge{From: end(), To: end(), Rel: graph.Rel(i)}
	}
	return edges
}

func bothLists(edges []Edge, perTransaction int) (out, in Lists) {
	gen := uint64(1)
	for i, e := range edges {
		out.Insert(gen, e.Type, e.From, e.To, e.Rel)
		in.Insert(gen, e.Type, e.To, e.From, e.Rel)
		if (i+1)%perTransaction == 0 {
			out.Seal(gen)
			in.Seal(gen)
			gen++
		}
	}
	out.Seal(gen)
	in.Seal(gen)
	return out, in
}

// BenchmarkInsert reports the cost of a relationship in both directions, a
// million nodes and five million relationships in all, in random order.
func BenchmarkInsert(b *testing.B) {
	const nodes, rels = 1_000_000, 5_000_000
	rng := rand.New(rand.NewSource(1))
	edges := make([]Edge, rels)
	for i := range edges {
		edges[i] = Edge{From: graph.Node(rng.Intn(nodes)), To: graph.Node(rng.Intn(nodes)), Rel: graph.Rel(i)}
	}
	for _, size := range []int{rels, 100_000, 10_000, 1000} {
		b.Run(strconv.Itoa(size)+" a transaction", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				out, in := bothLists(edges, size)
				b.ReportMetric(float64(out.Bytes()+in.Bytes())/rels, "B/rel")
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rels, "ns/rel")
		})
	}
	b.Run("build", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			out, err := Build(1, nodes, &sliceSource{list: edges})
			if err != nil {
				b.Fatal(err)
			}
			in, err := Build(1, nodes, out.Edges(true))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(out.Bytes()+in.Bytes())/rels, "B/rel")
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rels, "ns/rel")
	})
}

// BenchmarkCommit inserts one relationship in a transaction of its own.
func BenchmarkCommit(b *testing.B) {
	edges := skewed(100_000, 500_000)
	out, in := bothLists(edges, len(edges))
	b.ReportAllocs()
	gen := uint64(10)
	for b.Loop() {
		e := edges[gen*7919%500_000]
		out.Insert(gen, 0, e.From, e.To, graph.Rel(1_000_000+gen))
		in.Insert(gen, 0, e.To, e.From, graph.Rel(1_000_000+gen))
		out.Seal(gen)
		in.Seal(gen)
		gen++
	}
}

func BenchmarkRead(b *testing.B) {
	const nodes = 100_000
	built, _ := Build(1, nodes, &sliceSource{list: skewed(nodes, 500_000)})
	loaded, _ := bothLists(skewed(nodes, 500_000), 1000)
	types := []graph.TypeID{0}
	for name, l := range map[string]*Lists{"base": &built, "with delta": &loaded} {
		b.Run(name+"/degree", func(b *testing.B) {
			n, sum := 0, 0
			for b.Loop() {
				n++
				sum += l.Degree(graph.Node(n*7919%nodes), types)
			}
		})
		b.Run(name+"/hops", func(b *testing.B) {
			var hops []graph.Hop
			n, sum := 0, 0
			for b.Loop() {
				n++
				hops = l.AppendHops(hops[:0], graph.Node(n*7919%nodes), types)
				sum += len(hops)
			}
			b.ReportMetric(float64(sum)/float64(n), "hops/op")
		})
		b.Run(name+"/two hops", func(b *testing.B) {
			var first []graph.Hop
			var second []graph.Node
			n, sum := 0, 0
			for b.Loop() {
				n++
				first = l.AppendHops(first[:0], graph.Node(n*7919%nodes), types)
				for _, h := range first {
					second = l.AppendNeighbours(second[:0], h.Node, types)
					sum += len(second)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(sum), "ns/hop")
		})
		b.Run(name+"/all edges", func(b *testing.B) {
			var batch [512]Edge
			for b.Loop() {
				r := l.Edges(false)
				for r.Read(batch[:]) > 0 {
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/500_000, "ns/edge")
		})
	}
}
