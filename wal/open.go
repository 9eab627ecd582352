package wal

import (
	"context"
	"errors"
	"time"
)

// Open takes the files, recovers their state into r, and makes it durable
// before it returns. It creates a store where the options say so. The Report
// is given with a *CorruptError too.
func Open(ctx context.Context, o Options, r Replayer) (*Store, *Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Yield == nil {
		o.Yield = func() {}
	}
	o.Tuning = o.Tuning.OrDefault()
	if o.Create == MustExist {
		some, err := anything(&o)
		if err != nil {
			return nil, nil, err
		}
		if !some {
			return nil, nil, wrap("opening the store", ErrAbsent, nil)
		}
	}
	d, err := own(ctx, &o)
	if err != nil {
		return nil, nil, err
	}
	report := &Report{}
	s, err := open(ctx, d, &o, r, report)
	if err != nil {
		d.close()
		return nil, report, err
	}
	if o.History.On() {
		s.openHistory(o.History)
	}
	return s, report, nil
}

func open(ctx context.Context, d *disk, o *Options, r Replayer, report *Report) (*Store, error) {
	slots, err := readMeta(d.meta)
	if err != nil {
		return nil, err
	}
	if slots.newest < 0 {
		err := shown(d)
		switch {
		case err == nil && o.Create == MustExist:
			return nil, wrap("opening the store", ErrAbsent, nil)
		case err == nil:
			report.Created, report.Row = true, "meta-create"
			return create(d, o)
		case errors.Is(err, ErrCorrupt) && o.Create == MustCreate:
			return nil, wrap("creating the store", ErrExists, err)
		case errors.Is(err, ErrCorrupt) && o.Recovery == RecoverSalvage:
			return salvage(ctx, d, o, r, report, slots, err)
		}
		return nil, err
	}
	m := slots.meta[slots.newest]
	if m.newer() {
		return nil, wrap("reading meta", ErrNewerFormat, nil)
	}
	if o.Create == MustCreate {
		return nil, wrap("creating the store", ErrExists, nil)
	}
	report.MetaDamaged = slots.damaged
	rc := newRecovery(ctx, d, o, r, report, m, slots.newest)
	w, end, err := rc.run()
	if errors.Is(err, ErrCorrupt) && o.Recovery == RecoverSalvage {
		return salvage(ctx, d, o, r, report, slots, err)
	}
	if err != nil {
		return nil, err
	}
	if err := rc.settle(w, &end); err != nil {
		return nil, err
	}
	s := newStore(d, o, rc, w, end)
	s.keep(report)
	return s, nil
}

// metaSlotsRead is what meta holds.
type metaSlotsRead struct {
	meta    [metaSlots]meta
	valid   [metaSlots]bool
	newest  int  // the valid slot with the higher epoch, -1: none
	damaged bool // a slot holds something that is not valid
}

func readMeta(f *file) (metaSlotsRead, error) {
	r := metaSlotsRead{newest: -1}
	if f == nil {
		return r, nil
	}
	var b [metaSize]byte
	n, err := f.readAt(b[:], 0)
	if err != nil {
		return r, err
	}
	for i := range metaSlots {
		block := b[min(n, i*blockSize):min(n, (i+1)*blockSize)]
		r.meta[i], r.valid[i] = decodeMeta(block)
		if r.valid[i] && (r.newest < 0 || r.meta[i].epoch > r.meta[r.newest].epoch) {
			r.newest = i
		}
		r.damaged = r.damaged || !r.valid[i] && !allZero(block)
	}
	// Creation writes the file whole and the first slot; with the second epoch
	// both slots have been written.
	if r.newest >= 0 && (n < metaSize || r.meta[r.newest].epoch > 1 && !(r.valid[0] && r.valid[1])) {
		r.damaged = true
	}
	return r, nil
}

