package nornic

import "io"

// windowStep is how much is read at once.
const windowStep = 256 << 10

// window gives pieces of a file, most of them from what was read last.
type window struct {
	in   io.ReaderAt
	size int64
	buf  []byte
	from int64 // where buf is
}

// at returns n bytes at an offset, fewer at the end of the file. They are valid
// until the next call.
func (w *window) at(off, n int64) ([]byte, error) {
	n = min(n, w.size-off)
	if n <= 0 {
		return nil, nil
	}
	if off < w.from || off+n > w.from+int64(len(w.buf)) {
		if err := w.fill(off, min(max(n, windowStep), w.size-off)); err != nil {
			return nil, err
		}
	}
	return w.buf[off-w.from:][:n], nil
}

func (w *window) fill(off, n int64) error {
	if int64(cap(w.buf)) < n {
		w.buf = make([]byte, n)
	}
	w.buf, w.from = w.buf[:n], off
	if got, err := w.in.ReadAt(w.buf, off); int64(got) < n {
		w.buf = w.buf[:0]
		if err == io.EOF {
			err = io.ErrUnexpectedEOF // the file became shorter
		}
		return err
	}
	return nil
}
