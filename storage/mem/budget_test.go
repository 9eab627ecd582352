package mem

import (
	"flag"
	"fmt"
	"io"
	"math/rand"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

var (
	budgetNodes = flag.Int("budget.nodes", 20_000, "nodes of TestBudget; relationships are five times as many")
	budgetBatch = flag.Int("budget.batch", 10_000, "elements of a transaction of TestBudget; 0 is a single one")
	budgetKey   = flag.Bool("budget.unique", false, "with a uniqueness constraint on the unique strings")
	budgetGC    = flag.Int("budget.gc", 20, "collector's percentage")
)

// TestBudget is the load of the memory budget, small unless asked: a million
// nodes with four properties, five million relationships with one, then a
// snapshot and a reopening in the same process. For the real size:
//
//	go test ./storage/mem -run TestBudget -v -args -budget.nodes=1000000
//
// and the same with GOOS=js GOARCH=wasm and -exec "$(go env GOROOT)/lib/wasm/go_js_wasm_exec",
// where "sys" is the size of the memory buffer.
func TestBudget(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(*budgetGC))
	n := *budgetNodes
	start := time.Now()
	g := New("b")
	loadBudget(t, g, n)
	report(t, "load", start)
	t.Logf("%+v", g.State().Memory())

	start = time.Now()
	var kinds []uint32
	var sizes []int
	bytes, byKind := 0, map[uint32]int{}
	file, err := os.CreateTemp("", "snap")
	require.NoError(t, err)
	defer os.Remove(file.Name())
	defer file.Close()
	require.NoError(t, g.State().Sections(nil, func(kind uint32, data []byte) error {
		kinds, sizes = append(kinds, kind), append(sizes, len(data))
		bytes += len(data)
		byKind[kind] += len(data)
		runtime.Gosched()
		_, err := file.Write(data)
		return err
	}))
	report(t, fmt.Sprintf("snapshot %d bytes %v", bytes, byKind), start)
	want := g.State().Counters()
	g = nil
	runtime.GC()
	start = time.Now()
	l := NewLoader("b")
	_, err = file.Seek(0, 0)
	require.NoError(t, err)
	buf := make([]byte, MaxSection)
	for i, kind := range kinds {
		data := buf[:sizes[i]]
		_, err := io.ReadFull(file, data)
		require.NoError(t, err)
		require.NoError(t, l.Section(kind, data))
		runtime.Gosched()
	}
	report(t, "sections", start)
	g, err = l.Finish()
	require.NoError(t, err)
	report(t, "reopen", start)
	t.Logf("%+v", g.State().Memory())
	require.Equal(t, want, g.State().Counters())
	require.Equal(t, n, g.State().NodeCount())
	require.Equal(t, 5*n, g.State().RelCount())
	runtime.GC()
	report(t, "after", start)
}

func report(t *testing.T, what string, since time.Time) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("%-10s %6.2fs heap %d MB, sys %d MB, collections %d", what, time.Since(since).Seconds(), m.HeapAlloc>>20, m.Sys>>20, m.NumGC)
}

func loadBudget(t testing.TB, g *Graph, n int) {
	r := rand.New(rand.NewSource(1))
	tx := g.Begin()
	person, _ := tx.Label("Person")
	knows, _ := tx.Type("KNOWS")
	var keys [5]graph.KeyID
	for i, name := range strings.Fields("age score city email since") {
		keys[i], _ = tx.Key(name)
	}
	if *budgetKey {
		require.NoError(t, tx.CreateConstraint(graph.ConstraintDefinition{Name: "email", Kind: graph.UniqueConstraint, Entity: graph.NodeEntity, Label: person, Keys: keys[3:4]}))
	}
	done := 0
	step := func() {
		done++
		if done%1000 == 0 {
			runtime.Gosched()
		}
		if *budgetBatch > 0 && done%*budgetBatch == 0 {
			_, err := tx.Commit()
			require.NoError(t, err)
			tx = g.Begin()
		}
	}
	labels := []graph.LabelID{person}
	props := make([]graph.Property, 4)
	for i := 0; i < n; i++ {
		props[0] = graph.Property{Key: keys[0], Value: graph.Int(int64(r.Intn(100)))}
		props[1] = graph.Property{Key: keys[1], Value: graph.Float(r.Float64())}
		props[2] = graph.Property{Key: keys[2], Value: graph.String(cities[r.Intn(len(cities))])}
		props[3] = graph.Property{Key: keys[3], Value: graph.String(email(r))}
		if _, err := tx.CreateNode(labels, props); err != nil {
			t.Fatal(err)
		}
		step()
	}
	props = props[:1]
	for i := 0; i < 5*n; i++ {
		props[0] = graph.Property{Key: keys[4], Value: graph.Int(int64(r.Intn(10_000)))}
		if _, err := tx.CreateRel(graph.Node(r.Intn(n)), graph.Node(r.Intn(n)), knows, props); err != nil {
			t.Fatal(err)
		}
		step()
	}
	_, err := tx.Commit()
	require.NoError(t, err)
}

var cities = strings.Fields("Zurich Geneva Basel Bern Lausanne Winterthur Lucerne Lugano Biel Thun")

// email makes a random text of 16 bytes.
func email(r *rand.Rand) string {
	const letters = "abcdefghijklmnopqrstuvwxyz012345"
	var b [16]byte
	x := r.Uint64()
	for i := range b {
		if i == 12 {
			x = r.Uint64()
		}
		b[i] = letters[x&31]
		x >>= 5
	}
	return string(b[:])
}