// shown is nil where no meta slot is valid and nothing shows that there ever
// was data: rows meta-create, meta-lost and meta-foreign.
func shown(d *disk) error {
	var ours, data, foreign string
	look := func(f *file, magic string, lived func(block []byte) bool) error {
		if f == nil {
			return nil
		}
		block := make([]byte, blockSize)
		n, err := f.readAt(block, 0)
		if err != nil {
			return err
		}
		// A log or snapshot is longer than its header only once a meta slot has
		// been durable, whatever the bytes behind it are now.
		lives := f.size > blockSize
		if f == d.meta {
			zero, err := (&window{f: f, work: &work{ctx: context.Background()}}).zeroFrom(blockSize)
			if err != nil {
				return err
			}
			lives = !zero
		}
		if hasMagic(block, magic) {
			ours = f.name
		} else if !tornHeader(block) {
			foreign = f.name
		}
		if lives || n == blockSize && lived(block) {
			data = f.name
		}
		return nil
	}
	err := errors.Join(
		look(d.meta, metaMagic, func([]byte) bool { return false }),
		look(d.log[0], logMagic, func(b []byte) bool { h, ok := decodeLogHeader(b); return ok && h.generation > 1 }),
		look(d.log[1], logMagic, func(b []byte) bool { h, ok := decodeLogHeader(b); return ok && h.generation > 0 }),
		look(d.snap[0], snapshotMagic, func(b []byte) bool { h, ok := decodeSnapshotHeader(b); return ok && h.serial > 0 }),
		look(d.snap[1], snapshotMagic, func(b []byte) bool { h, ok := decodeSnapshotHeader(b); return ok && h.serial > 0 }),
	)
	switch {
	case err != nil:
		return err
	case foreign != "" && ours == "":
		return wrap("reading "+foreign, ErrNotStore, nil)
	case data != "" || foreign != "":
		return &CorruptError{File: metaName, Reason: "row meta-lost: neither slot can be read, and " + data + foreign + " shows that there was data"}
	}
	return nil
}

// tornHeader reports that a block without magic can be what a crash left of
// the first header written there: nothing, or its checksum alone.
func tornHeader(block []byte) bool { return allZero(block[:blockSize-4]) }

// create makes the five files of an empty store. The meta slot comes last: a
// crash before it is durable leaves what shown accepts as never finished.
func create(d *disk, o *Options) (*Store, error) {
	var err error
	d.each(func(name string, f **file) {
		if err == nil && *f == nil {
			*f, err = openFile(d.dir, name, openFlags|createFlag)
		}
	})
	if err != nil {
		return nil, err
	}
	now := o.Now().UnixMicro()
	heads := [2]logHeader{}
	for i := range heads {
		heads[i] = logHeader{version: FormatVersion, store: o.StoreID, written: now, salt: saltOf(o.StoreID, uint64(i), now)}
	}
	heads[0].generation, heads[0].firstSequence = 1, 1
	snap := snapshotHeader{version: FormatVersion, store: o.StoreID, written: now}
	var b [metaSize]byte
	for i := range heads {
		encodeLogHeader(b[:], &heads[i])
		if err := writeBlock(d.log[i], b[:blockSize], 0); err != nil {
			return nil, err
		}
		encodeSnapshotHeader(b[:], &snap)
		if err := writeBlock(d.snap[i], b[:blockSize], 0); err != nil {
			return nil, err
		}
	}
	if err := d.dir.SyncDir(); err != nil {
		return nil, wrap("flushing the directory", ErrFlush, err)
	}
	start := heads[0].begin(0)
	m := meta{version: FormatVersion, epoch: 1, store: o.StoreID, created: now, written: now,
		current: way{kind: wayEmpty, log: start}, attested: start, session: 1}
	if o.Relaxed {
		m.flags |= flagRelaxed
	}
	encodeMeta(b[:], &m)
	if err := writeBlock(d.meta, b[:], 0); err != nil {
		return nil, err
	}
	rc := &recovery{d: d, report: &Report{Clean: true}, m: m, heads: heads, sound: [2]bool{true, true}}
	s := newStore(d, o, rc, m.current, tail{position: start, header: heads[0], flushed: blockSize})
	s.counter, s.session, s.begun = 1, 1, true
	return s, nil
}

// writeBlock writes a header or slot and flushes it.
func writeBlock(f *file, b []byte, at int64) error {
	if _, err := f.writeAt(b, at); err != nil {
		return err
	}
	return f.sync()
}

// saltOf mixes what differs between two logs that could be confused: copies of
// one store that went different ways.
func saltOf(store [16]byte, generation uint64, micros int64) uint64 {
	x := getU64(store[:], 0) ^ getU64(store[:], 8)*0x9e3779b97f4a7c15 ^ generation<<48 ^ uint64(micros)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
