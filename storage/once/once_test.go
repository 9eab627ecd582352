package once_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/storage/once"
	"github.com/pocketgraph/pocketgraph/wal"
)

func note(t *once.Table, client byte, request, sequence uint64, part uint32, outcome []byte) *once.Answer {
	return t.Note(&wal.Record{Client: [16]byte{client}, Request: request, Sequence: sequence, Part: part, Outcome: outcome}, false)
}

// TestAnswersSurviveTheTrip: every kind of answer, and whatever comes behind it;
// of a piece of them, nothing is believed or the whole answers in it.
func TestAnswersSurviveTheTrip(t *testing.T) {
	var table once.Table
	note(&table, 1, 1, 10, 0, once.Outcome([]byte("one"), []byte("rows")))
	note(&table, 1, 2, 11, 1, nil) // breaks off behind its second part
	note(&table, 1, 2, 12, 2, nil)
	note(&table, 2, 1, 13, 1, nil) // comes to its end
	note(&table, 2, 1, 14, 0, once.Outcome(nil, nil))
	note(&table, 3, 7, 15, 0, once.Outcome([]byte("last"), nil))
	note(&table, 3, 8, 16, 1, nil)
	want := map[once.Origin]*once.Repeated{
		{Client: [16]byte{1}, Request: 1}: {Sequence: 10, Whole: true, Summary: []byte("one"), Rows: []byte("rows")},
		{Client: [16]byte{1}, Request: 2}: {Sequence: 12, Parts: 2},
		{Client: [16]byte{2}, Request: 1}: {Sequence: 14, Parts: 1, Whole: true},
		{Client: [16]byte{3}, Request: 7}: {Sequence: 15, Whole: true, Summary: []byte("last")},
		{Client: [16]byte{3}, Request: 8}: {Sequence: 16, Parts: 1},
	}
	b := table.Encode()
	var read once.Table
	require.NoError(t, read.Decode(b))
	require.Equal(t, b, read.Encode())
	for _, table := range []*once.Table{&table, &read} {
		for o, want := range want {
			wait, err := table.Find(&o)
			require.Nil(t, wait)
			var got *once.Repeated
			require.ErrorAs(t, err, &got)
			if got.Summary = append([]byte(nil), got.Summary...); len(got.Summary) == 0 {
				got.Summary = nil
			}
			require.Equal(t, want, got, "%v", o)
		}
	}
	whole := 0
	for n := range len(b) {
		var piece once.Table
		if piece.Decode(b[:n]) == nil {
			whole++
			again := piece.Encode()
			require.True(t, again == nil || string(again) == string(b[:n]), "%d bytes", n)
		}
	}
	require.Equal(t, len(want), whole, "cut between two answers")
}
