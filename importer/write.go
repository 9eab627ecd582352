package importer

import (
	"context"
	"errors"
	"strconv"
	"strings"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// csvRun is one import. The check pass fills spaces with the ordinal of every
// node; the write pass fills ids with what the ordinals became.
type csvRun struct {
	ctx      context.Context
	db       *pocketgraph.DB
	options  Options
	total    int64
	told     int64 // bytes read when the progress was last told
	progress Progress
	report   Report

	spaces map[string]*idSpace
	nodes  uint32
	ids    []graph.ID

	tx         *pocketgraph.Tx
	writer     graph.Writer
	keyed      *header // whose columns know their keys in tx
	pending    Report  // what tx holds
	bytes      int     // of the lines in it
	labels     []graph.LabelID
	properties []graph.Property
}

// wrong makes an error about one column of the line at hand; file and line are
// filled in by the caller.
func wrong(column int, err error) error { return &csv.PlaceError{Column: column + 1, Err: err} }

func wrongCount(want, got int) error {
	return errors.New("expected " + strconv.Itoa(want) + " fields as in the header, found " + strconv.Itoa(got))
}

// check looks at everything about a line that needs no database.
func (run *csvRun) check(f *csvFile, fields []csv.Field) error {
	for i := range f.header.columns {
		if _, err := run.property(&f.header.columns[i], fields[i]); err != nil {
			return wrong(i, err)
		}
	}
	if f.header.rels() {
		return run.checkEnds(f.header, fields)
	}
	return run.checkID(f.header, fields)
}

func (run *csvRun) checkID(h *header, fields []csv.Field) error {
	id := fields[h.id].Text
	if id == "" {
		return wrong(h.id, errors.New("a node needs an identifier"))
	}
	space := run.spaces[h.columns[h.id].space]
	if space == nil {
		space = newIDSpace()
		run.spaces[h.columns[h.id].space] = space
	}
	if !space.add(id, run.nodes) {
		return wrong(h.id, errors.New("the identifier "+quoteShort(id)+" was used before"))
	}
	run.nodes++
	return nil
}

func (run *csvRun) checkEnds(h *header, fields []csv.Field) error {
	for _, i := range []int{h.start, h.end} {
		if _, ok := run.spaces[h.columns[i].space].find(fields[i].Text); !ok {
			return wrong(i, errors.New("no node has the identifier "+quoteShort(fields[i].Text)))
		}
	}
	if fields[h.of].Text == "" {
		return wrong(h.of, errors.New("a relationship needs a type"))
	}
	return nil
}

// property is what a column gives its element: the value of a property, or the
// text of a named :ID. Null is no property.
func (run *csvRun) property(c *column, f csv.Field) (graph.Value, error) {
	switch {
	case !c.isProperty():
		return graph.Null, nil
	case c.role == roleProperty:
		return c.value(f, run.options.ArrayDelimiter)
	case run.options.IDKind == IDInteger:
		return (&column{kind: "INT"}).scalar(f.Text)
	}
	return graph.String(f.Text), nil
}

// write adds one line to the running transaction.
func (run *csvRun) write(f *csvFile, fields []csv.Field) error {
	if err := run.begin(f.header); err != nil {
		return err
	}
	var err error
	if f.header.rels() {
		err = run.writeRel(f.header, fields)
	} else {
		err = run.writeNode(f.header, fields)
	}
	if err != nil {
		return err
	}
	for _, f := range fields {
		run.bytes += len(f.Text)
	}
	if run.pending.Nodes+run.pending.Relationships >= int64(run.options.BatchSize) || run.bytes >= batchBytes {
		return run.flush()
	}
	return nil
}

// begin sees to it that there is a transaction, and that the columns know the
// keys of their properties in it.
func (run *csvRun) begin(h *header) (err error) {
	if run.tx == nil {
		if run.tx, err = run.db.Begin(run.ctx, true); err != nil {
			return err
		}
		run.writer = run.tx.Writer()
	}
	if run.keyed == h {
		return nil
	}
	for i := range h.columns {
		if c := &h.columns[i]; c.isProperty() {
			if c.key, err = run.writer.Key(c.name); err != nil {
				return err
			}
		}
	}
	run.keyed = h
	return nil
}

// gather fills run.properties from a line that check has passed.
func (run *csvRun) gather(h *header, fields []csv.Field) error {
	run.properties = run.properties[:0]
	for i := range h.columns {
		v, err := run.property(&h.columns[i], fields[i])
		if err != nil {
			return wrong(i, err)
		}
		if !v.IsNull() {
			run.properties = append(run.properties, graph.Property{Key: h.columns[i].key, Value: v})
		}
	}
	return nil
}

func (run *csvRun) writeNode(h *header, fields []csv.Field) error {
	ordinal, ok := run.spaces[h.columns[h.id].space].find(fields[h.id].Text)
	if !ok || int(ordinal) != len(run.ids) {
		return wrong(h.id, errChanged)
	}
	if err := run.gatherLabels(h, fields); err != nil {
		return err
	}
	if err := run.gather(h, fields); err != nil {
		return err
	}
	n, err := run.writer.CreateNode(run.labels, run.properties)
	if err != nil {
		return err
	}
	run.ids = append(run.ids, run.writer.NodeID(n))
	run.pending.Nodes++
	return nil
}

// errChanged: the second pass does not find what the first one saw.
var errChanged = errors.New("the file changed while it was imported")

// gatherLabels fills run.labels. Empty items of a list are no labels.
func (run *csvRun) gatherLabels(h *header, fields []csv.Field) error {
	run.labels = run.labels[:0]
	for i, c := range h.columns {
		if c.role != roleLabel {
			continue
		}
		for name := range strings.SplitSeq(fields[i].Text, run.options.ArrayDelimiter) {
			if name == "" {
				continue
			}
			l, err := run.writer.Label(name)
			if err != nil {
				return wrong(i, err)
			}
			run.labels = append(run.labels, l)
		}
	}
	return nil
}

func (run *csvRun) writeRel(h *header, fields []csv.Field) error {
	start, err := run.nodeOf(h, fields, h.start)
	if err != nil {
		return err
	}
	end, err := run.nodeOf(h, fields, h.end)
	if err != nil {
		return err
	}
	t, err := run.writer.Type(fields[h.of].Text)
	if err != nil {
		return wrong(h.of, err)
	}
	if err := run.gather(h, fields); err != nil {
		return err
	}
	if _, err := run.writer.CreateRel(start, end, t, run.properties); err != nil {
		return err
	}
	run.pending.Relationships++
	return nil
}

// nodeOf finds the node that an end column names.
func (run *csvRun) nodeOf(h *header, fields []csv.Field, i int) (graph.Node, error) {
	ordinal, ok := run.spaces[h.columns[i].space].find(fields[i].Text)
	if !ok || int(ordinal) >= len(run.ids) {
		return graph.NoNode, wrong(i, errChanged)
	}
	n, ok := run.writer.NodeByID(run.ids[ordinal])
	if !ok {
		return graph.NoNode, wrong(i, errors.New("the node with the identifier "+quoteShort(fields[i].Text)+" was deleted while the files were imported"))
	}
	return n, nil
}

// flush commits the running transaction.
func (run *csvRun) flush() error {
	if run.tx == nil {
		return nil
	}
	tx := run.tx
	run.tx, run.writer, run.keyed, run.bytes = nil, nil, nil, 0
	if err := tx.Commit(); err != nil {
		return err
	}
	run.report.Nodes += run.pending.Nodes
	run.report.Relationships += run.pending.Relationships
	run.pending = Report{}
	run.progress.Elements = run.report.Nodes + run.report.Relationships
	run.options.Progress(run.progress)
	return nil
}

// abandon rolls back what an error left open.
func (run *csvRun) abandon() {
	if run.tx != nil {
		run.tx.Rollback()
	}
}
