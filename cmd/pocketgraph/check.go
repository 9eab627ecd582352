package main

import (
	"context"
	"fmt"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

type checkCommand struct{ store }

// Run opens the store, which must exist, says what recovery found, and walks
// everything. It ends with exit code 3 when an invariant is broken.
func (c *checkCommand) Run(ctx context.Context, t terminal) error {
	return c.with(ctx, false, func(db *pocketgraph.DB) error {
		printReport(t.out, db.Report())
		problems, err := db.Check(ctx)
		if err != nil {
			return err
		}
		for _, problem := range problems {
			fmt.Fprintln(t.out, "broken:", problem)
		}
		stats := db.Stats()
		fmt.Fprintf(t.out, "%s, %s, sequence %d\n", plural(stats.Nodes, "node"), plural(stats.Relationships, "relationship"), stats.Sequence)
		if len(problems) > 0 {
			return errBroken
		}
		fmt.Fprintln(t.out, "no invariant is broken")
		return nil
	})
}
