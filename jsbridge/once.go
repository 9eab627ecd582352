package jsbridge

import (
	"errors"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// A named request is applied once, however often it is asked (PROTOCOL.md,
// section 9). What it is answered when it is repeated is kept as bytes of the
// wire: the entries of its summary without the sequence, which is not known
// before the commit, and the frames HEAD and ROWS.

// keep encodes the answer to a writing statement while it is not committed yet:
// its frames are those that the task will send. Rows beyond what is kept stay
// in the result.
func (t *task) keep(result Result) (summary, rows []byte) {
	t.rows = &rowFrames{result: result}
	t.kept = appendHead(nil, t.header(), result.Columns())
	for before := 0; before < len(t.kept); {
		if before = len(t.kept); before > pocketgraph.MaxOutcome {
			return keptSummary(result.Summary()), nil
		}
		t.kept, t.rows.err = t.rows.next(t.kept, t.header()) // an error is met again when the rows are sent
	}
	return keptSummary(result.Summary()), t.kept
}

func keptSummary(m *graph.Map) []byte {
	b, _ := appendNested(nil, graph.MapValue(m), nil, MaxFrame, MaxDepth) // numbers and truths always encode
	return b
}

// repeat answers a request that was applied before with its first answer.
// Other errors pass.
func (d *Dispatcher) repeat(t *task, err error) (*graph.Map, error) {
	var first *pocketgraph.Repeated
	if !errors.As(err, &first) {
		return nil, err
	}
	if !first.Whole {
		return nil, &Failure{Code: codePartlyApplied, Sequence: first.Sequence,
			Message: "the statement broke off after " + number(first.Parts) + " transactions, which are there"}
	}
	c := &cursor{b: first.Summary}
	kept := readValue(c, valueBuilder{}, nil, MaxDepth)
	if c.err != nil || kept.Kind() != graph.KindMap {
		return nil, ErrMalformed
	}
	counters, counted := kept.AsMap().Get("counters")
	entries := []graph.Entry{{Key: "sequence", Value: graph.Int(int64(first.Sequence))}, truth("writes", true)}
	if counted {
		entries = append(entries, graph.Entry{Key: "counters", Value: counters})
	}
	if first.Rows == nil && t.r.Op != OpCommit {
		return nil, &Failure{Code: codeAlreadyApplied, Sequence: first.Sequence, Counters: counters,
			Message: "the write was applied, and its rows were too many to be kept for a second answer"}
	}
	return graph.NewMap(entries), d.send(t, func(b []byte) ([]byte, error) {
		start := len(b)
		b = append(b, first.Rows...)
		return b, readdress(b[start:], t.header())
	})
}

// readdress makes frames the answer to another request.
func readdress(frames []byte, h header) error {
	for len(frames) > 0 {
		frame, rest, err := nextFrame(frames, frameHeader)
		if err != nil {
			return err
		}
		frame[6], frame[7] = byte(h.client), byte(h.client>>8)
		putU32(frame[8:], h.id)
		putU32(frame[12:], h.database)
		frames = rest
	}
	return nil
}
