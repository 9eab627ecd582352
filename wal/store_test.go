package wal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hack-pad/hackpadfs"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/stretchr/testify/require"
)

func TestCreateModes(t *testing.T) {
	fsys := crashfs.New()
	o := newDriver(fsys, 1).o
	o.Create = MustExist
	_, _, err := Open(context.Background(), o, &memory{})
	require.ErrorIs(t, err, ErrAbsent)
	require.Empty(t, fsys.Names(), "looking for a store creates nothing")
	o.Create = MustCreate
	s, _, err := Open(context.Background(), o, &memory{})
	require.NoError(t, err)
	require.Equal(t, testID, s.StoreID())
	require.NoError(t, s.Close())
	_, _, err = Open(context.Background(), o, &memory{})
	require.ErrorIs(t, err, ErrExists)
}

func TestSecondOpenerIsLocked(t *testing.T) {
	b := build(t)
	o := newDriver(b.fs, 1).o
	_, _, err := Open(context.Background(), o, &memory{})
	require.ErrorIs(t, err, ErrLocked)
	require.ErrorIs(t, err, syscall.EBUSY)

	o.LockWait = time.Minute // waits, and gets it as soon as it is free
	var wg sync.WaitGroup
	wg.Go(func() {
		s, _, err := Open(context.Background(), o, &memory{})
		if err == nil {
			err = s.Close()
		}
		require.NoError(t, err)
	})
	time.Sleep(20 * time.Millisecond)
	require.NoError(t, b.s.Close())
	wg.Wait()

	b = build(t)
	o = newDriver(b.fs, 1).o
	o.LockWait = time.Hour
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err = Open(ctx, o, &memory{})
	require.ErrorIs(t, err, context.Canceled)
}

type noLock struct{ hackpadfs.OpenFileFS }

func TestMissingCapabilityIsAnError(t *testing.T) {
	_, _, err := Open(context.Background(), Options{FS: noLock{crashfs.New()}}, &memory{})
	require.ErrorIs(t, err, ErrFileSystem)
}

func TestClosedStoreSaysSo(t *testing.T) {
	b := build(t).add("a").close()
	require.NoError(t, b.s.Close())
	require.ErrorIs(t, b.s.Append(&Record{}), ErrClosed)
	require.ErrorIs(t, b.s.Flush(), ErrClosed)
	_, err := b.s.Cut()
	require.ErrorIs(t, err, ErrClosed)
	_ = b.s.Stats()
}

func TestFailedFlushEndsWriting(t *testing.T) {
	b := build(t).add("a").unflushed("b")
	b.fs.Plan(b.fs.Ops(), crashfs.EIO)
	require.ErrorIs(t, b.s.Flush(), ErrFlush)
	require.ErrorIs(t, b.s.Flush(), ErrPoisoned)
	require.ErrorIs(t, b.s.Append(&Record{}), ErrPoisoned)
	_, err := b.s.Cut()
	require.ErrorIs(t, err, ErrPoisoned)
	require.True(t, b.s.Stats().Poisoned)
	require.ErrorIs(t, b.s.Close(), ErrPoisoned)
	_, _, list, err := recovered(b.fs, RecoverStrict) // the lock is free again
	require.NoError(t, err)
	require.Subset(t, []string{"a", "b"}, list)
}

// TestFailedFlushIsWrittenAgain: after a flush that failed the system may hold
// the bytes for clean; what recovery shows must survive the power cut all the same.
func TestFailedFlushIsWrittenAgain(t *testing.T) {
	b := build(t).add("a").unflushed("b")
	b.fs.Plan(b.fs.Ops(), crashfs.EIO)
	require.ErrorIs(t, b.s.Flush(), ErrFlush)
	require.Error(t, b.s.Close())
	_, _, list, err := recovered(b.fs, RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, list)
	_, _, list, err = recovered(b.fs.Crashed(crashfs.Policies[1], 1), RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, list)
}

func TestFailedWriteTakesTheSamePlace(t *testing.T) {
	for _, fault := range crashfs.Faults {
		b := build(t).add("a")
		b.fs.Plan(b.fs.Ops(), fault)
		err := b.s.Append(&Record{Payload: []byte("lost")})
		require.True(t, errors.Is(err, ErrDiskFull) || errors.Is(err, ErrIO), "%v: %v", fault, err)
		require.False(t, errors.Is(err, ErrFlush))
		accept(t, b.off(), "end", "a")
		r := &Record{Payload: []byte("b")}
		require.NoError(t, b.s.Append(r))
		require.Equal(t, uint64(2), r.Sequence)
		require.NoError(t, b.s.Close())
		accept(t, b.off(), "end-clean", "a", "b")
	}
}

