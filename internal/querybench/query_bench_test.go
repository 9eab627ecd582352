package querybench

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/mem"
)

const (
	people = 10_000
	knows  = 50_000
)

// social makes Person {id, name, age, city, score} and KNOWS {since}. The
// person of rank r is an end with a probability of 1/(2·sqrt(r·people)).
func social(tb testing.TB) *mem.State {
	g := mem.New("b")
	tx := g.Begin()
	label, _ := tx.Label("Person")
	typ, _ := tx.Type("KNOWS")
	key := func(name string) graph.KeyID { k, _ := tx.Key(name); return k }
	id, name, age, city, score, since := key("id"), key("name"), key("age"), key("city"), key("score"), key("since")
	require.NoError(tb, tx.CreateIndex(graph.IndexDefinition{Name: "person_id", Entity: graph.NodeEntity, Label: label, Keys: []graph.KeyID{id}}))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range people {
		_, err := tx.CreateNode([]graph.LabelID{label}, []graph.Property{
			{Key: id, Value: graph.Int(int64(10 + 3*i))}, {Key: name, Value: graph.String("person " + strconv.Itoa(i))},
			{Key: age, Value: graph.Int(r.Int64N(90))}, {Key: city, Value: graph.String("City " + strconv.Itoa(int(100*math.Pow(r.Float64(), 2))))},
			{Key: score, Value: graph.Float(r.Float64())},
		})
		require.NoError(tb, err)
	}
	end := func() int { return int(people*math.Pow(r.Float64(), 2)) * 15_485_863 % people }
	seen := map[[2]int]bool{}
	for n := 0; n < knows; {
		a, b := end(), end()
		if a == b || seen[[2]int{min(a, b), max(a, b)}] {
			continue
		}
		seen[[2]int{min(a, b), max(a, b)}] = true
		_, err := tx.CreateRel(graph.Node(a), graph.Node(b), typ, []graph.Property{{Key: since, Value: graph.Int(1990 + r.Int64N(35))}})
		require.NoError(tb, err)
		n++
	}
	s, err := tx.Commit()
	require.NoError(tb, err)
	return s
}

var person = []string{"id"}

var works = []struct {
	name, text string
	ids        []string // parameters that are somebody's id
}{
	{"one", "RETURN 1 AS one", nil},
	{"lookup", "MATCH (p:Person {id: $id}) RETURN p.name AS name", person},
	{"neighbours", "MATCH (p:Person {id: $id})-[:KNOWS]->(f:Person) RETURN f.id AS id", person},
	{"hops2", "MATCH (p:Person {id: $id})-[:KNOWS]->()-[:KNOWS]->(f) RETURN count(DISTINCT f) AS n", person},
	{"hops3", "MATCH (p:Person {id: $id})-[:KNOWS]->()-[:KNOWS]->()-[:KNOWS]->(f) RETURN count(DISTINCT f) AS n", person},
	{"upto3", "MATCH (p:Person {id: $id})-[:KNOWS*1..3]->(f) RETURN count(DISTINCT f) AS n", person},
	{"path", "MATCH (a:Person {id: $a}), (b:Person {id: $b}) MATCH p = shortestPath((a)-[:KNOWS*]->(b)) RETURN length(p) AS n", []string{"a", "b"}},
	{"group", "MATCH (p:Person) RETURN p.city AS city, count(*) AS n, avg(p.age) AS age", nil},
	{"top", "MATCH (p:Person)-[:KNOWS]->() RETURN p.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 10", nil},
	{"members", "MATCH (p:Person)-[:KNOWS]->(:Person) RETURN p.id AS id, count(*) AS n ORDER BY n DESC, id LIMIT 10", nil},
	{"range", "MATCH (p:Person) WHERE $low <= p.age AND p.age < $high RETURN count(p) AS n", nil},
	{"triangles", "MATCH (a:Person)-[:KNOWS]->(b:Person)-[:KNOWS]->(c:Person), (a)-[:KNOWS]->(c) RETURN count(*) AS n", nil},
}

// BenchmarkQuery runs each work with parameters that vary from call to call.
func BenchmarkQuery(b *testing.B) {
	state := social(b)
	e := cypher.NewEngine(cypher.Config{})
	for _, w := range works {
		b.Run(w.name, func(b *testing.B) {
			s, err := e.Prepare(w.text)
			require.NoError(b, err)
			rows := 0
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				rows += run(b, e, state, s, parameters(w.ids, i))
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}

func parameters(ids []string, i int) map[string]graph.Value {
	params := map[string]graph.Value{"low": graph.Int(int64(i % 70)), "high": graph.Int(int64(i%70 + 20))}
	for k, name := range ids {
		params[name] = graph.Int(int64(10 + 3*((i+k*4177)*7919%people)))
	}
	return params
}

func run(b *testing.B, e *cypher.Engine, state *mem.State, s *cypher.Statement, params map[string]graph.Value) int {
	rows, err := e.Run(&cypher.Runtime{Reader: state}, s, params)
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for {
		batch, err := rows.Next()
		if err != nil {
			b.Fatal(err)
		}
		if batch == nil {
			rows.Close()
			return n
		}
		n += batch.Len
	}
}
