package wal

import (
	"context"
	"errors"
	"io/fs"
	"strconv"

	"github.com/hack-pad/hackpadfs"
)

// Salvage brings back the longest state that was once committed and is whole.
//
// It looks at every place a state can begin: what both meta slots name, every
// snapshot file that is whole by its own trailer, and the empty store. From
// each it follows the chain of records as far as it is intact, and takes the
// one that reaches the highest sequence. It never skips over a record: a state
// with a hole in it was never committed. Where only the empty store is left it
// refuses, as Open does: whether to begin anew is not for it to decide.
//
// What the state is read from is written again and flushed before it is shown.
// Nothing in the five files is changed before the state is safe elsewhere:
// damaged files are copied under other names first, and the store takes no
// record until its caller has saved a snapshot, with which meta and a fresh
// log are written. A crash in between is met by the next salvage.
//
// Sequence numbers go on above every one that any intact byte mentions.

// salvager is one salvage.
type salvager struct {
	*recovery
	slots metaSlotsRead
	badly [2]bool // snapshot files that hold something and are not whole
	last  uint64  // highest sequence mentioned anywhere
	gen   uint64  // highest session or generation
}

func salvage(ctx context.Context, d *disk, o *Options, r Replayer, report *Report, slots metaSlotsRead, cause error) (*Store, error) {
	*report = Report{MetaDamaged: slots.damaged, Salvage: &SalvageReport{Reason: cause.Error()}}
	m, ok := salvageMeta(d, o, slots)
	if !ok {
		return nil, cause // nothing says which store this was: there is nothing to read
	}
	sv := &salvager{recovery: newRecovery(ctx, d, o, r, report, m, max(slots.newest, 0)), slots: slots}
	if err := sv.recreateMissing(); err != nil {
		return nil, err
	}
	best, err := sv.search()
	if err != nil {
		return nil, err
	}
	if best == nil {
		return nil, wrap("salvaging (no committed state is whole)", cause, nil)
	}
	if err := sv.keepAside(); err != nil {
		return nil, err
	}
	if err := r.Reset(); err != nil {
		return nil, err
	}
	end, err := sv.try(*best, true)
	if err != nil {
		return nil, err
	}
	if err := sv.settle(*best, end); err != nil {
		return nil, err
	}
	return sv.store(o, *best, end), nil
}

// salvageMeta is the newest slot, or one made from what the other files say.
// Those do not tell the last incarnation. The time in microseconds is above it:
// incarnations are counted by openings, from 0 or from an earlier such time.
func salvageMeta(d *disk, o *Options, slots metaSlotsRead) (meta, bool) {
	if slots.newest >= 0 {
		return slots.meta[slots.newest], true
	}
	m := meta{version: FormatVersion, incarnation: uint64(max(o.Now().UnixMicro(), 0))}
	var b [blockSize]byte
	for i := range 2 {
		if d.snap[i] != nil {
			n, _ := d.snap[i].readAt(b[:], 0)
			if h, ok := decodeSnapshotHeader(b[:n]); ok && !h.newer() {
				m.store = h.store
				return m, true
			}
		}
		if d.log[i] != nil {
			n, _ := d.log[i].readAt(b[:], 0)
			if h, ok := decodeLogHeader(b[:n]); ok && !h.newer() {
				m.store = h.store
				return m, true
			}
		}
	}
	return m, false
}

// recreateMissing makes absent files empty ones, so that the store has five again.
func (sv *salvager) recreateMissing() error {
	var err error
	sv.d.each(func(name string, f **file) {
		if err == nil && *f == nil {
			*f, err = openFile(sv.d.dir, name, openFlags|createFlag)
		}
	})
	return err
}

// search finds the way that reaches furthest, nil if none leads anywhere.
func (sv *salvager) search() (*way, error) {
	if err := sv.survey(); err != nil {
		return nil, err
	}
	ways, err := sv.candidates()
	if err != nil {
		return nil, err
	}
	var best *way
	var reach uint64
	for i := range ways {
		end, err := sv.try(ways[i], false)
		if errors.Is(err, ErrCorrupt) || errors.Is(err, ErrIO) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if best == nil || end.sequence > reach {
			best, reach = &ways[i], end.sequence
		}
	}
	if reach == 0 {
		return nil, nil
	}
	return best, nil
}

// survey reads headers and every intact record header for the highest
// sequence and generation.
func (sv *salvager) survey() error {
	for i, f := range sv.d.log {
		var b [blockSize]byte
		n, err := f.readAt(b[:], 0)
		if err != nil {
			return err
		}
		h, ok := decodeLogHeader(b[:n])
		ok = ok && h.store == sv.m.store
		sv.heads[i], sv.sound[i] = h, ok
		if ok {
			sv.saw(h.generation, max(h.firstSequence, 1)-1)
		}
		err = scanHeads(&window{f: f, work: sv.work}, sv.m.store, blockSize, 1, func(_ int64, h *head) {
			sv.saw(uint64(h.session), h.sequence)
		})
		if err != nil {
			return err
		}
	}
	for i := range sv.slots.meta {
		if m := sv.slots.meta[i]; sv.slots.valid[i] {
			sv.saw(m.session, m.attested.sequence)
			sv.saw(m.current.log.generation, m.current.log.sequence)
		}
	}
	return nil
}

