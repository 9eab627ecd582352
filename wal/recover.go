package wal

import (
	"context"
	"errors"
	"strconv"
)

// Recovery. What the files hold decides, row by row; each row has a test of
// its name in recover_test.go.
//
// What makes the rows sound:
//
//   - one transaction is one record, with checksums over header and body that
//     hold only in this store and at this offset, and with the number of the
//     session that wrote it, which no other session has (see meta.go);
//   - a record is chained to the one before by that one's checksum;
//   - a log header is flushed before its first record is written, and the log
//     before it is flushed before its header is written;
//   - bytes of a file reach the disk in any order until they are flushed, so a
//     good record behind a bad one proves nothing by itself: only durableTo in
//     it does, or another file's word on where the log had been flushed to;
//   - so remains of a dropped tail, whole records or pieces, never line up with
//     a new record: its session number, and with it the chain, are not theirs.
//
// X is where the last good record ends. "Attested" means that the meta slot,
// the other log's header, or durableTo of an intact record header behind X of
// this generation or a session in it says that bytes at or behind X had been
// flushed.
//
//	row              found                                                    verdict
//	meta-create      no slot valid, and nothing in any file but creation      creation never finished: create (ErrAbsent if it must exist)
//	meta-lost        no slot valid, otherwise                                 ErrCorrupt
//	meta-foreign     a file that is neither empty nor begins as ours          ErrNotStore
//	meta-newer       newest valid slot has a newer version or feature         ErrNewerFormat
//	meta-one         one slot valid                                           use it
//	meta-two         both valid                                               use the higher epoch
//	file-missing     a slot valid, a file absent                              ErrCorrupt
//	snap-good        snapshot's chunks, trailer, length, checksum fit meta    accept
//	snap-older       otherwise, older way whole and reaches the cut           older snapshot and both logs: the same state
//	snap-bad         otherwise                                                ErrCorrupt
//	log-bad          the log meta names has another header or none            ErrCorrupt
//	accept           checksums good, chain and sequence go on                 accept the record
//	broken-chain     header good at X, chain or sequence do not go on,
//	                 and it saw what is before X as flushed                   ErrCorrupt
//	attested         no such record at X, X attested                          ErrCorrupt
//	switch           none; the other log's header begins exactly here         go on in the other log
//	switch-failed    a record; the other log's header begins before X         accept: that switch never took place
//	log-other        none; the other log is newer and does not begin here     ErrCorrupt
//	switch-lost      none; the other log's header bad, and in it records of
//	                 a session behind the beginning of this log               ErrCorrupt
//	switch-torn      none; the other log's header bad, no such record in it   the log ends at X
//	end-clean        none; X is where Close marked the end                    the log ends at X
//	end              none; zeros or an older session's remains behind X       the log ends at X
//	end-torn         none; remains of the last session behind X               the log ends at X, remains dropped and counted
//	short            the log ends before a sequence that is attested          ErrCorrupt
//
// The state is flushed before it is shown: bytes that a dead process had
// written may be read here and still be lost with the power. What cannot be
// proved flushed is written again first, because after a flush that failed
// the system may hold it for clean.

// recovery is one Open of an existing store.
type recovery struct {
	d      *disk
	r      Replayer
	work   *work
	report *Report
	m      meta
	slot   int        // of m
	marks  []position // attested positions a log must reach
	heads  [2]logHeader
	sound  [2]bool // heads are readable
}

// tail is the end of the log, and what is left to do there.
type tail struct {
	position
	header  logHeader // of the file the log ends in
	flushed int64     // bytes before it were flushed, proven
	session uint64    // highest number in a record
	dropped uint64    // intact record headers of the last session behind the end
	entries uint64    // records read
	prior   int64     // bytes read in the file before, if the log spans two
	bytes   int64
}

func (rc *recovery) corrupt(file string, off int64, seq uint64, reason string) error {
	return &CorruptError{File: file, Offset: off, Sequence: seq, Reason: reason}
}

func newRecovery(ctx context.Context, d *disk, o *Options, r Replayer, report *Report, m meta, slot int) *recovery {
	return &recovery{d: d, r: r, work: &work{ctx: ctx, yield: o.Yield}, report: report, m: m, slot: slot}
}

