package main

import (
	"context"
	"fmt"
	"time"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/importer"
)

type exportCommand struct {
	store
	File     string `arg:"" help:"The file. It appears when it is whole; one of that name is replaced."`
	Format   string `enum:",csv,jsonl,neo4j-json,graphology,cypher,graphml,gexf,pocketgraph" default:"" help:"Left out: what the file's name says, or a PocketGraph file, which is a backup."`
	Plain    bool   `help:"JSON as APOC writes it: dates and the like are text, and come back as text."`
	Elements string `enum:",nodes,relationships" default:"" help:"CSV of nodes or of relationships alone, as neo4j-admin reads it."`
	Report   string `type:"path" help:"Write what was exported and what the format cannot hold to this file, as JSON."`
	Quiet    bool   `short:"q" help:"No progress bar."`
}

// Run writes one committed state.
func (c *exportCommand) Run(ctx context.Context, t terminal) error {
	format := formats.Format(c.Format)
	if format == "" {
		format = formats.ByName(c.File)
	}
	return c.with(ctx, false, func(db *pocketgraph.DB) error {
		if format == "" || format == formats.PocketGraph {
			return c.backup(ctx, db, t)
		}
		begin, bar := time.Now(), (&importCommand{Quiet: c.Quiet}).bar(t)
		report, err := importer.ExportFile(ctx, db, c.File, formats.WriteOptions{Format: format, Plain: c.Plain, Elements: c.Elements, Progress: bar.show})
		bar.clear()
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s and %s in %s%s\n", plural(int(report.Nodes), "node"), plural(int(report.Relationships), "relationship"), format, took(t, begin))
		notes(t, report)
		return writeReport(c.Report, report)
	})
}

func (c *exportCommand) backup(ctx context.Context, db *pocketgraph.DB, t terminal) error {
	begin := time.Now()
	info, err := db.ExportFile(ctx, c.File)
	if err != nil {
		return err
	}
	stats := db.Stats()
	fmt.Fprintf(t.out, "%s and %s to sequence %d in %s%s\n", plural(stats.Nodes, "node"),
		plural(stats.Relationships, "relationship"), info.Sequence, bytesText(info.Bytes), took(t, begin))
	return nil
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
