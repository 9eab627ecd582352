package cypher

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
)

// planned are functions of openCypher and of today's Cypher that this engine
// knows by name and does not execute yet. Their use answers NotImplemented,
// which is the truth, where UnknownFunction would send people looking for a
// spelling mistake.
const planned = " normalize linenumber file "

// notYet turns the error about an unknown function into NotImplemented when
// the function is one of those.
func notYet(e *syntax.Error, text string) *syntax.Error {
	if e.Detail != "UnknownFunction" || e.Range.End > len(text) || e.Range.Pos > e.Range.End {
		return e
	}
	name, _, _ := strings.Cut(text[e.Range.Pos:e.Range.End], "(")
	name = strings.TrimSpace(name)
	if !strings.Contains(planned, " "+strings.ToLower(name)+" ") {
		return e
	}
	return &syntax.Error{Code: "NotImplemented", Detail: "NotImplemented", Range: e.Range, Text: e.Text,
		Message: "the function " + name + "() is not implemented yet"}
}
