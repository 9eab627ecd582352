// Package cypher runs openCypher statements on any graph.Reader and
// graph.Writer.
//
//	e := cypher.NewEngine(cypher.Config{})
//	s, err := e.Prepare("MATCH (p:Person) WHERE p.age > $age RETURN p.name")
//	rows, err := e.Run(&cypher.Runtime{Reader: reader}, s, params)
//	for b, err := rows.Next(); b != nil; b, err = rows.Next() { … }
//
// Text becomes a tree (package syntax), a checked statement (bind), a plan
// (plan), and a program of batch operators (exec). Errors of all stages are
// *Error, in the words of the openCypher conformance suite.
//
// A statement that fails may have changed part of what it was to change: the
// caller's transaction must be rolled back.
package cypher
