package crashfs

import (
	"io"
	"io/fs"
	"syscall"

	"github.com/hack-pad/hackpadfs"
)

type file struct {
	fs       *FS
	node     *inode
	name     string
	pos      int64
	writable bool
	closed   bool
}

func (f *file) usable(op string) error {
	if f.closed {
		return pathError(op, f.name, fs.ErrClosed)
	}
	if f.fs.crashed {
		return pathError(op, f.name, ErrCrashed)
	}
	return nil
}

func (f *file) Close() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.closed {
		return pathError("close", f.name, fs.ErrClosed)
	}
	f.closed = true
	return nil
}

func (f *file) Stat() (hackpadfs.FileInfo, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if err := f.usable("stat"); err != nil {
		return nil, err
	}
	return info{f.name, int64(len(f.node.live)), f.node.modTime}, nil
}

func (f *file) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, f.pos)
	f.pos += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

func (f *file) ReadAt(p []byte, off int64) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if err := f.usable("readat"); err != nil {
		return 0, err
	}
	if off < 0 {
		return 0, pathError("readat", f.name, fs.ErrInvalid)
	}
	f.fs.counts.Reads++
	if off >= int64(len(f.node.live)) {
		return 0, io.EOF
	}
	n := copy(p, f.node.live[off:])
	f.fs.counts.BytesRead += int64(n)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) WriteAt(p []byte, off int64) (int, error) {
	f.fs.before(Op{"write", f.name, off, int64(len(p))})
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if err := f.usable("writeat"); err != nil {
		return 0, err
	}
	if off < 0 || !f.writable {
		return 0, pathError("writeat", f.name, fs.ErrInvalid)
	}
	fault, err := f.fs.begin(Op{"write", f.name, off, int64(len(p))})
	if err != nil {
		return 0, pathError("writeat", f.name, err)
	}
	n, err := fault.write(len(p))
	if room := f.fs.fits(f.node, off, int64(n)); room < int64(n) {
		n, err = int(room), syscall.ENOSPC
	}
	if n > 0 {
		f.node.change(change{off, append([]byte{}, p[:n]...)})
	}
	f.fs.counts.Writes++
	f.fs.counts.BytesWritten += int64(n)
	if err != nil {
		return n, pathError("writeat", f.name, err)
	}
	return n, nil
}

func (f *file) Truncate(size int64) error {
	f.fs.before(Op{"truncate", f.name, size, 0})
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if err := f.usable("truncate"); err != nil {
		return err
	}
	if size < 0 || !f.writable {
		return pathError("truncate", f.name, fs.ErrInvalid)
	}
	return f.truncate(size)
}

func (f *file) truncate(size int64) error {
	fault, err := f.fs.begin(Op{"truncate", f.name, size, 0})
	if err == nil {
		err = fault.plain()
	}
	if grow := size - int64(len(f.node.live)); err == nil && grow > 0 && f.fs.limit > 0 && f.fs.used()+grow > f.fs.limit {
		err = syscall.ENOSPC
	}
	if err != nil {
		return pathError("truncate", f.name, err)
	}
	f.node.change(change{off: size})
	f.fs.counts.Truncates++
	return nil
}

func (f *file) Sync() error {
	f.fs.before(Op{Kind: "sync", Name: f.name})
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if err := f.usable("sync"); err != nil {
		return err
	}
	fault, err := f.fs.begin(Op{Kind: "sync", Name: f.name})
	if err != nil {
		return pathError("sync", f.name, err)
	}
	f.fs.counts.Syncs++
	if err := fault.plain(); err != nil {
		f.node.forget()
		return pathError("sync", f.name, err)
	}
	f.node.sync()
	return nil
}

// touched calls fn for every page that pending changes wrote, and returns
// whether the length may have changed.
func (n *inode) touched(fn func(page int64)) {
	for _, c := range n.pending {
		if c.data == nil {
			continue
		}
		for page := c.off / pageSize; page*pageSize < c.off+int64(len(c.data)); page++ {
			fn(page)
		}
	}
}

// sync writes the pages that are dirty, whole.
func (n *inode) sync() {
	if len(n.pending) == 0 && len(n.live) == len(n.synced) {
		return
	}
	if n.sharedSynced {
		n.synced, n.sharedSynced = append([]byte{}, n.synced...), false
	}
	size := int64(len(n.live))
	smallest := size
	for _, c := range n.pending {
		if c.data == nil {
			smallest = min(smallest, c.off)
		}
	}
	if smallest < int64(len(n.synced)) {
		n.synced = resize(n.synced, smallest)
	}
	n.synced = resize(n.synced, size)
	n.touched(func(page int64) {
		delete(n.limbo, page)
		if from := page * pageSize; from < size {
			copy(n.synced[from:min(from+pageSize, size)], n.live[from:])
		}
	})
	n.pending = nil
}

// forget is a failed sync: the pages count as clean from now on, and nobody
// knows whether the disk has them.
func (n *inode) forget() {
	if n.limbo == nil {
		n.limbo = map[int64][]byte{}
	}
	n.touched(func(page int64) {
		if from := page * pageSize; from < int64(len(n.live)) {
			n.limbo[page] = append([]byte{}, n.live[from:min(from+pageSize, int64(len(n.live)))]...)
		}
	})
	n.pending = nil
}
