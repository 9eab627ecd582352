//go:build !js

package wal

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/nativefs"
)

func nativeOptions(t testing.TB, dir string) Options {
	fsys, err := nativefs.New(dir)
	require.NoError(t, err)
	return Options{FS: fsys, StoreID: testID, LockWait: -1}
}

// TestNative: the same code on the file system of this machine.
func TestNative(t *testing.T) {
	o := nativeOptions(t, t.TempDir())
	o.Create = MustExist
	_, _, err := Open(context.Background(), o, &memory{})
	require.ErrorIs(t, err, ErrAbsent)
	o.Create = CreateIfMissing
	o.Tuning = Tuning{ReserveAfter: 16 << 10, ReserveLeast: 16 << 10}
	var want []string
	for round := range 3 {
		mem := &memory{}
		s, _, err := Open(context.Background(), o, mem)
		require.NoError(t, err)
		require.Equal(t, want, mem.list)
		_, _, err = Open(context.Background(), o, &memory{})
		require.ErrorIs(t, err, ErrLocked)
		for i := range 40 {
			p := strings.Repeat("p", i*50)
			require.NoError(t, s.Append(&Record{Payload: []byte(p)}))
			want = append(want, p)
			if i%10 == 9 {
				require.NoError(t, s.Flush())
			}
		}
		if round > 0 {
			snap, err := s.Cut()
			require.NoError(t, err)
			require.NoError(t, sections(want, uint64(len(want)), 4000, snap.Section))
			_, err = snap.Commit()
			require.NoError(t, err)
		}
		require.NoError(t, s.Close())
	}
}

func benchStore(b *testing.B) *Store {
	s, _, err := Open(context.Background(), nativeOptions(b, b.TempDir()), &memory{})
	require.NoError(b, err)
	b.Cleanup(func() { s.Close() })
	return s
}

func BenchmarkAppendFlush(b *testing.B) {
	s := benchStore(b)
	r := &Record{Payload: make([]byte, 200)}
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, s.Append(r))
		require.NoError(b, s.Flush())
	}
}

func BenchmarkAppendRelaxed(b *testing.B) {
	s := benchStore(b)
	r := &Record{Payload: make([]byte, 200)}
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, s.Append(r))
	}
}

func BenchmarkGroupOf100(b *testing.B) {
	s := benchStore(b)
	r := &Record{Payload: make([]byte, 200)}
	b.ReportAllocs()
	for b.Loop() {
		for range 100 {
			require.NoError(b, s.Buffer(r))
		}
		require.NoError(b, s.Write())
		require.NoError(b, s.Flush())
	}
	b.ReportMetric(float64(b.N*100)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkOpen100k(b *testing.B) {
	o := nativeOptions(b, b.TempDir())
	s, _, err := Open(context.Background(), o, &memory{})
	require.NoError(b, err)
	r := &Record{Payload: make([]byte, 200)}
	for range 100_000 {
		require.NoError(b, s.Buffer(r))
	}
	require.NoError(b, s.Write())
	b.SetBytes(s.Stats().LogBytes)
	require.NoError(b, s.Close())
	for b.Loop() {
		s, report, err := Open(context.Background(), o, nowhere{})
		require.NoError(b, err)
		require.Equal(b, uint64(100_000), report.Records)
		require.NoError(b, s.Close())
	}
}

func BenchmarkSnapshot64MB(b *testing.B) {
	s := benchStore(b)
	chunk := make([]byte, 1<<20)
	b.SetBytes(64 << 20)
	for b.Loop() {
		snap, err := s.Cut()
		require.NoError(b, err)
		for range 64 {
			require.NoError(b, snap.Section(1, chunk))
		}
		_, err = snap.Commit()
		require.NoError(b, err)
	}
}
