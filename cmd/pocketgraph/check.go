package main

import (
	"context"
	"fmt"
	"io"

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
		stats := db.Stats()
		fmt.Fprintf(t.out, "%s, %s, sequence %d\n", plural(stats.Nodes, "node"), plural(stats.Relationships, "relationship"), stats.Sequence)
		if printProblems(t.out, problems) {
			return errBroken
		}
		return nil
	})
}

// printProblems prints what Check found and reports whether it is anything.
func printProblems(w io.Writer, problems []string) bool {
	for _, problem := range problems {
		fmt.Fprintln(w, "broken:", visible(problem))
	}
	if len(problems) == 0 {
		fmt.Fprintln(w, "no invariant is broken")
	}
	return len(problems) > 0
}
