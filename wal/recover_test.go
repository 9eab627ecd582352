package wal

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/stretchr/testify/require"
)

// recovered opens what is on a disk and returns its state.
func recovered(fsys *crashfs.FS, mode RecoveryMode) (*Store, *Report, []string, error) {
	o := newDriver(fsys, 1).o
	o.Recovery = mode
	mem := &memory{}
	s, report, err := Open(context.Background(), o, mem)
	return s, report, mem.list, err
}

// builder makes stores for the rows of the table.
type builder struct {
	t   *testing.T
	fs  *crashfs.FS
	s   *Store
	all []string
}

func build(t *testing.T) *builder {
	b := &builder{t: t, fs: crashfs.New()}
	s, report, err := Open(context.Background(), newDriver(b.fs, 1).o, &memory{})
	require.NoError(t, err)
	require.True(t, report.Created)
	require.Equal(t, "meta-create", report.Row)
	b.s = s
	return b
}

// add appends records and flushes after each.
func (b *builder) add(payloads ...string) *builder {
	for _, p := range payloads {
		b.unflushed(p)
		require.NoError(b.t, b.s.Flush())
	}
	return b
}

func (b *builder) unflushed(payloads ...string) *builder {
	for _, p := range payloads {
		require.NoError(b.t, b.s.Append(&Record{Payload: []byte(p)}))
		b.all = append(b.all, p)
	}
	return b
}

func (b *builder) cut() *Snapshot {
	snap, err := b.s.Cut()
	require.NoError(b.t, err)
	return snap
}

func (b *builder) snapshot() *builder {
	snap := b.cut()
	require.NoError(b.t, sections(b.all, uint64(len(b.all)), 500, snap.Section))
	_, err := snap.Commit()
	require.NoError(b.t, err)
	return b
}

func (b *builder) close() *builder { require.NoError(b.t, b.s.Close()); return b }

// off is the disk without the process, everything kept.
func (b *builder) off() *crashfs.FS { return b.fs.Clone() }

// flip inverts one byte.
func flip(fsys *crashfs.FS, name string, at int64) {
	b := fsys.Bytes(name)
	b[at] ^= 0xff
	fsys.Put(name, b)
}

// record i (from 0) of a log begins here.
func recordAt(t *testing.T, fsys *crashfs.FS, name string, i int) int64 {
	at := int64(blockSize)
	b := fsys.Bytes(name)
	for range i {
		at += int64(getU32(b, int(at)))
	}
	return at
}

func refuse(t *testing.T, fsys *crashfs.FS, file string, row string) *CorruptError {
	before := fsys.Clone()
	_, _, _, err := recovered(fsys, RecoverStrict)
	var c *CorruptError
	require.True(t, errors.As(err, &c), "%v", err)
	require.Equal(t, file, c.File)
	require.Contains(t, c.Reason, row)
	for _, name := range before.Names() {
		require.True(t, bytes.Equal(before.Bytes(name), fsys.Bytes(name)), "a refused store is not changed")
	}
	return c
}

func accept(t *testing.T, fsys *crashfs.FS, row string, want ...string) *Report {
	s, report, list, err := recovered(fsys, RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, row, report.Row)
	require.Equal(t, want, list)
	require.Equal(t, uint64(len(want)), s.Sequence())
	require.NoError(t, s.Close())
	return report
}

func TestRowMetaCreate(t *testing.T) {
	for _, c := range []func(f *crashfs.FS){
		func(f *crashfs.FS) { f.Put(metaName, nil) },
		func(f *crashfs.FS) { f.Put(metaName, make([]byte, 8192)); f.Delete("snap.1"); f.Put("wal.1", nil) },
		func(f *crashfs.FS) { // torn at 512: only the checksum of a header arrived
			b := f.Bytes("wal.0")
			clear(b[:512])
			f.Put("wal.0", b)
			f.Put(metaName, nil)
		},
	} {
		f := build(t).close().off()
		c(f)
		o := newDriver(f, 1).o
		o.Create = MustExist
		_, _, err := Open(context.Background(), o, &memory{})
		require.ErrorIs(t, err, ErrAbsent)
		_, report, _, err := recovered(f, RecoverStrict)
		require.NoError(t, err)
		require.True(t, report.Created)
	}
}