func (sv *salvager) saw(generation, sequence uint64) {
	sv.gen, sv.last = max(sv.gen, generation), max(sv.last, sequence)
}

// candidates are the ways a state can begin.
func (sv *salvager) candidates() ([]way, error) {
	var ways []way
	add := func(w way) {
		for _, have := range ways {
			if have == w {
				return
			}
		}
		ways = append(ways, w)
	}
	for i, f := range sv.d.snap {
		reader := &snapshotReader{f: f, store: sv.m.store, work: sv.work}
		w, err := reader.read(func(uint32, []byte) error { return nil })
		switch {
		case err == nil:
			w.snap = uint32(i)
			sv.saw(w.log.generation, w.log.sequence)
			add(w)
		case !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrIO):
			return nil, err
		default:
			sv.badly[i] = !sv.neverUsed(f)
		}
	}
	for i := range sv.slots.meta {
		for _, w := range []way{sv.slots.meta[i].current, sv.slots.meta[i].older} {
			if sv.slots.valid[i] && w.kind == wayEmpty {
				add(w)
			}
		}
	}
	for i := range sv.d.log {
		if w, ok, err := sv.firstLog(uint32(i)); err != nil {
			return nil, err
		} else if ok {
			add(w)
		}
	}
	return ways, nil
}

func (sv *salvager) neverUsed(f *file) bool {
	var b [blockSize]byte
	n, err := f.readAt(b[:], 0)
	h, ok := decodeSnapshotHeader(b[:n])
	return err == nil && (n == 0 || ok && h.serial == 0)
}

// firstLog is the way from the empty store where a file still holds the
// store's first log: by its header, or by its first record.
func (sv *salvager) firstLog(i uint32) (way, bool, error) {
	p := position{file: i, generation: 1, offset: blockSize}
	if sv.sound[i] {
		p.chain = sv.heads[i].checksum
		return way{kind: wayEmpty, log: p}, sv.heads[i].generation == 1, nil
	}
	h, _, err := readRecord(&window{f: sv.d.log[i], work: sv.work}, sv.m.store, &p)
	if h == nil || err != nil || h.sequence != 1 {
		return way{}, false, err
	}
	p.chain = h.chain
	return way{kind: wayEmpty, log: p}, true, nil
}

// try follows a way over whatever chain is intact; deliver also shows it.
func (sv *salvager) try(w way, deliver bool) (tail, error) {
	show := *sv
	rc := *sv.recovery
	show.recovery = &rc
	rc.marks = nil
	if !deliver {
		rc.r, rc.report = nowhere{}, &Report{}
	}
	if w.kind == waySnapshot {
		reader := &snapshotReader{f: rc.d.snap[w.snap], store: rc.m.store, work: rc.work}
		if _, err := reader.read(rc.r.Section); err != nil {
			return tail{}, err
		}
		rc.report.SnapshotSequence, rc.report.SnapshotBytes = w.log.sequence, w.length
	}
	end, err := show.chain(w.log)
	rc.report.Records, rc.report.LogBytes = end.entries, end.prior+end.bytes
	return end, err
}

// chain walks from a position over intact records, into the other log where
// that goes on, and ends at whatever does not.
func (sv *salvager) chain(from position) (tail, error) {
	end, err := sv.walk(from)
	if err != nil && !errors.Is(err, ErrCorrupt) {
		return end, err
	}
	next := sv.goesOn(end.position)
	if next == nil {
		return end, nil
	}
	first := end
	if end, err = sv.walk(*next); err != nil && !errors.Is(err, ErrCorrupt) {
		return end, err
	}
	end.entries += first.entries
	end.prior = first.bytes
	return end, nil
}

// goesOn is where the other log takes over behind p, by its header or, if that
// cannot be read, by its first record.
func (sv *salvager) goesOn(p position) *position {
	i := 1 - p.file
	next := position{file: i, generation: sv.heads[i].generation, offset: blockSize, sequence: p.sequence, chain: sv.heads[i].checksum}
	if sv.sound[i] {
		if sv.heads[i].previous == p && next.generation > p.generation {
			return &next
		}
		return nil
	}
	b, err := (&window{f: sv.d.log[i], work: sv.work}).at(blockSize, recordHeader)
	if err != nil || len(b) < recordHeader {
		return nil
	}
	h, ok := decodeHead(b, sv.m.store, blockSize)
	if !ok || h.sequence != p.sequence+1 || uint64(h.session) <= p.generation {
		return nil
	}
	next.generation, next.chain = uint64(h.session), h.chain
	return &next
}

// nowhere takes a replay that only measures.
type nowhere struct{}

func (nowhere) Reset() error                 { return nil }
func (nowhere) Section(uint32, []byte) error { return nil }
func (nowhere) Record(*Record) error         { return nil }

