package jsbridge

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"syscall"
	"time"

	"github.com/hack-pad/hackpadfs"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Folder is the directory below the root of the file system that holds one
// directory for each database.
const Folder = "pocketgraph"

// markFile is in the directory of every database that was created.
const markFile = "meta"

// Root is the file system in which databases live, such as *opfs.FS. What
// Sub returns has the capabilities that pocketgraph.Open asks for.
type Root interface {
	hackpadfs.SubFS
	hackpadfs.MkdirAllFS
	hackpadfs.RemoveAllFS
	hackpadfs.ReadDirFS
	hackpadfs.StatFS
}

// HostOptions say where databases live.
type HostOptions struct {
	// Root finds the file system, or says why there is none. It is called
	// for every operation that needs it, and may park.
	Root func() (Root, error)
	// Storage names it in info: "opfs".
	Storage string
	// IndexedDB finds one that is kept in IndexedDB, or says why there is none;
	// or nil. Its flushes are for a relaxed database, or each write is durable. If
	// only is given, it may return nil where no path begins so.
	IndexedDB func(relaxed bool, only string) (Root, error)
	// Persisted tells whether the browser has promised not to evict it.
	Persisted func() bool
	// Memory is how large the module's memory is, in bytes, for stats; or nil.
	Memory func() int64
	Hooks
}

// Hooks are what the engine calls so that the event loop gets its turns; any
// may be nil.
type Hooks struct {
	Yield   func() // by whoever works for long: Dispatcher.Yield
	OnTimer func() // by who has set a timer: Dispatcher.OnTimer
}

// NewHost opens databases of package pocketgraph.
func NewHost(o HostOptions) Host { return &host{o} }

type host struct{ HostOptions }

// A place is where databases can live. The zero value has no files: memory.
type place struct {
	root    Root
	storage string // as info names it
}

// indexedDB is the storage of that name.
const indexedDB = "indexeddb"

// inFiles and inIndexedDB find the places, or say why there is none. only is
// the beginning of a path: there is no root where nothing begins so.
func (h *host) inFiles() (place, error) {
	root, err := h.Root()
	return place{root, h.Storage}, err
}

func (h *host) inIndexedDB(relaxed bool, only string) (place, error) {
	if h.IndexedDB == nil {
		return place{}, errNoIndexedDB
	}
	root, err := h.IndexedDB(relaxed, only)
	return place{root, indexedDB}, err
}

// errNoIndexedDB: the engine is driven without what knows IndexedDB.
var errNoIndexedDB error = lacking("the engine's host offers no IndexedDB")

// lacking says what this place does not have.
type lacking string

func (e lacking) Error() string        { return string(e) }
func (e lacking) Is(target error) bool { return target == errors.ErrUnsupported }

// has tells whether there is a database in the place, or may be. A place that
// turns out not to be there at all has none. begun: nothing was ever written of
// it, an opening that could not go on has left a file without a byte.
func (p place) has(name string) (has, begun bool) {
	if p.root == nil {
		return false, false
	}
	info, err := p.root.Stat(Folder + "/" + name + "/" + markFile)
	return !errors.Is(err, fs.ErrNotExist) && !missing(err), err == nil && info.Size() == 0
}

// certainlyHas tells whether a database was seen in the place.
func (p place) certainlyHas(name string) bool {
	info, err := p.root.Stat(Folder + "/" + name + "/" + markFile)
	return err == nil && info.Size() > 0
}

func (h *host) Open(ctx context.Context, o OpenRequest, progress func(string, int64, int64)) (Database, error) {
	if o.Storage == StorageMemory {
		return h.openMemory(o, "")
	}
	progress("recovery", 0, 0)
	if o.Storage == StorageAuto {
		return h.openSomewhere(ctx, o, progress)
	}
	find := h.inFiles
	if o.Storage == StorageIndexedDB {
		find = func() (place, error) { return h.inIndexedDB(o.Relaxed, "") }
	}
	p, err := find()
	if err != nil {
		return nil, unavailable(err)
	}
	// Who names a place gets that, also while nobody knows what is in the other.
	if is, err := h.whereItIs(o, p); err == nil && is.storage != p.storage && is.certainlyHas(o.Name) {
		code := [...]string{codeInvalid, codeExists, codeNotFound}[o.Create]
		return nil, &Failure{Code: code, Message: "the database " + o.Name + " is not in " + p.storage + " but in " + is.storage,
			Hint: `Open it with storage "` + is.storage + `" or "auto".`}
	}
	db, err := h.openFiles(ctx, o, p, progress)
	if err != nil {
		return nil, unavailable(err)
	}
	return db, nil
}

