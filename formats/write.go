package formats

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"

	"github.com/pocketgraph/pocketgraph/graph"
)

// WriteOptions of Write.
type WriteOptions struct {
	Format Format
	// Plain writes JSON without tags, as APOC does: temporal values become
	// text, which the report says.
	Plain bool
	// Elements limits CSV to "nodes" or "relationships": such files are what
	// neo4j-admin reads. Empty writes both into one file.
	Elements string
	// Progress is called every thousand elements. It may be nil, and it may park.
	Progress func(Progress)
}

// Write writes a whole graph, as the Reader shows it. Formats that name what
// they hold at their beginning need the Reader twice.
func Write(ctx context.Context, w io.Writer, r graph.Reader, o WriteOptions) (Report, error) {
	report := Report{Format: o.Format, Notes: []Note{}}
	write := writers[o.Format]
	if write == nil {
		return report, errors.New("a graph is not written in the format " + strconv.Quote(string(o.Format)))
	}
	if o.Elements != "" && (o.Format != CSV || o.Elements != "nodes" && o.Elements != "relationships") {
		return report, errors.New("the elements written are nodes or relationships, of CSV, not " + strconv.Quote(o.Elements))
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	x := &writer{ctx: ctx, out: bufio.NewWriterSize(w, 64<<10), r: r, o: &o, report: &report,
		progress: Progress{Phase: "write", Total: int64(r.NodeCount() + r.RelCount())}}
	if o.Format != Cypher && len(r.Indexes())+len(r.Constraints()) > 0 {
		report.note(NoteSchema, "indexes and constraints are not in the file")
	}
	err := write(x)
	if err == nil {
		err = x.out.Flush()
	}
	if err == nil {
		x.tell()
	}
	return report, err
}

var writers = map[Format]func(*writer) error{
	CSV: writeCSV, JSONLines: writeJSONLines, Neo4jJSON: writeNeo4jJSON, Graphology: writeGraphology,
	GraphML: writeGraphML, GEXF: writeGEXF, Cypher: writeCypher,
}

// writer is one export.
type writer struct {
	ctx      context.Context
	out      *bufio.Writer
	r        graph.Reader
	o        *WriteOptions
	report   *Report
	progress Progress
	counting bool // what is walked is written

	buf        []byte
	labels     []graph.LabelID
	properties []graph.Property
}

// tell tells the progress: elements are its unit.
func (x *writer) tell() {
	x.progress.Elements = x.report.Nodes + x.report.Relationships
	x.progress.Done = x.progress.Elements
	x.o.Progress(x.progress)
}

// eachNode visits all nodes. x.labels and x.properties are the node's.
func (x *writer) eachNode(visit func(n graph.Node, id graph.ID) error) error {
	return each(x, x.r.ScanNodes, func(n graph.Node) error {
		x.labels = x.r.AppendLabels(x.labels[:0], n)
		x.properties = x.r.AppendNodeProperties(x.properties[:0], n)
		if x.counting {
			x.report.Nodes++
			x.report.Properties += int64(len(x.properties))
		}
		return visit(n, x.r.NodeID(n))
	})
}

// eachRel visits all relationships. x.properties are the relationship's.
func (x *writer) eachRel(visit func(rel graph.Rel, id, start, end graph.ID, typ string) error) error {
	return each(x, x.r.ScanRels, func(rel graph.Rel) error {
		x.properties = x.r.AppendRelProperties(x.properties[:0], rel)
		if x.counting {
			x.report.Relationships++
			x.report.Properties += int64(len(x.properties))
		}
		start, end := x.r.RelEnds(rel)
		return visit(rel, x.r.RelID(rel), x.r.NodeID(start), x.r.NodeID(end), x.r.TypeName(x.r.RelType(rel)))
	})
}

func each[H graph.Node | graph.Rel](x *writer, scan func(from H, dst []H) int, visit func(H) error) error {
	for batch := range graph.Batches(scan) {
		for _, h := range batch {
			if err := visit(h); err != nil {
				return err
			}
		}
		x.tell()
		if err := context.Cause(x.ctx); err != nil {
			return err
		}
	}
	return nil
}

// text writes text as it is. Errors of the buffer come up at its Flush.
func (x *writer) text(parts ...string) {
	for _, part := range parts {
		_, _ = x.out.WriteString(part)
	}
}

func idText(id graph.ID) string { return strconv.FormatUint(uint64(id), 10) }