func TestGroupIsAllOrNothing(t *testing.T) {
	b := build(t).add("a")
	for _, p := range []string{"b", "c"} {
		require.NoError(t, b.s.Buffer(&Record{Payload: []byte(p)}))
	}
	require.Equal(t, uint64(3), b.s.Sequence())
	b.fs.Plan(b.fs.Ops(), crashfs.EIODone)
	require.ErrorIs(t, b.s.Write(), ErrIO)
	require.Equal(t, uint64(1), b.s.Sequence())
	accept(t, b.off(), "end", "a")
	writes := b.fs.Counts().Writes
	for _, p := range []string{"b", "c"} {
		require.NoError(t, b.s.Buffer(&Record{Payload: []byte(p)}))
	}
	require.NoError(t, b.s.Write())
	require.Equal(t, writes+1, b.fs.Counts().Writes, "one write for the group")
	accept(t, b.off(), "end", "a", "b", "c")
}

func TestTooLarge(t *testing.T) {
	b := build(t)
	huge := make([]byte, MaxRecord)
	require.ErrorIs(t, b.s.Append(&Record{Payload: huge}), ErrTooLarge)
	snap := b.cut()
	require.ErrorIs(t, snap.Section(1, huge[:MaxSection+1]), ErrTooLarge)
	require.Error(t, snap.Section(0, nil))
	require.NoError(t, snap.Section(1, huge[:1<<20]))
	_, err := b.s.Cut()
	require.ErrorIs(t, err, ErrSnapshotRunning)
	_, err = snap.Commit()
	require.NoError(t, err)
	require.ErrorIs(t, snap.Section(1, nil), ErrSnapshotFailed)
	snap.Abort()
	b.add("a")
}

// TestDiskFull: when nothing more fits, appends say so and work again when
// space returns; reserved space is used to its end; what was there stays.
func TestDiskFull(t *testing.T) {
	b := build(t)
	for b.s.Stats().LogReserved < 8<<10 {
		b.add(strings.Repeat("x", 3000))
	}
	b.fs.Limit(b.fs.Used())
	fitted := 0
	for {
		err := b.s.Append(&Record{Payload: make([]byte, 900)})
		if err != nil {
			require.ErrorIs(t, err, ErrDiskFull)
			break
		}
		b.all = append(b.all, string(make([]byte, 900)))
		fitted++
	}
	require.GreaterOrEqual(t, fitted, 8)
	require.NoError(t, b.s.Flush())
	_, err := b.s.Cut() // a cut needs no space
	require.NoError(t, err)
	b.fs.Limit(0)
	b.add("again").close()
	accept(t, b.off(), "end-clean", b.all...)
}

// TestLogsAtRest guards what the logs occupy when nothing is written: a log that
// retires ends with its last record, and one that is begun again keeps no more
// than the log before it took, or one step of reservation.
func TestLogsAtRest(t *testing.T) {
	b := build(t)
	length := func(name string) int { return len(b.fs.Bytes(name)) }
	for range 40 {
		b.add(strings.Repeat("x", 3000))
	}
	reserved := int(b.s.Stats().LogReserved)
	require.Greater(t, reserved, 8<<10)
	full := length("wal.0")
	b.snapshot()
	require.Equal(t, full-reserved, length("wal.0"))
	require.Equal(t, blockSize, length("wal.1"))
	b.add("a", "b").snapshot()
	require.Less(t, length("wal.1"), blockSize+1000)
	require.Equal(t, blockSize+int(b.s.tune.ReserveLeast), length("wal.0"))
	b.add("c")
	accept(t, b.off(), "end", b.all...)
}

func TestTinyStoreReservesNothing(t *testing.T) {
	b := build(t).add("a", "b", "c")
	require.Zero(t, b.s.Stats().LogReserved)
	require.Zero(t, b.s.Stats().Reservations)
	require.Less(t, b.fs.Used(), int64(30<<10))
}

// TestCounts guards the cost of a commit: one write, one flush.
func TestCounts(t *testing.T) {
	b := build(t).add("warm")
	before := b.fs.Counts()
	for range 10 {
		b.add("0123456789")
	}
	after := b.fs.Counts()
	require.Equal(t, int64(10), after.Writes-before.Writes)
	require.Equal(t, int64(10), after.Syncs-before.Syncs)
	require.Equal(t, int64(10*(recordHeader+16)), after.BytesWritten-before.BytesWritten)
	require.NoError(t, b.s.Flush())
	require.Equal(t, after.Syncs, b.fs.Counts().Syncs, "a flush of nothing costs nothing")
}

