package pocketgraph

import (
	"context"
	"maps"

	"github.com/pocketgraph/pocketgraph/storage"
)

// MaxMetadata bounds the metadata of one transaction, all keys and values in
// bytes.
const MaxMetadata = storage.MaxMetadata

// SetMetadata adds to what the log keeps about the transaction beside its
// changes: who made it, why, for which request. Keys that were set before get
// the new value. A transaction that changes nothing leaves no metadata.
// Errors: LIMIT beyond MaxMetadata, then what was set before stays; READ_ONLY;
// CLOSED.
func (tx *Tx) SetMetadata(data map[string]string) error {
	switch {
	case tx.ended:
		return wrap("setting metadata", storage.ErrTxDone)
	case tx.write == nil:
		return newError(CodeReadOnly, "the transaction only reads, and metadata belong to changes")
	}
	merged := maps.Clone(tx.metadata)
	if merged == nil {
		merged = map[string]string{}
	}
	maps.Copy(merged, data)
	if err := tx.write.SetMetadata(merged); err != nil {
		return wrap("setting metadata", err)
	}
	tx.metadata = merged
	return nil
}

// Metadata returns a copy of what SetMetadata has set.
func (tx *Tx) Metadata() map[string]string { return maps.Clone(tx.metadata) }

type metadataKey struct{}

// WithMetadata makes data the metadata of the transactions that are begun with
// the context, by Update, Begin, Query and Batch.Commit; see Tx.SetMetadata. Of
// a statement that commits in parts each part has them.
func WithMetadata(ctx context.Context, data map[string]string) context.Context {
	return context.WithValue(ctx, metadataKey{}, data)
}

// begun gives the transaction the metadata of its context.
func (tx *Tx) begun() error {
	tx.db.running.begin(&tx.work, "", true)
	data, _ := tx.ctx.Value(metadataKey{}).(map[string]string)
	if len(data) == 0 {
		return nil
	}
	err := tx.SetMetadata(data)
	if err != nil {
		tx.Rollback()
	}
	return err
}
