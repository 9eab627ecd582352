package jsbridge

import (
	"context"
	"errors"
	"io/fs"
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

func (h *host) Open(ctx context.Context, o OpenRequest, progress func(string, int64, int64)) (Database, error) {
	switch o.Storage {
	case StorageMemory:
		return h.openMemory(o, "")
	case StorageIndexedDB:
		return nil, &Failure{Code: codeNotImplemented, Message: "storing in IndexedDB is not implemented yet", Hint: `Use storage "opfs" or "memory".`}
	}
	progress("recovery", 0, 0)
	db, err := h.openFiles(ctx, o, progress)
	if err == nil || !missing(err) {
		return db, err
	}
	if o.Storage == StorageAuto {
		return h.openMemory(o, err.Error())
	}
	return nil, unavailable(err)
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
	return &Failure{Code: codeUnavailable, Message: "this page has no private file system: " + err.Error(),
		Hint: `Private windows, pages without https and older browsers have none. Use storage "auto" or "memory".`}
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

func (h *host) openFiles(ctx context.Context, o OpenRequest, progress func(string, int64, int64)) (Database, error) {
	root, err := h.Root()
	if err != nil {
		return nil, err
	}
	dir := Folder + "/" + o.Name
	if o.Create != 2 {
		if err := root.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
	}
	files, err := root.Sub(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &Failure{Code: codeNotFound, Message: "there is no database " + o.Name}
		}
		return nil, err
	}
	options := h.options(o)
	options.Progress = progress
	db, err := pocketgraph.Open(ctx, files, options)
	if err != nil {
		return nil, err
	}
	return &engineDB{db: db, storage: h.Storage, persisted: h.Persisted != nil && h.Persisted(), relaxed: o.Relaxed, wasm: h.Memory, woken: h.OnTimer}, nil
}

func (h *host) Destroy(_ context.Context, name string, s Storage) error {
	switch s {
	case StorageMemory:
		return nil // it has gone when it is closed
	case StorageIndexedDB:
		return &Failure{Code: codeNotImplemented, Message: "storing in IndexedDB is not implemented yet"}
	}
	root, err := h.Root()
	if err != nil {
		if missing(err) && s == StorageAuto {
			return nil
		}
		return unavailable(err)
	}
	return unavailable(root.RemoveAll(Folder + "/" + name))
}

func (h *host) List(_ context.Context, s Storage) ([]Listed, error) {
	if s == StorageMemory || s == StorageIndexedDB {
		return nil, nil
	}
	root, err := h.Root()
	if err != nil {
		if missing(err) && s == StorageAuto {
			return nil, nil
		}
		return nil, unavailable(err)
	}
	entries, err := root.ReadDir(Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []Listed
	for _, e := range entries {
		// A directory without the file was never finished: nothing to open.
		if _, err := root.Stat(Folder + "/" + e.Name() + "/" + markFile); err == nil {
			found = append(found, Listed{Name: e.Name(), Storage: h.Storage})
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
			Offset: e.Offset, Line: e.Line, Column: e.Column, Excerpt: e.Excerpt, File: e.File, Oldest: e.Oldest}
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
		{graph.ErrPropertyType, codeInvalid}, {graph.ErrNotFound, codeNotFound}, {syscall.EIO, "IO"},
	} {
		if errors.Is(err, k.err) {
			f.Code = k.code
			break
		}
	}
	return f
}
