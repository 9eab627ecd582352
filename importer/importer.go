package importer

import (
	"context"
	"errors"
	"io"
	"unicode/utf8"

	pocketgraph "github.com/pocketgraph/pocketgraph"

	"github.com/pocketgraph/pocketgraph/internal/csv"
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
// flushes do not count.
const BatchSize = 10_000

const (
	// batchBytes ends a batch of large elements early. It keeps what a
	// transaction holds far below the limit of a log record, 256 MiB.
	batchBytes = 16 << 20
	// progressBytes is how often progress is told and cancelling is looked for.
	progressBytes = 256 << 10
)

// Options of CSV. The zero value is neo4j-admin's default.
type Options struct {
	Delimiter      byte   // between fields; 0 is a comma
	ArrayDelimiter string // between items and labels; empty is a semicolon
	IDKind         IDKind
	BatchSize      int // most elements a transaction; 0 is BatchSize
	// Progress is called after every batch and every quarter of a megabyte
	// read. It may be nil, and it may park: in a page it is where the event
	// loop and the collector get their turn.
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

func (o *Options) defaults() error {
	if o.Delimiter == 0 {
		o.Delimiter = ','
	}
	if o.Delimiter == '"' || o.Delimiter == '\r' || o.Delimiter == '\n' || o.Delimiter >= utf8.RuneSelf {
		return errors.New("the delimiter of fields must be one byte, and no quote and no line end")
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
	return nil
}

// CSV imports files with headers, nodes first whatever the order they are
// given in. Errors in the files are *csv.PlaceError; see the package comment for
// what is left behind after which error.
func CSV(ctx context.Context, db *pocketgraph.DB, sources []Source, o Options) (Report, error) {
	if err := o.defaults(); err != nil {
		return Report{}, err
	}
	run := &csvRun{ctx: ctx, db: db, options: o, spaces: map[string]*idSpace{}, total: totalSize(sources)}
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

// totalSize is 0 when the size of any source is unknown.
func totalSize(sources []Source) (total int64) {
	for _, s := range sources {
		if s.Size <= 0 {
			return 0
		}
		total += s.Size
	}
	return total
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
		h, err := run.readHeader(s)
		if err != nil {
			return nil, err
		}
		if h.rels() {
			rels = append(rels, csvFile{s, h})
		} else {
			nodes = append(nodes, csvFile{s, h})
		}
	}
	return append(nodes, rels...), nil
}

func (run *csvRun) readHeader(s Source) (*header, error) {
	in, err := s.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close() // read only: nothing can be lost
	fields, line, err := csv.NewReader(in, s.Name, run.options.Delimiter).Next()
	if err == io.EOF {
		err = errors.New("the file is empty; expected a header")
	}
	var h *header
	if err == nil {
		h, err = parseHeader(fields)
	}
	return h, locate(err, s.Name, line)
}

// locate gives an error its place, unless it has one.
func locate(err error, file string, line int) error {
	if err == nil {
		return nil
	}
	place, ok := err.(*csv.PlaceError)
	if !ok {
		return &csv.PlaceError{File: file, Line: line, Err: err}
	}
	if place.Line == 0 {
		place.File, place.Line = file, line
	}
	return place
}

// each calls visit for every line of every file after its header.
func (run *csvRun) each(files []csvFile, phase string, visit func(*csvFile, []csv.Field) error) error {
	run.progress = Progress{Phase: phase, Total: run.total}
	run.told = 0
	for i := range files {
		if err := run.file(&files[i], visit); err != nil {
			return err
		}
	}
	run.options.Progress(run.progress)
	return nil
}

func (run *csvRun) file(f *csvFile, visit func(*csvFile, []csv.Field) error) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close() // read only: nothing can be lost
	run.progress.File = f.Name
	r := csv.NewReader(&counting{in, &run.progress.Done}, f.Name, run.options.Delimiter)
	if _, _, err := r.Next(); err != nil { // the header, read before
		return err
	}
	for {
		fields, line, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err == nil && len(fields) != len(f.header.columns) {
			err = wrongCount(len(f.header.columns), len(fields))
		}
		if err == nil {
			err = visit(f, fields)
		}
		if err != nil {
			return locate(err, f.Name, line)
		}
		if err := run.tell(); err != nil {
			return err
		}
	}
}

// tell tells the progress now and then, and whether to go on.
func (run *csvRun) tell() error {
	if run.progress.Done-run.told < progressBytes {
		return nil
	}
	run.told = run.progress.Done
	run.options.Progress(run.progress)
	return context.Cause(run.ctx)
}

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