// openSomewhere opens in files, else in IndexedDB, else in memory. A database
// that is in IndexedDB already, from a time when there were no files, stays
// there: while that cannot be found out, none is made in files that would hide it.
func (h *host) openSomewhere(ctx context.Context, o OpenRequest, progress func(string, int64, int64)) (Database, error) {
	p, err := h.inFiles()
	if err == nil {
		if p, err = h.whereItIs(o, p); err != nil {
			return nil, err
		}
	}
	var db *engineDB
	if err == nil {
		db, err = h.openFiles(ctx, o, p, progress)
	}
	if err == nil {
		return db, nil
	}
	if !missing(err) {
		return nil, err
	}
	why := err.Error()
	if p, err = h.inIndexedDB(o.Relaxed, ""); err == nil {
		db, err = h.openFiles(ctx, o, p, progress)
	}
	if err == nil {
		db.fallback = why
		return db, nil
	}
	if !missing(err) {
		return nil, err
	}
	return h.openMemory(o, why+"; "+err.Error())
}

// whereItIs is the place that is asked for, or the other one if the database is
// there alone.
func (h *host) whereItIs(o OpenRequest, asked place) (place, error) {
	if has, begun := asked.has(o.Name); has && !begun {
		return asked, nil
	}
	var other place
	var err error
	if asked.storage == indexedDB {
		other, err = h.inFiles()
	} else {
		other, err = h.inIndexedDB(o.Relaxed, Folder+"/"+o.Name)
	}
	if err != nil {
		if missing(err) {
			err = nil
		}
		return asked, err
	}
	if has, begun := other.has(o.Name); has && !begun {
		return other, nil
	}
	return asked, nil
}

// missing tells whether an error says that there is no such storage here,
// and nothing else: a store that cannot be read is never taken for that.
func missing(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission)
}

// unavailable gives such an error its code and hint; others pass.
func unavailable(err error) error {
	if err == nil || !missing(err) {
		return err
	}
	return &Failure{Code: codeUnavailable, Message: "this page has no such storage: " + err.Error(),
		Hint: `Private windows, pages without https and older browsers may have no files, or not even IndexedDB. Use storage "auto" or "memory".`}
}

func (h *host) options(o OpenRequest) pocketgraph.Options {
	options := pocketgraph.Options{Name: o.Name, Yield: h.Yield, OnTimer: h.OnTimer, FlushInterval: time.Duration(o.FlushInterval) * time.Millisecond,
		HistoryBytes: int64(o.HistoryBytes), HistoryAge: time.Duration(o.HistoryAge) * time.Millisecond}
	switch o.Create {
	case 1:
		options.Create = pocketgraph.MustCreate
	case 2:
		options.Create = pocketgraph.MustExist
	}
	if limit := int(o.MemoryLimit); limit > 0 {
		options.Limits.Heap = limit
		options.Limits.Memory = min(limit, options.Limits.WithDefaults().Memory)
	}
	if o.Relaxed {
		options.Durability = pocketgraph.Relaxed
	}
	if o.Salvage {
		options.Recovery = pocketgraph.RecoverSalvage
	}
	return options
}

func (h *host) openMemory(o OpenRequest, fallback string) (Database, error) {
	if o.Create == 2 {
		return nil, &Failure{Code: codeNotFound, Message: "there is no database " + o.Name + ": memory keeps nothing"}
	}
	db, err := pocketgraph.OpenMemory(h.options(o))
	if err != nil {
		return nil, err
	}
	return &engineDB{db: db, storage: "memory", fallback: fallback, relaxed: o.Relaxed, wasm: h.Memory, woken: h.OnTimer}, nil
}

