//go:build js && wasm

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/nornic"
	"github.com/pocketgraph/pocketgraph/wal"
)

// job is what the page asks for.
type job struct {
	Op      string   `json:"op"` // "read", "write" or "preview"
	Sources []source `json:"sources"`
	Format  string   `json:"format"`

	Delimiter      string                      `json:"delimiter"`
	ArrayDelimiter string                      `json:"arrayDelimiter"`
	IDs            string                      `json:"ids"` // "string" or "integer"
	Mappings       map[string]*formats.Mapping `json:"mappings"`
	IDProperty     string                      `json:"idProperty"`
	Type           string                      `json:"type"`
	BatchSize      int                         `json:"batchSize"`

	Plain    bool   `json:"plain"`
	Elements string `json:"elements"`

	Rows int `json:"rows"` // of a preview
}

func (j *job) run(o *io_) (any, error) {
	switch j.Op {
	case "read":
		return j.read(o)
	case "write":
		return j.write(o)
	case "preview":
		return formats.Preview(context.Background(), j.sources(o), j.options(o), j.Rows)
	}
	return nil, errors.New("unknown job " + j.Op)
}

func (j *job) sources(o *io_) (list []formats.Source) {
	for i, s := range j.Sources {
		list = append(list, o.source(i, s))
	}
	return list
}

func (j *job) options(o *io_) formats.Options {
	options := formats.Options{Format: formats.Format(j.Format), ArrayDelimiter: j.ArrayDelimiter, Mappings: j.Mappings,
		IDProperty: j.IDProperty, Type: j.Type, Progress: o.progress}
	if j.Delimiter != "" {
		options.Delimiter = j.Delimiter[0]
	}
	if j.IDs == "integer" {
		options.IDs = formats.IDInteger
	}
	return options
}

// progress tells the page, and parks, so that it and the collector get their
// turn.
func (o *io_) progress(p formats.Progress) {
	text, err := json.Marshal(map[string]any{"phase": p.Phase, "file": p.File, "done": p.Done, "total": p.Total, "elements": p.Elements})
	if err == nil {
		_, _ = o.call("progress", string(text)) // a page that does not want to know is no reason to stop
	}
}

// failure is an error as the page throws it.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

func failureOf(err error) failure {
	f := failure{Code: "INVALID_ARGUMENT", Message: err.Error()}
	var place *formats.PlaceError
	if errors.As(err, &place) {
		f.Code, f.File, f.Line, f.Column = "IMPORT", place.File, place.Line, place.Column
	}
	for kind, code := range map[error]string{
		graph.ErrLimit: "LIMIT", wal.ErrCorrupt: "CORRUPT", wal.ErrNotStore: "NOT_A_STORE", wal.ErrNewerFormat: "NEWER_FORMAT", nornic.ErrHopeless: "CORRUPT",
		io.ErrUnexpectedEOF: "IMPORT",
	} {
		if errors.Is(err, kind) {
			f.Code = code
		}
	}
	return f
}
