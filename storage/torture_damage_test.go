// A simulation; see torture_model_test.go.

//go:build !js

package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/crashfs"
	"github.com/pocketgraph/pocketgraph/storage"
	"github.com/pocketgraph/pocketgraph/wal"
)

// specimen is a small store that is damaged in every way.
type specimen struct {
	name     string
	fs       *crashfs.FS
	states   []uint64 // digest after each transaction, from none on
	attested int      // transactions that something intact attests whatever bit is damaged
	meta     int      // transactions that meta attests, whatever becomes of the rest of the log
	base     string   // the one file without which there is nothing to begin with, or ""
}

func (sp *specimen) last() int { return len(sp.states) - 1 }

// eachSpecimen runs a test for each of them, and gives it another beside.
func eachSpecimen(t *testing.T, run func(t *testing.T, sp, other *specimen)) {
	all := specimens(t)
	for i, sp := range all {
		t.Run(sp.name, func(t *testing.T) { run(t, sp, all[(i+1)%len(all)]) })
	}
}

// specimens: one that was closed and one that crashed, with two snapshots,
// both logs in use and a schema; one that has its first log only, and one in
// which a snapshot was broken off, so that both logs are needed.
func specimens(t *testing.T) []*specimen {
	if testing.Short() {
		t.Skip("each damage is one goroutine's: -short is for the race detector, which has nothing to find here")
	}
	list := []*specimen{
		newSpecimen(t, "closed", 1, "3s2s4c"),
		newSpecimen(t, "crashed", 2, "3s2s4"),
		newSpecimen(t, "young", 3, "4c"),
		newSpecimen(t, "both-logs", 4, "3s2b3c"),
	}
	list[1].meta = 5 // the last slot was written with the second snapshot
	list[3].base = "snap.0"
	return list
}

// newSpecimen follows a script: so many transactions, a snapshot, one that is
// broken off behind the cut, a clean close.
func newSpecimen(t *testing.T, name string, id byte, script string) *specimen {
	var d digester
	fs := crashfs.New()
	o := specimenOptions(wal.RecoverStrict)
	o.StoreID[0] = id
	s := must[*storage.Store](t)(storage.Open(context.Background(), fs, o))
	sp := &specimen{name: name, fs: fs, states: []uint64{d.digest(s.State())}}
	n := int64(id) * 100
	steps := []func(w graph.Writer) error{
		all(create("Person", "name", graph.String("Ada")), create("Person", "name", graph.String("Bo"))),
		all(join(1, 2, "KNOWS"), set(1, "n", graph.Int(n))),
		schema(func(w graph.Writer, l graph.LabelID, k graph.KeyID) error {
			return w.CreateIndex(graph.IndexDefinition{Name: "by_name", Entity: graph.NodeEntity, Label: l, Keys: []graph.KeyID{k}})
		}),
	}
	run := func() {
		step := set(1, "n", graph.Int(n))
		if done := sp.last(); done < len(steps) {
			step = steps[done]
		}
		require.NoError(t, transact(s, change{run: step}))
		n++
		sp.states = append(sp.states, d.digest(s.State()))
		require.EqualValues(t, sp.last(), s.Sequence())
	}
	clean := false
	for _, c := range script {
		switch c {
		case 's':
			must[wal.SnapshotInfo](t)(s.Snapshot(context.Background()))
		case 'b':
			ctx, cancel := context.WithCancel(context.Background())
			fs.Before = func(op crashfs.Op) {
				if op.Kind == "write" && strings.HasPrefix(op.Name, "wal.") {
					cancel() // the cut has moved the log
				}
			}
			_, err := s.Snapshot(ctx)
			require.ErrorIs(t, err, context.Canceled)
			fs.Before = nil
		case 'c':
			clean = true
			require.NoError(t, s.Close())
		default:
			for range c - '0' {
				run()
			}
		}
	}
	sp.attested, sp.meta = sp.last(), sp.last()
	if clean {
		sp.fs = fs.Clone()
		return sp
	}
	sp.attested-- // nothing was written behind the last transaction that could attest it
	sp.fs = fs.Crashed(crashfs.Policies[0], 1)
	require.NoError(t, s.Close())
	return sp
}

func specimenOptions(mode wal.RecoveryMode) storage.Options {
	o := options()
	o.Recovery = mode
	return o
}

// verdict counts what became of damage.
type verdict struct {
	whole, refused, salvagedWhole, salvagedShort, hopeless, unattested atomic.Int64
}

func (v *verdict) String() string {
	return fmt.Sprintf("%d without effect, %d refused (salvaged: %d whole, %d with a reported loss; %d beyond salvage), %d lost a suffix that nothing attests",
		v.whole.Load(), v.refused.Load(), v.salvagedWhole.Load(), v.salvagedShort.Load(), v.hopeless.Load(), v.unattested.Load())
}