func TestRowMetaLost(t *testing.T) {
	f := build(t).add("a").close().off()
	for _, damage := range []func(){
		func() { f.Delete(metaName) },
		func() { f.Put(metaName, nil) },
		func() { f.Put(metaName, make([]byte, metaSize)) },
		func() { f.Put(metaName, []byte("something else altogether")) },
	} {
		damage()
		refuse(t, f, metaName, "row meta-lost")
		o := newDriver(f, 1).o
		o.Create = MustCreate
		_, _, err := Open(context.Background(), o, &memory{})
		require.ErrorIs(t, err, ErrExists)
	}
	// The length of a log shows it where every byte of its records is gone.
	f.Put("wal.0", append(f.Bytes("wal.0")[:blockSize], make([]byte, 8)...))
	refuse(t, f, metaName, "row meta-lost")
	// A snapshot alone shows it too, and so does a log that was begun anew.
	b := build(t).add("a").snapshot()
	f = b.close().off()
	f.Put(metaName, nil)
	f.Put("wal.0", nil)
	refuse(t, f, metaName, "row meta-lost")
	f.Put("snap.0", nil)
	refuse(t, f, metaName, "row meta-lost")
}

func TestRowMetaForeign(t *testing.T) {
	f := crashfs.New()
	f.Put(metaName, []byte("dear diary"))
	_, _, _, err := recovered(f, RecoverSalvage)
	require.ErrorIs(t, err, ErrNotStore)
	require.Equal(t, "dear diary", string(f.Bytes(metaName)))
	f = crashfs.New()
	f.Put("wal.0", []byte("somebody else's log"))
	_, _, _, err = recovered(f, RecoverStrict)
	require.ErrorIs(t, err, ErrNotStore)
}

func TestRowMetaOneAndTwo(t *testing.T) {
	f := build(t).add("a").snapshot().add("b").close().off()
	slots, err := readMetaBytes(f.Bytes(metaName))
	require.NoError(t, err)
	require.Equal(t, uint64(3), slots.meta[slots.newest].epoch)
	accept(t, f.Clone(), "end-clean", "a", "b")
	older := f.Clone()
	flip(older, metaName, int64(slots.newest)*blockSize+40)
	report := accept(t, older, "end", "a", "b")
	require.True(t, report.MetaDamaged)
	newer := f.Clone()
	flip(newer, metaName, int64(1-slots.newest)*blockSize+40)
	// The slot left may not be the newest there was: its mark proves nothing.
	require.True(t, accept(t, newer, "end", "a", "b").MetaDamaged)
	for i := range metaSlots { // nothing in the slot: with the third epoch there was
		gone := f.Clone()
		b := f.Bytes(metaName)
		clear(b[i*blockSize : (i+1)*blockSize])
		gone.Put(metaName, b)
		require.True(t, accept(t, gone, "end", "a", "b").MetaDamaged)
	}
	short := build(t).add("a").close().off()
	b := short.Bytes(metaName)[:blockSize]
	short.Put(metaName, b)
	require.True(t, accept(t, short, "end", "a").MetaDamaged, "the file is written whole before the first record")
	require.False(t, accept(t, build(t).off(), "end").MetaDamaged, "a young store has one slot")
}

func readMetaBytes(b []byte) (metaSlotsRead, error) {
	f := crashfs.New()
	f.Put("x", b)
	file, err := openFile(f, "x", openFlags)
	if err != nil {
		return metaSlotsRead{}, err
	}
	return readMeta(file)
}

func TestRowFileMissing(t *testing.T) {
	for _, name := range fileNames[1:] {
		f := build(t).add("a").close().off()
		f.Delete(name)
		refuse(t, f, name, "missing")
		s, report, list, err := recovered(f, RecoverSalvage)
		if name == "wal.0" {
			require.ErrorIs(t, err, ErrCorrupt, "nothing is left, and that is no store")
			continue
		}
		require.NoError(t, err)
		require.NotNil(t, report.Salvage)
		require.Equal(t, []string{"a"}, list)
		require.NoError(t, s.Close())
	}
}

