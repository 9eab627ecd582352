package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/importer"
)

type importCommand struct {
	store
	Files          []string `arg:"" name:"file" help:"Files ending in .cypher or .cql (scripts) or .csv, folders with .csv files in them and below them, or one backup made by export."`
	Delimiter      string   `default:"," help:"Between the fields of a CSV file; \\t is a tab."`
	ArrayDelimiter string   `default:";" help:"Between the items of an array, and between labels."`
	IDType         string   `name:"id-type" enum:"string,integer" default:"string" help:"What a named :ID column becomes as a property: string or integer."`
	BatchSize      int      `default:"10000" help:"Elements in one transaction."`
	Replace        bool     `help:"Put a backup in the place of the store that is there, which is kept beside."`
	Quiet          bool     `short:"q" help:"No progress bar."`
}

// Run creates the store when it is missing. Scripts run first, in the order
// given; all CSV files are one import.
func (c *importCommand) Run(ctx context.Context, t terminal) error {
	backup, err := c.isBackup()
	if err != nil {
		return err
	}
	if backup {
		return c.restore(ctx, c.Files[0], t)
	}
	scripts, tables, err := c.sources()
	if err != nil {
		return err
	}
	delimiter := strings.ReplaceAll(c.Delimiter, `\t`, "\t")
	if len(delimiter) != 1 {
		return fmt.Errorf("the delimiter must be one byte, not %q", c.Delimiter)
	}
	return c.with(ctx, true, func(db *pocketgraph.DB) error {
		for _, script := range scripts {
			if err := c.script(ctx, db, script, t); err != nil {
				return err
			}
		}
		if len(tables) == 0 {
			return nil
		}
		return c.tables(ctx, db, tables, delimiter[0], t)
	})
}

// isBackup says whether the only file given is a backup, whatever its name.
func (c *importCommand) isBackup() (bool, error) {
	for _, name := range c.Files {
		backup, err := pocketgraph.IsBackup(name)
		if err != nil || !backup {
			if err != nil {
				return false, err
			}
			continue
		}
		if len(c.Files) > 1 {
			return false, fmt.Errorf("%s is a backup, which is imported by itself", name)
		}
		return true, nil
	}
	if c.Replace {
		return false, errors.New("--replace is for backups")
	}
	return false, nil
}

func (c *importCommand) script(ctx context.Context, db *pocketgraph.DB, script importer.Source, t terminal) error {
	begin, bar := time.Now(), c.bar(t)
	report, err := importer.Script(ctx, db, script, bar.show)
	bar.clear()
	fmt.Fprintf(t.out, "%s: %s, %s%s\n", script.Name, plural(int(report.Statements), "statement"), created(report), took(t, begin))
	return err
}

func (c *importCommand) tables(ctx context.Context, db *pocketgraph.DB, tables []importer.Source, delimiter byte, t terminal) error {
	begin, bar := time.Now(), c.bar(t)
	options := importer.Options{Delimiter: delimiter, ArrayDelimiter: c.ArrayDelimiter, BatchSize: c.BatchSize, Progress: bar.show}
	if c.IDType == "integer" {
		options.IDKind = importer.IDInteger
	}
	report, err := importer.CSV(ctx, db, tables, options)
	bar.clear()
	fmt.Fprintf(t.out, "%s: %s%s\n", plural(len(tables), "file"), created(report), took(t, begin))
	return err
}

func created(r importer.Report) string {
	return plural(int(r.Nodes), "node") + " and " + plural(int(r.Relationships), "relationship") + " created"
}

// sources sorts the files given into scripts and tables.
func (c *importCommand) sources() (scripts, tables []importer.Source, err error) {
	for _, name := range c.Files {
		names, err := tablesBelow(name)
		if err != nil {
			return nil, nil, err
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
				return nil, nil, fmt.Errorf("%s: known are .cypher, .cql, .csv and .tsv", name)
			}
		}
	}
	return scripts, tables, nil
}

// tablesBelow is a file itself, or the tables in a folder and those below it.
func tablesBelow(name string) (names []string, err error) {
	if info, err := os.Stat(name); err != nil || !info.IsDir() {
		return []string{name}, err
	}
	err = filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
		if kind := strings.ToLower(filepath.Ext(path)); err == nil && !entry.IsDir() && (kind == ".csv" || kind == ".tsv") {
			names = append(names, path)
		}
		return err
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s holds no .csv file", name)
	}
	return names, err
}

func fileSource(name string) (importer.Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return importer.Source{}, err
	}
	return importer.Source{Name: name, Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(name) }}, nil
}

// bar draws the progress of one import on a screen.
type bar struct {
	screen io.Writer // nil: draw nothing
	drawn  *progressbar.ProgressBar
	phase  string
}

func (c *importCommand) bar(t terminal) *bar {
	if c.Quiet || !t.bars {
		return &bar{}
	}
	return &bar{screen: t.err}
}

// phaseNames say what a phase does; all as wide as the widest.
var phaseNames = map[string]string{"check": "checking", "write": "writing "}

// show draws a bar, a new one for each phase. A bar that cannot be drawn is no
// reason to stop.
func (b *bar) show(p importer.Progress) {
	if b.screen == nil {
		return
	}
	if p.Phase != b.phase {
		b.clear()
		b.phase = p.Phase
		b.drawn = progressbar.NewOptions64(max(p.Total, 1), progressbar.OptionSetWriter(b.screen), progressbar.OptionSetWidth(40),
			progressbar.OptionSetDescription(phaseNames[p.Phase]), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(progressInterval))
		_ = b.drawn.RenderBlank()
	}
	_ = b.drawn.Set64(min(p.Done, p.Total))
}

// clear leaves the line as it was found.
func (b *bar) clear() {
	if b.drawn != nil {
		_ = b.drawn.Clear()
	}
	b.drawn, b.phase = nil, ""
}
