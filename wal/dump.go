package wal

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/hack-pad/hackpadfs"
)

// Entry is one record with its place.
type Entry struct {
	*Record
	File      string
	Offset    int64
	Length    int64
	DurableTo int64
}

// Records calls fn for every record of both logs whose checksums hold and
// that goes on from the one before, oldest log first. It needs no ownership
// and changes nothing; beside a running store it may miss the newest. Files
// that are absent or unreadable have no records.
func Records(ctx context.Context, fsys hackpadfs.FS, fn func(Entry) error) error {
	l := &look{ctx: ctx, fs: fsys}
	defer l.close()
	if err := l.open(); err != nil {
		return err
	}
	return l.records(fn)
}

// Dump prints the files for a person: both meta slots, both log headers and
// their records, both snapshot headers. It changes nothing.
func Dump(ctx context.Context, fsys hackpadfs.FS, w io.Writer) error {
	l := &look{ctx: ctx, fs: fsys}
	defer l.close()
	if err := l.open(); err != nil {
		return err
	}
	p := &printer{w: w}
	l.printMeta(p)
	for i := range l.snap {
		l.printSnapshot(p, i)
	}
	for i := range l.log {
		l.printLog(p, i)
	}
	err := l.records(func(e Entry) error {
		p.record(e)
		return p.err
	})
	return errors.Join(err, p.err)
}

// look is a store seen from outside.
type look struct {
	ctx   context.Context
	fs    hackpadfs.FS
	meta  *file
	log   [2]*file
	snap  [2]*file
	heads [2]logHeader
	sound [2]bool
}

func (l *look) open() error {
	d := disk{}
	var firstErr error
	found := false
	d.each(func(name string, f **file) {
		h, err := l.fs.Open(name)
		if err != nil {
			if !errors.Is(err, hackpadfs.ErrNotExist) && firstErr == nil {
				firstErr = wrap("opening "+name, kindOf(err), err)
			}
			return
		}
		info, err := h.Stat()
		r, ok := h.(io.ReaderAt)
		if err != nil || !ok {
			h.Close()
			return
		}
		found = true
		*f = &file{name: name, h: readOnly{h, r}, size: info.Size()}
	})
	l.meta, l.log, l.snap = d.meta, d.log, d.snap
	if firstErr == nil && !found {
		firstErr = wrap("looking at the store", ErrAbsent, nil)
	}
	for i, f := range l.log {
		if f == nil {
			continue
		}
		var b [blockSize]byte
		n, _ := f.readAt(b[:], 0)
		l.heads[i], l.sound[i] = decodeLogHeader(b[:n])
	}
	return firstErr
}

func (l *look) close() {
	for _, f := range []*file{l.meta, l.log[0], l.log[1], l.snap[0], l.snap[1]} {
		if f != nil {
			f.h.Close()
		}
	}
}

// readOnly is a handle whose writes fail.
type readOnly struct {
	hackpadfs.File
	io.ReaderAt
}

func (readOnly) WriteAt([]byte, int64) (int, error) { return 0, hackpadfs.ErrPermission }
func (readOnly) Sync() error                        { return hackpadfs.ErrPermission }
func (readOnly) Truncate(int64) error               { return hackpadfs.ErrPermission }

