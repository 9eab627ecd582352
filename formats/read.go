package formats

import (
	"bufio"
	"context"
	"errors"
	"io"

	"github.com/pocketgraph/pocketgraph/graph"
)

// ErrUnknownFormat: nothing says what a file is.
var ErrUnknownFormat = errors.New("what the file holds cannot be told from its name and its beginning; say the format")

// Read reads files into a graph, in the transaction of the Writer. On an error
// the transaction is to be rolled back: errors in files are *PlaceError with
// file, line and column. Scripts are not read here, see Statements.
func Read(ctx context.Context, w graph.Writer, sources []Source, o Options) (Report, error) {
	report := Report{Notes: []Note{}}
	if err := o.defaults(); err != nil {
		return report, err
	}
	l := newLoader(w, &report)
	m := &meter{ctx: ctx, tell: o.Progress, progress: Progress{Phase: "read", Total: totalSize(sources)}, elements: l.elements}
	if err := readAll(sources, &o, m, &report, l); err != nil {
		return report, err
	}
	if err := l.finish(); err != nil {
		return report, err
	}
	m.now()
	return report, context.Cause(ctx)
}

// readAll gives the elements of all files to a sink: CSV files together, since
// their relationships join nodes of one another, then the rest in turn.
func readAll(sources []Source, o *Options, m *meter, report *Report, to sink) error {
	var tables []Source
	for i := range sources {
		s, drop, err := known(sources[i], o)
		if err != nil {
			return err
		}
		defer drop()
		if report.Format = s.Format; s.Format == CSV {
			tables = append(tables, s)
			continue
		}
		if err := readOne(s, o, m, report, to); err != nil {
			return err
		}
	}
	files, err := openCSV(tables, o, m)
	if err != nil {
		return err
	}
	defer closeAll(files)
	for _, f := range files {
		m.progress.File = f.name
		if err := readCSV(f, o, to); err != nil {
			return err
		}
	}
	return nil
}

// known finds out the format of a source. drop closes what was looked at, if
// nobody reads it.
func known(s Source, o *Options) (_ Source, drop func(), err error) {
	if o.Format != "" {
		s.Format = o.Format
	}
	s, drop, err = Identify(s)
	if err == nil && s.Format == "" {
		drop()
		err = &PlaceError{File: s.Name, Line: 1, Err: ErrUnknownFormat}
	}
	return s, drop, err
}

// Identify gives a source its Format, unless it has one: what its beginning and
// its name say, or empty where nothing is known. The beginning that it had to
// look at is read again from memory; drop closes what was opened for that, if
// nobody has read it.
func Identify(s Source) (_ Source, drop func(), err error) {
	if s.Format != "" {
		return s, func() {}, nil
	}
	in, err := s.Open()
	if err != nil {
		return s, nil, err
	}
	buffered := bufio.NewReaderSize(in, GuessBytes)
	start, err := buffered.Peek(GuessBytes)
	if err != nil && err != io.EOF {
		return s, nil, errors.Join(err, in.Close())
	}
	s.Format = Guess(s.Name, start)
	opened := false
	open := s.Open
	s.Open = func() (io.ReadCloser, error) {
		if opened {
			return open()
		}
		opened = true
		return struct {
			io.Reader
			io.Closer
		}{buffered, in}, nil
	}
	return s, func() {
		if !opened {
			_ = in.Close() // only looked at
		}
	}, nil
}

func readOne(s Source, o *Options, m *meter, report *Report, to sink) error {
	read := readers[s.Format]
	if read == nil {
		return errors.New(s.Name + ": a file in the format " + string(s.Format) + " is not read together with others")
	}
	in, err := s.Open()
	if err != nil {
		return err
	}
	return errors.Join(read(m.reader(in, s.Name), s.Name, o, report, to), in.Close())
}

// readers read one file each.
var readers = map[Format]func(in io.Reader, file string, o *Options, report *Report, to sink) error{
	JSONLines: readJSON, Neo4jJSON: readJSON, Graphology: readJSON, GraphML: readGraphML, GEXF: readGEXF,
}
