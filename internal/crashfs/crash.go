package crashfs

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"sort"
	"syscall"
)

// Fault is how a planned operation ends.
type Fault uint8

const (
	NoFault      Fault = iota
	Crash              // the machine goes off before the operation
	EIO                // an error, nothing done
	EIODone            // an error although everything was written
	EIOHalf            // an error after half of it
	ShortWrite         // half is written, and an error says no space
	ShortNoError       // half is written, no error
	ZeroWrite          // nothing is written, no error (Firefox without quota)
	NoSpace            // nothing is written, no space (Chromium without quota)
)

// Faults are all that are not a crash.
var Faults = []Fault{EIO, EIODone, EIOHalf, ShortWrite, ShortNoError, ZeroWrite, NoSpace}

func (f Fault) String() string {
	return [...]string{"none", "crash", "EIO", "EIO after all", "EIO after half", "short write", "short write without error", "zero write", "no space"}[f]
}

// write says how many of n bytes are written, and the error.
func (f Fault) write(n int) (int, error) {
	switch f {
	case EIO:
		return 0, syscall.EIO
	case EIODone:
		return n, syscall.EIO
	case EIOHalf:
		return n / 2, syscall.EIO
	case ShortWrite:
		return n / 2, syscall.ENOSPC
	case ShortNoError:
		return n / 2, nil
	case ZeroWrite:
		return 0, nil
	case NoSpace:
		return 0, syscall.ENOSPC
	}
	return n, nil
}

// plain is the error of an operation that is done or not (sync, truncate, names).
func (f Fault) plain() error {
	switch f {
	case NoFault:
		return nil
	case ShortWrite, ShortNoError, ZeroWrite, NoSpace:
		return syscall.ENOSPC
	}
	return syscall.EIO
}

// Plan makes the k-th write-side operation (from 0, counted since New) end so.
func (f *FS) Plan(k int64, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.plan == nil {
		f.plan = map[int64]Fault{}
	}
	f.plan[k] = fault
}

// Policy is what the power cut does to bytes that were not synced.
type Policy struct {
	Name  string
	Grain int64 // bytes that change together: 512 or 4096; 0: whole files
	Keep  Keep
	Names NamePolicy
}

// Keep chooses among the states a block went through since the last sync.
type Keep uint8

const (
	KeepAll    Keep = iota // the newest
	KeepNone               // the synced one
	KeepSome               // any, each block by itself: torn and reordered
	KeepPrefix             // the writes up to a moment, the last of them torn
)

// NamePolicy chooses what happens to names that were not synced.
type NamePolicy uint8

const (
	NamesKept NamePolicy = iota
	NamesLost
	NamesSome
)

// Policies is a set that between them drops, tears and reorders at both grains.
var Policies = []Policy{
	{"all kept", 512, KeepAll, NamesKept},
	{"all dropped", 512, KeepNone, NamesLost},
	{"bytes kept, names lost", 512, KeepAll, NamesLost},
	{"reordered at 512", 512, KeepSome, NamesSome},
	{"reordered at 4096", 4096, KeepSome, NamesKept},
	{"prefix, torn at 512", 512, KeepPrefix, NamesKept},
	{"prefix, torn at 4096", 4096, KeepPrefix, NamesSome},
}

// Crashed returns what the disk holds after a power cut now: a new file
// system, durable as it is, owned by nobody, with nothing planned.
func (f *FS) Crashed(p Policy, seed uint64) *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	rnd := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	c := New()
	c.NamesNeverSync = f.NamesNeverSync
	for _, name := range f.nameUnion() {
		node := f.chooseName(name, p.Names, rnd)
		if node == nil {
			continue
		}
		n := settled(node.crash(p, rnd))
		n.modTime = node.modTime
		c.names[name], c.durable[name] = n, n
	}
	return c
}

// Same reports that two disks hold the same names and bytes.
func Same(a, b *FS) bool {
	if len(a.names) != len(b.names) {
		return false
	}
	for name, node := range a.names {
		other := b.names[name]
		if other == nil || !bytes.Equal(node.live, other.live) {
			return false
		}
	}
	return true
}

func (f *FS) nameUnion() []string {
	var names []string
	for name := range f.names {
		names = append(names, name)
	}
	for name := range f.durable {
		if f.names[name] == nil {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

func (f *FS) chooseName(name string, p NamePolicy, rnd *rand.Rand) *inode {
	live, durable := f.names[name], f.durable[name]
	if live == durable || p == NamesKept {
		return live
	}
	if p == NamesLost || rnd.IntN(2) == 0 {
		return durable
	}
	return live
}

// crash builds the file from the states it went through since the last sync.
// The result may be shared: it must not be written.
func (n *inode) crash(p Policy, rnd *rand.Rand) []byte {
	if len(n.limbo) == 0 && (p.Keep == KeepNone || len(n.pending) == 0) {
		n.sharedSynced = true
		return n.synced
	}
	if len(n.limbo) == 0 && p.Keep == KeepAll {
		n.sharedLive = true
		return n.live
	}
	base := append([]byte{}, n.synced...)
	for _, page := range slices.Sorted(maps.Keys(n.limbo)) {
		if p.Keep == KeepAll || p.Keep != KeepNone && rnd.IntN(2) == 0 {
			base = change{page * pageSize, n.limbo[page]}.apply(base)
		}
	}
	if p.Keep == KeepNone || len(n.pending) == 0 {
		return base
	}
	switch last := len(n.pending); p.Keep {
	case KeepAll:
		return n.mix(base, last, last, p.Grain, rnd)
	case KeepPrefix:
		last = 1 + rnd.IntN(last)
		return n.mix(base, last-1, last, p.Grain, rnd)
	default:
		return n.mix(base, 0, last, p.Grain, rnd)
	}
}

// mix gives the file the length that it had after some number of the pending
// changes, and each block the content that it had after some number of them;
// the numbers are drawn from low to high, each by itself.
func (n *inode) mix(base []byte, low, high int, grain int64, rnd *rand.Rand) []byte {
	draw := func() int { return low + rnd.IntN(high-low+1) }
	out := make([]byte, n.length(base, draw()))
	size := int64(len(out))
	copy(out, base)
	after := make([]int, (size+grain-1)/grain)
	for i := range after {
		after[i] = draw()
	}
	for i, c := range n.pending[:high] {
		to := size
		if c.data != nil {
			to = min(size, c.off+int64(len(c.data)))
		}
		for at := c.off; at < to; {
			end := min(to, (at/grain+1)*grain)
			switch {
			case after[at/grain] <= i:
			case c.data == nil:
				clear(out[at:end])
			default:
				copy(out[at:end], c.data[at-c.off:])
			}
			at = end
		}
	}
	return out
}

// length is that after so many of the pending changes.
func (n *inode) length(base []byte, changes int) int64 {
	size := int64(len(base))
	for _, c := range n.pending[:changes] {
		if c.data == nil {
			size = c.off
		} else {
			size = max(size, c.off+int64(len(c.data)))
		}
	}
	return size
}