func TestRowSnapshots(t *testing.T) {
	b := build(t).add("a", "b").snapshot().add("c")
	require.Equal(t, uint64(1), b.s.Stats().Switches)
	f := b.off()
	accept(t, f.Clone(), "end", "a", "b", "c") // snap-good

	older := f.Clone() // the older way is the empty store and both logs
	flip(older, "snap.0", blockSize+30)
	report := accept(t, older, "end", "a", "b", "c")
	require.True(t, report.Fallback)
	require.Contains(t, report.FallbackReason, "snap.0")

	bad := f.Clone() // and without the retired log there is no older way
	flip(bad, "snap.0", blockSize+30)
	flip(bad, "wal.0", blockSize+100)
	refuse(t, bad, "snap.0", "checksum")

	// The next snapshot of a store that fell back overwrites the bad one.
	again := f.Clone()
	flip(again, "snap.0", blockSize+30)
	s, _, _, err := recovered(again, RecoverStrict)
	require.NoError(t, err)
	snap, err := s.Cut()
	require.NoError(t, err)
	require.NoError(t, sections([]string{"a", "b", "c"}, 3, 50, snap.Section))
	_, err = snap.Commit()
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.False(t, accept(t, again, "end-clean", "a", "b", "c").Fallback)
}

// TestOlderWay: outside of the writing of a snapshot, the newest snapshot may
// be lost at any time.
func TestOlderWay(t *testing.T) {
	b := build(t)
	for i := range 12 {
		b.add("x", "y").unflushed("z")
		if i%3 == 1 {
			b.cut().Abort()
			b.add("after a failed one")
		}
		b.snapshot().add("behind")
		f := b.off()
		slots, err := readMetaBytes(f.Bytes(metaName))
		require.NoError(t, err)
		f.Put(snapNames[slots.meta[slots.newest].current.snap], make([]byte, 9000))
		require.True(t, accept(t, f, "end", b.all...).Fallback, "round %d", i)
	}
}

func TestRowLogBad(t *testing.T) {
	f := build(t).add("a").off()
	flip(f, "wal.0", 20)
	refuse(t, f, "wal.0", "row log-bad")
	_, _, list, err := recovered(f, RecoverSalvage)
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, list)
}

func TestRowAttestedByDurableTo(t *testing.T) {
	f := build(t).add("a", "b", "c").off()
	for i, part := range []int64{0, 4, 92, 97} { // length, generation, checksum, body of the second record
		g := f.Clone()
		flip(g, "wal.0", recordAt(t, f, "wal.0", 1)+part)
		c := refuse(t, g, "wal.0", "row attested")
		require.Equal(t, uint64(2), c.Sequence, i)
		require.Equal(t, recordAt(t, f, "wal.0", 1), c.Offset)
	}
	// A body may be damaged where its header attests: c is bad, d's header says c was flushed.
	f = build(t).add("a", "b", "c", "d").off()
	flip(f, "wal.0", recordAt(t, f, "wal.0", 2)+97)
	flip(f, "wal.0", recordAt(t, f, "wal.0", 3)+97)
	refuse(t, f, "wal.0", "row attested")
}

func TestRowAttestedByMeta(t *testing.T) {
	f := build(t).add("a").close().off()
	flip(f, "wal.0", blockSize+97)
	require.Equal(t, uint64(1), refuse(t, f, "wal.0", "row attested: meta").Sequence)
	f = build(t).add("a").off()
	flip(f, "wal.0", blockSize+97)
	accept(t, f, "end-torn") // the one gap: a last record that nothing attests
}

func TestRowAttestedByTheOtherLog(t *testing.T) {
	b := build(t).add("a", "b")
	b.cut()
	f := b.off()
	flip(f, "wal.0", recordAt(t, f, "wal.0", 1)+97)
	refuse(t, f, "wal.0", "row attested: the log after it")
}

func TestRowBrokenChain(t *testing.T) {
	f := build(t).add("a", "b", "c").off()
	// A second record that is whole and not the one the third is chained to,
	// as if the disk had brought an old version of its block back.
	g := build(t).add("a", "B", "c").off()
	at, end := recordAt(t, f, "wal.0", 1), recordAt(t, f, "wal.0", 2)
	all := f.Bytes("wal.0")
	copy(all[at:end], g.Bytes("wal.0")[at:end])
	f.Put("wal.0", all)
	refuse(t, f, "wal.0", "row broken-chain")
}

func TestRowSwitch(t *testing.T) {
	b := build(t).add("a", "b")
	b.cut()
	accept(t, b.off(), "end", "a", "b")
	b.add("c")
	accept(t, b.off(), "end", "a", "b", "c")
}

