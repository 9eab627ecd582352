package wal

import (
	"context"
	"testing"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/internal/golden"
	"github.com/stretchr/testify/require"
)

var metaFields = []golden.Field{
	{Name: "magic", Len: 8}, {Name: "format version", Len: 4}, {Name: "flags: 1 closed cleanly", Len: 4},
	{Name: "required features", Len: 8}, {Name: "optional features", Len: 8}, {Name: "epoch", Len: 8},
	{Name: "store id", Len: 16}, {Name: "incarnation", Len: 8}, {Name: "created", Len: 8}, {Name: "written", Len: 8},
	{Name: "current way: kind", Len: 4}, {Name: "  snapshot file", Len: 4}, {Name: "  snapshot length", Len: 8}, {Name: "  snapshot checksum", Len: 4}, {Name: "  zero", Len: 4},
	{Name: "  log file", Len: 4}, {Name: "  chain", Len: 4}, {Name: "  generation", Len: 8}, {Name: "  offset", Len: 8}, {Name: "  sequence", Len: 8}, {Name: "  zero", Len: 8},
	{Name: "older way: kind", Len: 4}, {Name: "  snapshot file", Len: 4}, {Name: "  snapshot length", Len: 8}, {Name: "  snapshot checksum", Len: 4}, {Name: "  zero", Len: 4},
	{Name: "  log file", Len: 4}, {Name: "  chain", Len: 4}, {Name: "  generation", Len: 8}, {Name: "  offset", Len: 8}, {Name: "  sequence", Len: 8}, {Name: "  zero", Len: 8},
	{Name: "attested: log file", Len: 4}, {Name: "  chain", Len: 4}, {Name: "  generation", Len: 8}, {Name: "  offset", Len: 8}, {Name: "  sequence", Len: 8}, {Name: "  zero", Len: 8},
	{Name: "session", Len: 8},
}

var logFields = []golden.Field{
	{Name: "magic", Len: 8}, {Name: "format version", Len: 4}, {Name: "zero", Len: 4}, {Name: "required features", Len: 8}, {Name: "store id", Len: 16},
	{Name: "generation", Len: 8}, {Name: "salt", Len: 8}, {Name: "first sequence", Len: 8},
	{Name: "previous: log file", Len: 4}, {Name: "  chain", Len: 4}, {Name: "  generation", Len: 8}, {Name: "  offset", Len: 8}, {Name: "  sequence", Len: 8}, {Name: "  zero", Len: 8},
	{Name: "written", Len: 8}, {Name: "zeros", Len: 0},
}

var recordFields = []golden.Field{
	{Name: "length", Len: 4}, {Name: "session, low half", Len: 4}, {Name: "chain", Len: 4}, {Name: "flags", Len: 4},
	{Name: "sequence", Len: 8}, {Name: "time", Len: 8}, {Name: "durableTo", Len: 8}, {Name: "request", Len: 8}, {Name: "client", Len: 16},
	{Name: "part", Len: 4}, {Name: "key id", Len: 4}, {Name: "outcome length", Len: 4}, {Name: "metadata length", Len: 4},
	{Name: "before length", Len: 4}, {Name: "payload length", Len: 4}, {Name: "body checksum", Len: 4}, {Name: "header checksum", Len: 4},
}

var snapFields = []golden.Field{
	{Name: "magic", Len: 8}, {Name: "format version", Len: 4}, {Name: "zero", Len: 4}, {Name: "required features", Len: 8}, {Name: "store id", Len: 16},
	{Name: "serial", Len: 8}, {Name: "sequence", Len: 8},
	{Name: "log file", Len: 4}, {Name: "  chain", Len: 4}, {Name: "  generation", Len: 8}, {Name: "  offset", Len: 8}, {Name: "  sequence", Len: 8}, {Name: "  zero", Len: 8},
	{Name: "written", Len: 8}, {Name: "key id", Len: 4}, {Name: "zeros", Len: 4092 - 108}, {Name: "checksum", Len: 4},
	{Name: "chunk kind", Len: 4}, {Name: "length", Len: 4}, {Name: "index", Len: 8}, {Name: "body checksum", Len: 4}, {Name: "header checksum", Len: 4},
}

