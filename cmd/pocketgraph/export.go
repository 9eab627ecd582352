package main

import (
	"context"
	"fmt"
	"time"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

type exportCommand struct {
	store
	File string `arg:"" help:"The backup. It appears when it is whole; one of that name is replaced."`
}

// Run writes the backup of one committed state.
func (c *exportCommand) Run(ctx context.Context, t terminal) error {
	return c.with(ctx, false, func(db *pocketgraph.DB) error {
		begin := time.Now()
		info, err := db.ExportFile(ctx, c.File)
		if err != nil {
			return err
		}
		stats := db.Stats()
		fmt.Fprintf(t.out, "%s and %s to sequence %d in %s%s\n", plural(stats.Nodes, "node"),
			plural(stats.Relationships, "relationship"), info.Sequence, bytesText(info.Bytes), took(t, begin))
		return nil
	})
}

// restore makes the store from a backup, in place of the one that is there only
// when asked to.
func (c *importCommand) restore(ctx context.Context, name string, t terminal) error {
	begin := time.Now()
	restored, err := pocketgraph.ImportFile(ctx, name, c.Dir, c.Replace)
	if err != nil {
		if pocketgraph.CodeOf(err) == pocketgraph.CodeExists {
			err = fmt.Errorf("%w\nhint: --replace puts the backup in its place and keeps it beside", err)
		}
		return err
	}
	fmt.Fprintf(t.out, "restored to sequence %d, as of %s%s\n", restored.Sequence, restored.Written.UTC().Format(time.RFC3339), took(t, begin))
	if restored.Kept != "" {
		fmt.Fprintln(t.out, "the store that was there is kept in", restored.Kept)
	}
	return nil
}
