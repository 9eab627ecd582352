package main

import (
	"context"
	"fmt"

	"github.com/pocketgraph/pocketgraph/internal/nativefs"
	"github.com/pocketgraph/pocketgraph/wal"
)

type logCommand struct {
	Dir string `arg:"" help:"Directory of the store."`
}

// Run prints the files of a store as they are. It takes no lock and changes
// nothing, so it also works on a damaged store and beside a running one.
func (c *logCommand) Run(ctx context.Context, t terminal) error {
	fsys, err := nativefs.New(c.Dir)
	if err != nil {
		return err
	}
	if err := wal.Dump(ctx, fsys, t.out); err != nil {
		return fmt.Errorf("%s: %w", c.Dir, err)
	}
	return nil
}