// TestCutBehindTheLastRecord: a snapshot goes on at the very end of a log, the
// next one is broken off after the switch; the one after that must not take
// the log that meta still names.
func TestCutBehindTheLastRecord(t *testing.T) {
	b := build(t).add("a")
	b.cut().Abort() // to wal.1
	b.add("b").snapshot()
	require.Equal(t, uint64(1), b.s.Stats().Switches, "wal.0 is still needed at this cut")
	b.cut().Abort() // to wal.0, with nothing in wal.1 behind the snapshot
	require.Equal(t, uint64(2), b.s.Stats().Switches)
	b.add("c")
	b.cut().Abort()
	accept(t, b.off(), "end", "a", "b", "c")
	b.snapshot().add("d")
	accept(t, b.off(), "end", "a", "b", "c", "d")
}

func TestRowSwitchFailed(t *testing.T) {
	b := build(t).add("a")
	// The header arrives whole, and the flush of it fails: the log stays.
	ops := b.fs.Ops()
	b.fs.Plan(ops+1, crashfs.EIO)
	b.cut().Abort()
	require.Zero(t, b.s.Stats().Switches)
	b.add("b")
	h, ok := decodeLogHeader(b.fs.Bytes("wal.1")[:blockSize])
	require.True(t, ok)
	require.Equal(t, uint64(2), h.generation)
	accept(t, b.off(), "end", "a", "b")
	b.snapshot().add("c")
	accept(t, b.off(), "end", "a", "b", "c")
}

func TestRowLogOther(t *testing.T) {
	f := build(t).add("a").snapshot().off()
	edit(t, f, "wal.0", 0, func(b []byte) { putU64(b, 40, 9) })
	refuse(t, f, "wal.0", "row log-other")
}

func TestRowSwitchLost(t *testing.T) {
	b := build(t).add("a")
	b.cut()
	f := b.add("b", "c").off()
	flip(f, "wal.1", 50)
	require.Equal(t, uint64(2), refuse(t, f, "wal.1", "row switch-lost").Sequence)
	flip(f, "wal.1", blockSize+97) // the first record's body too: its header still tells
	refuse(t, f, "wal.1", "row switch-lost")
	flip(f, "wal.1", blockSize+17) // and the second's
	refuse(t, f, "wal.1", "row switch-lost")
}

func TestRowSwitchTorn(t *testing.T) {
	b := build(t).add("a")
	b.cut()
	f := b.off()
	torn := f.Bytes("wal.1")
	clear(torn[:512])
	f.Put("wal.1", torn)
	accept(t, f, "switch-torn", "a")
}

// TestRowSwitchTornOverRemains: the file that is to be used again still holds the
// end of a tail that was dropped, whose numbers are higher than those given since.
func TestRowSwitchTornOverRemains(t *testing.T) {
	b := build(t).add("a").snapshot().add("b").unflushed("c", "d", "e") // in wal.1
	f := b.off()
	flip(f, "wal.1", recordAt(t, f, "wal.1", 1)+97) // "c" is torn, "d" and "e" stay
	s, _, list, err := recovered(f, RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, list)
	b.fs, b.s, b.all = f, s, list
	b.snapshot().add("f") // to wal.0
	require.Equal(t, uint64(1), s.Stats().Switches)
	b.cut().Abort() // to wal.1 again
	require.Equal(t, uint64(2), s.Stats().Switches)
	f = b.off()
	torn := f.Bytes("wal.1")
	clear(torn[:512])
	f.Put("wal.1", torn)
	var left uint64
	require.NoError(t, scanHeads(&window{f: &file{h: s.d.log[1].h, size: int64(len(torn))}, work: &work{ctx: context.Background()}}, s.id, blockSize, 1,
		func(_ int64, h *head) { left = max(left, h.sequence) }))
	require.Equal(t, uint64(5), left)
	accept(t, f, "switch-torn", "a", "b", "f")
}