func TestAppendDoesNotAllocate(t *testing.T) {
	s, _, err := Open(context.Background(), Options{FS: &quietFS{files: map[string]*quiet{}}, StoreID: testID}, &memory{})
	require.NoError(t, err)
	r := &Record{Payload: make([]byte, 300), Outcome: make([]byte, 30)}
	require.Zero(t, testing.AllocsPerRun(500, func() {
		if s.Append(r) != nil || s.Flush() != nil {
			t.Fatal("append")
		}
	}))
}

// quietFS holds bytes and allocates nothing while it is written.
type quietFS struct{ files map[string]*quiet }

func (q *quietFS) Open(name string) (hackpadfs.File, error) { return q.OpenFile(name, 0, 0) }
func (q *quietFS) OpenFile(name string, flag int, _ hackpadfs.FileMode) (hackpadfs.File, error) {
	if q.files[name] == nil {
		if flag&hackpadfs.FlagCreate == 0 {
			return nil, hackpadfs.ErrNotExist
		}
		q.files[name] = &quiet{data: make([]byte, 0, 8<<20)}
	}
	return q.files[name], nil
}
func (q *quietFS) Lock(string) (io.Closer, error) { return io.NopCloser(nil), nil }
func (q *quietFS) SyncDir() error                 { return nil }

type quiet struct{ data []byte }

func (q *quiet) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(q.data).ReadAt(p, off)
}
func (q *quiet) WriteAt(p []byte, off int64) (int, error) {
	if end := int(off) + len(p); end > len(q.data) {
		q.data = q.data[:end]
	}
	return copy(q.data[off:], p), nil
}
func (q *quiet) Read([]byte) (int, error)          { return 0, io.EOF }
func (q *quiet) Sync() error                       { return nil }
func (q *quiet) Truncate(n int64) error            { q.data = q.data[:n]; return nil }
func (q *quiet) Close() error                      { return nil }
func (q *quiet) Stat() (hackpadfs.FileInfo, error) { return quietInfo(len(q.data)), nil }

type quietInfo int64

func (quietInfo) Name() string             { return "" }
func (i quietInfo) Size() int64            { return int64(i) }
func (quietInfo) Mode() hackpadfs.FileMode { return 0 }
func (quietInfo) ModTime() time.Time       { return time.Time{} }
func (quietInfo) IsDir() bool              { return false }
func (quietInfo) Sys() any                 { return nil }

// TestAppendWhileFlushing: one goroutine appends, another flushes, a third
// writes snapshots between; the race detector watches.
func TestAppendWhileFlushing(t *testing.T) {
	b := build(t)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if err := b.s.Flush(); err != nil {
					t.Error(err)
					return
				}
				_ = b.s.Stats()
			}
		}
	})
	for i := range 300 {
		b.unflushed("payload")
		if i%100 == 50 {
			snap := b.cut()
			state := append([]string{}, b.all...)
			wg.Go(func() {
				err := sections(state, uint64(len(state)), 100, snap.Section)
				if err == nil {
					_, err = snap.Commit()
				}
				if err != nil {
					t.Error(err)
				}
			})
			for b.s.Stats().Snapshots == uint64(i/100) {
				b.unflushed("meanwhile")
				time.Sleep(100 * time.Microsecond)
			}
		}
	}
	close(stop)
	wg.Wait()
	b.close()
	accept(t, b.off(), "end-clean", b.all...)
}

func TestSnapshotDue(t *testing.T) {
	b := build(t)
	require.False(t, b.s.SnapshotDue())
	b.add(strings.Repeat("x", 33<<10))
	require.True(t, b.s.SnapshotDue())
	b.snapshot()
	require.False(t, b.s.SnapshotDue())
	require.Zero(t, b.s.Stats().LogEntries)
}

