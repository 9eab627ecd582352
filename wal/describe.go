package wal

import (
	"context"
	"strconv"
	"time"

	"github.com/hack-pad/hackpadfs"
)

// Description is what the five files say about themselves, without a word of
// what is stored in them.
type Description struct {
	FormatVersion uint32 // that this program writes
	Meta          [metaSlots]SlotDescription
	Logs          [2]LogDescription
	Snapshots     [2]SnapshotDescription
}

// SlotDescription is one meta slot. Of one that is not valid nothing is known.
type SlotDescription struct {
	Valid       bool
	Newest      bool // it counts
	Version     uint32
	Epoch       uint64
	Incarnation uint64
	Session     uint64
	Clean       bool // the store was closed
	Created     time.Time
	Written     time.Time
	Current     string // the way to the newest state, for a person
	Older       string // the second way, or "none"
	Attested    string // up to where the log had been flushed
}

// LogDescription is one log file.
type LogDescription struct {
	Name       string
	Present    bool
	Readable   bool  // its header
	Bytes      int64 // of the file
	Generation uint64
	Written    time.Time // the header
	Records    uint64    // whole ones that go on from the header
	First      uint64    // sequence of the first of them
	Last       uint64    // and of the last, 0 when there is none
	Used       int64     // bytes up to the end of the last
}

// SnapshotDescription is one snapshot file.
type SnapshotDescription struct {
	Name     string
	Present  bool
	Readable bool  // its header
	Bytes    int64 // of the file
	Serial   uint64
	Sequence uint64
	Written  time.Time
}

// Describe looks at the files. It needs no ownership and changes nothing, works
// on damaged stores, and beside a running one may miss the newest.
func Describe(ctx context.Context, fsys hackpadfs.FS) (*Description, error) {
	l := &look{ctx: ctx, fs: fsys}
	defer l.close()
	if err := l.open(); err != nil {
		return nil, err
	}
	d := &Description{FormatVersion: FormatVersion}
	slots, err := readMeta(l.meta)
	if err != nil {
		return nil, err
	}
	for i := range d.Meta {
		if slots.valid[i] {
			d.Meta[i] = slots.meta[i].describe(i == slots.newest)
		}
	}
	for i := range d.Logs {
		d.Logs[i] = l.describeLog(i)
	}
	for i := range d.Snapshots {
		d.Snapshots[i] = l.describeSnapshot(i)
	}
	return d, l.records(func(e Entry) error {
		log := &d.Logs[0]
		if e.File == logNames[1] {
			log = &d.Logs[1]
		}
		log.Records++
		if log.First == 0 {
			log.First = e.Sequence
		}
		log.Last, log.Used = e.Sequence, e.Offset+e.Length
		return nil
	})
}

func (m *meta) describe(newest bool) SlotDescription {
	d := SlotDescription{Valid: true, Newest: newest, Version: m.version, Epoch: m.epoch, Incarnation: m.incarnation,
		Session: m.session, Clean: m.flags&flagClean != 0, Created: time.UnixMicro(m.created), Written: time.UnixMicro(m.written)}
	if !m.newer() { // of a newer format no more is known
		d.Current, d.Older, d.Attested = m.current.text(), m.older.text(), m.attested.text()
	}
	return d
}

func (w way) text() string {
	switch w.kind {
	case wayEmpty:
		return "the empty store, then " + w.log.text()
	case waySnapshot:
		return snapNames[w.snap&1] + " of " + strconv.FormatInt(w.length, 10) + " bytes, then " + w.log.text()
	}
	return "none"
}

func (p position) text() string {
	return logNames[p.file&1] + " generation " + strconv.FormatUint(p.generation, 10) + " from byte " +
		strconv.FormatInt(p.offset, 10) + ", behind record " + strconv.FormatUint(p.sequence, 10)
}

func (l *look) describeLog(i int) LogDescription {
	d := LogDescription{Name: logNames[i], Present: l.log[i] != nil, Readable: l.sound[i]}
	if d.Present {
		d.Bytes = l.log[i].size
	}
	if h := l.heads[i]; d.Readable {
		d.Generation, d.Written, d.Used = h.generation, time.UnixMicro(h.written), blockSize
	}
	return d
}

func (l *look) describeSnapshot(i int) SnapshotDescription {
	f := l.snap[i]
	d := SnapshotDescription{Name: snapNames[i], Present: f != nil}
	if f == nil {
		return d
	}
	var b [blockSize]byte
	n, _ := f.readAt(b[:], 0) // what cannot be read is not readable
	h, ok := decodeSnapshotHeader(b[:n])
	d.Bytes, d.Readable = f.size, ok
	if ok {
		d.Serial, d.Sequence, d.Written = h.serial, h.sequence, time.UnixMicro(h.written)
	}
	return d
}
