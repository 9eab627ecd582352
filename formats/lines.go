package formats

import (
	"bytes"
	"io"
	"sort"
	"unicode/utf8"
)

// lines remembers where the lines of a stream begin, as far back as mark says
// is needed, so that an offset becomes a line and a column.
type lines struct {
	in    io.Reader
	read  int64
	line  int     // of the byte at begin, from 1
	begin int64   // of that line
	next  []int64 // where later lines begin
	text  []byte  // from textAt on, for columns in characters
	from  int64
}

func newLines(in io.Reader) *lines { return &lines{in: in, line: 1} }

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	for at := 0; ; {
		i := bytes.IndexByte(p[at:n], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		l.next = append(l.next, l.read+int64(at))
	}
	l.text = append(l.text, p[:n]...)
	l.read += int64(n)
	return n, err
}

// mark says that nothing before an offset will be asked for. A line that began
// long before it loses its beginning: columns count from there then.
func (l *lines) mark(offset int64) {
	n := l.begunBy(offset)
	if n > 0 {
		l.line += n
		l.begin = l.next[n-1]
		l.next = l.next[:copy(l.next, l.next[n:])]
	}
	if keep := max(l.begin, offset-longLine); keep > l.from && keep-l.from > int64(cap(l.text)/2) {
		l.text = append(l.text[:0], l.text[keep-l.from:]...)
		l.from = keep
	}
}

// longLine is how far back columns are counted.
const longLine = 64 << 10

// begunBy counts the later lines that begin at an offset or before it.
func (l *lines) begunBy(offset int64) int {
	return sort.Search(len(l.next), func(i int) bool { return l.next[i] > offset })
}

// at gives line and column of an offset. The column counts characters; it is 0
// in a line too long to count in, and before the last mark.
func (l *lines) at(offset int64) (line, column int) {
	line, begin := l.line, l.begin
	if n := l.begunBy(offset); n > 0 {
		line, begin = line+n, l.next[n-1]
	}
	if begin < l.from || begin > offset || offset > l.from+int64(len(l.text)) {
		return line, 0
	}
	return line, utf8.RuneCount(l.text[begin-l.from:offset-l.from]) + 1
}
