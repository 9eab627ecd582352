package exec

import (
	"errors"
	"io"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// csvFile is a file that LOAD CSV reads.
type csvFile struct {
	run    *Run
	p      *plan.LoadCSV
	at     syntax.Range
	file   io.ReadCloser // nil when there is none, or no more of it
	lines  *csv.Reader
	header []string
	name   graph.Value // the address
	number int         // of the line
}

func (l *csvFile) begin(address graph.Value) {
	l.close()
	r := l.run
	switch {
	case r.err != nil || address.IsNull():
		return
	case address.Kind() != graph.KindString:
		r.typeError("LOAD CSV takes the address of a file as a String, found "+article(address), l.at)
		return
	case r.rt.Importer == nil:
		r.err = &Error{Code: "ImportError", Detail: "NotAllowed", Message: "no files may be loaded here", At: l.at,
			Hint: "open the store with an Importer; the command has --import-root DIR"}
		return
	}
	file, err := r.rt.Importer.Open(address.AsString())
	if err != nil {
		l.failed(err)
		return
	}
	l.file, l.name = file, address
	r.open = append(r.open, file)
	l.lines = csv.NewReader(file, address.AsString(), l.p.Comma)
	l.header = nil
	if !l.p.Headers {
		return
	}
	if fields := l.line(); fields != nil {
		for _, f := range fields {
			l.header = append(l.header, f.Text)
		}
	}
}

// failed ends the run with what went wrong with the file.
func (l *csvFile) failed(err error) {
	var own *Error
	var place *csv.PlaceError
	switch {
	case l.run.err != nil:
	case l.run.over():
	case errors.As(err, &own):
		own.At = l.at
		l.run.err = own
	case errors.As(err, &place):
		l.run.fail("ImportError", "Malformed", err.Error(), l.at)
	default:
		l.run.fail("ImportError", "Unreadable", "loading the file: "+err.Error(), l.at)
	}
}

// line gives the next line, nil at the end.
func (l *csvFile) line() []csv.Field {
	if l.file == nil {
		return nil
	}
	fields, number, err := l.lines.Next()
	if err == nil {
		l.number = number
		l.run.tick(1 + len(fields)/8)
		return fields
	}
	if err != io.EOF {
		l.failed(err)
	}
	l.close()
	return nil
}

func (l *csvFile) close() {
	if l.file == nil {
		return
	}
	_ = l.file.Close() // was only read
	for i, f := range l.run.open {
		if f == l.file {
			l.run.open = append(l.run.open[:i], l.run.open[i+1:]...)
			break
		}
	}
	l.file = nil
}

// value makes a list of the fields, or a map by the names of the header. An
// empty field that is not quoted is null.
func (l *csvFile) value(fields []csv.Field) graph.Value {
	if !l.p.Headers {
		list := make([]graph.Value, len(fields))
		for i, f := range fields {
			list[i] = fieldValue(f)
		}
		return graph.List(list)
	}
	entries := make([]graph.Entry, len(l.header))
	for i, name := range l.header {
		entries[i].Key = name
		if i < len(fields) {
			entries[i].Value = fieldValue(fields[i])
		}
	}
	return graph.MapValue(graph.NewMap(entries))
}

func fieldValue(f csv.Field) graph.Value {
	if f.Text == "" && !f.Quoted {
		return graph.Null
	}
	return graph.String(f.Text)
}

func (c *compiler) loadCSV(p *plan.LoadCSV, in factory) factory {
	address := c.expr(p.URL)
	return func(r *Run) operator {
		o := newRowOp(r, in, p.Keep, []plan.Slot{p.Slot, p.Line, p.File})
		l := &csvFile{run: r, p: p, at: p.URL.Span()}
		o.start = l.close
		o.begin = func(f *frame) { l.begin(address.row(f)) }
		o.more = func(out *batch, at int) bool {
			fields := l.line()
			if fields == nil {
				return false
			}
			out.cols[p.Slot].set(at, l.value(fields))
			out.cols[p.Line].set(at, graph.Int(int64(l.number)))
			out.cols[p.File].set(at, l.name)
			return true
		}
		return o
	}
}