// damage is one way to damage a specimen.
type damage struct {
	file     string // where all of it is, or ""
	attested int    // transactions that are attested all the same
	about    func() string
	fs       *crashfs.FS
}

// examine opens what is damaged. It may be whole, or refused and then salvaged;
// never is it a state that was not once committed, nor a new store. Without a
// word it may lack only what nothing attests.
func (sp *specimen) examine(d *digester, v *verdict, hurt damage) error {
	image := hurt.fs.Clone()
	s, err := storage.Open(context.Background(), hurt.fs, specimenOptions(wal.RecoverStrict))
	if err == nil {
		defer s.Close()
		return sp.accepted(d, v, s, hurt)
	}
	v.refused.Add(1)
	var where *wal.CorruptError
	if !errors.As(err, &where) {
		if hurt.file == "" && errors.Is(err, wal.ErrNotStore) {
			return nil
		}
		return fmt.Errorf("refused with %w, and not as damaged", err)
	}
	if !slices.Contains([]string{"meta", "wal.0", "wal.1", "snap.0", "snap.1"}, where.File) || where.Reason == "" || where.Offset < 0 {
		return fmt.Errorf("the refusal does not say where: %+v", *where)
	}
	return sp.salvaged(d, v, image, hurt, where)
}

func (sp *specimen) accepted(d *digester, v *verdict, s *storage.Store, hurt damage) error {
	if err := sound(s); err != nil {
		return err
	}
	found := int(s.Sequence())
	if s.Report().Created || found > sp.last() || d.digest(s.State()) != sp.states[found] {
		return fmt.Errorf("opened as a state that never was: sequence %d, %+v", found, *s.Report())
	}
	if found == sp.last() {
		v.whole.Add(1)
		return nil
	}
	v.unattested.Add(1)
	if found < hurt.attested {
		return fmt.Errorf("opened with %d of %d transactions, of which %d are attested: %+v", found, sp.last(), hurt.attested, *s.Report())
	}
	return nil
}

// salvaged: the longest honest state, a report of what is missing, and the
// damaged file kept as it was.
func (sp *specimen) salvaged(d *digester, v *verdict, image *crashfs.FS, hurt damage, where *wal.CorruptError) error {
	before := image.Clone()
	s, err := storage.Open(context.Background(), image, specimenOptions(wal.RecoverSalvage))
	if err != nil {
		v.hopeless.Add(1)
		if !errors.Is(err, wal.ErrCorrupt) || hurt.file != "" && hurt.file != sp.base && where.Sequence != 1 {
			return fmt.Errorf("salvage gives up: %w", err)
		}
		return nil
	}
	defer s.Close()
	if err := sound(s); err != nil {
		return err
	}
	report := s.Report().Salvage
	if report == nil {
		return errors.New("refused when strict, and nothing to salvage")
	}
	took := int(report.LastSequence)
	if took > sp.last() || d.digest(s.State()) != sp.states[took] {
		return fmt.Errorf("salvaged a state that never was: %+v", *report)
	}
	if int(s.Sequence()) < max(took, hurt.attested) {
		return fmt.Errorf("the sequence went back to %d", s.Sequence())
	}
	if took == 0 {
		return fmt.Errorf("salvaged nothing, and called it a store: %+v", *report)
	}
	if whole := reachable(where, hurt); took < whole {
		return fmt.Errorf("salvaged %d transactions, and %d are whole: %+v", took, whole, *report)
	}
	if took == sp.last() {
		v.salvagedWhole.Add(1)
	} else {
		v.salvagedShort.Add(1)
		if took < hurt.attested && (report.LostFrom != uint64(took+1) || int(report.LostTo) < hurt.attested) {
			return fmt.Errorf("the report does not say what is lost: %+v", *report)
		}
	}
	return kept(before, image, hurt)
}

// reachable is how many transactions lie before what the refusal names, if all
// of the damage is there.
func reachable(where *wal.CorruptError, hurt damage) int {
	switch {
	case hurt.file == "" || where.Sequence == 0 && strings.HasPrefix(hurt.file, "wal."):
		return 0
	case where.Sequence == 0:
		return hurt.attested // a header or a snapshot, which another way goes around
	}
	return int(where.Sequence) - 1
}

// kept: the damaged bytes are under another name.
func kept(before, after *crashfs.FS, hurt damage) error {
	if hurt.file == "" {
		return nil
	}
	was := bytes.TrimRight(before.Bytes(hurt.file), "\x00")
	if len(was) == 0 {
		return nil
	}
	for _, name := range after.Names() {
		if strings.HasPrefix(name, hurt.file+".damaged-") && bytes.Equal(bytes.TrimRight(after.Bytes(name), "\x00"), was) {
			return nil
		}
	}
	return fmt.Errorf("%s was not kept aside: %v", hurt.file, after.Names())
}

func sound(s *storage.Store) (err error) {
	s.State().Check(func(problem string) { err = errors.New(problem) })
	return err
}

