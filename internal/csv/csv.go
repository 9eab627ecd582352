package csv

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// Limits of a CSV file. What is longer is taken for a file of another kind, or
// for one in which a quote is never closed: without them such a file would fill
// the memory before anything was said.
const (
	MaxLineBytes = 16 << 20 // in all fields of one line, which become one element
	MaxColumns   = 4096     // fields in one line
)

// PlaceError says where in a file something is wrong.
type PlaceError struct {
	File   string
	Line   int // from 1
	Column int // field number from 1; 0 when the line as a whole is meant
	Err    error
}

func (e *PlaceError) Error() string {
	where := e.File + ", line " + strconv.Itoa(e.Line)
	if e.Column > 0 {
		where += ", column " + strconv.Itoa(e.Column)
	}
	return where + ": " + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *PlaceError) Unwrap() error { return e.Err }

// Field is one field of a line. An empty field that was quoted is an empty
// string; one that was not is no value.
type Field struct {
	Text   string
	Quoted bool
}

// Reader reads lines of separated fields as RFC 4180 has them: quotes are
// doubled inside quotes, and quoted fields may hold line ends. Beyond it: a byte
// order mark and carriage returns before line feeds are dropped, empty lines
// are skipped, a quote inside an unquoted field stands for itself, and the text
// must be UTF-8. encoding/csv does not tell a quoted empty field from an empty
// one, and formats its errors with a package that would cost the page an eighth
// of its size budget.
type Reader struct {
	in     *bufio.Reader
	name   string
	comma  byte
	line   int // of the next byte
	fields []Field
	text   []byte // of the field at hand
	bytes  int    // in the fields of the line before it
}

func NewReader(in io.Reader, name string, comma byte) *Reader {
	r := &Reader{in: bufio.NewReaderSize(in, 64<<10), name: name, comma: comma, line: 1}
	if mark, err := r.in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = r.in.Discard(3) // cannot fail: the bytes are in the buffer
	}
	return r
}

// wrong makes an error about the field at hand, which began in a line.
func (r *Reader) wrong(line int, text string) error {
	return &PlaceError{File: r.name, Line: line, Column: len(r.fields) + 1, Err: errors.New(text)}
}

// Next returns the fields of the next line that is not empty, and its number;
// io.EOF at the end. The fields are valid until the next call, their texts for
// ever.
func (r *Reader) Next() ([]Field, int, error) {
	for {
		start := r.line
		end, err := r.readLine()
		if err != nil {
			return nil, start, err
		}
		empty := len(r.fields) == 1 && r.fields[0] == Field{}
		if !empty {
			return r.fields, start, nil
		}
		if end {
			return nil, start, io.EOF
		}
	}
}

// readLine fills r.fields and reports whether the file ended after the line.
func (r *Reader) readLine() (end bool, err error) {
	r.fields, r.bytes = r.fields[:0], 0
	for {
		began := r.line
		f, stop, err := r.readField()
		switch {
		case err != nil:
			return false, err
		case len(r.fields) == MaxColumns:
			return false, r.wrong(began, "more than "+strconv.Itoa(MaxColumns)+" fields in a line")
		case !utf8.ValidString(f.Text):
			return false, r.wrong(began, "the text is not UTF-8")
		}
		r.fields = append(r.fields, f)
		r.bytes += len(f.Text)
		switch stop {
		case stopEnd:
			return true, nil
		case stopLine:
			return false, nil
		}
	}
}

// What ended a field.
type stop uint8

const (
	stopComma stop = iota
	stopLine
	stopEnd
)

func (r *Reader) readField() (Field, stop, error) {
	r.text = r.text[:0]
	b, err := r.in.ReadByte()
	if err == nil && b == '"' {
		return r.readQuoted()
	}
	for ; err == nil; b, err = r.in.ReadByte() {
		switch b {
		case r.comma:
			return Field{Text: string(r.text)}, stopComma, nil
		case '\n':
			r.line++
			return Field{Text: string(trimReturn(r.text))}, stopLine, nil
		}
		if err := r.keep(b, r.line); err != nil {
			return Field{}, stopEnd, err
		}
	}
	if err == io.EOF {
		return Field{Text: string(trimReturn(r.text))}, stopEnd, nil
	}
	return Field{}, stopEnd, err
}

// keep adds a byte to the field at hand, which began in a line.
func (r *Reader) keep(b byte, began int) error {
	if r.bytes+len(r.text) == MaxLineBytes {
		return r.wrong(began, "the line is longer than 16 MiB; perhaps a quote is never closed")
	}
	r.text = append(r.text, b)
	return nil
}

func (r *Reader) readQuoted() (Field, stop, error) {
	began := r.line
	for {
		b, err := r.in.ReadByte()
		switch {
		case err == io.EOF:
			return Field{}, stopEnd, r.wrong(began, "the quote that opens here is never closed")
		case err != nil:
			return Field{}, stopEnd, err
		case b == '"':
			stop, again, err := r.afterQuote()
			if err != nil || !again {
				return Field{Text: string(r.text), Quoted: true}, stop, err
			}
		case b == '\n':
			r.line++
		}
		if err := r.keep(b, began); err != nil {
			return Field{}, stopEnd, err
		}
	}
}

// afterQuote looks at what follows a quote inside a quoted field: another
// quote (again) or the end of the field.
func (r *Reader) afterQuote() (s stop, again bool, err error) {
	b, err := r.in.ReadByte()
	if err == nil && b == '\r' {
		if b, err = r.in.ReadByte(); err == nil && b != '\n' {
			return stopEnd, false, r.wrong(r.line, "text after the closing quote")
		}
	}
	switch {
	case err == io.EOF:
		return stopEnd, false, nil
	case err != nil:
		return stopEnd, false, err
	case b == '"':
		return stopEnd, true, nil
	case b == r.comma:
		return stopComma, false, nil
	case b == '\n':
		r.line++
		return stopLine, false, nil
	}
	return stopEnd, false, r.wrong(r.line, "text after the closing quote")
}

// trimReturn drops the carriage return of a line that ends with both.
func trimReturn(text []byte) []byte {
	if n := len(text); n > 0 && text[n-1] == '\r' {
		return text[:n-1]
	}
	return text
}