// run recovers along the newest way, or the older one. It returns the way that
// led to the state.
func (rc *recovery) run() (way, tail, error) {
	if name := rc.d.missing(); name != "" {
		return way{}, tail{}, rc.corrupt(name, 0, rc.firstIn(name), "the file is missing")
	}
	if err := rc.readHeaders(); err != nil {
		return way{}, tail{}, err
	}
	rc.marks = []position{rc.m.attested, rc.m.current.log}
	end, err := rc.follow(rc.m.current)
	var bad *badSnapshot
	if !errors.As(err, &bad) {
		return rc.m.current, end, err
	}
	if rc.m.older.kind == wayNone {
		return way{}, tail{}, bad.err
	}
	rc.report.Fallback, rc.report.FallbackReason = true, bad.err.Error()
	rc.report.Records, rc.report.LogBytes = 0, 0
	if err := rc.r.Reset(); err != nil {
		return way{}, tail{}, err
	}
	end, err = rc.follow(rc.m.older)
	if errors.Is(err, ErrCorrupt) {
		err = bad.err // the older way is not whole: the newest snapshot is what is damaged
	}
	return rc.m.older, end, err
}

// firstIn is the sequence of the first record that is known to be in a file and
// nowhere else: the one behind the newest snapshot; 0 where it is not known.
func (rc *recovery) firstIn(name string) uint64 {
	if from := rc.m.current.log; logNames[from.file] == name {
		return from.sequence + 1
	}
	return 0
}

// badSnapshot sends recovery along the older way.
type badSnapshot struct{ err error }

func (b *badSnapshot) Error() string { return b.err.Error() }
func (b *badSnapshot) Unwrap() error { return b.err }

func (rc *recovery) readHeaders() error {
	for i, f := range rc.d.log {
		var b [blockSize]byte
		n, err := f.readAt(b[:], 0)
		if err != nil {
			return err
		}
		h, ok := decodeLogHeader(b[:n])
		if ok && h.newer() {
			return wrap("reading "+f.name, ErrNewerFormat, nil)
		}
		if ok && h.store != rc.m.store {
			return rc.corrupt(f.name, 0, 0, "the log belongs to another store")
		}
		rc.heads[i], rc.sound[i] = h, ok
	}
	return nil
}

// follow replays one way: its snapshot, then the log to its end.
func (rc *recovery) follow(w way) (tail, error) {
	if err := rc.snapshot(w); err != nil {
		return tail{}, err
	}
	return rc.logs(w.log)
}

func (rc *recovery) snapshot(w way) error {
	rc.report.SnapshotSequence, rc.report.SnapshotBytes = 0, 0
	if w.kind != waySnapshot {
		return nil
	}
	f := rc.d.snap[w.snap]
	reader := &snapshotReader{f: f, store: rc.m.store, work: rc.work}
	found, err := reader.read(rc.r.Section)
	if err == nil && (found.length != w.length || found.checksum != w.checksum || found.log != w.log) {
		err = reader.damage(0, "it is not the snapshot that meta names")
	}
	if errors.Is(err, ErrCorrupt) || errors.Is(err, ErrIO) {
		return &badSnapshot{err}
	}
	rc.report.SnapshotSequence, rc.report.SnapshotBytes = w.log.sequence, w.length
	return err
}

// logs walks from a position to the end of the log, over one switch at most.
func (rc *recovery) logs(from position) (tail, error) {
	name := rc.d.log[from.file].name
	if h := rc.heads[from.file]; !rc.sound[from.file] || h.generation != from.generation {
		return tail{}, rc.corrupt(name, 0, from.sequence+1, "row log-bad: its header is not that of the log the snapshot goes on in")
	}
	end, err := rc.walk(from)
	if err != nil {
		return end, err
	}
	next, err := rc.successor(end.position)
	if err != nil {
		return end, err
	}
	if next != nil {
		first := end
		if end, err = rc.walk(*next); err != nil {
			return end, err
		}
		end.entries += first.entries
		end.prior = first.bytes
	} else {
		next = &from
	}
	if err := rc.finish(&end); err != nil {
		return end, err
	}
	rc.report.Records, rc.report.LogBytes = end.entries, end.prior+end.bytes
	rc.report.Sequence = end.sequence
	return end, nil
}