// keptTries bounds the search for a free name; each salvage of other damage takes one.
const keptTries = 1000

// keepAside copies what is damaged, or about to be overwritten, under other
// names: meta, both logs, and snapshots that are not whole.
func (sv *salvager) keepAside() error {
	files := []*file{sv.d.meta, sv.d.log[0], sv.d.log[1]}
	for i, bad := range sv.badly {
		if bad {
			files = append(files, sv.d.snap[i])
		}
	}
	for _, f := range files {
		name, err := sv.keep(f)
		if err != nil {
			return wrap("keeping "+f.name+" aside (nothing was changed)", kindOf(err), err)
		}
		if name != "" {
			sv.report.Salvage.Kept = append(sv.report.Salvage.Kept, name)
		}
	}
	if err := sv.d.dir.SyncDir(); err != nil {
		return wrap("flushing the directory", ErrFlush, err)
	}
	return nil
}

// keep copies one file; an earlier copy of the same bytes will do.
func (sv *salvager) keep(f *file) (string, error) {
	length, err := sv.used(f)
	if err != nil || length == 0 {
		return "", err
	}
	for i := 1; i < keptTries; i++ {
		name := f.name + ".damaged-" + strconv.Itoa(i)
		have, err := openFile(sv.d.dir, name, openFlags)
		if err != nil {
			return "", err
		}
		if have == nil {
			return name, sv.copyTo(f, name, length)
		}
		same, err := sv.same(f, have, length)
		have.h.Close()
		if err != nil {
			return "", err
		}
		if same {
			return name, nil
		}
	}
	return "", fs.ErrExist
}

// used is the length of a file without the blocks of zeros at its end.
func (sv *salvager) used(f *file) (int64, error) {
	var used int64
	win := &window{f: f, work: sv.work}
	for off := int64(0); off < f.size; off += windowSize {
		b, err := win.at(off, windowSize)
		if err != nil {
			return 0, err
		}
		for n := len(b); n > 0; n-- {
			if b[n-1] != 0 {
				used = off + int64(n)
				break
			}
		}
	}
	return min((used+blockSize-1)&^(blockSize-1), f.size), nil
}

func (sv *salvager) copyTo(f *file, name string, length int64) (err error) {
	to, err := openFile(sv.d.dir, name, openFlags|createFlag)
	if err != nil {
		return err
	}
	defer func() {
		cerr := to.h.Close()
		if err == nil {
			err = cerr
		}
		if err != nil {
			_ = hackpadfs.Remove(sv.d.dir, name) // half a copy keeps nothing
		}
	}()
	win := &window{f: f, work: sv.work}
	for off := int64(0); off < length; off += windowSize {
		b, err := win.at(off, int(min(windowSize, length-off)))
		if err != nil {
			return err
		}
		if _, err := to.writeAt(b, off); err != nil {
			return err
		}
	}
	return to.sync()
}

func (sv *salvager) same(a, b *file, length int64) (bool, error) {
	if b.size != length {
		return false, nil
	}
	one, two := &window{f: a, work: sv.work}, &window{f: b, work: sv.work}
	for off := int64(0); off < length; off += windowSize {
		n := int(min(windowSize, length-off))
		x, err := one.at(off, n)
		if err != nil {
			return false, err
		}
		y, err := two.at(off, n)
		if err != nil || string(x) != string(y) {
			return false, err
		}
	}
	return true, nil
}

// settle makes what the state was read from durable, because the snapshot that
// saves it overwrites another file. Nothing says how much of it had been
// flushed: a salvage that died may have left a snapshot that is whole in the
// system's memory only.
func (sv *salvager) settle(w way, end tail) error {
	files := []*file{sv.d.log[w.log.file]}
	if end.file != w.log.file {
		files = append(files, sv.d.log[end.file])
	}
	if w.kind == waySnapshot {
		files = append(files, sv.d.snap[w.snap])
	}
	for _, f := range files {
		length, err := sv.used(f)
		if err == nil {
			err = f.rewrite(0, length)
		}
		if err == nil {
			err = f.sync()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// store is what Open returns: readable at once, writable after a snapshot.
func (sv *salvager) store(o *Options, w way, end tail) *Store {
	sr := sv.report.Salvage
	sr.LastSequence = end.sequence
	if sv.last > end.sequence {
		sr.LostFrom, sr.LostTo = end.sequence+1, sv.last
	}
	end.sequence = max(sv.last, end.sequence)
	end.dropped, end.entries, end.prior = 0, 0, 0
	sv.report.Row, sv.report.Sequence = "salvage", end.sequence
	s := newStore(sv.d, o, sv.recovery, sv.m.current, end)
	s.m.current, s.m.older = w, way{}
	s.counter = max(s.counter, sv.gen+1)
	s.session = s.counter
	for i := range sv.slots.meta {
		if sv.slots.valid[i] {
			s.m.epoch = max(s.m.epoch, sv.slots.meta[i].epoch)
		}
	}
	s.salvaged = true
	s.keep(sv.report)
	return s
}
