//go:build js && wasm

package main

import (
	"errors"
	"io"
	"syscall/js"

	"github.com/pocketgraph/pocketgraph/formats"
	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// io_ is what the worker offers; every method returns a promise:
//
//	read(source, offset, length)   bytes of a source that can be read anywhere
//	pull(source)                   the next bytes of a stream, or null
//	spool(source)                  the length of a stream, which can then be
//	                               read anywhere, from its beginning
//	give(kind, bytes)              something for the page: "bulk", "staged",
//	                               "statement", "bytes"; resolves when it may
//	                               have the next
//	progress(json)
type io_ struct{ host js.Value }

func (o *io_) call(method string, args ...any) (js.Value, error) {
	return jsutil.AwaitCall(o.host, method, args...)
}

// bytesOf copies a Uint8Array.
func bytesOf(v js.Value) []byte {
	b := make([]byte, v.Get("length").Int())
	js.CopyBytesToGo(b, v)
	return b
}

// give hands bytes over.
func (o *io_) give(kind string, b []byte) error {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	_, err := o.call("give", kind, array)
	return err
}

// file is a source that can be read anywhere.
type file struct {
	io     *io_
	source int
	size   int64
}

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	if off >= f.size {
		return 0, io.EOF
	}
	n := min(int64(len(p)), f.size-off)
	v, err := f.io.call("read", f.source, float64(off), float64(n))
	if err != nil {
		return 0, err
	}
	if int64(v.Get("length").Int()) != n {
		return 0, errors.New("the file changed while it was read")
	}
	js.CopyBytesToGo(p[:n], v)
	if n < int64(len(p)) {
		err = io.EOF
	}
	return int(n), err
}

// stream is a source that is read once, from its beginning.
type stream struct {
	io     *io_
	source int
	rest   []byte
}

func (s *stream) Read(p []byte) (int, error) {
	for len(s.rest) == 0 {
		v, err := s.io.call("pull", s.source)
		if err != nil {
			return 0, err
		}
		if v.IsNull() {
			return 0, io.EOF
		}
		s.rest = bytesOf(v)
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// readAhead is how much of a file is asked for at once.
const readAhead = 1 << 20

// sequential reads a file in large pieces.
type sequential struct {
	*file
	at   int64
	buf  []byte
	rest []byte
}

func (s *sequential) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		if s.buf == nil {
			s.buf = make([]byte, min(readAhead, max(s.size, 1)))
		}
		n, err := s.ReadAt(s.buf, s.at)
		if n == 0 {
			return 0, err
		}
		s.at += int64(n)
		s.rest = s.buf[:n]
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// source is one file of a job.
type source struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // -1 of a stream

	format formats.Format // once it was looked at
}

func (o *io_) open(i int, s source) func() (io.ReadCloser, error) {
	opened := false
	return func() (io.ReadCloser, error) {
		if s.Size >= 0 {
			return io.NopCloser(&sequential{file: &file{o, i, s.Size}}), nil
		}
		if opened {
			return nil, errors.New("a stream can be read only once")
		}
		opened = true
		return io.NopCloser(&stream{io: o, source: i}), nil
	}
}

func (o *io_) source(i int, s source) formats.Source {
	return formats.Source{Name: s.Name, Size: max(s.Size, 0), Format: s.format, Open: o.open(i, s)}
}

// anywhere makes a source one that can be read anywhere.
func (o *io_) anywhere(i int, s source) (*file, error) {
	if s.Size < 0 {
		v, err := o.call("spool", i)
		if err != nil {
			return nil, err
		}
		s.Size = int64(v.Float())
	}
	return &file{o, i, s.Size}, nil
}
