//go:build js && wasm

package main

import (
	"context"

	"github.com/pocketgraph/pocketgraph/formats"
)

// write reads a PocketGraph file, which is how the engine gives a consistent
// state away, and writes it in another format.
func (j *job) write(o *io_) (any, error) {
	f, err := o.anywhere(0, j.Sources[0])
	if err != nil {
		return nil, err
	}
	g, info, err := j.load(o, f)
	if err != nil {
		return nil, err
	}
	report, err := formats.Write(context.Background(), &giving{o}, g.State(), formats.WriteOptions{
		Format: formats.Format(j.Format), Plain: j.Plain, Elements: j.Elements, Progress: o.progress})
	return result{Report: report, Sequence: info.Sequence}, err
}

// giving gives what is written to the page, as large pieces.
type giving struct{ o *io_ }

func (g *giving) Write(p []byte) (int, error) { return len(p), g.o.give("bytes", p) }
