// A simulation of disks: in a browser the real OPFS is tried instead.

//go:build !js

package pocketgraph

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/internal/crashfs"
)

// noSpace are the faults by which disks and browsers say that they are full.
var noSpace = map[crashfs.Fault]bool{crashfs.ShortWrite: true, crashfs.ShortNoError: true, crashfs.ZeroWrite: true, crashfs.NoSpace: true}

// codeFor is the code that the caller gets when op fails so; "" where the
// operation can be done without.
func codeFor(scenario string, op crashfs.Op, fault crashfs.Fault) Code {
	refused := CodeIO
	if noSpace[fault] {
		refused = CodeDiskFull
	}
	opening := scenario == "open" || scenario == "create"
	log := op.Name == "wal.0" || op.Name == "wal.1"
	switch {
	case op.Kind == "truncate":
		return "" // space is given back, or it is not
	case scenario == "snapshot" && log:
		return "" // the log stays where it is
	case op.Kind == "sync" || op.Kind == "syncdir":
		if opening || op.Name == "snap.0" || op.Name == "snap.1" {
			return CodeIO // nobody waits for an outcome, and nothing refers to the bytes
		}
		return CodeOutcomeUnknown
	}
	return refused
}

// TestFaultCodes makes every write-side operation of everything that writes
// fail in every way: the caller gets the code that says what to do, reading
// and exporting go on, and so does writing unless a flush failed; a store that
// is opened again has everything acknowledged, and nothing that was said not
// to have happened.
func TestFaultCodes(t *testing.T) {
	ctx := context.Background()
	write := func(db *DB) error {
		_, err := db.Run(ctx, "CREATE (:Tried)", nil)
		return err
	}
	scenarios := []struct {
		name string
		run  func(*DB) error
	}{
		{"commit", write},
		{"large commit", func(db *DB) error {
			_, err := db.Run(ctx, "CREATE (:Tried {text: $text})", Params{"text": string(bytes.Repeat([]byte("x"), 300<<10))})
			return err
		}},
		{"group", func(db *DB) error {
			told := make(chan error, 3)
			release := db.HoldFlush()
			for range 3 {
				_, err := db.QueryAsync(ctx, "CREATE (:Tried)", nil, func(_ *Result, err error) { told <- err })
				if err != nil {
					release()
					return err
				}
			}
			release()
			first := <-told
			for range 2 {
				if err := <-told; CodeOf(err) != CodeOf(first) {
					return fmt.Errorf("one of the group was told %w, another %w", first, err)
				}
			}
			return first
		}},
		{"snapshot", func(db *DB) error { _, err := db.Snapshot(ctx); return err }},
		{"open", nil},
		{"create", nil},
	}
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			seen := map[Code]int{}
			for _, fault := range crashfs.Faults {
				for k := int64(0); ; k++ {
					if !faultCode(t, sc.name, sc.run, fault, k, seen) {
						require.Positive(t, k)
						break
					}
				}
			}
			t.Log(seen)
			require.NotZero(t, seen[CodeDiskFull])
			require.NotZero(t, seen[CodeIO])
		})
	}
}

// faultCode runs one scenario with the fault at its k-th operation, and
// reports false when there is no such operation.
func faultCode(t *testing.T, scenario string, run func(*DB) error, fault crashfs.Fault, k int64, seen map[Code]int) bool {
	ctx := context.Background()
	fs := crashfs.New()
	acknowledged := int64(0)
	if scenario != "create" {
		db := open(t, fs, Options{})
		for range 5 {
			_, err := db.Run(ctx, "CREATE (:Acknowledged)", nil)
			require.NoError(t, err)
			if acknowledged++; acknowledged == 3 {
				_, err = db.Snapshot(ctx)
				require.NoError(t, err)
			}
		}
		killed := fs.Killed() // so that opening has something to write again
		require.NoError(t, db.Close())
		fs = killed
	}
	var db *DB
	var err error
	opening := run == nil
	if !opening {
		db = open(t, fs, Options{})
	}
	base := fs.Ops()
	fs.Trace()
	fs.Plan(base+k, fault)
	if opening {
		db, err = Open(ctx, fs, Options{})
	} else {
		err = run(db)
	}
	ops := fs.Traced()
	if int64(len(ops)) <= k {
		require.NoError(t, err)
		_ = db.Close() // it meets the fault now
		return false
	}
	about := fmt.Sprintf("%v at %+v", fault, ops[k])
	want := codeFor(scenario, ops[k], fault)
	require.Equal(t, want, CodeOf(err), "%s: %v", about, err)
	seen[want]++
	if db != nil {
		require.EqualValues(t, acknowledged, count(t, db, "MATCH (a:Acknowledged) RETURN count(a)"), about)
		var backup bytes.Buffer
		_, err := db.store.Export(ctx, &backup)
		require.NoError(t, err, about)
		_, err = db.Run(ctx, "CREATE (:Acknowledged)", nil)
		if want == CodeOutcomeUnknown {
			require.Equal(t, CodeReadOnly, CodeOf(err), about)
		} else {
			require.NoError(t, err, about)
			acknowledged++
		}
		_ = db.Close() // after a flush that failed closing says so
	}
	tried := reopened(t, fs, acknowledged, about)
	switch {
	case opening || scenario == "snapshot" || want == CodeDiskFull || want == CodeIO:
		require.Zero(t, tried, about)
	case want == "":
		require.NotZero(t, tried, about)
	}
	return true
}

// reopened opens the disk and looks for what was acknowledged; it returns how
// many of the others are there.
func reopened(t *testing.T, fs *crashfs.FS, acknowledged int64, about string) int64 {
	db := open(t, fs, Options{})
	require.EqualValues(t, acknowledged, count(t, db, "MATCH (a:Acknowledged) RETURN count(a)"), about)
	problems, err := db.Check(context.Background())
	require.NoError(t, err)
	require.Empty(t, problems, about)
	tried := count(t, db, "MATCH (a:Tried) RETURN count(a)")
	require.NoError(t, db.Close())
	return tried
}