// walk accepts records from a position until none goes on there.
func (rc *recovery) walk(from position) (tail, error) {
	f := rc.d.log[from.file]
	end := tail{position: from, header: rc.heads[from.file], flushed: from.offset, session: from.generation}
	win := &window{f: f, work: rc.work}
	last := from.offset - 1 // begin of the last record accepted: not behind what from attests
	var rec Record
	for {
		if err := rc.checkMarks(end.position); err != nil {
			return end, err
		}
		h, body, err := readRecord(win, rc.m.store, &end.position)
		if err != nil {
			return end, err
		}
		if h == nil {
			return end, nil
		}
		if !h.goesOn(end.position) {
			if h.durableTo > last {
				return end, rc.corrupt(f.name, last+1, end.sequence+1, "row broken-chain: record "+strconv.FormatUint(h.sequence, 10)+
					" behind it does not follow it, and was written after it had been flushed")
			}
			return end, nil
		}
		if body == nil {
			return end, nil
		}
		h.record(body, &rec)
		if err := rc.r.Record(&rec); err != nil {
			return end, wrap("replaying record "+strconv.FormatUint(h.sequence, 10), err, nil)
		}
		last = end.offset
		end.pass(h.length, h.sequence, h.checksum)
		end.bytes += h.length
		end.entries++
		end.session = max(end.session, uint64(h.session))
		end.flushed = max(end.flushed, min(h.durableTo, last))
	}
}

// readRecord reads what is at p: nil where no header of this generation of the
// log is intact; a nil body where the body is not.
func readRecord(win *window, store [16]byte, p *position) (*head, []byte, error) {
	b, err := win.at(p.offset, recordHeader)
	if err != nil || len(b) < recordHeader {
		return nil, nil, err
	}
	h, ok := decodeHead(b, store, p.offset)
	if !ok || h.session < uint32(p.generation) {
		return nil, nil, nil
	}
	if p.offset+h.length > win.f.size {
		return &h, nil, nil
	}
	if b, err = win.at(p.offset, int(h.length)); err != nil {
		return nil, nil, err
	}
	if int64(len(b)) < h.length || crcOf(b[recordHeader:]) != h.body {
		return &h, nil, nil
	}
	return &h, b[recordHeader:], nil
}

// nextRecord reads the record at p and moves p behind it: a nil body where none
// that is whole goes on there.
func nextRecord(win *window, store [16]byte, p *position) (*head, []byte, error) {
	h, body, err := readRecord(win, store, p)
	if err != nil || body == nil || !h.goesOn(*p) {
		return nil, nil, err
	}
	p.pass(h.length, h.sequence, h.checksum)
	return h, body, nil
}

// checkMarks compares a point between records with what is attested about it.
func (rc *recovery) checkMarks(p position) error {
	for _, m := range rc.marks {
		if m.file == p.file && m.generation == p.generation && m.offset == p.offset && (m.chain != p.chain || m.sequence != p.sequence) {
			return rc.corrupt(rc.d.log[p.file].name, p.offset, p.sequence, "row attested: meta knows other records before this point")
		}
	}
	return nil
}

// successor decides the rows about the other log once no record goes on at p:
// the position to go on at, or nil where the log ends.
func (rc *recovery) successor(p position) (*position, error) {
	i := 1 - p.file
	other := rc.d.log[i]
	h := rc.heads[i]
	if !rc.sound[i] {
		seq, off, err := rc.newestIn(other, uint32(p.generation)+1)
		if err == nil && seq > p.sequence {
			err = rc.corrupt(other.name, 0, p.sequence+1, "row switch-lost: its header cannot be read, and record "+
				strconv.FormatUint(seq, 10)+" at byte "+strconv.FormatInt(off, 10)+" in it is newer than what is before it")
		}
		if err == nil {
			rc.report.Row = "switch-torn"
		}
		return nil, err
	}
	if h.generation <= p.generation {
		return nil, nil // retired, or never used
	}
	prev := h.previous
	switch {
	case prev.file != p.file || prev.generation != p.generation:
		return nil, rc.corrupt(other.name, 0, p.sequence+1, "row log-other: it is newer and does not go on where this log ends")
	case prev.offset < p.offset:
		return nil, nil // switch-failed
	case prev.offset > p.offset:
		return nil, rc.corrupt(rc.d.log[p.file].name, p.offset, p.sequence+1, "row attested: the log after it says that it went on up to byte "+
			strconv.FormatInt(prev.offset, 10)+", record "+strconv.FormatUint(prev.sequence, 10))
	case prev != p || h.firstSequence != p.sequence+1:
		return nil, rc.corrupt(rc.d.log[p.file].name, p.offset, p.sequence, "row attested: the log after it knows other records before this point")
	}
	next := h.begin(i)
	return &next, nil
}

// newestIn is the highest sequence of any intact record header in a log, of a
// session not below least. Those below the generation of the log before it are
// what an earlier use of the file left, perhaps of a tail that was dropped, with
// numbers that were given again since.
func (rc *recovery) newestIn(f *file, least uint32) (seq uint64, at int64, err error) {
	err = scanHeads(&window{f: f, work: rc.work}, rc.m.store, blockSize, least, func(off int64, h *head) {
		if h.sequence > seq {
			seq, at = h.sequence, off
		}
	})
	return seq, at, err
}

