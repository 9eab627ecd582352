package main

import (
	"context"
	"encoding/json"
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
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/importer"
)

type importCommand struct {
	store
	Files          []string `arg:"" name:"file" help:"Files, folders with .csv files in them and below them, or one PocketGraph file made by export."`
	Format         string   `enum:",csv,jsonl,neo4j-json,graphology,cypher,graphml,gexf" default:"" help:"What the files are, where their names and beginnings do not say."`
	Delimiter      string   `help:"Between the fields of a CSV file; \\t is a tab. Left out: what the first line has most of."`
	ArrayDelimiter string   `default:";" help:"Between the items of an array, and between labels."`
	IDType         string   `name:"id-type" enum:"string,integer" default:"string" help:"What a named :ID column becomes as a property: string or integer."`
	Mapping        string   `type:"path" help:"A JSON file that says what the columns of plain CSV files are."`
	IDProperty     string   `name:"id-property" help:"Keep the identifiers of nodes in JSON, GraphML and GEXF files as this property."`
	Type           string   `help:"Type of relationships whose file gives them none."`
	BatchSize      int      `help:"Elements in one transaction; 0: all are one. Of scripts any number makes each statement a transaction."`
	Replace        bool     `help:"Put a PocketGraph file in the place of the store that is there, which is kept beside."`
	Report         string   `type:"path" help:"Write what was imported and what is to be known about it to this file, as JSON."`
	Quiet          bool     `short:"q" help:"No progress bar."`
}

// Run creates the store when it is missing. Everything is one import.
func (c *importCommand) Run(ctx context.Context, t terminal) error {
	backup, err := c.isBackup()
	if err != nil {
		return err
	}
	if backup {
		return c.restore(ctx, c.Files[0], t)
	}
	sources, err := c.sources()
	if err != nil {
		return err
	}
	options, err := c.options()
	if err != nil {
		return err
	}
	return c.with(ctx, true, func(db *pocketgraph.DB) error {
		begin, bar := time.Now(), c.bar(t)
		options.Progress = bar.show
		report, err := importer.Import(ctx, db, sources, options)
		bar.clear()
		fmt.Fprintf(t.out, "%s: %s%s\n", plural(len(sources), "file"), created(report), took(t, begin))
		notes(t, report)
		return errors.Join(err, writeReport(c.Report, report))
	})
}

func (c *importCommand) options() (o importer.Options, err error) {
	delimiter := strings.ReplaceAll(c.Delimiter, `\t`, "\t")
	if len(delimiter) > 1 {
		return o, fmt.Errorf("the delimiter must be one byte, not %q", c.Delimiter)
	}
	o.BatchSize = c.BatchSize
	o.Format, o.ArrayDelimiter, o.IDProperty, o.Type = formats.Format(c.Format), c.ArrayDelimiter, c.IDProperty, c.Type
	if delimiter != "" {
		o.Delimiter = delimiter[0]
	}
	if c.IDType == "integer" {
		o.IDs = formats.IDInteger
	}
	if c.Mapping != "" {
		text, err := os.ReadFile(c.Mapping)
		if err != nil {
			return o, err
		}
		if o.Mappings, err = formats.ParseMappings(text); err != nil {
			return o, fmt.Errorf("%s: %w", c.Mapping, err)
		}
	}
	return o, nil
}

// notes prints what is not in the store as it was in the file, or the other way
// round.
func notes(t terminal, report formats.Report) {
	for _, n := range report.Notes {
		more := ""
		if n.Count > 1 {
			more = fmt.Sprintf(", and %d more", n.Count-1)
		}
		fmt.Fprintf(t.out, "%s: %s%s\n", n.Kind, visible(n.Detail), more)
	}
}

// writeReport writes a report for a program, where a file is named.
func writeReport(name string, report any) error {
	if name == "" {
		return nil
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o666)
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

func created(r formats.Report) string {
	text := plural(int(r.Nodes), "node") + " and " + plural(int(r.Relationships), "relationship") + " created"
	if r.Statements > 0 {
		text = plural(int(r.Statements), "statement") + ", " + text
	}
	return text
}

// sources are the files given, and those in the folders given.
func (c *importCommand) sources() (sources []formats.Source, err error) {
	for _, name := range c.Files {
		names, err := tablesBelow(name)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			source, err := fileSource(name)
			if err != nil {
				return nil, err
			}
			sources = append(sources, source)
		}
	}
	return sources, nil
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

func fileSource(name string) (formats.Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return formats.Source{}, err
	}
	return formats.Source{Name: name, Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(name) }}, nil
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
var phaseNames = map[string]string{"read": "reading", "write": "writing"}

// show draws a bar, a new one for each phase. A bar that cannot be drawn is no
// reason to stop.
func (b *bar) show(p formats.Progress) {
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