func (l *look) records(fn func(Entry) error) error {
	order := []int{0, 1}
	if l.heads[0].generation > l.heads[1].generation {
		order = []int{1, 0}
	}
	for _, i := range order {
		if h := l.heads[i]; l.sound[i] && !h.newer() {
			if err := l.walk(i, h, fn); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *look) walk(i int, h logHeader, fn func(Entry) error) error {
	win := &window{f: l.log[i], work: &work{ctx: l.ctx}}
	p := h.begin(uint32(i))
	var rec Record
	for {
		hd, body, err := nextRecord(win, h.store, &p)
		if err != nil || body == nil {
			return err
		}
		hd.record(body, &rec)
		if err := fn(Entry{&rec, l.log[i].name, p.offset - hd.length, hd.length, hd.durableTo}); err != nil {
			return err
		}
	}
}

// printer writes lines of "key value" without fmt, which the wasm does without.
type printer struct {
	w   io.Writer
	buf []byte
	err error
}

func (p *printer) text(s string) *printer { p.buf = append(p.buf, s...); return p }
func (p *printer) num(key string, v uint64) *printer {
	p.buf = strconv.AppendUint(append(append(append(p.buf, ' '), key...), ' '), v, 10)
	return p
}

func (p *printer) time(micros int64) *printer {
	p.buf = time.UnixMicro(micros).UTC().AppendFormat(append(p.buf, ' '), "2006-01-02T15:04:05.000000Z")
	return p
}

func (p *printer) end() {
	if p.err == nil {
		_, p.err = p.w.Write(append(p.buf, '\n'))
	}
	p.buf = p.buf[:0]
}

func (p *printer) position(key string, at position) *printer {
	return p.text(" "+key+" "+logNames[at.file&1]).num("generation", at.generation).num("byte", uint64(at.offset)).num("sequence", at.sequence)
}

func (p *printer) way(key string, w way) {
	p.text("  " + key + ":")
	switch w.kind {
	case wayNone:
		p.text(" none")
	case wayEmpty:
		p.text(" from the empty store,").position("log from", w.log)
	case waySnapshot:
		p.text(" "+snapNames[w.snap&1]).num("bytes", uint64(w.length)).text(",").position("log from", w.log)
	}
	p.end()
}

func (l *look) printMeta(p *printer) {
	slots, err := readMeta(l.meta)
	for i := range slots.meta {
		p.text("meta slot ").text(strconv.Itoa(i)).text(":")
		m := slots.meta[i]
		if err != nil || !slots.valid[i] {
			p.text(" not valid").end()
			continue
		}
		p.num("version", uint64(m.version)).num("epoch", m.epoch).num("incarnation", m.incarnation).time(m.written)
		if m.flags&flagClean != 0 {
			p.text(" closed cleanly")
		}
		if i == slots.newest {
			p.text(" (newest)")
		}
		p.end()
		if m.newer() {
			continue
		}
		p.way("current", m.current)
		p.way("older", m.older)
		p.text(" ").position("flushed to", m.attested).end()
	}
}

func (l *look) printLog(p *printer, i int) {
	h := l.heads[i]
	p.text(logNames[i]).text(":")
	switch {
	case l.log[i] == nil:
		p.text(" absent")
	case !l.sound[i]:
		p.text(" header not readable").num("bytes", uint64(l.log[i].size))
	case h.generation == 0:
		p.text(" never used yet")
	default:
		p.num("generation", h.generation).num("first sequence", h.firstSequence).num("bytes", uint64(l.log[i].size)).time(h.written)
		if h.previous.generation != 0 {
			p.position("behind", h.previous)
		}
	}
	p.end()
}

func (l *look) printSnapshot(p *printer, i int) {
	p.text(snapNames[i]).text(":")
	var b [blockSize]byte
	n := 0
	if l.snap[i] != nil {
		n, _ = l.snap[i].readAt(b[:], 0)
	}
	h, ok := decodeSnapshotHeader(b[:n])
	switch {
	case l.snap[i] == nil:
		p.text(" absent")
	case !ok:
		p.text(" header not readable").num("bytes", uint64(l.snap[i].size))
	case h.serial == 0:
		p.text(" never used yet")
	default:
		p.num("serial", h.serial).num("sequence", h.sequence).num("bytes", uint64(l.snap[i].size)).time(h.written)
	}
	p.end()
}

func (p *printer) record(e Entry) {
	p.text(e.File).num("byte", uint64(e.Offset)).num("record", e.Sequence).time(e.UnixMicros).num("length", uint64(e.Length)).num("durableTo", uint64(e.DurableTo))
	p.num("payload", uint64(len(e.Payload)))
	for _, part := range []struct {
		name string
		b    []byte
	}{{"outcome", e.Outcome}, {"metadata", e.Metadata}, {"before", e.Before}} {
		if len(part.b) > 0 {
			p.num(part.name, uint64(len(part.b)))
		}
	}
	if e.Request != 0 {
		p.num("request", e.Request).num("part", uint64(e.Part))
	}
	p.end()
}
