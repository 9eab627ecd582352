package formats

import (
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// PlaceError says where in a file something is wrong.
type PlaceError = csv.PlaceError

// Source is one file. It is opened once, and once more where it must be looked
// at before it is read.
type Source struct {
	Name string // for messages; its ending may say what it is
	Size int64  // in bytes, for progress; 0 when unknown
	// Format is what the file is, where that is known; else it is guessed.
	// Options.Format goes before it.
	Format Format
	Open   func() (io.ReadCloser, error)
}

// Options of Read. The zero value guesses.
type Options struct {
	Format         Format // empty: guessed for each file, see Guess
	Delimiter      byte   // between fields of CSV; 0 is guessed
	ArrayDelimiter string // between items of arrays, and between labels; empty is a semicolon
	IDs            IDKind // what a CSV :ID column with a name becomes as a property
	// Mappings of CSV files by name; that of "" is for all others.
	Mappings map[string]*Mapping
	// IDProperty, when not empty, keeps the identifiers that nodes have in
	// JSON, GraphML and GEXF files as a property of this name.
	IDProperty string
	// Type is that of relationships whose file gives them none; empty is DefaultType.
	Type string
	// Progress is called every quarter of a megabyte read, and at the end. It
	// may be nil, and it may park.
	Progress func(Progress)
}

// DefaultType is the type of relationships that have none.
const DefaultType = "RELATED_TO"

// IDKind says what an :ID column with a name becomes as a property.
type IDKind uint8

const (
	IDString  IDKind = iota // text, as neo4j-admin has it by default
	IDInteger               // an integer of 64 bits
)

// Progress tells how far the work is.
type Progress struct {
	Phase    string // "read" or "write"
	File     string
	Done     int64 // bytes of all files
	Total    int64 // bytes of all files; 0 when unknown
	Elements int64 // nodes and relationships so far, or statements
}

// progressBytes is how often progress is told and cancelling is looked for.
const progressBytes = 256 << 10

func (o *Options) defaults() error {
	if o.Delimiter == '"' || o.Delimiter == '\r' || o.Delimiter == '\n' || o.Delimiter >= utf8.RuneSelf {
		return errors.New("the delimiter of fields must be one byte, and no quote and no line end")
	}
	if o.ArrayDelimiter == "" {
		o.ArrayDelimiter = ";"
	}
	if o.Type == "" {
		o.Type = DefaultType
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return nil
}

func (o *Options) mapping(file string) *Mapping {
	if m, ok := o.Mappings[file]; ok {
		return m
	}
	return o.Mappings[""]
}

// meter counts the bytes of all files, tells progress, and ends reading when
// the context does.
type meter struct {
	ctx      context.Context
	tell     func(Progress)
	progress Progress
	told     int64
	elements func() int64
}

func (m *meter) reader(in io.Reader, file string) io.Reader {
	m.progress.File = file
	return &metered{in, m}
}

type metered struct {
	in io.Reader
	m  *meter
}

func (r *metered) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	r.m.progress.Done += int64(n)
	if r.m.progress.Done-r.m.told >= progressBytes {
		r.m.now()
	}
	if cause := context.Cause(r.m.ctx); cause != nil {
		return 0, cause
	}
	return n, err
}

// now tells the progress.
func (m *meter) now() {
	m.told = m.progress.Done
	m.progress.Elements = m.elements()
	m.tell(m.progress)
}

func totalSize(sources []Source) (total int64) {
	for _, s := range sources {
		if s.Size <= 0 {
			return 0
		}
		total += s.Size
	}
	return total
}
