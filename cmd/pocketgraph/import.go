package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/schollz/progressbar/v3"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/importer"
)

type importCommand struct {
	store
	Files          []string `arg:"" name:"file" help:"Files ending in .cypher or .cql (scripts) or .csv, or folders of .csv files."`
	Delimiter      string   `default:"," help:"Between the fields of a CSV file; \\t is a tab."`
	ArrayDelimiter string   `default:";" help:"Between the items of an array, and between labels."`
	IDType         string   `name:"id-type" enum:"string,integer" default:"string" help:"What a named :ID column becomes as a property: string or integer."`
	BatchSize      int      `default:"10000" help:"Elements in one transaction."`
	Quiet          bool     `short:"q" help:"No progress bar."`
}

// Run creates the store when it is missing. Scripts run first, in the order
// given; all CSV files are one import.
func (c *importCommand) Run(ctx context.Context, t terminal) error {
	scripts, tables, err := c.sources()
	if err != nil {
		return err
	}
	delimiter := strings.ReplaceAll(c.Delimiter, `\t`, "\t")
	if len(delimiter) != 1 {
		return fmt.Errorf("the delimiter must be one byte, not %q", c.Delimiter)
	}
	return c.with(ctx, true, func(db *pocketgraph.DB) error {
		bar := c.progress(t.err)
		for _, script := range scripts {
			report, err := importer.Script(ctx, db, script, bar)
			fmt.Fprintf(t.out, "%s: %s, %s and %s created\n", script.Name, plural(int(report.Statements), "statement"),
				plural(int(report.Nodes), "node"), plural(int(report.Relationships), "relationship"))
			if err != nil {
				return err
			}
		}
		if len(tables) == 0 {
			return nil
		}
		options := importer.Options{Delimiter: delimiter[0], ArrayDelimiter: c.ArrayDelimiter, BatchSize: c.BatchSize, Progress: bar}
		if c.IDType == "integer" {
			options.IDKind = importer.IDInteger
		}
		report, err := importer.CSV(ctx, db, tables, options)
		fmt.Fprintf(t.out, "%s: %s and %s created\n", plural(len(tables), "file"),
			plural(int(report.Nodes), "node"), plural(int(report.Relationships), "relationship"))
		return err
	})
}

// sources sorts the files given into scripts and tables.
func (c *importCommand) sources() (scripts, tables []importer.Source, err error) {
	for _, name := range c.Files {
		info, err := os.Stat(name)
		if err != nil {
			return nil, nil, err
		}
		names := []string{name}
		if info.IsDir() {
			if names, err = filepath.Glob(filepath.Join(name, "*.csv")); err != nil {
				return nil, nil, err
			}
			if len(names) == 0 {
				return nil, nil, fmt.Errorf("%s holds no .csv file", name)
			}
		}
		for _, name := range names {
			source, err := fileSource(name)
			if err != nil {
				return nil, nil, err
			}
			switch strings.ToLower(filepath.Ext(name)) {
			case ".cypher", ".cql":
				scripts = append(scripts, source)
			case ".csv", ".tsv":
				tables = append(tables, source)
			default:
				return nil, nil, fmt.Errorf("%s: known are .cypher, .cql and .csv", name)
			}
		}
	}
	return scripts, tables, nil
}

func fileSource(name string) (importer.Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return importer.Source{}, err
	}
	return importer.Source{Name: name, Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(name) }}, nil
}

// progress draws a bar for each phase and file on w.
func (c *importCommand) progress(w io.Writer) func(importer.Progress) {
	if c.Quiet {
		return nil
	}
	var bar *progressbar.ProgressBar
	var shown string
	return func(p importer.Progress) {
		if title := p.Phase; bar == nil || title != shown {
			bar = progressbar.NewOptions64(p.Total, progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
				progressbar.OptionSetDescription(title), progressbar.OptionOnCompletion(func() { fmt.Fprintln(w) }),
				progressbar.OptionThrottle(progressInterval))
			shown = title
		}
		_ = bar.Set64(min(p.Done, p.Total)) // a bar that cannot be drawn is no reason to stop
	}
}
