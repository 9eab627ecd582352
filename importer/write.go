package importer

import (
	"context"
	"errors"
	"strconv"
	"strings"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// csvRun is one import. The check pass fills spaces with the ordinal of every
// node; the write pass fills ids with what the ordinals became.
type csvRun struct {
	ctx      context.Context
	db       *pocketgraph.DB
	options  Options
	total    int64
	progress Progress
	report   Report

	spaces map[string]idSpace
	nodes  uint32
	ids    []graph.ID

	tx         *pocketgraph.Tx
	writer     graph.Writer
	pending    Report // what tx holds
	labels     []graph.LabelID
	properties []graph.Property
}

// idSpace maps the identifiers of one id space to ordinals.
type idSpace map[string]uint32

// wrong makes an error about one column of the line at hand; file and line are
// filled in by the caller.
func wrong(column int, err error) error { return &PlaceError{Column: column + 1, Err: err} }

func wrongCount(want, got int) error {
	return errors.New("expected " + strconv.Itoa(want) + " fields as in the header, found " + strconv.Itoa(got))
}

// check looks at everything about a line that needs no database.
func (run *csvRun) check(f *csvFile, fields []field) error {
	for i := range f.header.columns {
		c := &f.header.columns[i]
		if c.role == roleProperty {
			if _, err := c.value(fields[i], run.options.ArrayDelimiter); err != nil {
				return wrong(i, err)
			}
		}
		if _, err := run.idProperty(c, fields[i]); err != nil {
			return wrong(i, err)
		}
	}
	if f.header.rels {
		return run.checkEnds(f.header, fields)
	}
	return run.checkID(f.header, fields)
}

func (run *csvRun) checkID(h *header, fields []field) error {
	id := fields[h.id].text
	if id == "" {
		return wrong(h.id, errors.New("a node needs an identifier"))
	}
	space := run.spaces[h.columns[h.id].space]
	if space == nil {
		space = idSpace{}
		run.spaces[h.columns[h.id].space] = space
	}
	if _, twice := space[id]; twice {
		return wrong(h.id, errors.New("the identifier "+quoteShort(id)+" was used before"))
	}
	space[id] = run.nodes
	run.nodes++
	return nil
}

func (run *csvRun) checkEnds(h *header, fields []field) error {
	for _, i := range []int{h.start, h.end} {
		if _, ok := run.spaces[h.columns[i].space][fields[i].text]; !ok {
			return wrong(i, errors.New("no node has the identifier "+quoteShort(fields[i].text)))
		}
	}
	for i, c := range h.columns {
		if c.role == roleType && fields[i].text != "" {
			return nil
		}
	}
	return wrong(h.start, errors.New("a relationship needs a type in a :TYPE column"))
}

// idProperty is the property that a named :ID column gives its node.
func (run *csvRun) idProperty(c *column, f field) (graph.Value, error) {
	if c.role != roleID || c.name == "" {
		return graph.Null, nil
	}
	if run.options.IDKind == IDInteger {
		return (&column{kind: "INT"}).scalar(f.text)
	}
	return graph.String(f.text), nil
}

// write adds one line to the running transaction.
func (run *csvRun) write(f *csvFile, fields []field) error {
	if err := run.begin(f.header); err != nil {
		return err
	}
	var err error
	if f.header.rels {
		err = run.writeRel(f.header, fields)
	} else {
		err = run.writeNode(f.header, fields)
	}
	if err != nil {
		return &PlaceError{Err: err}
	}
	if run.pending.Nodes+run.pending.Relationships >= int64(run.options.BatchSize) {
		return run.flush()
	}
	return nil
}

func (run *csvRun) begin(h *header) (err error) {
	if run.tx == nil {
		if run.tx, err = run.db.Begin(run.ctx, true); err != nil {
			return err
		}
		run.writer = run.tx.Writer()
	}
	for i := range h.columns {
		c := &h.columns[i]
		if c.name != "" && (c.role == roleProperty || c.role == roleID) {
			if c.key, err = run.writer.Key(c.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// gather fills run.properties from a line that check has passed.
func (run *csvRun) gather(h *header, fields []field) error {
	run.properties = run.properties[:0]
	for i := range h.columns {
		c := &h.columns[i]
		var v graph.Value
		var err error
		if c.role == roleProperty {
			v, err = c.value(fields[i], run.options.ArrayDelimiter)
		} else {
			v, err = run.idProperty(c, fields[i])
		}
		if err != nil {
			return err
		}
		if !v.IsNull() {
			run.properties = append(run.properties, graph.Property{Key: c.key, Value: v})
		}
	}
	return nil
}

func (run *csvRun) writeNode(h *header, fields []field) error {
	run.labels = run.labels[:0]
	for i, c := range h.columns {
		if c.role != roleLabel || fields[i].text == "" {
			continue
		}
		for _, name := range strings.Split(fields[i].text, run.options.ArrayDelimiter) {
			l, err := run.writer.Label(name)
			if err != nil {
				return err
			}
			run.labels = append(run.labels, l)
		}
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

func (run *csvRun) writeRel(h *header, fields []field) error {
	start, err := run.nodeOf(h, fields, h.start)
	if err != nil {
		return err
	}
	end, err := run.nodeOf(h, fields, h.end)
	if err != nil {
		return err
	}
	var t graph.TypeID
	for i, c := range h.columns {
		if c.role == roleType {
			if t, err = run.writer.Type(fields[i].text); err != nil {
				return err
			}
		}
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

// nodeOf finds the node that an end column names. Between two batches somebody
// may have deleted it.
func (run *csvRun) nodeOf(h *header, fields []field, i int) (graph.Node, error) {
	ordinal, ok := run.spaces[h.columns[i].space][fields[i].text]
	if ok && int(ordinal) < len(run.ids) {
		if n, ok := run.writer.NodeByID(run.ids[ordinal]); ok {
			return n, nil
		}
	}
	return graph.NoNode, errors.New("the node with the identifier " + quoteShort(fields[i].text) + " is gone")
}

// flush commits the running transaction.
func (run *csvRun) flush() error {
	if run.tx == nil {
		return nil
	}
	tx := run.tx
	run.tx, run.writer = nil, nil
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
