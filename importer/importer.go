package importer

import (
	"context"
	"errors"
	"io/fs"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/nornic"
	"github.com/pocketgraph/pocketgraph/internal/staging"
)

// Options of Import.
type Options struct {
	formats.Options
	// BatchSize is the most elements in one transaction; of scripts, any number
	// makes each statement a transaction of its own. 0: all is one transaction.
	BatchSize int
}

// Import brings files into a database: scripts first, in the order given, then
// all others together. Their formats are guessed where the options do not say.
// Mistakes in files have the code IMPORT and wrap *formats.PlaceError; in scripts
// they are *ScriptError.
func Import(ctx context.Context, db *pocketgraph.DB, sources []formats.Source, o Options) (formats.Report, error) {
	report := formats.Report{Format: formats.Cypher, Notes: []formats.Note{}}
	scripts, others, drop, err := split(sources, o.Format)
	defer drop()
	if err != nil {
		return report, coded(err)
	}
	if o.BatchSize > 0 {
		err := inBatches(ctx, db, scripts, others, o, &report)
		return report, coded(err)
	}
	err = db.Update(ctx, func(tx *pocketgraph.Tx) error {
		query := func(text string) (*pocketgraph.Result, error) { return tx.Query(text, nil) }
		if err := runScripts(ctx, scripts, o, query, &report); err != nil || len(others) == 0 {
			return err
		}
		read, err := formats.Read(ctx, tx.Writer(), others, o.Options)
		report.Add(read)
		return err
	})
	if err != nil {
		report.Nothing()
	}
	return report, coded(err)
}

// split tells scripts from the rest. drop closes what was looked at and not read.
func split(sources []formats.Source, format formats.Format) (scripts, others []formats.Source, drop func(), err error) {
	var drops []func()
	drop = func() {
		for _, d := range drops {
			d()
		}
	}
	for _, s := range sources {
		if format != "" {
			s.Format = format
		}
		s, d, err := formats.Identify(s)
		if err != nil {
			return nil, nil, drop, err
		}
		drops = append(drops, d)
		if s.Format == formats.Cypher {
			scripts = append(scripts, s)
		} else {
			others = append(others, s)
		}
	}
	return scripts, others, drop, nil
}

// inBatches runs each statement by itself, and reads the rest whole before it
// writes it.
func inBatches(ctx context.Context, db *pocketgraph.DB, scripts, others []formats.Source, o Options, report *formats.Report) error {
	query := func(text string) (*pocketgraph.Result, error) { return db.Query(ctx, text, nil) }
	if err := runScripts(ctx, scripts, o, query, report); err != nil || len(others) == 0 {
		return err
	}
	g := staging.New()
	var read formats.Report
	err := g.Update(func(w graph.Writer) (err error) {
		read, err = formats.Read(ctx, w, others, o.Options)
		return err
	})
	read.Nothing()
	if err == nil {
		read.Nodes, read.Relationships, read.Properties, err = Copy(ctx, db, g.Reader(), o.BatchSize, o.Progress)
	}
	report.Add(read)
	return err
}

// coded gives what goes wrong its code: mistakes in files are IMPORT.
func coded(err error) error {
	var own *pocketgraph.Error
	var place *formats.PlaceError
	var file *fs.PathError
	otherwise := pocketgraph.CodeInvalidArgument
	switch {
	case err == nil:
		return nil
	case errors.As(err, &place):
		otherwise = pocketgraph.CodeImport
	case errors.As(err, &file):
		otherwise = pocketgraph.CodeIO
	case errors.Is(err, nornic.ErrHopeless):
		otherwise = pocketgraph.CodeCorrupt
	}
	if !errors.As(err, &own) {
		err = pocketgraph.WithCode(err, otherwise)
	}
	if e, ok := err.(*pocketgraph.Error); ok && e.Code == pocketgraph.CodeLimit {
		limit := *e
		limit.Hint = "An import is one transaction; a batch size makes it several."
		return &limit
	}
	return err
}
