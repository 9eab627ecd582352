package importer

import (
	"context"
	"errors"
	"io"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// Source is one file. It may be opened several times.
type Source struct {
	Name string // for messages
	Size int64  // in bytes, for progress; 0 when unknown
	Open func() (io.ReadCloser, error)
}

// IDKind says what an :ID column with a name becomes as a property.
type IDKind uint8

const (
	IDString  IDKind = iota // text, as neo4j-admin has it by default
	IDInteger               // an integer of 64 bits
)

// BatchSize is how many elements one transaction takes by default: enough that
// flushes do not count, and few enough to stay far below a log record's limit.
const BatchSize = 10_000

// Options of CSV. The zero value is neo4j-admin's default.
type Options struct {
	Delimiter      byte   // between fields; 0 is a comma
	ArrayDelimiter string // between items and labels; empty is a semicolon
	IDKind         IDKind
	BatchSize      int // elements a transaction; 0 is BatchSize
	// Progress is called after every batch and every few thousand lines
	// checked; it may be nil.
	Progress func(Progress)
}

// Progress tells how far the work is.
type Progress struct {
	Phase    string // "check" or "write"
	File     string
	Done     int64 // bytes read in this phase, all files
	Total    int64 // bytes to read in this phase; 0 when unknown
	Elements int64 // nodes and relationships written, or statements run
}

// Report tells what was written.
type Report struct {
	Nodes         int64
	Relationships int64
	Statements    int64 // of a script
}

func (o *Options) defaults() {
	if o.Delimiter == 0 {
		o.Delimiter = ','
	}
	if o.ArrayDelimiter == "" {
		o.ArrayDelimiter = ";"
	}
	if o.BatchSize <= 0 {
		o.BatchSize = BatchSize
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
}

// CSV imports files with headers, nodes first whatever the order they are
// given in. Errors in the files are *PlaceError; see the package comment for
// what is left behind after which error.
func CSV(ctx context.Context, db *pocketgraph.DB, sources []Source, o Options) (Report, error) {
	o.defaults()
	run := &csvRun{ctx: ctx, db: db, options: o, spaces: map[string]idSpace{}}
	for _, s := range sources {
		run.total += s.Size
	}
	files, err := run.headers(sources)
	if err != nil {
		return Report{}, err
	}
	if err := run.each(files, "check", run.check); err != nil {
		return Report{}, err
	}
	err = run.each(files, "write", run.write)
	if err == nil {
		err = run.flush()
	}
	run.abandon()
	return run.report, err
}

// csvFile is a source whose header has been read.
type csvFile struct {
	Source
	header *header
}

// headers reads the first line of every file and puts files of nodes first.
func (run *csvRun) headers(sources []Source) ([]csvFile, error) {
	var nodes, rels []csvFile
	for _, s := range sources {
		in, err := s.Open()
		if err != nil {
			return nil, err
		}
		fields, line, err := newCSVReader(in, s.Name, run.options.Delimiter).next()
		var h *header
		switch {
		case err == io.EOF:
			err = &PlaceError{File: s.Name, Line: line, Err: errors.New("the file is empty; expected a header")}
		case err == nil:
			if h, err = parseHeader(fields); err != nil {
				err = &PlaceError{File: s.Name, Line: line, Err: err}
			}
		}
		if err := errors.Join(err, in.Close()); err != nil {
			return nil, err
		}
		if h.rels {
			rels = append(rels, csvFile{s, h})
		} else {
			nodes = append(nodes, csvFile{s, h})
		}
	}
	return append(nodes, rels...), nil
}

// each calls visit for every line of every file after its header.
func (run *csvRun) each(files []csvFile, phase string, visit func(*csvFile, []field) error) error {
	run.progress = Progress{Phase: phase, Total: run.total}
	for i := range files {
		if err := run.file(&files[i], visit); err != nil {
			return err
		}
	}
	run.options.Progress(run.progress)
	return nil
}

func (run *csvRun) file(f *csvFile, visit func(*csvFile, []field) error) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close() // read only: nothing can be lost
	run.progress.File = f.Name
	r := newCSVReader(&counting{in, &run.progress.Done}, f.Name, run.options.Delimiter)
	if _, _, err := r.next(); err != nil { // the header, read before
		return err
	}
	for lines := 1; ; lines++ {
		fields, line, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err == nil && len(fields) != len(f.header.columns) {
			err = &PlaceError{File: f.Name, Line: line, Err: wrongCount(len(f.header.columns), len(fields))}
		}
		if err != nil {
			return err
		}
		if err := visit(f, fields); err != nil {
			var place *PlaceError
			if errors.As(err, &place) && place.Line == 0 {
				place.File, place.Line = f.Name, line
			}
			return err
		}
		if lines%progressLines == 0 {
			if err := run.ctx.Err(); err != nil {
				return context.Cause(run.ctx)
			}
			run.options.Progress(run.progress)
		}
	}
}

// progressLines is how often progress is told and cancelling is looked for.
const progressLines = 5000

// counting counts the bytes that pass.
type counting struct {
	io.Reader
	n *int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	return n, err
}
