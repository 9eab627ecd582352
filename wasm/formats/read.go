//go:build js && wasm

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/nornic"
	"github.com/pocketgraph/pocketgraph/internal/staging"
	"github.com/pocketgraph/pocketgraph/jsbridge/wire"
	"github.com/pocketgraph/pocketgraph/storage/mem"
	"github.com/pocketgraph/pocketgraph/wal"
)

// result is the answer to a job that reads.
type result struct {
	formats.Report
	NornicDB *nornic.Report `json:"nornicdb,omitempty"`
	Sequence uint64         `json:"sequence,omitempty"` // of a PocketGraph file
	Written  string         `json:"written,omitempty"`
}

// read brings everything together and gives it to the page: statements of
// scripts as they come, and then, when all files were read to their end,
// "staged" with the report so far, and bodies of BULK.
func (j *job) read(o *io_) (any, error) {
	if err := j.identify(o); err != nil {
		return nil, err
	}
	r := result{Report: formats.Report{Notes: []formats.Note{}}}
	var g *staging.Graph
	var schema []string
	var err error
	switch j.whole() {
	case formats.NornicDB:
		g, err = j.nornicDB(o, &r)
	case formats.PocketGraph:
		g, schema, err = j.pocketGraph(o, &r)
	default:
		g, err = j.files(o, &r)
	}
	if err != nil {
		return nil, err
	}
	err = j.emit(o, g, &r, schema)
	return r, err
}

// identify finds out what each source is; one that nothing is known of is left to
// package formats to refuse.
func (j *job) identify(o *io_) error {
	for i := range j.Sources {
		s := &j.Sources[i]
		if s.format = formats.Format(j.Format); s.format != "" {
			continue
		}
		start, err := o.start(i, *s)
		if err != nil {
			return err
		}
		s.format = formats.Guess(s.Name, start)
	}
	return nil
}

// whole is the format of the files when it is one that is not read from a
// stream, else empty.
func (j *job) whole() formats.Format {
	for _, s := range j.Sources {
		if s.format == formats.NornicDB || s.format == formats.PocketGraph {
			return s.format
		}
	}
	return ""
}

// start is the beginning of a source; of a stream it is read again.
func (o *io_) start(i int, s source) ([]byte, error) {
	if s.Size < 0 {
		v, err := o.call("peek", i, formats.GuessBytes)
		if err != nil {
			return nil, err
		}
		return bytesOf(v), nil
	}
	b := make([]byte, min(s.Size, formats.GuessBytes))
	n, err := (&file{o, i, s.Size}).ReadAt(b, 0)
	if err == io.EOF {
		err = nil
	}
	return b[:n], err
}

