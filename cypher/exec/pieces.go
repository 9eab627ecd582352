package exec

import "github.com/pocketgraph/pocketgraph/graph"

// values is a list that grows by pieces: appending to a slice of a hundred
// megabytes copies it, and nothing can stop that.
type values struct {
	full [][]graph.Value // of pieceItems each
	last []graph.Value
}

//go:noinline
func (l *values) add(r *Run, v graph.Value) {
	if len(l.last) == pieceItems && r.listFits(l.len()+1) {
		l.full = append(l.full, l.last)
		l.last = make([]graph.Value, 0, pieceItems)
	}
	l.last = append(l.last, v)
	r.take(valueBytes)
}

func (l *values) len() int { return len(l.full)*pieceItems + len(l.last) }

// list makes one list of them; nil when the run ended meanwhile. The values
// cannot be added to afterwards.
func (l *values) list(r *Run) []graph.Value {
	if len(l.full) == 0 {
		r.listFits(len(l.last))
		return l.last
	}
	if !r.takeList(l.len()) {
		return nil
	}
	out := make([]graph.Value, 0, l.len())
	for _, piece := range append(l.full, l.last) {
		out = append(out, piece...)
		if r.tick(pieceRows); r.err != nil {
			return nil
		}
	}
	return out
}

// sortRows is a merge sort of numbers of rows, which compares least: comparing is
// what costs here, and a sort from the library would be compiled once more for
// every kind of element. room is as long as rows.
func (r *Run) sortRows(rows, room []int32, compare func(a, b int32) int) {
	if len(rows) <= 8 {
		for i := 1; i < len(rows); i++ {
			for j := i; j > 0 && compare(rows[j-1], rows[j]) > 0; j-- {
				rows[j-1], rows[j] = rows[j], rows[j-1]
			}
		}
		return
	}
	half := len(rows) / 2
	r.sortRows(rows[:half], room, compare)
	r.sortRows(rows[half:], room, compare)
	if r.err != nil || compare(rows[half-1], rows[half]) <= 0 {
		return // in whatever order, or sorted
	}
	left, right := room[:copy(room, rows[:half])], rows[half:]
	for i := range rows {
		if len(left) == 0 {
			return
		}
		if len(right) > 0 && compare(right[0], left[0]) < 0 {
			rows[i], right = right[0], right[1:]
		} else {
			rows[i], left = left[0], left[1:]
		}
		if i%pieceRows == pieceRows-1 {
			if r.tick(pieceRows); r.err != nil {
				return
			}
		}
	}
	r.tick(len(rows) % pieceRows)
}
