package cypher

import (
	"strings"
	"testing"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
	"github.com/stretchr/testify/require"
)

// TestExplainNamesWhatIsMissing: EXPLAIN tells labels, types and properties that
// the graph never had, and what may have been meant.
func TestExplainNamesWhatIsMissing(t *testing.T) {
	e, g := NewEngine(Config{}), mapgraph.New()
	_, _, err := runOn(e, g, "CREATE (:Person {name: 'Ada'})-[:KNOWS]->(:Person)", nil)
	require.NoError(t, err)
	notes := func(text string) (out []string) {
		_, rows, err := runOn(e, g, "EXPLAIN "+text, nil)
		require.NoError(t, err)
		for _, row := range rows {
			if line := row[0].AsString(); strings.HasPrefix(line, "note: ") {
				out = append(out, line)
			}
		}
		return out
	}
	require.Equal(t, []string{
		"note: nothing has the label Persn; did you mean Person?",
		"note: nothing has the type KNOWN; did you mean KNOWS?",
		"note: nothing has the property nmae; did you mean name?",
	}, notes("MATCH (p:Persn)-[:KNOWN]->(q) WHERE p.nmae = 'Ada' RETURN q.name"))
	require.Equal(t, []string{"note: nothing has the property zzzz"}, notes("MATCH (p:Person)-[r]->() WHERE r:KNOWS RETURN p.zzzz"))
	require.Empty(t, notes("MATCH (p:Person) WHERE p:Person RETURN p.name"))
	require.Empty(t, notes("MERGE (p:Never {had: 1})"))
}

// TestMissingParameterIsNamed: one that was given under nearly the same name is
// the hint.
func TestMissingParameterIsNamed(t *testing.T) {
	_, _, err := runOn(NewEngine(Config{}), mapgraph.New(), "RETURN $nmae AS x", map[string]graph.Value{"name": graph.Int(1)})
	var x *Error
	require.ErrorAs(t, err, &x)
	require.Equal(t, "ParameterMissing (MissingParameter): the parameter $nmae was not given\n1 | RETURN $nmae AS x\n  |        ^^^^^\n"+
		"hint: there is one named name: write $name, or give it as nmae", x.Render())
}