// TestEveryBit flips every bit of a small store, one at a time: the state is
// the whole one or it is refused; it is never another, and never empty.
func TestEveryBit(t *testing.T) {
	base := small(t)
	want := []string{"one", "two", "three"}
	refused, fine := 0, 0
	for _, name := range base.Names() {
		orig := base.Bytes(name)
		for i := range orig {
			if i >= 512 && i < 4000 || i >= 4096+512 && i < 8100 {
				if i%61 != 0 {
					continue // zeros under one checksum: every 61st is enough for the quick run
				}
			}
			for bit := range 8 {
				orig[i] ^= 1 << bit
				base.Put(name, orig)
				orig[i] ^= 1 << bit
				f := base.Clone()
				s, _, list, err := recovered(f, RecoverStrict)
				if err != nil {
					refused++
					require.True(t, errors.Is(err, ErrCorrupt), "%s byte %d bit %d: %v", name, i, bit, err)
					s, rep, list, err := recovered(f, RecoverSalvage)
					require.NoError(t, err, "%s byte %d bit %d", name, i, bit)
					require.NotNil(t, rep.Salvage)
					require.Equal(t, want[:len(list)], append([]string{}, list...), "%s byte %d bit %d", name, i, bit)
					require.NoError(t, s.Close())
					continue
				}
				fine++
				require.Equal(t, want, list, "%s byte %d bit %d", name, i, bit)
				require.NoError(t, s.Close())
			}
		}
		base.Put(name, orig)
	}
	t.Logf("%d refused and salvaged, %d without effect", refused, fine)
	require.NotZero(t, refused)
	require.NotZero(t, fine)
}

// TestEveryLength cuts each file at every length.
func TestEveryLength(t *testing.T) {
	base := small(t)
	want := []string{"one", "two", "three"}
	for _, name := range base.Names() {
		orig := base.Bytes(name)
		for n := range len(orig) {
			if n > 256 && n < 4000 && n%97 != 0 {
				continue
			}
			base.Put(name, orig[:n])
			s, _, list, err := recovered(base.Clone(), RecoverStrict)
			if err != nil {
				require.ErrorIs(t, err, ErrCorrupt, "%s cut to %d", name, n)
				continue
			}
			require.Equal(t, want, list, "%s cut to %d", name, n)
			require.NoError(t, s.Close())
		}
		base.Put(name, orig)
	}
}

func TestDumpIsForPeople(t *testing.T) {
	var out bytes.Buffer
	f := small(t)
	require.NoError(t, Dump(context.Background(), f, &out))
	text := out.String()
	for _, want := range []string{"meta slot 0: version 1 epoch 3", "closed cleanly (newest)", "current: snap.0", "older: from the empty store",
		"wal.1: generation 2 first sequence 3", "snap.1: never used yet", "wal.0 byte 4200 record 2", "request 7 part 8", "wal.1 byte 4096 record 3"} {
		require.Contains(t, text, want)
	}
	require.ErrorIs(t, Dump(context.Background(), crashfs.New(), &out), ErrAbsent)
}

// TestFailedMetaFlushIsWrittenAgain: the slot that recovery believes may be in
// memory only, and what is done next builds on it.
func TestFailedMetaFlushIsWrittenAgain(t *testing.T) {
	b := build(t).add("a")
	snap := b.cut()
	require.NoError(t, sections(b.all, 1, 100, snap.Section))
	b.fs.Plan(b.fs.Ops()+3, crashfs.EIO) // the snapshot's write and flush, the slot's write, its flush
	_, err := snap.Commit()
	require.ErrorIs(t, err, ErrFlush)
	require.ErrorIs(t, b.s.Close(), ErrPoisoned)

	s, report, _, err := recovered(b.fs, RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, uint64(1), report.SnapshotSequence, "the new slot is the one that is read")
	require.NoError(t, s.Append(&Record{Payload: []byte("b")}))
	next, err := s.Cut() // overwrites what the old slot would need
	require.NoError(t, err)
	require.Equal(t, uint64(1), s.Stats().Switches)
	next.Abort()
	_, _, list, err := recovered(b.fs.Crashed(crashfs.Policies[1], 1), RecoverStrict)
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, list)
}

