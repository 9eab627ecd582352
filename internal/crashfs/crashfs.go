// Package crashfs is a file system in memory that can lose power.
//
// It knows which bytes and which names were synced. A test runs a workload on
// it, ends it before the k-th write-side operation (create, remove, write,
// truncate, sync, directory sync), and asks what the disk may hold then:
// Crashed gives that as a new file system, made from a policy and a seed.
// Instead of a crash the k-th operation can fail in the ways disks and
// browsers fail.
//
// The model of the disk: a file is blocks of 512 bytes or of 4 KiB. Each block
// on the disk holds what the file held in it after the last successful sync or
// after any later write, independently of every other block, so writes are
// kept, dropped, torn and reordered. The length is that of any of those
// moments. After a failed sync the bytes may never reach the disk although a
// later sync succeeds, unless they are written again (what Linux does).
package crashfs

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"sort"
	"sync"
	"syscall"
	"time"

	"github.com/hack-pad/hackpadfs"
)

// ErrCrashed is what every operation answers from the crash on.
var ErrCrashed = errors.New("crashfs: the machine is off")

const pageSize = 4096 // what a sync writes at the least

// FS is one disk. All methods may be called from any goroutine.
type FS struct {
	mu      sync.Mutex
	names   map[string]*inode // as the program sees them
	durable map[string]*inode // as the disk has them
	locks   map[string]bool

	plan    map[int64]Fault
	limit   int64
	ops     int64
	trace   []Op
	tracing bool
	crashed bool
	counts  Counts

	// NamesNeverSync makes SyncDir do nothing, as in Chromium.
	NamesNeverSync bool

	// Before, where it is set, is called before each write-side operation, on
	// the goroutine that does it and without a lock: it may ask for what a
	// crash would leave now, or use the disk. Set it before the disk is used.
	Before func(Op)
}

// Op is one write-side operation.
type Op struct {
	Kind   string // create, remove, write, truncate, sync, syncdir
	Name   string
	Offset int64
	Length int64
}

// Counts are what tests guard instead of time.
type Counts struct {
	Creates, Removes, Writes, Truncates, Syncs, DirSyncs int64
	Reads                                                int64
	BytesWritten, BytesRead                              int64
}

// New returns an empty disk.
func New() *FS {
	return &FS{names: map[string]*inode{}, durable: map[string]*inode{}, locks: map[string]bool{}}
}

// inode is a file's content apart from its names. Bytes that are shared with
// other disks are copied before they are written: a crash costs what differs.
type inode struct {
	live         []byte
	synced       []byte
	sharedLive   bool
	sharedSynced bool
	pending      []change         // since the last sync
	limbo        map[int64][]byte // pages whose sync failed: on the disk or not, nobody will say
	modTime      time.Time
}

// settled is a file all of whose bytes are durable. They are not written.
func settled(data []byte) *inode {
	return &inode{live: data, synced: data, sharedLive: true, sharedSynced: true}
}

// change applies c to what the program sees.
func (n *inode) change(c change) {
	if n.sharedLive {
		n.live, n.sharedLive = append([]byte{}, n.live...), false
	}
	n.live = c.apply(n.live)
	n.pending = append(n.pending, c)
}

// change is one write (data) or truncate (data nil, off the new size).
type change struct {
	off  int64
	data []byte
}

func (c change) apply(b []byte) []byte {
	if c.data == nil {
		return resize(b, c.off)
	}
	if end := c.off + int64(len(c.data)); end > int64(len(b)) {
		b = resize(b, end)
	}
	copy(b[c.off:], c.data)
	return b
}

func resize(b []byte, size int64) []byte {
	if size <= int64(len(b)) {
		return b[:size]
	}
	if size <= int64(cap(b)) {
		old := len(b)
		b = b[:size]
		clear(b[old:])
		return b
	}
	grown := make([]byte, size, size+size/4)
	copy(grown, b)
	return grown
}

func (f *FS) before(op Op) {
	if f.Before != nil {
		f.Before(op)
	}
}