func TestRowEnds(t *testing.T) {
	require.True(t, accept(t, build(t).add("a").close().off(), "end-clean", "a").Clean)
	require.False(t, accept(t, build(t).add("a").off(), "end", "a").Clean)
	f := build(t).add("a").unflushed("b", "c", "d").off()
	flip(f, "wal.0", recordAt(t, f, "wal.0", 1)+97)
	report := accept(t, f, "end-torn", "a")
	require.Equal(t, uint64(3), report.DroppedRecords)
	require.Equal(t, int64(3*104), report.DroppedBytes)
}

// TestGhost: what was dropped never lines up behind a new record, not even one
// that is the same, byte for byte, as the one that was torn.
func TestGhost(t *testing.T) {
	b := build(t).add("a").unflushed("b", "c")
	f := b.off()
	flip(f, "wal.0", recordAt(t, f, "wal.0", 1)+97)
	s, _, list, err := recovered(f, RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, list)
	require.Equal(t, uint64(1), s.Incarnation())
	old := b.fs.Bytes("wal.0")
	at := recordAt(t, b.fs, "wal.0", 1)
	require.NoError(t, s.Append(&Record{Payload: []byte("b"), UnixMicros: int64(getU64(old, int(at)+24))}))
	s.durable.offset = int64(getU64(old, int(at)+32)) // as before
	require.NoError(t, s.Flush())
	accept(t, f.Clone(), "end", "a", "b")
}

// TestPieces: a record lost the block with its first sixteen bytes, and was
// dropped unseen. Another of the same length begins at the same place, and of
// that one only these sixteen bytes arrive. The pieces are no record.
func TestPieces(t *testing.T) {
	fill := strings.Repeat("f", 512-16-recordHeader)
	b := build(t).add(fill).unflushed("dropped")
	edge := int64(blockSize + 512)
	require.Equal(t, edge-16, recordAt(t, b.fs, "wal.0", 1))
	f := b.off()
	log := f.Bytes("wal.0")
	rest := append([]byte{}, log[edge:]...)
	clear(log[edge-16 : edge])
	f.Put("wal.0", log)

	s, _, list, err := recovered(f, RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, []string{fill}, list)
	require.NoError(t, s.Append(&Record{Payload: []byte("another")}))
	f = f.Clone()
	log = f.Bytes("wal.0")
	copy(log[edge:], rest)
	f.Put("wal.0", log)
	accept(t, f, "end", fill)
}

func TestRowShort(t *testing.T) {
	// Meta's word on the log: the retired log put back in place of the current one.
	b := build(t).add("a").snapshot().add("b")
	f := b.close().off()
	slots, err := readMetaBytes(f.Bytes(metaName))
	require.NoError(t, err)
	edit(t, f, metaName, slots.newest, func(m []byte) { putU64(m, 208+8, 77); putU64(m, 208+24, 5) }) // attested in a generation that is nowhere
	require.Equal(t, uint64(3), refuse(t, f, "wal.1", "row short").Sequence)
}

func TestSalvageGoesOnAboveEverything(t *testing.T) {
	f := build(t).add("a", "b", "c", "d", "e").off()
	flip(f, "wal.0", recordAt(t, f, "wal.0", 2)+97)
	before := f.Bytes("wal.0")
	s, report, list, err := recovered(f, RecoverSalvage)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, list)
	require.Equal(t, "salvage", report.Row)
	sv := report.Salvage
	require.Equal(t, [3]uint64{2, 3, 5}, [3]uint64{sv.LastSequence, sv.LostFrom, sv.LostTo})
	require.Equal(t, []string{"meta.damaged-1", "wal.0.damaged-1", "wal.1.damaged-1"}, sv.Kept)
	require.True(t, bytes.Equal(before, f.Bytes("wal.0")), "nothing is changed yet")
	require.True(t, bytes.Equal(before, f.Bytes("wal.0.damaged-1")))
	require.Equal(t, uint64(5), s.Sequence())
	require.ErrorIs(t, s.Append(&Record{}), ErrSalvaged)
	require.True(t, s.SnapshotDue())

	snap, err := s.Cut()
	require.NoError(t, err)
	require.NoError(t, sections(list, snap.Sequence(), 100, snap.Section))
	_, err = snap.Commit()
	require.NoError(t, err)
	r := &Record{Payload: []byte("new")}
	require.NoError(t, s.Append(r))
	require.Equal(t, uint64(6), r.Sequence)
	require.NoError(t, s.Close())
	s, report, list, err = recovered(f, RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "new"}, list)
	require.Equal(t, uint64(6), report.Sequence)
	require.Equal(t, uint64(1), s.Incarnation())
}

