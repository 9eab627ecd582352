package formats

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// csvFile is an opened file whose header has been read.
type csvFile struct {
	name   string
	in     *csv.Reader
	close  func() error
	header *header
}

// openCSV opens all files and puts those of nodes first, whatever the order
// they are given in: then no relationship has to wait.
func openCSV(sources []Source, o *Options, m *meter) (files []*csvFile, err error) {
	var nodes, rels []*csvFile
	for _, s := range sources {
		f, err := openTable(s, o, m)
		if err != nil {
			closeAll(nodes, rels)
			return nil, err
		}
		if f.header.rels() && !f.header.mixed() {
			rels = append(rels, f)
		} else {
			nodes = append(nodes, f)
		}
	}
	return append(nodes, rels...), nil
}

func closeAll(lists ...[]*csvFile) {
	for _, files := range lists {
		for _, f := range files {
			_ = f.close() // read only: nothing can be lost
		}
	}
}

func openTable(s Source, o *Options, m *meter) (*csvFile, error) {
	in, err := s.Open()
	if err != nil {
		return nil, err
	}
	buffered := bufio.NewReaderSize(m.reader(in, s.Name), 64<<10)
	f := &csvFile{name: s.Name, close: in.Close, in: csv.NewReader(buffered, s.Name, o.delimiter(s.Name, buffered))}
	fields, line, err := f.in.Next()
	if err == io.EOF {
		err = errors.New("the file is empty; expected a header")
	}
	if err == nil {
		f.header, err = parseHeader(fields, o.mapping(s.Name))
	}
	if err != nil {
		return nil, errors.Join(locate(err, s.Name, line), in.Close())
	}
	return f, nil
}

// delimiter is the one asked for, or the one that the first line has most of.
func (o *Options) delimiter(name string, in *bufio.Reader) byte {
	if o.Delimiter != 0 {
		return o.Delimiter
	}
	start, _ := in.Peek(4096) // of a shorter file what there is
	line, _, _ := bytes.Cut(start, []byte{'\n'})
	best, most := byte(','), 0
	if strings.HasSuffix(strings.ToLower(name), ".tsv") {
		best = '\t'
	}
	for _, c := range []byte{',', '\t', ';', '|'} {
		if n := bytes.Count(line, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

// readCSV gives the lines of a file to a sink.
func readCSV(f *csvFile, o *Options, to sink) error {
	e := &element{}
	for {
		fields, line, err := f.in.Next()
		if err == io.EOF {
			return nil
		}
		if err == nil && len(fields) != len(f.header.columns) {
			err = errors.New("expected " + strconv.Itoa(len(f.header.columns)) + " fields as in the header, found " + strconv.Itoa(len(fields)))
		}
		if err == nil {
			err = f.header.fill(e, fields, o)
		}
		if err == nil {
			e.place = place{f.name, line, f.header.id + 1, f.header.start + 1, f.header.end + 1}
			err = to.element(e)
		}
		if err != nil {
			return locate(err, f.name, line)
		}
	}
}

// fill makes an element of a line.
func (h *header) fill(e *element, fields []csv.Field, o *Options) error {
	e.reset()
	e.rel = h.rels() && (!h.mixed() || fields[h.start].Text != "")
	for i := range h.columns {
		v, err := h.columns[i].property(fields[i], o)
		if err != nil {
			return wrong(i, err)
		}
		if h.columns[i].role == roleID && e.rel {
			continue
		}
		if h.columns[i].twin && !v.IsNull() && e.has(h.columns[i].name) {
			return wrong(i, errors.New("the property "+quoteShort(h.columns[i].name)+" has a value in another column, too"))
		}
		e.set(h.columns[i].name, v)
	}
	if e.rel {
		return h.fillRel(e, fields)
	}
	return h.fillNode(e, fields, o)
}

// property is what a column gives its element: the value of a property, or the
// text of a named :ID. Null is no property.
func (c *column) property(f csv.Field, o *Options) (graph.Value, error) {
	switch {
	case !c.isProperty():
		return graph.Null, nil
	case c.role == roleProperty:
		return c.value(f, o.ArrayDelimiter)
	case o.IDs == IDInteger && f.Text != "":
		return parseText(typeInteger, f.Text)
	case f.Text == "":
		return graph.Null, nil
	}
	return graph.String(f.Text), nil
}

func (h *header) fillNode(e *element, fields []csv.Field, o *Options) error {
	if h.id >= 0 {
		e.self = end{h.columns[h.id].space, fields[h.id].Text}
		if e.self.id == "" {
			return wrong(h.id, errors.New("a node needs an identifier"))
		}
	}
	e.labels = append(e.labels, h.labels...)
	for i := range h.columns {
		if h.columns[i].role != roleLabel {
			continue
		}
		for name := range strings.SplitSeq(fields[i].Text, o.ArrayDelimiter) { // empty items are no labels
			if name != "" {
				e.labels = append(e.labels, name)
			}
		}
	}
	return nil
}

func (h *header) fillRel(e *element, fields []csv.Field) error {
	e.start = end{h.columns[h.start].space, fields[h.start].Text}
	e.end = end{h.columns[h.end].space, fields[h.end].Text}
	e.typ = h.typ
	if h.of >= 0 && fields[h.of].Text != "" {
		e.typ = fields[h.of].Text
	}
	if e.typ == "" {
		return wrong(h.of, errors.New("a relationship needs a type"))
	}
	return nil
}

// wrong makes an error about one column of the line at hand; file and line are
// filled in by the caller.
func wrong(column int, err error) error { return &PlaceError{Column: column + 1, Err: err} }

// locate gives an error its place, unless it has one.
func locate(err error, file string, line int) error {
	if err == nil {
		return nil
	}
	place, ok := err.(*PlaceError)
	if !ok {
		return &PlaceError{File: file, Line: line, Err: err}
	}
	if place.Line == 0 {
		place.File, place.Line = file, line
	}
	return place
}
