package wal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/stretchr/testify/require"
)

var testID = [16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}

// memory is a state: the payloads of all records, by sequence.
type memory struct {
	list    []string
	last    uint64
	resets  int
	partial []byte
}

func (m *memory) Reset() error {
	*m = memory{resets: m.resets + 1}
	return nil
}

// Section chunks are the list, each entry as length and bytes, cut anywhere.
func (m *memory) Section(kind uint32, data []byte) error {
	if kind == 2 {
		m.last = binary.LittleEndian.Uint64(data)
		return nil
	}
	m.partial = append(m.partial, data...)
	for len(m.partial) >= 4 {
		n := int(binary.LittleEndian.Uint32(m.partial))
		if len(m.partial) < 4+n {
			break
		}
		m.list = append(m.list, string(m.partial[4:4+n]))
		m.partial = m.partial[4+n:]
	}
	return nil
}

func (m *memory) Record(r *Record) error {
	if r.Sequence != m.last+1 && len(m.list) > 0 && m.resets == 0 {
		return fmt.Errorf("record %d behind %d", r.Sequence, m.last)
	}
	m.last = r.Sequence
	m.list = append(m.list, string(r.Payload))
	return nil
}

// sections of a state, about size bytes each.
func sections(list []string, last uint64, size int, emit func(kind uint32, data []byte) error) error {
	var all []byte
	for _, p := range list {
		all = binary.LittleEndian.AppendUint32(all, uint32(len(p)))
		all = append(all, p...)
	}
	if err := emit(2, binary.LittleEndian.AppendUint64(nil, last)); err != nil {
		return err
	}
	for len(all) > 0 {
		n := min(size, len(all))
		if err := emit(1, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// driver runs a workload on a store beside a model that knows "maybe".
type driver struct {
	fs      *crashfs.FS
	o       Options
	rnd     *rand.Rand
	s       *Store
	report  *Report
	acked   []string // flushed: must be there
	pending []string // appended: there whole or not at all
	maybe   []string // given to a call whose outcome is unknown
	count   int
	ticks   int64
	strict  bool // any error is a failure
}

func newDriver(fsys *crashfs.FS, seed uint64) *driver {
	d := &driver{fs: fsys, rnd: rand.New(rand.NewPCG(seed, 1))}
	d.o = Options{FS: fsys, StoreID: testID, LockWait: -1, Tuning: Tuning{ReserveAfter: 6 << 10, ReserveLeast: 4 << 10, ReserveMost: 16 << 10, SnapshotBytes: 32 << 10},
		Now: func() time.Time { d.ticks++; return time.UnixMicro(1_700_000_000_000_000 + d.ticks) }}
	return d
}

// continued is a driver of the same model on another disk.
func (d *driver) continued(fsys *crashfs.FS) *driver {
	n := newDriver(fsys, 7)
	n.acked = append([]string{}, d.acked...)
	n.pending = append([]string{}, d.pending...)
	n.maybe = append([]string{}, d.maybe...)
	n.count, n.ticks = d.count+1000, d.ticks+1000
	return n
}

var errModel = errors.New("the model disagrees")

// open recovers and compares with the model.
func (d *driver) open() error {
	mem := &memory{}
	s, report, err := Open(context.Background(), d.o, mem)
	if err != nil {
		return err
	}
	d.s, d.report = s, report
	if err := d.compare(mem.list, report); err != nil {
		return err
	}
	d.acked, d.pending, d.maybe = mem.list, nil, nil
	return nil
}

func (d *driver) compare(got []string, report *Report) error {
	if len(got) < len(d.acked) {
		return fmt.Errorf("%w: %d records recovered, %d acknowledged (%+v)", errModel, len(got), len(d.acked), *report)
	}
	all := append(append(append([]string{}, d.acked...), d.pending...), d.maybe...)
	if len(got) > len(all) {
		return fmt.Errorf("%w: %d records recovered, %d ever given (%+v)", errModel, len(got), len(all), *report)
	}
	for i := range got {
		if got[i] != all[i] {
			return fmt.Errorf("%w: record %d is %.40q, not %.40q", errModel, i+1, got[i], all[i])
		}
	}
	if report.Sequence != uint64(len(got)) || report.Created && len(d.acked) > 0 {
		return fmt.Errorf("%w: sequence %d with %d records", errModel, report.Sequence, len(got))
	}
	return nil
}

// payload has a size that now and then crosses blocks, and content that says
// which it is.
func (d *driver) payload() string {
	d.count++
	size := []int{0, 10, 50, 200, 700, 5000}[d.rnd.IntN(6)]
	if d.rnd.IntN(40) == 0 {
		size = directPayload + d.rnd.IntN(9000)
	}
	return fmt.Sprintf("payload %d ", d.count) + strings.Repeat(string(rune('a'+d.count%26)), size)
}

// over reports that the error ends this run: the machine is off, or writing
// has ended.
func (d *driver) over(err error) bool {
	return d.fs.HasCrashed() || errors.Is(err, ErrFlush) || errors.Is(err, ErrPoisoned)
}

// appendOne appends; a plain failure means that it did not happen.
func (d *driver) appendOne() error {
	p := d.payload()
	err := d.s.Append(&Record{Payload: []byte(p), Request: uint64(d.count), Outcome: []byte("ok"), Metadata: []byte{byte(d.count)}})
	switch {
	case err == nil:
		d.pending = append(d.pending, p)
	case d.over(err):
		d.maybe = append(d.maybe, p)
	}
	return err
}

// group buffers some and writes them at once.
func (d *driver) group(n int) error {
	var list []string
	for range n {
		p := d.payload()
		if err := d.s.Buffer(&Record{Payload: []byte(p)}); err != nil {
			return err
		}
		list = append(list, p)
	}
	err := d.s.Write()
	switch {
	case err == nil:
		d.pending = append(d.pending, list...)
	case d.over(err):
		d.maybe = append(d.maybe, list...)
	}
	return err
}

func (d *driver) flush() error {
	err := d.s.Flush()
	if err == nil {
		d.acked = append(d.acked, d.pending...)
		d.pending = nil
	}
	return err
}

// snapshot cuts and writes one, with appends and flushes between its sections.
// It leaves it when told to.
func (d *driver) snapshot(leave bool) error {
	snap, err := d.s.Cut()
	if err != nil {
		return err
	}
	d.acked = append(d.acked, d.pending...)
	d.pending = nil
	state := append([]string{}, d.acked...)
	chunks := 0
	err = sections(state, uint64(len(state)), 1500, func(kind uint32, data []byte) error {
		// A few records between the chunks: as many as a share of the state
		// would make the state grow by that share with every snapshot.
		if chunks++; chunks%3 == 0 && chunks < 24 {
			if err := d.appendOne(); err != nil && d.over(err) {
				return err
			}
		}
		if chunks%7 == 0 && chunks < 24 {
			if err := d.flush(); err != nil {
				return err
			}
		}
		return snap.Section(kind, data)
	})
	if err != nil || leave {
		snap.Abort()
		return err
	}
	_, err = snap.Commit()
	return err
}

func (d *driver) reopen() error {
	err := d.s.Close()
	if err == nil {
		d.acked = append(d.acked, d.pending...)
		d.pending = nil
	} else if d.strict || d.fs.HasCrashed() {
		return err
	}
	return d.open()
}

// work is the whole workload: every kind of operation, in an order that leads
// through cuts that switch, cuts that may not, and snapshots that are left.
func (d *driver) work(steps int) error {
	if err := d.open(); err != nil {
		return err
	}
	for i := range steps {
		var err error
		switch d.rnd.IntN(12) {
		case 0, 1, 2, 3:
			err = d.appendOne()
		case 4:
			err = d.group(1 + d.rnd.IntN(5))
		case 5, 6, 7:
			err = d.flush()
		case 8, 9:
			err = d.snapshot(false)
		case 10:
			err = d.snapshot(true)
		case 11:
			err = d.reopen()
		}
		if err == nil {
			continue
		}
		if d.strict || d.fs.HasCrashed() || errors.Is(err, errModel) || errors.Is(err, ErrCorrupt) {
			return fmt.Errorf("step %d: %w", i, err)
		}
		if d.over(err) {
			if err := d.reopen(); err != nil {
				return fmt.Errorf("reopening at step %d: %w", i, err)
			}
		}
	}
	return d.reopen()
}

func TestWorkload(t *testing.T) {
	for seed := range uint64(20) {
		fsys := crashfs.New()
		d := newDriver(fsys, seed)
		d.strict = true
		require.NoError(t, d.work(80), "seed %d", seed)
		require.NoError(t, d.s.Close())
		require.Equal(t, []string{"meta", "snap.0", "snap.1", "wal.0", "wal.1"}, fsys.Names())
	}
}
