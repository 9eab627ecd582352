package exec

import (
	"strconv"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// graphFunctions take nodes, relationships and paths apart.
var graphFunctions = []*function{
	{Function: decl("id", intType, elementArg), fn1: identity},
	{Function: decl("elementId", stringType, elementArg), fn1: elementID},
	{Function: decl("labels", bind.ListOf(stringType), nodeArg), fn1: labelsOf},
	{Function: decl("type", stringType, relArg), fn1: typeOf},
	{Function: decl("properties", mapType, elementsArg), fn1: propertiesOf},
	{Function: decl("keys", bind.ListOf(stringType), elementsArg), fn1: keysOf},
	{Function: decl("startNode", nodeType, relArg), fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value { return endOf(r, v, at, true) }},
	{Function: decl("endNode", nodeType, relArg), fn1: func(r *Run, v graph.Value, at syntax.Range) graph.Value { return endOf(r, v, at, false) }},
	{Function: decl("nodes", bind.ListOf(nodeType), pathArg), fn1: nodesOf},
	{Function: decl("relationships", bind.ListOf(bind.Of(bind.RelBase)), pathArg), fn1: relsOf},
	{Function: decl("rels", bind.ListOf(bind.Of(bind.RelBase)), pathArg), fn1: relsOf},
	{Function: decl("length", intType, pathArg), fn1: lengthOf},
	{Function: decl("hasLabels", boolType, nodeArg, listArg), fn2: func(r *Run, n, l graph.Value, at syntax.Range) graph.Value {
		if n.Kind() != graph.KindNode || l.Kind() != graph.KindList {
			return wrong(r, "hasLabels", n, at)
		}
		for _, name := range l.AsList() {
			id, ok := r.reader.LookLabel(name.AsString())
			if !ok || !r.reader.HasLabel(n.AsNode(), id) {
				return graph.Bool(false)
			}
		}
		return graph.Bool(true)
	}},
}

func identity(r *Run, v graph.Value, at syntax.Range) graph.Value {
	switch v.Kind() {
	case graph.KindNode:
		return graph.Int(int64(r.reader.NodeID(v.AsNode())))
	case graph.KindRel:
		return graph.Int(int64(r.reader.RelID(v.AsRel())))
	}
	return wrong(r, "id", v, at)
}

func elementID(r *Run, v graph.Value, at syntax.Range) graph.Value {
	prefix := r.reader.ElementPrefix()
	switch v.Kind() {
	case graph.KindNode:
		return graph.String(prefix + ":n:" + strconv.FormatUint(uint64(r.reader.NodeID(v.AsNode())), 10))
	case graph.KindRel:
		return graph.String(prefix + ":r:" + strconv.FormatUint(uint64(r.reader.RelID(v.AsRel())), 10))
	}
	return wrong(r, "elementId", v, at)
}

func labelsOf(r *Run, v graph.Value, at syntax.Range) graph.Value {
	if v.Kind() != graph.KindNode {
		return wrong(r, "labels", v, at)
	}
	if r.deleted && !r.hasNode(v.AsNode()) {
		return deletedAccess(r, at)
	}
	ids := r.reader.AppendLabels(nil, v.AsNode())
	out := make([]graph.Value, len(ids))
	for i, id := range ids {
		out[i] = graph.String(r.reader.LabelName(id))
	}
	return graph.List(out)
}

func typeOf(r *Run, v graph.Value, at syntax.Range) graph.Value {
	if v.Kind() != graph.KindRel {
		return wrong(r, "type", v, at)
	}
	return graph.String(r.reader.TypeName(r.reader.RelType(v.AsRel())))
}

func keysOf(r *Run, v graph.Value, at syntax.Range) graph.Value {
	m := propertiesOf(r, v, at).AsMap()
	if m == nil {
		return graph.Null
	}
	out := make([]graph.Value, m.Len())
	for i := range out {
		k, _ := m.At(i)
		out[i] = graph.String(k)
	}
	return graph.List(out)
}

func endOf(r *Run, v graph.Value, at syntax.Range, start bool) graph.Value {
	if v.Kind() != graph.KindRel {
		return wrong(r, "startNode", v, at)
	}
	a, b := r.reader.RelEnds(v.AsRel())
	if start {
		return graph.NodeValue(a)
	}
	return graph.NodeValue(b)
}

func nodesOf(r *Run, v graph.Value, at syntax.Range) graph.Value {
	if v.Kind() != graph.KindPath {
		return wrong(r, "nodes", v, at)
	}
	out := make([]graph.Value, len(v.AsPath().Nodes))
	for i, n := range v.AsPath().Nodes {
		out[i] = graph.NodeValue(n)
	}
	return graph.List(out)
}

func relsOf(r *Run, v graph.Value, at syntax.Range) graph.Value {
	if v.Kind() != graph.KindPath {
		return wrong(r, "relationships", v, at)
	}
	return r.relList(v.AsPath().Rels, false)
}

func lengthOf(r *Run, v graph.Value, at syntax.Range) graph.Value {
	if v.Kind() != graph.KindPath {
		return wrong(r, "length", v, at)
	}
	return graph.Int(int64(len(v.AsPath().Rels)))
}
