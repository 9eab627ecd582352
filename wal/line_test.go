package wal

import (
	"context"
	"testing"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/stretchr/testify/require"
)

// TestLineOfOlderMeta: programs before byte 384 had a meaning noted a salvage
// only as an incarnation that began behind nothing.
func TestLineOfOlderMeta(t *testing.T) {
	var m meta
	m.version = FormatVersion
	m.current = way{kind: wayEmpty, log: position{offset: blockSize}}
	m.attested = m.current.log
	read := func() meta {
		var b [blockSize]byte
		encodeMeta(b[:], &m)
		got, ok := decodeMeta(b[:])
		require.True(t, ok)
		return got
	}
	require.Zero(t, read().line)
	for range 20 {
		m.beginIncarnation(7)
	}
	require.Zero(t, read().line)
	m.beginIncarnation(0)
	salvaged := m.incarnation
	m.beginIncarnation(9)
	m.line = 0
	got := read()
	require.Equal(t, salvaged, got.line)
	require.False(t, got.sameLine(salvaged-1))
	require.True(t, got.sameLine(salvaged))
}

// TestIncarnationsOfLostSlots: whatever incarnation a meta slot may have named
// that cannot be read any more, no later one is taken for it.
func TestIncarnationsOfLostSlots(t *testing.T) {
	for name, lost := range map[string][]int{"newer": {1}, "both": {0, 1}} {
		t.Run(name, func(t *testing.T) {
			d := newDriver(crashfs.New(), 1)
			d.o.Relaxed, d.o.Recovery = true, RecoverSalvage
			require.NoError(t, d.open())
			opened := func() { // the machine went off, and the store is opened and written again
				d.fs = d.fs.Clone()
				d.o.FS = d.fs
				mem := &memory{}
				s, report, err := Open(context.Background(), d.o, mem)
				require.NoError(t, err)
				if report.Salvage != nil {
					snap, err := s.Cut()
					require.NoError(t, err)
					require.NoError(t, sections(mem.list, snap.Sequence(), 100, snap.Section))
					_, err = snap.Commit()
					require.NoError(t, err)
				}
				require.NoError(t, s.Append(&Record{Payload: []byte("a")}))
				require.NoError(t, s.Flush())
				d.s = s
			}
			for range 5 {
				opened()
			}
			seen, last := d.s.Incarnation(), d.s.Sequence()
			require.Positive(t, seen)
			slots, err := readMetaBytes(d.fs.Bytes(metaName))
			require.NoError(t, err)
			for _, i := range lost {
				flip(d.fs, metaName, int64((slots.newest+1+i)%metaSlots*blockSize+60))
			}
			var at []uint64
			for range 2 * incarnations {
				opened()
				at = append(at, d.s.Incarnation())
				_, err := d.s.Feed(context.Background(), seen, last+1)
				require.ErrorIs(t, err, ErrHistoryChanged)
			}
			require.Greater(t, at[0], seen)
			require.IsIncreasing(t, at)
		})
	}
}

// TestIncarnationsOfASlotLostAgain: the same for a place of the disk that loses
// what is written there more than once.
func TestIncarnationsOfASlotLostAgain(t *testing.T) {
	d := newDriver(crashfs.New(), 1)
	d.o.Relaxed = true
	require.NoError(t, d.open())
	opened := func() {
		s, _, err := Open(context.Background(), d.o, &memory{})
		require.NoError(t, err)
		require.NoError(t, s.Append(&Record{Payload: []byte("a")}))
		d.s = s
	}
	d.fs = d.fs.Clone()
	d.o.FS = d.fs
	opened()
	slots, err := readMetaBytes(d.fs.Bytes(metaName))
	require.NoError(t, err)
	require.NoError(t, d.s.Flush())
	bad := int64(slots.newest * blockSize)
	for range 4 {
		before := d.fs.Clone()
		flip(before, metaName, bad+60)
		d.fs, d.o.FS = before, before
		opened()
		seen, last := d.s.Incarnation(), d.s.Sequence()
		after := before.Crashed(crashfs.Policies[1], 1) // without the record
		if b := after.Bytes(metaName); !allZero(b[bad : bad+blockSize]) {
			flip(after, metaName, bad+61)
		}
		d.fs, d.o.FS = after, after
		opened()
		require.Equal(t, last, d.s.Sequence(), "the record was lost, and another has its number")
		require.Greater(t, d.s.Incarnation(), seen)
		_, err := d.s.Feed(context.Background(), seen, last)
		require.ErrorIs(t, err, ErrHistoryChanged)
	}
}
