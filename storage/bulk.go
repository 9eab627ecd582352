package storage

import (
	"encoding/binary"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/storage/column"
	"github.com/pocketgraph/pocketgraph/storage/mem"
)

var _ graph.BulkWriter = (*Tx)(nil)

// CreateRows notes the same changes as one call of CreateNode or CreateRel for
// each row.
func (tx *Tx) CreateRows(r *graph.Rows, from, to int, made *[]uint32) error {
	if err := tx.check(); err != nil {
		return err
	}
	next := tx.Counters()
	if err := tx.Tx.CreateRows(r, from, to, made); err != nil {
		tx.half = err
		return err
	}
	before := len(tx.changes)
	tx.changes = tx.appendRows(tx.room((to-from)*(20+10*len(r.Columns))), r, from, to, next)
	for i := range tx.found {
		if f := &tx.found[i]; r.Rels && f.upTo == before { // no node has changed
			f.upTo = len(tx.changes)
		}
	}
	if t := tx.touched; t != nil {
		t.Nodes = t.Nodes || !r.Rels
		of := &t.Labels
		if r.Rels {
			of = &t.Types
		}
		for _, kind := range r.Kinds {
			for _, name := range kind {
				of.Add(name)
			}
		}
	}
	return tx.whole()
}

// appendRows appends the changes that create rows with the identities from next
// on. Most of what it writes are numbers, tags of values among them: they are
// collected, and appended together. It ends when they are too many to be committed:
// a body is short where all of many rows have the same thousands of labels.
func (tx *Tx) appendRows(dst []byte, r *graph.Rows, from, to int, next mem.Counters) []byte {
	var room [32]uint64
	for i := from; i < to && len(dst) <= maxChanges; i++ {
		kind := r.Kinds[r.Kind(i)]
		numbers := room[:0]
		if r.Rels {
			start, end := tx.NodeID(graph.Node(r.Ends[0][i])), tx.NodeID(graph.Node(r.Ends[1][i]))
			numbers = append(numbers, opCreateRel, uint64(next.Rel), uint64(start), uint64(end), uint64(kind[0]))
			next.Rel++
		} else {
			numbers = append(numbers, opCreateNode, uint64(next.Node), uint64(len(kind)))
			for _, label := range kind {
				numbers = append(numbers, uint64(label))
			}
			next.Node++
		}
		count := len(numbers)
		numbers = append(numbers, 0)
		for c := range r.Columns {
			if !r.Columns[c].IsNull(i) {
				numbers[count]++
			}
		}
		for c := range r.Columns {
			c := &r.Columns[c]
			if c.IsNull(i) {
				continue
			}
			numbers = append(numbers, uint64(c.Key))
			switch c.Form {
			case graph.FormInt32, graph.FormInt64:
				x := c.Word(i)
				numbers = append(numbers, column.TagInt, uint64(x<<1)^uint64(x>>63))
				continue
			case graph.FormFloat:
				dst = appendNumbers(dst, append(numbers, column.TagFloat)...)
				dst = binary.LittleEndian.AppendUint64(dst, uint64(c.Word(i)))
			case graph.FormText:
				text := c.Text(i)
				dst = append(appendNumbers(dst, append(numbers, column.TagString, uint64(len(text)))...), text...)
			default:
				dst = column.AppendValue(appendNumbers(dst, numbers...), c.Values[i])
			}
			numbers = numbers[:0]
		}
		dst = appendNumbers(dst, numbers...)
	}
	return dst
}

// room is the changes with room for about so many bytes more. It doubles what
// there is: append takes steps of a quarter, and copies it that much more often.
func (tx *Tx) room(more int) []byte {
	if n := len(tx.changes); n+more > cap(tx.changes) {
		tx.changes = append(make([]byte, 0, 2*n+more), tx.changes...)
	}
	return tx.changes
}
