// Package staging holds a graph in memory while it is brought together from
// files, before anything of it reaches a store: what goes wrong then leaves the
// store as it was, and the store's writer waits for no file.
package staging

import (
	"context"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/mem"
)

// Graph is a graph that is nowhere else.
type Graph struct{ g *mem.Graph }

// New returns an empty one.
func New() *Graph { return &Graph{mem.New("")} }

// Of stages a graph that was read.
func Of(g *mem.Graph) *Graph { return &Graph{g} }

// Reader is the newest committed state.
func (g *Graph) Reader() graph.Reader { return g.g.State() }

// Begin starts the writing transaction; there is one at a time.
func (g *Graph) Begin(context.Context, bool) (*Tx, error) { return &Tx{g.g.Begin()}, nil }

// Update runs fn in a transaction, which is committed when it returns nil.
func (g *Graph) Update(fn func(graph.Writer) error) error {
	tx, _ := g.Begin(context.Background(), true) // never fails
	if err := fn(tx.Writer()); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Tx is a transaction of a Graph.
type Tx struct{ tx *mem.Tx }

// Writer writes in the transaction.
func (t *Tx) Writer() graph.Writer { return t.tx }

// Commit ends it.
func (t *Tx) Commit() error {
	_, err := t.tx.Commit()
	return err
}

// Rollback drops it.
func (t *Tx) Rollback() { t.tx.Rollback() }