func (h *host) openFiles(ctx context.Context, o OpenRequest, p place, progress func(string, int64, int64)) (*engineDB, error) {
	dir := Folder + "/" + o.Name
	files, err := p.root.Sub(dir)
	if errors.Is(err, fs.ErrNotExist) && o.Create != 2 {
		if err := p.root.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
		files, err = p.root.Sub(dir)
	}
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &Failure{Code: codeNotFound, Message: "there is no database " + o.Name}
		}
		return nil, err
	}
	options := h.options(o)
	options.Progress = progress
	if p.storage == indexedDB {
		options.ReserveAfter = math.MaxInt64 // its blocks are new ones each time: nothing can be kept free for them
	}
	db, err := pocketgraph.Open(ctx, files, options)
	if err != nil {
		return nil, err
	}
	return &engineDB{db: db, storage: p.storage, persisted: h.Persisted != nil && h.Persisted(), relaxed: o.Relaxed, wasm: h.Memory, woken: h.OnTimer}, nil
}

// places are those that a storage names: with auto all there are. only is as
// for inIndexedDB.
func (h *host) places(s Storage, only string) ([]place, error) {
	var found []place
	var why error
	add := func(p place, err error) {
		switch {
		case err == nil && p.root != nil:
			found = append(found, p)
		case err != nil && (s != StorageAuto || !missing(err)):
			why = unavailable(err)
		}
	}
	if s == StorageAuto || s == StorageOPFS {
		add(h.inFiles())
	}
	if s == StorageAuto || s == StorageIndexedDB {
		add(h.inIndexedDB(false, only))
	}
	return found, why
}

// Destroy removes a database from every place that the storage names. One in
// memory has gone when it is closed.
func (h *host) Destroy(_ context.Context, name string, s Storage) error {
	places, err := h.places(s, Folder+"/"+name)
	for _, p := range places {
		if err != nil {
			break
		}
		if err = p.root.RemoveAll(Folder + "/" + name); s == StorageAuto && err != nil && missing(err) {
			err = nil // nothing can be there
		}
	}
	return unavailable(err)
}

func (h *host) List(_ context.Context, s Storage) ([]Listed, error) {
	places, err := h.places(s, Folder+"/")
	if err != nil {
		return nil, err
	}
	var found []Listed
	for _, p := range places {
		entries, err := p.root.ReadDir(Folder)
		switch {
		case errors.Is(err, fs.ErrNotExist), s == StorageAuto && err != nil && missing(err):
			continue
		case err != nil:
			return nil, unavailable(err)
		}
		for _, e := range entries {
			// A directory without the file was never finished: nothing to open.
			if has, _ := p.has(e.Name()); has {
				found = append(found, Listed{Name: e.Name(), Storage: p.storage})
			}
		}
	}
	return found, nil
}

func (h *host) Failure(err error) *Failure {
	var own *Failure
	if errors.As(err, &own) {
		return own
	}
	var e *pocketgraph.Error
	if errors.As(err, &e) {
		return &Failure{Code: string(e.Code), Message: e.Message, Hint: e.Hint, Phase: e.Phase, Detail: e.Detail,
			Offset: e.Offset, Line: e.Line, Column: e.Column, Excerpt: e.Excerpt, File: e.File, Oldest: e.Oldest, Needed: e.Needed}
	}
	f := &Failure{Code: codeInternal, Message: err.Error()}
	for _, k := range []struct {
		err  error
		code string
	}{
		{context.Canceled, codeCancelled}, {context.DeadlineExceeded, codeTimeout},
		{syscall.EBUSY, codeLocked}, {syscall.ENOSPC, "DISK_FULL"}, {fs.ErrNotExist, codeNotFound},
		{errors.ErrUnsupported, codeUnavailable}, {fs.ErrPermission, codeUnavailable},
		{graph.ErrConstraint, "CONSTRAINT"}, {graph.ErrLimit, codeLimit},
		{graph.ErrPropertyType, codeInvalid}, {graph.ErrAmbiguous, codeInvalid}, {graph.ErrNotFound, codeNotFound}, {syscall.EIO, "IO"},
	} {
		if errors.Is(err, k.err) {
			f.Code = k.code
			break
		}
	}
	return f
}
