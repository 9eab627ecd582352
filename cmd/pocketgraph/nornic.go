package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/importer"
	"github.com/pocketgraph/pocketgraph/internal/nornic"
)

type nornicCommand struct {
	Src       string `arg:"" help:"Directory of NornicDB: holds wal/wal.log or wal.log, and perhaps snapshot.json or snapshot-….json, of which the newest is taken."`
	Dir       string `arg:"" help:"Directory of the store."`
	Snapshot  string `help:"The snapshot, when it is elsewhere." type:"path"`
	Report    string `help:"Write what was imported and what is wrong with the files to this file, as JSON." type:"path"`
	Add       bool   `help:"Import into a store that holds something already."`
	BatchSize int    `help:"Elements in one transaction; 0: all are one."`
	Quiet     bool   `short:"q" help:"No progress bar."`
}

// Run imports and prints what was found. Damage that could be passed over is no
// failure: it is printed, and in the report.
func (c *nornicCommand) Run(ctx context.Context, t terminal) (err error) {
	src, closeLog, err := c.source()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	target := store{Dir: c.Dir}
	return target.with(ctx, true, func(db *pocketgraph.DB) error {
		if stats := db.Stats(); stats.Nodes > 0 && !c.Add {
			return &pocketgraph.Error{Code: pocketgraph.CodeExists, Offset: -1,
				Message: fmt.Sprintf("%s holds %s already", c.Dir, plural(stats.Nodes, "node")),
				Hint:    "import into a new directory, or beside what is there with --add"}
		}
		return c.into(ctx, db, src, t)
	})
}

func (c *nornicCommand) into(ctx context.Context, db *pocketgraph.DB, src nornic.Source, t terminal) error {
	begin, bar := time.Now(), (&importCommand{Quiet: c.Quiet}).bar(t)
	report, err := importer.NornicDB(ctx, db, src, c.BatchSize, bar.show)
	bar.clear()
	if err != nil {
		return err
	}
	for _, f := range report.Findings {
		fmt.Fprintf(t.out, "%s: %s\n", f.Kind, visible(f.Detail))
	}
	if report.Omitted > 0 {
		fmt.Fprintf(t.out, "and %d more\n", report.Omitted)
	}
	fmt.Fprintf(t.out, "applied=%d skipped=%d refused=%d\n", report.Applied, report.Skipped, report.Refused)
	fmt.Fprintf(t.out, "%s and %s imported, to sequence %d%s\n", plural(report.Nodes, "node"), plural(report.Edges, "relationship"), report.LastSequence, took(t, begin))
	return writeReport(c.Report, report)
}

// source finds the files. One of the two must be there.
func (c *nornicCommand) source() (src nornic.Source, closeLog func() error, err error) {
	closeLog = func() error { return nil }
	log, err := firstFile(filepath.Join(c.Src, "wal", "wal.log"), filepath.Join(c.Src, "wal.log"))
	if err != nil {
		return src, closeLog, err
	}
	snapshot := c.Snapshot
	if snapshot == "" {
		if snapshot, err = c.newestSnapshot(); err != nil {
			return src, closeLog, err
		}
	}
	if log == "" && snapshot == "" {
		return src, closeLog, &pocketgraph.Error{Code: pocketgraph.CodeNotFound, Offset: -1,
			Message: c.Src + " holds neither wal/wal.log nor wal.log nor a snapshot"}
	}
	if snapshot != "" {
		src.Snapshot = func() (io.ReadCloser, error) { return os.Open(snapshot) }
	}
	if log == "" {
		return src, closeLog, nil
	}
	f, err := os.Open(log)
	if err != nil {
		return src, closeLog, err
	}
	info, err := f.Stat()
	if err != nil {
		return src, closeLog, errors.Join(err, f.Close())
	}
	src.Log, src.LogBytes = f, info.Size()
	return src, f.Close, nil
}

// newestSnapshot is snapshot.json, or the last by name of those that NornicDB
// writes by itself: their names are times.
func (c *nornicCommand) newestSnapshot() (string, error) {
	name, err := firstFile(filepath.Join(c.Src, "snapshot.json"))
	if name != "" || err != nil {
		return name, err
	}
	names, err := filepath.Glob(filepath.Join(escaped(c.Src), "snapshot-*.json"))
	if err != nil || len(names) == 0 {
		return "", err
	}
	return slices.Max(names), nil
}

// escaped keeps a directory's name from being a pattern.
func escaped(dir string) string {
	var out []rune
	for _, c := range dir {
		if c == '*' || c == '?' || c == '[' || c == '\\' {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return string(out)
}

// firstFile is the first of the files that is there, or empty.
func firstFile(names ...string) (string, error) {
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case err == nil && info.IsDir():
			return "", fmt.Errorf("%s is a directory", name)
		case err == nil:
			return name, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		}
	}
	return "", nil
}
