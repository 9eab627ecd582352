package pocketgraph

import (
	"github.com/pocketgraph/pocketgraph/cypher"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Result is the rows of a statement, in batches. It belongs to one goroutine.
type Result struct {
	columns []string
	reader  graph.Reader
	rows    *cypher.Rows    // a reading statement, while it runs
	kept    []*cypher.Batch // a writing statement, all of it
	summary Summary
	clock   *clock
	tx      *Tx  // that it is read in
	work    work // otherwise
}

// ended tells that nothing is under way any more.
func (r *Result) ended() {
	if r.tx != nil {
		r.tx.work.statement("")
	}
	r.work.end()
}

// Summary tells what a statement did.
type Summary struct {
	// Sequence is the transaction's number in the log; 0 when it changed
	// nothing or is not committed yet.
	Sequence uint64
	Counters cypher.Counters
	Plan     string // of PROFILE: the operators with the rows that each gave
}

// Columns are the names of the columns, in order.
func (r *Result) Columns() []string { return r.columns }

// Reader resolves the node and relationship handles in the rows.
func (r *Result) Reader() graph.Reader { return r.reader }

// Summary is complete after the last batch.
func (r *Result) Summary() Summary { return r.summary }

// Next returns the next batch, nil after the last. It is valid until the next
// call.
func (r *Result) Next() (*cypher.Batch, error) {
	if r.rows == nil {
		if len(r.kept) == 0 {
			return nil, nil
		}
		batch := r.kept[0]
		r.kept = r.kept[1:]
		return batch, nil
	}
	r.clock.resume()
	batch, err := r.rows.Next()
	r.clock.pause()
	if err != nil {
		r.Close()
		return nil, wrap("running the query", err)
	}
	if batch == nil {
		r.summary.Counters, r.summary.Plan = r.rows.Counters(), r.rows.Plan()
		r.Close()
	}
	return batch, nil
}

// Close ends the statement; rows that were not taken are dropped. It may be
// called more than once.
func (r *Result) Close() {
	if r.rows != nil {
		r.rows.Close()
		r.rows = nil
		r.clock.stop()
		r.ended()
	}
	r.kept = nil
}

// collect keeps all rows of a statement that writes: its effects must be
// complete, and durable, before the first row is shown.
func (r *Result) collect(rows *cypher.Rows) error {
	for {
		batch, err := rows.Next()
		if err != nil || batch == nil {
			return err
		}
		r.kept = append(r.kept, copyBatch(batch))
	}
}

func copyBatch(b *cypher.Batch) *cypher.Batch {
	kept := &cypher.Batch{Len: b.Len, Columns: make([][]graph.Value, len(b.Columns))}
	for i, column := range b.Columns {
		kept.Columns[i] = append([]graph.Value(nil), column[:b.Len]...)
	}
	return kept
}
