package formats

import (
	"errors"

	"github.com/pocketgraph/pocketgraph/graph"
)

// loader is the sink that writes elements into a graph. It finds nodes by their
// identifiers in the files; relationships that come before their nodes wait.
type loader struct {
	w       graph.Writer
	report  *Report
	spaces  map[string]*idSpace
	nodes   []graph.Node // by the ordinal of their identifier
	waiting []waiting

	labels     []graph.LabelID
	properties []graph.Property
}

// waiting is a relationship whose ends were not there yet.
type waiting struct {
	start, end end
	typ        graph.TypeID
	properties []graph.Property
	place      place
}

func newLoader(w graph.Writer, report *Report) *loader {
	return &loader{w: w, report: report, spaces: map[string]*idSpace{}}
}

func (l *loader) element(e *element) error {
	if err := l.gather(e); err != nil {
		return err
	}
	if e.rel {
		return l.relationship(e)
	}
	return l.node(e)
}

func (l *loader) gather(e *element) error {
	l.properties = l.properties[:0]
	for _, p := range e.properties {
		key, err := l.w.Key(p.name)
		if err != nil {
			return err
		}
		l.properties = append(l.properties, graph.Property{Key: key, Value: p.value})
	}
	l.report.Properties += int64(len(e.properties))
	return nil
}

func (l *loader) node(e *element) error {
	l.labels = l.labels[:0]
	for _, name := range e.labels {
		id, err := l.w.Label(name)
		if err != nil {
			return err
		}
		l.labels = append(l.labels, id)
	}
	if e.self.id != "" && !l.space(e.self.space).add(e.self.id, uint32(len(l.nodes))) {
		return &PlaceError{File: e.place.file, Line: e.place.line, Column: e.place.column, Err: errors.New("the identifier " + quoteShort(e.self.id) + " was used before")}
	}
	n, err := l.w.CreateNode(l.labels, l.properties)
	if err != nil {
		return err
	}
	if e.self.id != "" {
		l.nodes = append(l.nodes, n)
	}
	l.report.Nodes++
	return nil
}

func (l *loader) space(name string) *idSpace {
	s := l.spaces[name]
	if s == nil {
		s = newIDSpace()
		l.spaces[name] = s
	}
	return s
}

func (l *loader) find(e end) (graph.Node, bool) {
	ordinal, ok := l.spaces[e.space].find(e.id)
	if !ok {
		return graph.NoNode, false
	}
	return l.nodes[ordinal], true
}

func (l *loader) relationship(e *element) error {
	typ, err := l.w.Type(e.typ)
	if err != nil {
		return err
	}
	start, found := l.find(e.start)
	end, foundEnd := l.find(e.end)
	if !found || !foundEnd {
		l.waiting = append(l.waiting, waiting{e.start, e.end, typ, append([]graph.Property(nil), l.properties...), e.place})
		return nil
	}
	return l.connect(start, end, typ, l.properties)
}

func (l *loader) connect(start, end graph.Node, typ graph.TypeID, properties []graph.Property) error {
	_, err := l.w.CreateRel(start, end, typ, properties)
	if err == nil {
		l.report.Relationships++
	}
	return err
}

// finish makes the relationships that waited. A node that never came is an
// error.
func (l *loader) finish() error {
	for i := range l.waiting {
		w := &l.waiting[i]
		start, found := l.find(w.start)
		if !found {
			return noNode(w.place, w.place.startColumn, w.start)
		}
		end, found := l.find(w.end)
		if !found {
			return noNode(w.place, w.place.endColumn, w.end)
		}
		if err := l.connect(start, end, w.typ, w.properties); err != nil {
			return locate(err, w.place.file, w.place.line)
		}
	}
	l.waiting = nil
	return nil
}

func noNode(p place, column int, e end) error {
	return &PlaceError{File: p.file, Line: p.line, Column: column, Err: errors.New("no node has the identifier " + quoteShort(e.id))}
}

// elements is how many were made, for progress.
func (l *loader) elements() int64 { return l.report.Nodes + l.report.Relationships }
