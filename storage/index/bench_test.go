package index

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
)

const benchEntries = 1_000_000

func benchIndex(value func(i int) graph.Value) (*Ordered, []int) {
	order := rand.New(rand.NewSource(1)).Perm(benchEntries)
	var ix Ordered
	for i, x := range order {
		ix.Insert(1, []graph.Value{value(x)}, uint32(i))
	}
	return &ix, order
}

func intValue(i int) graph.Value    { return graph.Int(int64(i) * 3) }
func stringValue(i int) graph.Value { return graph.String(fmt.Sprintf("user-%07d", i)) }

func BenchmarkSeek(b *testing.B) {
	for name, value := range map[string]func(int) graph.Value{"int": intValue, "string": stringValue} {
		b.Run(name, func(b *testing.B) {
			ix, order := benchIndex(value)
			values := make([]graph.Value, 4096)
			for i := range values {
				values[i] = value(order[i])
			}
			dst := make([]uint32, 0, 4)
			b.ReportMetric(float64(ix.Bytes())/benchEntries, "B/entry")
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				i++
				dst = ix.Seek(dst[:0], values[i%4096:i%4096+1])
			}
			if len(dst) != 1 {
				b.Fatal(len(dst))
			}
		})
	}
}

func BenchmarkInsert(b *testing.B) {
	for name, value := range map[string]func(int) graph.Value{"int": intValue, "string": stringValue} {
		for _, ordered := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/ascending=%v", name, ordered), func(b *testing.B) {
				order := rand.New(rand.NewSource(1)).Perm(benchEntries)
				values := make([]graph.Value, benchEntries)
				for i, x := range order {
					if ordered {
						x = i
					}
					values[i] = value(x)
				}
				var ix Ordered
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					if i%benchEntries == 0 {
						ix = Ordered{}
					}
					ix.Insert(1, values[i%benchEntries:i%benchEntries+1], uint32(i))
					i++
				}
			})
		}
	}
}

// BenchmarkCommit inserts one entry in a transaction of its own.
func BenchmarkCommit(b *testing.B) {
	ix, _ := benchIndex(intValue)
	b.ReportAllocs()
	gen := uint64(2)
	for b.Loop() {
		ix.Insert(gen, []graph.Value{graph.Int(int64(gen*7919%3_000_000) + 1)}, uint32(gen))
		gen++
	}
}

func BenchmarkScan(b *testing.B) {
	ix, _ := benchIndex(intValue)
	dst := make([]uint32, 1024)
	n := 0
	for b.Loop() {
		n = 0
		c := ix.Range(graph.Range{Low: graph.Int(900_000), High: graph.Int(1_200_000)})
		for k := c.Next(dst); k > 0; k = c.Next(dst) {
			n += k
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/entry")
}
