package importer

import (
	"context"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/internal/nornic"
	"github.com/pocketgraph/pocketgraph/internal/staging"
)

// NornicDB brings a log and a snapshot of NornicDB into a database, beside what
// is there. They are replayed in memory first; damage is in the report, and an
// error leaves the database as it was, unless there is a batch size.
func NornicDB(ctx context.Context, db *pocketgraph.DB, src nornic.Source, batch int, progress func(formats.Progress)) (*nornic.Report, error) {
	if progress == nil {
		progress = func(formats.Progress) {}
	}
	g := staging.New()
	report, err := nornic.Import(ctx, g, src, nornic.Options{Progress: func(p nornic.Progress) {
		progress(formats.Progress{Phase: "read", Done: p.Done, Total: p.Total})
	}})
	if err == nil {
		_, _, _, err = Copy(ctx, db, g.Reader(), batch, progress)
	}
	return report, coded(err)
}