// sweep examines n damages on all processors; make gives the i-th.
func (sp *specimen) sweep(t *testing.T, n int, make func(i int) damage) *verdict {
	var v verdict
	var next atomic.Int64
	var failed atomic.Bool
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			var d digester
			for i := int(next.Add(1) - 1); i < n && !failed.Load(); i = int(next.Add(1) - 1) {
				hurt := make(i)
				if err := sp.examine(&d, &v, hurt); err != nil {
					t.Errorf("%s: %s: %v", sp.name, hurt.about(), err)
					failed.Store(true)
				}
			}
		})
	}
	group.Wait()
	t.Logf("%s: %d damaged: %v", sp.name, n, &v)
	return &v
}

// TestEveryBit flips each bit of the five files in turn; without
// POCKETGRAPH_LONG every 97th, and one of every third byte that is not zero.
func TestEveryBit(t *testing.T) {
	eachSpecimen(t, func(t *testing.T, sp, _ *specimen) {
		type place struct {
			name string
			bit  int
		}
		var bits []place
		for _, name := range sp.fs.Names() {
			was := sp.fs.Bytes(name)
			for at := range len(was) * 8 {
				if !long && at%97 != 0 && (was[at/8] == 0 || at%24 != at/24%24) {
					continue
				}
				bits = append(bits, place{name, at})
			}
		}
		flip := func(i int) damage {
			p := bits[i]
			hurt := damage{file: p.name, attested: sp.attested, fs: sp.fs.Clone(),
				about: func() string { return fmt.Sprintf("%s, byte %d, bit %d", p.name, p.bit/8, p.bit%8) }}
			b := sp.fs.Bytes(p.name)
			b[p.bit/8] ^= 1 << (p.bit % 8)
			hurt.fs.Put(p.name, b)
			return hurt
		}
		v := sp.sweep(t, len(bits), flip)
		require.NotZero(t, v.refused.Load())
		require.NotZero(t, v.whole.Load())
		require.Equal(t, sp.attested < sp.last(), v.unattested.Load() > 0, "exactly the store that was not closed has something that nothing attests")
	})
}

// TestEveryLength cuts each file at every length; without POCKETGRAPH_LONG at
// every 23rd.
func TestEveryLength(t *testing.T) {
	stride := 23
	if long {
		stride = 1
	}
	eachSpecimen(t, func(t *testing.T, sp, _ *specimen) {
		var cuts []damage
		for _, name := range sp.fs.Names() {
			was := sp.fs.Bytes(name)
			for n := 0; n < len(was); n += stride {
				hurt := damage{file: name, attested: sp.meta, fs: sp.fs.Clone(), about: func() string { return fmt.Sprintf("%s cut to %d bytes", name, n) }}
				hurt.fs.Put(name, was[:n])
				cuts = append(cuts, hurt)
			}
			hurt := damage{file: name, attested: sp.meta, fs: sp.fs.Clone(), about: func() string { return name + " missing" }}
			hurt.fs.Delete(name)
			cuts = append(cuts, hurt)
		}
		v := sp.sweep(t, len(cuts), func(i int) damage { return cuts[i] })
		require.NotZero(t, v.refused.Load())
	})
}

// TestBlocks zeroes random blocks and takes others from elsewhere in the
// store and from another store, up to three at a time.
func TestBlocks(t *testing.T) {
	count := 1500
	if long {
		count = 100_000
	}
	eachSpecimen(t, func(t *testing.T, sp, other *specimen) {
		v := sp.sweep(t, count, func(i int) damage {
			rnd := rand.New(rand.NewPCG(uint64(i), *tortureSeed))
			hurt := damage{fs: sp.fs.Clone(), about: func() string { return fmt.Sprintf("seed %d, damage %d", *tortureSeed, i) }}
			blocks := 1 + rnd.IntN(3)
			if blocks == 1 {
				hurt.attested = sp.meta
			}
			for range blocks {
				block(rnd, hurt.fs, []*crashfs.FS{nil, sp.fs, other.fs}[rnd.IntN(3)])
			}
			return hurt
		})
		require.NotZero(t, v.refused.Load())
	})
}

// block overwrites a block of a file with one of a disk, or with zeros.
func block(rnd *rand.Rand, fs, from *crashfs.FS) {
	grain := []int{512, 4096}[rnd.IntN(2)]
	pick := func(of *crashfs.FS) (name string, b []byte, at int) {
		for {
			names := of.Names()
			name = names[rnd.IntN(len(names))]
			if b = of.Bytes(name); len(b) > 0 {
				return name, b, rnd.IntN((len(b)+grain-1)/grain) * grain
			}
		}
	}
	name, b, at := pick(fs)
	into := b[at:min(at+grain, len(b))]
	clear(into)
	if from != nil {
		_, source, begin := pick(from)
		if rnd.IntN(3) == 0 && at < len(source) {
			begin = at // the same place, where its checksums come closest to holding
		}
		copy(into, source[begin:])
	}
	fs.Put(name, b)
}