// small makes the store whose bytes are kept: two records, a snapshot, a third
// record in the other log, closed.
func small(t testing.TB) *crashfs.FS {
	fsys := crashfs.New()
	d := newDriver(fsys, 1)
	s, _, err := Open(context.Background(), d.o, &memory{})
	require.NoError(t, err)
	require.NoError(t, s.Append(&Record{Payload: []byte("one")}))
	require.NoError(t, s.Append(&Record{Flags: 5, KeyID: 6, Client: testID, Request: 7, Part: 8, Outcome: []byte("out"), Metadata: []byte("meta"), Before: []byte("before"), Payload: []byte("two")}))
	snap, err := s.Cut()
	require.NoError(t, err)
	require.NoError(t, sections([]string{"one", "two"}, 2, 100, snap.Section))
	_, err = snap.Commit()
	require.NoError(t, err)
	require.NoError(t, s.Append(&Record{Payload: []byte("three")}))
	require.NoError(t, s.Close())
	return fsys
}

func TestGoldenBytes(t *testing.T) {
	fsys := small(t)
	meta := fsys.Bytes(metaName)
	golden.Bytes(t, "meta-slot-0.hex", meta[:blockSize], metaFields...)
	golden.Bytes(t, "meta-slot-1.hex", meta[blockSize:], metaFields...)
	for i, name := range logNames {
		b := fsys.Bytes(name)
		golden.Bytes(t, name+"-header.hex", b[:blockSize], logFields...)
		golden.Bytes(t, name+"-first-record.hex", b[blockSize:][:[]int{104, 104}[i]], recordFields...)
	}
	second := fsys.Bytes("wal.0")[blockSize+104:]
	golden.Bytes(t, "wal.0-second-record.hex", second, recordFields...)
	golden.Bytes(t, "snap.0.hex", fsys.Bytes("snap.0"), snapFields...)
}

// edit changes bytes of a block and seals it again, as another version would write it.
func edit(t testing.TB, fsys *crashfs.FS, name string, block int, change func(b []byte)) {
	all := fsys.Bytes(name)
	b := all[block*blockSize:][:blockSize]
	change(b)
	sealBlock(b)
	fsys.Put(name, all)
}

func TestNewerFormatIsRefused(t *testing.T) {
	open := func(fsys *crashfs.FS) error {
		o := newDriver(fsys, 1).o
		_, _, err := Open(context.Background(), o, &memory{})
		return err
	}
	newest := 1 - int(getU64(small(t).Bytes(metaName), 32)&1) // epoch 3 of 1, 2, 3 is in slot 0
	for _, c := range []struct {
		name   string
		file   string
		block  int
		change func(b []byte)
	}{
		{"meta version", metaName, newest, func(b []byte) { putU32(b, 8, FormatVersion+1) }},
		{"meta feature", metaName, newest, func(b []byte) { putU64(b, 16, 1<<63) }},
		{"meta version, unreadable otherwise", metaName, newest, func(b []byte) {
			putU32(b, 8, FormatVersion+1)
			for i := 40; i < 4092; i++ {
				b[i] = 0xff
			}
		}},
		{"log version", "wal.1", 0, func(b []byte) { putU32(b, 8, FormatVersion+1) }},
		{"log feature", "wal.0", 0, func(b []byte) { putU64(b, featureOffset, 2) }},
		{"snapshot version", "snap.0", 0, func(b []byte) { putU32(b, 8, FormatVersion+1) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := small(t)
			edit(t, fsys, c.file, c.block, c.change)
			before := fsys.Counts()
			require.ErrorIs(t, open(fsys), ErrNewerFormat)
			require.Equal(t, before.Writes, fsys.Counts().Writes, "a refused store is not written")
		})
	}
	fsys := small(t)
	edit(t, fsys, metaName, newest, func(b []byte) { putU64(b, 24, 1<<63) })
	require.NoError(t, open(fsys), "an unknown optional feature is no reason to refuse")
}

func TestRecordSurvivesTheTrip(t *testing.T) {
	fsys := small(t)
	edit(t, fsys, metaName, 0, func([]byte) {})
	var got []Record
	require.NoError(t, Records(context.Background(), fsys, func(e Entry) error {
		r := *e.Record
		r.Before, r.Metadata, r.Outcome, r.Payload = append([]byte{}, r.Before...), append([]byte{}, r.Metadata...), append([]byte{}, r.Outcome...), append([]byte{}, r.Payload...)
		got = append(got, r)
		return nil
	}))
	require.Len(t, got, 3)
	require.Equal(t, Record{Sequence: 2, UnixMicros: got[1].UnixMicros, Flags: 5, KeyID: 6, Client: testID, Request: 7, Part: 8,
		Outcome: []byte("out"), Metadata: []byte("meta"), Before: []byte("before"), Payload: []byte("two")}, got[1])
	require.NotZero(t, got[1].UnixMicros)
}
