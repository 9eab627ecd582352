package formats

import (
	"errors"
	"io"
)

// Limits of what is read. A file beyond them is taken for one of another kind,
// or for one in which something is never closed.
const (
	MaxElementBytes = 64 << 20 // of one element, as text (CSV: csv.MaxLineBytes)
	MaxDepth        = 100      // nesting in JSON and XML
)

var errElementTooLong = errors.New("an element is longer than 64 MiB; perhaps something is never closed")

// bounded lets so many bytes pass until it is told that an element ended.
type bounded struct {
	in   io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errElementTooLong
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}

// again begins the next element.
func (b *bounded) again() { b.left = maxElement }

// maxElement is less in tests.
var maxElement = MaxElementBytes