// begin counts a write-side operation and says how it must end.
func (f *FS) begin(op Op) (Fault, error) {
	if f.crashed {
		return NoFault, ErrCrashed
	}
	fault := f.plan[f.ops]
	f.ops++
	if f.tracing {
		f.trace = append(f.trace, op)
	}
	if fault == Crash {
		f.crashed = true
		return fault, ErrCrashed
	}
	return fault, nil
}

// Ops is the number of write-side operations begun.
func (f *FS) Ops() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ops
}

// Trace begins to remember operations; Traced returns them.
func (f *FS) Trace() { f.mu.Lock(); f.tracing = true; f.mu.Unlock() }

// Traced returns the operations since Trace.
func (f *FS) Traced() []Op {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Op(nil), f.trace...)
}

// Counts returns the counters.
func (f *FS) Counts() Counts {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts
}

// HasCrashed reports that the planned crash came.
func (f *FS) HasCrashed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.crashed
}

// Limit bounds the bytes of all files together; 0 lifts the bound.
func (f *FS) Limit(bytes int64) { f.mu.Lock(); f.limit = bytes; f.mu.Unlock() }

// Used is the bytes of all files together.
func (f *FS) Used() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.used()
}

func (f *FS) used() int64 {
	var n int64
	for _, node := range f.names {
		n += int64(len(node.live))
	}
	return n
}

// fits is how many of n bytes at off still fit on the disk.
func (f *FS) fits(node *inode, off, n int64) int64 {
	grow := off + n - int64(len(node.live))
	if f.limit == 0 || grow <= 0 {
		return n
	}
	return max(0, n-max(0, grow-max(0, f.limit-f.used())))
}

// Bytes returns a copy of what the program sees in a file, nil if there is none.
func (f *FS) Bytes(name string) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	node := f.names[name]
	if node == nil {
		return nil
	}
	return append([]byte{}, node.live...)
}

// Put makes a file hold these bytes, durably and uncounted: for tests that damage files.
func (f *FS) Put(name string, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	node := settled(append([]byte{}, data...))
	f.names[name], f.durable[name] = node, node
}

// Delete takes a file away, durably and uncounted.
func (f *FS) Delete(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.names, name)
	delete(f.durable, name)
}

// Names lists the files, sorted.
func (f *FS) Names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var names []string
	for name := range f.names {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Clone is a copy of the disk as a program would see it after a clean
// power-off: everything durable, nobody owning it, nothing planned.
func (f *FS) Clone() *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := New()
	c.NamesNeverSync = f.NamesNeverSync
	for name, node := range f.names {
		node.sharedLive = true
		n := settled(node.live)
		c.names[name], c.durable[name] = n, n
	}
	return c
}

// Killed is the disk after the program died and the machine went on: nothing
// is lost, nothing more is synced, nobody owns it.
func (f *FS) Killed() *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := New()
	c.NamesNeverSync = f.NamesNeverSync
	copies := map[*inode]*inode{}
	dup := func(node *inode) *inode {
		if copies[node] == nil {
			node.sharedLive, node.sharedSynced = true, true
			n := &inode{live: node.live, synced: node.synced, sharedLive: true, sharedSynced: true}
			n.pending = append(n.pending, node.pending...)
			for page, data := range node.limbo {
				if n.limbo == nil {
					n.limbo = map[int64][]byte{}
				}
				n.limbo[page] = data
			}
			copies[node] = n
		}
		return copies[node]
	}
	for name, node := range f.names {
		c.names[name] = dup(node)
	}
	for name, node := range f.durable {
		c.durable[name] = dup(node)
	}
	return c
}

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// Open opens a file for reading, or the root.
func (f *FS) Open(name string) (hackpadfs.File, error) {
	return f.OpenFile(name, hackpadfs.FlagReadOnly, 0)
}