// files reads scripts and all that package formats reads.
func (j *job) files(o *io_, r *result) (*staging.Graph, error) {
	options := j.options(o)
	var scripts, others []formats.Source
	for i, s := range j.Sources {
		if s.format == formats.Cypher {
			f, err := o.anywhere(i, s) // the engine's transaction must not wait for a network
			if err != nil {
				return nil, err
			}
			s.Size = f.size
			scripts = append(scripts, o.source(i, s))
		} else {
			others = append(others, o.source(i, s))
		}
	}
	g := staging.New()
	if len(others) > 0 {
		err := g.Update(func(w graph.Writer) error {
			report, err := formats.Read(context.Background(), w, others, options)
			r.Add(report)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(scripts) == 0 {
		return g, nil
	}
	n := 0
	report, err := formats.Statements(context.Background(), scripts, options, func(s formats.Statement) error {
		n++
		text, err := json.Marshal(map[string]any{"text": s.Text, "file": s.File, "line": s.Line, "number": n})
		if err != nil {
			return err
		}
		return o.give("statement", text)
	})
	r.Report.Add(report)
	return g, err
}

func (j *job) nornicDB(o *io_, r *result) (*staging.Graph, error) {
	src := nornic.Source{}
	for i, s := range j.Sources {
		f, err := o.anywhere(i, s)
		if err != nil {
			return nil, err
		}
		name := s.Name[strings.LastIndexByte(s.Name, '/')+1:]
		switch {
		case strings.HasSuffix(name, ".json") && src.Snapshot == nil:
			src.Snapshot = func() (io.ReadCloser, error) { return io.NopCloser(&sequential{file: f}), nil }
		case !strings.HasSuffix(name, ".json") && src.Log == nil:
			src.Log, src.LogBytes = f, f.size
		default:
			return nil, errors.New(s.Name + ": expected one log and perhaps one snapshot, whose name ends in .json")
		}
	}
	g := staging.New()
	report, err := nornic.Import(context.Background(), g, src, nornic.Options{Progress: func(p nornic.Progress) {
		o.progress(formats.Progress{Phase: "read", Done: p.Done, Total: p.Total})
	}})
	if err != nil {
		return nil, err
	}
	r.NornicDB = report
	r.Format = formats.NornicDB
	return g, nil
}

// pocketGraph reads a PocketGraph file and checks all that can be checked.
func (j *job) pocketGraph(o *io_, r *result) (*staging.Graph, []string, error) {
	if len(j.Sources) != 1 {
		return nil, nil, errors.New("a PocketGraph file is imported by itself")
	}
	f, err := o.anywhere(0, j.Sources[0])
	if err != nil {
		return nil, nil, err
	}
	g, info, err := j.load(o, f)
	if err != nil {
		return nil, nil, err
	}
	problem := ""
	g.State().Check(func(p string) {
		if problem == "" {
			problem = p
		}
	})
	if problem != "" {
		return nil, nil, &corrupt{problem}
	}
	r.Format = formats.PocketGraph
	r.Sequence, r.Written = info.Sequence, info.Written.UTC().Format("2006-01-02T15:04:05Z")
	return staging.Of(g), formats.Schema(g.State()), nil
}

type corrupt struct{ problem string }

func (c *corrupt) Error() string { return "checking the PocketGraph file: " + c.problem }
func (c *corrupt) Unwrap() error { return wal.ErrCorrupt }

func (j *job) load(o *io_, f *file) (*mem.Graph, wal.BackupInfo, error) {
	loader := mem.NewLoader("")
	pause := func() {}
	told := uint64(0)
	info, err := wal.ReadBackup(context.Background(), f, f.size, pause, func(kind uint32, data []byte) error {
		err := loader.Section(kind, data)
		if done, total := loader.Progress(); done-told > 100_000 {
			told = done
			o.progress(formats.Progress{Phase: "read", Done: int64(done), Total: int64(total)})
		}
		return err
	})
	if err != nil {
		return nil, info, err
	}
	g, err := loader.Finish()
	var bad *mem.SectionError
	if errors.As(err, &bad) {
		err = &corrupt{bad.Error()}
	}
	return g, info, err
}

// bulkBytes is how large a body of BULK grows: the engine works on one for some
// tens of milliseconds.
const bulkBytes = 1 << 20

// emit gives a graph to the page.
func (j *job) emit(o *io_, g *staging.Graph, r *result, schema []string) error {
	reader := g.Reader()
	staged, err := json.Marshal(map[string]any{"nodes": reader.NodeCount(), "relationships": reader.RelCount(), "schema": schema})
	if err != nil {
		return err
	}
	if err := o.give("staged", staged); err != nil {
		return err
	}
	total := int64(reader.NodeCount() + reader.RelCount())
	var bulk *wire.Bulk
	bulk = wire.NewBulk(reader, bulkBytes, func(body []byte) error {
		err := o.give("bulk", body)
		o.progress(formats.Progress{Phase: "write", Done: bulk.Elements, Total: total, Elements: bulk.Elements})
		return err
	})
	for n := range graph.Handles(reader.ScanNodes) {
		if err := bulk.Node(n); err != nil {
			return err
		}
	}
	for rel := range graph.Handles(reader.ScanRels) {
		if err := bulk.Relationship(rel); err != nil {
			return err
		}
	}
	if r.Format == formats.NornicDB || r.Format == formats.PocketGraph { // package formats counts what it reads itself
		r.Nodes, r.Relationships, r.Properties = int64(reader.NodeCount()), int64(reader.RelCount()), bulk.Properties
	}
	return bulk.Flush()
}
