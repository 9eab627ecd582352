package storage_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/mem"
)

// fingerprint renders everything that a state says about itself, ordered by
// identity, so that two states are equal exactly when their texts are.
func fingerprint(r graph.Reader) string {
	var lines []string
	nodes := make([]graph.Node, r.NodeCount()+1)
	for _, n := range nodes[:r.ScanNodes(0, nodes)] {
		var labels []string
		for _, l := range r.AppendLabels(nil, n) {
			labels = append(labels, r.LabelName(l))
		}
		sort.Strings(labels)
		lines = append(lines, fmt.Sprintf("node %06d %v %s", r.NodeID(n), labels, properties(r, r.AppendNodeProperties(nil, n))))
	}
	rels := make([]graph.Rel, r.RelCount()+1)
	for _, rel := range rels[:r.ScanRels(0, rels)] {
		start, end := r.RelEnds(rel)
		lines = append(lines, fmt.Sprintf("rel %06d %d-%s-%d %s", r.RelID(rel), r.NodeID(start), r.TypeName(r.RelType(rel)), r.NodeID(end),
			properties(r, r.AppendRelProperties(nil, rel))))
	}
	sort.Strings(lines)
	for _, ix := range r.Indexes() {
		lines = append(lines, fmt.Sprintf("index %s %v %v entries %d", ix.Name, ix.Entity, ix.Keys, ix.Entries))
	}
	for _, c := range r.Constraints() {
		lines = append(lines, fmt.Sprintf("constraint %s %v %v", c.Name, c.Kind, c.Keys))
	}
	return strings.Join(lines, "\n")
}

func properties(r graph.Reader, list []graph.Property) string {
	var out []string
	for _, p := range list {
		out = append(out, r.KeyName(p.Key)+"="+text(p.Value))
	}
	sort.Strings(out)
	return "{" + strings.Join(out, " ") + "}"
}

func text(v graph.Value) string {
	switch v.Kind() {
	case graph.KindInt:
		return fmt.Sprint(v.AsInt())
	case graph.KindFloat:
		return fmt.Sprintf("%v (float)", v.AsFloat())
	case graph.KindBool:
		return fmt.Sprint(v.AsBool())
	case graph.KindString:
		return fmt.Sprintf("%q", v.AsString())
	case graph.KindBytes:
		return fmt.Sprintf("% x", v.AsBytes())
	case graph.KindVector:
		return fmt.Sprint(v.AsVector())
	case graph.KindList:
		var items []string
		for _, item := range v.AsList() {
			items = append(items, text(item))
		}
		return "[" + strings.Join(items, " ") + "]"
	case graph.KindDate:
		return fmt.Sprint("date ", v.AsDate())
	case graph.KindDateTime:
		return fmt.Sprintf("datetime %+v", v.AsDateTime())
	case graph.KindDuration:
		return fmt.Sprintf("duration %+v", v.AsDuration())
	}
	return v.Kind().String()
}

// requireSound fails when the state breaks an invariant.
func requireSound(t require.TestingT, s *mem.State, about ...any) {
	var problems []string
	s.Check(func(problem string) { problems = append(problems, problem) })
	require.Empty(t, problems, about...)
}

// must is for setting up: what cannot fail there.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		require.NoError(t, err)
		return v
	}
}
