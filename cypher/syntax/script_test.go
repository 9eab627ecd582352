package syntax

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

const script = `// a script; with a comment
CREATE (:A {s: 'x;y\';'});
/* only; a comment */ ;

MATCH (n) // comment; here
RETURN n./* ; */x / 2 AS ` + "`a;``b`" + `;;
RETURN "it's; \\";
RETURN 1 / 2`

var scriptPieces = []Piece{
	{"// a script; with a comment\nCREATE (:A {s: 'x;y\\';'})", 0, 1},
	{"MATCH (n) // comment; here\nRETURN n./* ; */x / 2 AS `a;``b`", 80, 5},
	{`RETURN "it's; \\"`, 142, 7},
	{"RETURN 1 / 2", 161, 8},
}

func TestSplitScript(t *testing.T) {
	var pieces []Piece
	for p := range SplitScript(script) {
		pieces = append(pieces, p)
		require.True(t, strings.HasPrefix(script[p.Offset:], p.Text), p.Text)
	}
	require.Equal(t, scriptPieces, pieces)
}

// However the script is cut into chunks, the pieces are the same.
func TestSplitterChunks(t *testing.T) {
	for size := 1; size <= len(script); size++ {
		var s Splitter
		var pieces []Piece
		emit := func(p Piece) error { pieces = append(pieces, p); return nil }
		for rest := script; rest != ""; {
			n := min(size, len(rest))
			require.NoError(t, s.Write([]byte(rest[:n]), emit))
			rest = rest[n:]
		}
		require.NoError(t, s.Close(emit))
		require.Equal(t, scriptPieces, pieces, "chunks of %d", size)
	}
}

func TestSplitReader(t *testing.T) {
	var pieces []Piece
	for p, err := range SplitReader(iotest.OneByteReader(strings.NewReader(script))) {
		require.NoError(t, err)
		pieces = append(pieces, p)
	}
	require.Equal(t, scriptPieces, pieces)

	broken := errors.New("broken")
	var last error
	for _, err := range SplitReader(iotest.ErrReader(broken)) {
		last = err
	}
	require.ErrorIs(t, last, broken)
}

func TestSplitterLimit(t *testing.T) {
	var s Splitter
	s.limit = 10
	err := s.Write([]byte("RETURN 1; RETURN 123456789"), func(Piece) error { return nil })
	require.ErrorIs(t, err, ErrStatementTooLong)
}

func TestSplitStopsWhenTheCallerDoes(t *testing.T) {
	n := 0
	for range SplitScript("RETURN 1; RETURN 2; RETURN 3") {
		n++
		break
	}
	require.Equal(t, 1, n)
}
