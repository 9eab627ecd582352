package importer

import (
	"bufio"
	"errors"
	"io"
	"strconv"
)

// Limits of a CSV file: what is longer is taken for a file of another kind.
const (
	maxField   = 16 << 20 // bytes in one field; a log record holds no more
	maxColumns = 4096     // fields in one line
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

// field is one field of a line. An empty field that was quoted is an empty
// string; one that was not is no value.
type field struct {
	text   string
	quoted bool
}

// csvReader reads lines of separated fields as RFC 4180 has them: quotes are
// doubled inside quotes, and quoted fields may hold line ends. A byte order
// mark and carriage returns before line feeds are dropped. encoding/csv does
// not tell a quoted empty field from an empty one, and formats its errors with
// a package that would cost the page an eighth of its size budget.
type csvReader struct {
	in     *bufio.Reader
	name   string
	comma  byte
	line   int // of the last byte read
	fields []field
	text   []byte
}

func newCSVReader(in io.Reader, name string, comma byte) *csvReader {
	r := &csvReader{in: bufio.NewReaderSize(in, 64<<10), name: name, comma: comma, line: 1}
	if mark, err := r.in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = r.in.Discard(3) // cannot fail: the bytes are in the buffer
	}
	return r
}

func (r *csvReader) errorf(column int, text string) error {
	return &PlaceError{File: r.name, Line: r.line, Column: column, Err: errors.New(text)}
}

// next returns the fields of the next line that is not empty, and its number;
// io.EOF at the end. The fields are valid until the next call, their texts for
// ever.
func (r *csvReader) next() ([]field, int, error) {
	for {
		start := r.line
		end, err := r.readLine()
		if err != nil {
			return nil, start, err
		}
		empty := len(r.fields) == 1 && r.fields[0] == field{}
		if !empty {
			return r.fields, start, nil
		}
		if end {
			return nil, start, io.EOF
		}
	}
}

// readLine fills r.fields and reports whether the file ended after the line.
func (r *csvReader) readLine() (end bool, err error) {
	r.fields = r.fields[:0]
	for {
		f, stop, err := r.readField()
		if err != nil {
			return false, err
		}
		if len(r.fields) == maxColumns {
			return false, r.errorf(0, "more than "+strconv.Itoa(maxColumns)+" fields in a line")
		}
		r.fields = append(r.fields, f)
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

func (r *csvReader) readField() (field, stop, error) {
	r.text = r.text[:0]
	first, err := r.in.ReadByte()
	if err == io.EOF {
		return field{}, stopEnd, nil
	}
	if err != nil {
		return field{}, stopEnd, err
	}
	if first == '"' {
		return r.readQuoted()
	}
	for b := first; ; {
		switch b {
		case r.comma:
			return field{text: string(r.text)}, stopComma, nil
		case '\n':
			r.line++
			return field{text: string(trimReturn(r.text))}, stopLine, nil
		}
		if len(r.text) == maxField {
			return field{}, stopEnd, r.errorf(len(r.fields)+1, "field is longer than 16 MiB")
		}
		r.text = append(r.text, b)
		if b, err = r.in.ReadByte(); err == io.EOF {
			return field{text: string(trimReturn(r.text))}, stopEnd, nil
		} else if err != nil {
			return field{}, stopEnd, err
		}
	}
}

func (r *csvReader) readQuoted() (field, stop, error) {
	began := r.line
	for {
		b, err := r.in.ReadByte()
		if err == io.EOF {
			return field{}, stopEnd, r.errorf(len(r.fields)+1, "the quote that opened in line "+strconv.Itoa(began)+" is never closed")
		}
		if err != nil {
			return field{}, stopEnd, err
		}
		if b == '"' {
			stop, again, err := r.afterQuote()
			if err != nil || !again {
				return field{text: string(r.text), quoted: true}, stop, err
			}
		} else if b == '\n' {
			r.line++
		}
		if len(r.text) == maxField {
			return field{}, stopEnd, r.errorf(len(r.fields)+1, "field is longer than 16 MiB")
		}
		r.text = append(r.text, b)
	}
}

// afterQuote looks at what follows a quote inside a quoted field: another
// quote (again) or the end of the field.
func (r *csvReader) afterQuote() (s stop, again bool, err error) {
	b, err := r.in.ReadByte()
	if err == nil && b == '\r' {
		b, err = r.in.ReadByte()
		if err == nil && b != '\n' {
			return 0, false, r.errorf(len(r.fields)+1, "text after the closing quote")
		}
	}
	switch {
	case err == io.EOF:
		return stopEnd, false, nil
	case err != nil:
		return 0, false, err
	case b == '"':
		return 0, true, nil
	case b == r.comma:
		return stopComma, false, nil
	case b == '\n':
		r.line++
		return stopLine, false, nil
	}
	return 0, false, r.errorf(len(r.fields)+1, "text after the closing quote")
}

func trimReturn(text []byte) []byte {
	if n := len(text); n > 0 && text[n-1] == '\r' {
		return text[:n-1]
	}
	return text
}
