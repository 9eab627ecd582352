//go:build !js

package importer

import (
	"context"
	"io"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/internal/nativefs"
)

// Export writes the newest committed state of a database in any format.
// Readers and writers go on beside it.
func Export(ctx context.Context, db *pocketgraph.DB, w io.Writer, o formats.WriteOptions) (formats.Report, error) {
	if o.Format != formats.PocketGraph {
		report, err := formats.Write(ctx, w, db.Reader(), o)
		return report, coded(err)
	}
	r := db.Reader()
	report := formats.Report{Format: o.Format, Nodes: int64(r.NodeCount()), Relationships: int64(r.RelCount()), Notes: []formats.Note{}}
	_, err := db.Export(ctx, w)
	return report, err
}

// ExportFile writes a file, which appears under its name only when it is whole
// and flushed. A file of that name is replaced.
func ExportFile(ctx context.Context, db *pocketgraph.DB, name string, o formats.WriteOptions) (report formats.Report, err error) {
	err = nativefs.WriteFile(name, func(w io.Writer) error {
		report, err = Export(ctx, db, w, o)
		return err
	})
	if err != nil {
		err = pocketgraph.WithCode(err, pocketgraph.CodeIO)
	}
	return report, err
}