// scanHeads calls fn for every intact record header from an offset on, of a
// session not below least (which is not 0). It looks at each multiple of eight; records inside
// payloads do not count, because their offset is not theirs.
func scanHeads(win *window, store [16]byte, from int64, least uint32, fn func(off int64, h *head)) error {
	for off := from; off+recordHeader <= win.f.size; {
		b, err := win.at(off, int(min(windowSize, win.f.size-off)))
		if err != nil {
			return err
		}
		i := 0
		for ; i+recordHeader <= len(b); i += 8 {
			if getU32(b, i+4) < least {
				continue
			}
			if h, ok := decodeHead(b[i:], store, off+int64(i)); ok {
				fn(off+int64(i), &h)
			}
		}
		if i == 0 {
			return nil
		}
		off += int64(i)
	}
	return nil
}

// finish decides the rows about the end of the log.
func (rc *recovery) finish(end *tail) error {
	f := rc.d.log[end.file]
	for _, m := range rc.marks {
		here := m.file == end.file && m.generation == end.generation
		if here && m.offset > end.offset {
			return rc.corrupt(f.name, end.offset, end.sequence+1, "row attested: meta says that the log had been flushed up to byte "+
				strconv.FormatInt(m.offset, 10)+", record "+strconv.FormatUint(m.sequence, 10))
		}
		if here {
			end.flushed = max(end.flushed, m.offset)
		}
		if m.sequence > end.sequence {
			return rc.corrupt(f.name, end.offset, end.sequence+1, "row short: meta says that record "+strconv.FormatUint(m.sequence, 10)+" had been flushed")
		}
	}
	if rc.name(end); rc.report.Clean {
		return nil // nothing was written behind it since, and what is older was looked at then
	}
	var proof *head
	last := uint32(max(rc.m.session, end.header.generation))
	remains := end.offset
	win := &window{f: f, work: rc.work}
	err := scanHeads(win, rc.m.store, end.offset, uint32(end.generation), func(off int64, h *head) {
		if h.session >= last {
			remains = max(remains, min(off+h.length, f.size))
			end.dropped++
		}
		if h.durableTo > end.offset && proof == nil {
			proof = h
		}
	})
	if err != nil {
		return err
	}
	if proof != nil {
		return rc.corrupt(f.name, end.offset, end.sequence+1, "row attested: record "+strconv.FormatUint(proof.sequence, 10)+
			" was written after the log had been flushed up to byte "+strconv.FormatInt(proof.durableTo, 10))
	}
	if end.dropped > 0 {
		rc.report.Row = "end-torn"
		rc.report.DroppedBytes = remains - end.offset
		rc.report.DroppedRecords = end.dropped
	}
	return nil
}

// name puts the row into the report. A slot that is all there is may not be
// the newest there was: its mark of a clean close then proves nothing.
func (rc *recovery) name(end *tail) {
	m := rc.m.attested
	switch {
	case rc.report.Row != "":
	case rc.m.flags&flagClean != 0 && !rc.report.MetaDamaged && m.offset == end.offset && m.generation == end.generation:
		rc.report.Row, rc.report.Clean = "end-clean", true
	default:
		rc.report.Row = "end"
	}
}

// settle makes what was read durable before it is shown.
func (rc *recovery) settle(w way, end *tail) error {
	if err := rc.d.log[end.file].rewrite(end.flushed, end.offset); err != nil {
		return err
	}
	for _, again := range rc.unproven(end) {
		if err := again.f.rewrite(again.at, again.at+blockSize); err != nil {
			return err
		}
	}
	files := []*file{rc.d.log[0], rc.d.log[1], rc.d.meta}
	if w.kind == waySnapshot {
		files = append(files, rc.d.snap[w.snap])
	}
	for _, f := range files {
		if err := f.sync(); err != nil {
			return err
		}
	}
	return nil
}

type blockAt struct {
	f  *file
	at int64
}

// unproven are the header blocks recovery believed without proof that they had
// been flushed: the meta slot, and the header of a log that holds nothing yet.
func (rc *recovery) unproven(end *tail) []blockAt {
	blocks := []blockAt{{rc.d.meta, int64(rc.slot) * blockSize}}
	if end.offset == blockSize {
		blocks = append(blocks, blockAt{rc.d.log[end.file], 0})
	}
	return blocks
}
