package wal

import (
	"context"
	"errors"
	"testing"
)

// fuzzOpen opens a store one of whose files is the fuzzer's. Whatever it
// holds: no panic, no memory beyond the file's length, and either a state that
// was once committed or one of the errors that say what is wrong.
func fuzzOpen(f *testing.F, name string, from int64) {
	base := small(f)
	want := []string{"one", "two", "three"}
	f.Add(base.Bytes(name)[from:])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, mode := range []RecoveryMode{RecoverStrict, RecoverSalvage} {
			fsys := base.Clone()
			fsys.Put(name, append(base.Bytes(name)[:from], data...))
			s, _, list, err := recovered(fsys, mode)
			if err != nil {
				if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrNewerFormat) && !errors.Is(err, ErrNotStore) {
					t.Fatal(err)
				}
				continue
			}
			if len(list) > len(want) {
				t.Fatalf("%q is more than there was", list)
			}
			for i := range list {
				if list[i] != want[i] {
					t.Fatalf("record %d is %q", i+1, list[i])
				}
			}
			if mode == RecoverStrict && len(list) != len(want) {
				t.Fatalf("strict recovery of %q", list)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func FuzzMeta(f *testing.F)         { fuzzOpen(f, metaName, 0) }
func FuzzMetaSlot(f *testing.F)     { fuzzOpen(f, metaName, blockSize) }
func FuzzLog(f *testing.F)          { fuzzOpen(f, "wal.1", 0) }
func FuzzLogRecords(f *testing.F)   { fuzzOpen(f, "wal.1", blockSize) }
func FuzzRetiredLog(f *testing.F)   { fuzzOpen(f, "wal.0", blockSize) }
func FuzzSnapshot(f *testing.F)     { fuzzOpen(f, "snap.0", 0) }
func FuzzSnapshotBody(f *testing.F) { fuzzOpen(f, "snap.0", blockSize) }

// FuzzSealed gives the decoders bytes whose checksums hold, so that what lies
// behind the checksums is tried too.
func FuzzSealed(f *testing.F) {
	base := small(f)
	f.Add(uint8(0), base.Bytes(metaName)[:4092])
	f.Add(uint8(1), base.Bytes("wal.1")[:4092])
	f.Add(uint8(2), base.Bytes("snap.0")[:4092])
	f.Add(uint8(3), base.Bytes("wal.1")[blockSize:])
	f.Add(uint8(4), base.Bytes("snap.0")[blockSize:])
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		fsys := base.Clone()
		name := []string{metaName, "wal.1", "snap.0", "wal.1", "snap.0"}[which%5]
		all := fsys.Bytes(name)
		if which%5 < 3 {
			copy(all[:blockSize-4], data)
			sealBlock(all[:blockSize])
		} else {
			copy(all[blockSize:], data)
			seal(all, which%5 == 3)
		}
		fsys.Put(name, all)
		for _, mode := range []RecoveryMode{RecoverStrict, RecoverSalvage} {
			o := newDriver(fsys, 1).o
			o.Recovery = mode
			s, _, err := Open(context.Background(), o, nowhere{})
			if err == nil {
				_ = s.Close()
			}
		}
		_ = Records(context.Background(), fsys, func(Entry) error { return nil })
	})
}

// seal makes the first record, or the first chunk, of a file fit its checksums.
func seal(all []byte, log bool) {
	b := all[blockSize:]
	if log {
		if n := int(getU32(b, 0)); n >= recordHeader && n <= len(b) {
			putU32(b, 88, crcOf(b[recordHeader:n]))
		}
		putU32(b, 92, crcMore(place(testID, blockSize), b[:92]))
		return
	}
	h, _ := decodeSnapshotHeader(all[:blockSize])
	if n := int(align8(int64(getU32(b, 4)))); chunkHeader+n <= len(b) {
		putU32(b, 16, crcOf(b[chunkHeader:chunkHeader+n]))
	}
	putU32(b, 20, chunkChecksum(b, &h, blockSize))
}