// TestSalvageCrash: the machine goes off at every operation of a salvage and
// its snapshot; the next salvage ends with the same state.
func TestSalvageCrash(t *testing.T) {
	damaged := func() *crashfs.FS {
		b := build(t).add("a").snapshot().add("b", "c")
		b.cut() // both logs are needed now
		f := b.add("d", "e", "f").off()
		flip(f, "wal.0", recordAt(t, f, "wal.0", 1)+97)
		flip(f, "wal.0", 50)
		return f
	}
	whole := func(f *crashfs.FS) error {
		s, _, list, err := recovered(f, RecoverSalvage)
		if err != nil {
			return err
		}
		if s.salvaged {
			snap, err := s.Cut()
			if err != nil {
				return err
			}
			if err := sections(list, snap.Sequence(), 10, snap.Section); err != nil {
				return err
			}
			if _, err := snap.Commit(); err != nil {
				return err
			}
		}
		return s.Close()
	}
	for k := int64(0); ; k++ {
		f := damaged()
		_, _, want, err := recovered(f.Clone(), RecoverSalvage)
		require.NoError(t, err)
		require.NotEmpty(t, want)
		f.Plan(k, crashfs.Crash)
		err = whole(f)
		if !f.HasCrashed() {
			require.NoError(t, err)
			break
		}
		for _, policy := range crashfs.Policies {
			g := f.Crashed(policy, uint64(k))
			require.NoError(t, whole(g), "before operation %d, %s", k, policy.Name)
			_, _, list, err := recovered(g, RecoverStrict)
			require.NoError(t, err)
			require.Equal(t, want, list, "before operation %d, %s", k, policy.Name)
		}
	}
}

func TestSalvageWithoutSpaceChangesNothing(t *testing.T) {
	f := build(t).add("a", "b", "c").off()
	flip(f, "wal.0", recordAt(t, f, "wal.0", 1)+97)
	f.Limit(f.Used() + 1000)
	before := f.Clone()
	_, _, _, err := recovered(f, RecoverSalvage)
	require.ErrorIs(t, err, ErrDiskFull)
	for _, name := range f.Names() {
		require.True(t, bytes.Equal(before.Bytes(name), f.Bytes(name)), name)
	}
}

// TestSalvageKilledThenOff: a salvage dies with its process, so that what it
// wrote is in the system's memory, whole; the next one begins with that, and
// the machine goes off. The third ends with the same state.
func TestSalvageKilledThenOff(t *testing.T) {
	damaged := func() *crashfs.FS {
		f := build(t).add("a").snapshot().add("b").snapshot().add("c", "d", "e").off() // the first log is gone
		flip(f, "wal.0", recordAt(t, f, "wal.0", 1)+97)
		return f
	}
	save := func(f *crashfs.FS) ([]string, error) {
		s, _, list, err := recovered(f, RecoverSalvage)
		if err != nil {
			return nil, err
		}
		list = append([]string{}, list...)
		if !s.salvaged {
			return list, s.Close()
		}
		snap, err := s.Cut()
		if err != nil {
			return nil, err
		}
		if err := sections(list, snap.Sequence(), 10, snap.Section); err != nil {
			return nil, err
		}
		if _, err := snap.Commit(); err != nil {
			return nil, err
		}
		return list, s.Close()
	}
	want := []string{"a", "b", "c"}
	points := 0
	for k := int64(0); ; k++ {
		f := damaged()
		f.Plan(k, crashfs.Crash)
		_, err := save(f)
		if !f.HasCrashed() {
			require.NoError(t, err)
			break
		}
		for j := int64(0); ; j++ {
			g := f.Killed()
			g.Plan(j, crashfs.Crash)
			if _, err := save(g); !g.HasCrashed() {
				require.NoError(t, err)
				break
			}
			for i, policy := range crashfs.Policies {
				list, err := save(g.Crashed(policy, uint64(k*1000+j*10)+uint64(i)))
				require.NoError(t, err, "killed before operation %d, off before operation %d, %s", k, j, policy.Name)
				require.Equal(t, want, list, "killed before operation %d, off before operation %d, %s", k, j, policy.Name)
				points++
			}
		}
	}
	require.Greater(t, points, 500)
}