// OpenFile opens or creates a file in the one directory there is.
func (f *FS) OpenFile(name string, flag int, _ hackpadfs.FileMode) (hackpadfs.File, error) {
	f.mu.Lock()
	creates := f.names[name] == nil && flag&hackpadfs.FlagCreate != 0
	f.mu.Unlock()
	if creates {
		f.before(Op{Kind: "create", Name: name})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !fs.ValidPath(name) || path.Base(name) != name {
		return nil, pathError("open", name, fs.ErrInvalid)
	}
	if f.crashed {
		return nil, pathError("open", name, ErrCrashed)
	}
	node := f.names[name]
	switch {
	case node == nil && flag&hackpadfs.FlagCreate == 0:
		return nil, pathError("open", name, fs.ErrNotExist)
	case node == nil:
		fault, err := f.begin(Op{Kind: "create", Name: name})
		if err == nil {
			err = fault.plain()
		}
		if err != nil {
			return nil, pathError("open", name, err)
		}
		f.counts.Creates++
		node = &inode{modTime: time.Unix(0, 0)}
		f.names[name] = node
	case flag&hackpadfs.FlagCreate != 0 && flag&hackpadfs.FlagExclusive != 0:
		return nil, pathError("open", name, fs.ErrExist)
	}
	file := &file{fs: f, node: node, name: name, writable: flag&(hackpadfs.FlagReadWrite|hackpadfs.FlagWriteOnly) != 0}
	if flag&hackpadfs.FlagTruncate != 0 && len(node.live) > 0 {
		if err := file.truncate(0); err != nil {
			return nil, err
		}
	}
	return file, nil
}

// Remove takes a name away. It comes back in a crash unless SyncDir was called.
func (f *FS) Remove(name string) error {
	f.before(Op{Kind: "remove", Name: name})
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.names[name] == nil {
		return pathError("remove", name, fs.ErrNotExist)
	}
	fault, err := f.begin(Op{Kind: "remove", Name: name})
	if err == nil {
		err = fault.plain()
	}
	if err != nil {
		return pathError("remove", name, err)
	}
	f.counts.Removes++
	delete(f.names, name)
	return nil
}

// SyncDir makes the present names durable (not their bytes).
func (f *FS) SyncDir() error {
	f.before(Op{Kind: "syncdir"})
	f.mu.Lock()
	defer f.mu.Unlock()
	fault, err := f.begin(Op{Kind: "syncdir"})
	if err == nil {
		err = fault.plain()
	}
	if err != nil {
		return pathError("syncdir", ".", err)
	}
	f.counts.DirSyncs++
	if f.NamesNeverSync {
		return nil
	}
	clear(f.durable)
	for name, node := range f.names {
		f.durable[name] = node
	}
	return nil
}

// Lock makes the caller the owner of name; syscall.EBUSY while another is.
func (f *FS) Lock(name string) (io.Closer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crashed {
		return nil, pathError("lock", name, ErrCrashed)
	}
	if f.locks[name] {
		return nil, pathError("lock", name, syscall.EBUSY)
	}
	f.locks[name] = true
	return &lock{fs: f, name: name}, nil
}

type lock struct {
	fs   *FS
	name string
	once sync.Once
}

func (l *lock) Close() error {
	l.once.Do(func() {
		l.fs.mu.Lock()
		delete(l.fs.locks, l.name)
		l.fs.mu.Unlock()
	})
	return nil
}

// Stat describes a file.
func (f *FS) Stat(name string) (hackpadfs.FileInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crashed {
		return nil, pathError("stat", name, ErrCrashed)
	}
	node := f.names[name]
	if node == nil {
		return nil, pathError("stat", name, fs.ErrNotExist)
	}
	return info{name, int64(len(node.live)), node.modTime}, nil
}

type info struct {
	name string
	size int64
	mod  time.Time
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o600 }
func (i info) ModTime() time.Time { return i.mod }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }

// ReadDir lists the root.
func (f *FS) ReadDir(name string) ([]hackpadfs.DirEntry, error) {
	if name != "." {
		return nil, pathError("readdir", name, fs.ErrNotExist)
	}
	var entries []hackpadfs.DirEntry
	for _, n := range f.Names() {
		if i, err := f.Stat(n); err == nil {
			entries = append(entries, fs.FileInfoToDirEntry(i))
		}
	}
	return entries, nil
}