// TestReportIsKeptUntilRead: a recovery that had something to tell is kept in
// meta, also when whoever opened then died, until somebody has read it.
func TestReportIsKeptUntilRead(t *testing.T) {
	fsys := crashfs.New()
	d := newDriver(fsys, 1)
	d.strict = true
	require.NoError(t, d.open())
	require.Nil(t, d.s.KeptReport(false), "a new store has nothing to tell")
	for range 3 {
		require.NoError(t, d.appendOne())
		require.NoError(t, d.flush())
	}
	require.NoError(t, d.snapshot(false))
	require.NoError(t, d.s.Close())
	b := fsys.Bytes(snapNames[0])
	b[len(b)/2] ^= 1
	fsys.Put(snapNames[0], b)

	first := d.continued(fsys)
	require.NoError(t, first.open())
	require.True(t, first.report.Fallback)
	require.NoError(t, first.appendOne()) // writes meta
	require.NoError(t, first.flush())
	second := first.continued(fsys.Killed()) // nobody has looked
	require.NoError(t, second.open())
	kept := second.s.KeptReport(false)
	require.NotNil(t, kept)
	require.True(t, kept.Fallback)
	require.Equal(t, first.report.FallbackReason[:min(keptText, len(first.report.FallbackReason))], kept.FallbackReason)
	require.Equal(t, first.report.Sequence, kept.Sequence)
	require.False(t, kept.At.IsZero())
	require.NotNil(t, second.s.KeptReport(true), "looking does not make it go, reading does")
	require.Nil(t, second.s.KeptReport(true))
	require.NoError(t, second.s.Close())
	third := second.continued(second.fs)
	require.NoError(t, third.open())
	require.False(t, third.report.notable())
	require.Nil(t, third.s.KeptReport(false))
	require.NoError(t, third.s.Close())
}

// TestKeptReportSurvivesTheTrip: all of a report, and no report from garbage.
func TestKeptReportSurvivesTheTrip(t *testing.T) {
	long := strings.Repeat("x", 5000)
	r := &Report{Created: true, Clean: true, Sequence: 1, Row: "end", SnapshotSequence: 2, SnapshotBytes: 3, Records: 4, LogBytes: 5,
		DroppedBytes: 6, DroppedRecords: 7, Fallback: true, FallbackReason: "why", MetaDamaged: true,
		Salvage: &SalvageReport{Reason: "because", Kept: []string{"a", "b"}, LastSequence: 8, LostFrom: 9, LostTo: 10}}
	b := encodeKept(r, 11)
	got := decodeKept(b)
	require.Equal(t, *r, got.Report)
	require.EqualValues(t, 11, got.At.UnixMicro())
	for n := range b {
		require.Nil(t, decodeKept(b[:n]), "%d bytes", n)
	}
	r.FallbackReason, r.Salvage.Reason, r.Row = long, long, long
	r.Salvage.Kept = []string{long, long, long, long, long, long, long}
	require.LessOrEqual(t, len(encodeKept(r, 11)), keptMost)
	require.NotNil(t, decodeKept(encodeKept(r, 11)))
}

// Others get their turn while a feed reads its way, and then nothing is locked:
// in a page a turn is the event loop's, and what waits for a lock there stops it.
func TestFeedGivesTurnsWithoutItsLock(t *testing.T) {
	o := newDriver(crashfs.New(), 1).o
	var s *Store
	turns := 0
	o.Yield = func() {
		if s != nil {
			turns++
			require.True(t, s.reading.TryLock(), "turn %d", turns)
			s.reading.Unlock()
		}
	}
	s, _, err := Open(context.Background(), o, &memory{})
	require.NoError(t, err)
	const records = 100
	for range records {
		require.NoError(t, s.Append(&Record{Payload: make([]byte, 60<<10)}))
	}
	require.NoError(t, s.Flush())
	feed, err := s.Feed(context.Background(), 0, records-1)
	require.NoError(t, err)
	r, err := feed.Next(records)
	require.NoError(t, err)
	require.EqualValues(t, records, r.Sequence)
	require.Greater(t, turns, 2)
	require.NoError(t, s.Close())
}

// TestFilesInWords: what the owner says of its files.
func TestFilesInWords(t *testing.T) {
	b := build(t).add("a", "b").snapshot().add("c").snapshot().add("d")
	want := []string{
		`meta slot 0: version 1, epoch \d+, incarnation 0, session \d+, counts; newest state: snap.1 of \d+ bytes, then wal.0 generation \d+ from byte 4096, behind record 3; second way: snap.0 .*; flushed: wal.0 .*`,
		`meta slot 1: version 1, epoch \d+, .*`,
		`wal.0: bytes \d+, generation \d+, sequence 4 to 4, up to byte \d+`,
		`wal.1: bytes \d+, generation \d+, sequence 3 to 3, up to byte \d+`,
		`snap.0: bytes \d+, sequence 2`,
		`snap.1: bytes \d+, sequence 3`,
	}
	got := b.s.Files()
	require.Len(t, got, len(want))
	for i, line := range got {
		require.Regexp(t, "^"+want[i]+"$", line)
	}
	require.NoError(t, b.s.Close())
	require.Nil(t, b.s.Files())
}
