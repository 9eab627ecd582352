// Package opfs is a file system over the browser's origin private file system
// (OPFS) and its sync access handles, for any Go program compiled with
// GOOS=js GOARCH=wasm that runs in a dedicated worker. Sync access handles
// exist nowhere else; New says so where they are missing. No headers
// (COOP, COEP) and no JavaScript of its own are needed.
//
//	root, err := opfs.New()
//	err = root.MkdirAll("app/data", 0o777)
//	data, err := root.Sub("app/data")
//	f, err := hackpadfs.OpenFile(data, "log", hackpadfs.FlagReadWrite|hackpadfs.FlagCreate, 0o666)
//	_, err = hackpadfs.WriteAtFile(f, record, offset)
//	err = hackpadfs.SyncFile(f)
//
// It implements the interfaces of github.com/hack-pad/hackpadfs (and so of
// io/fs) and passes its test suite in Chromium and Firefox. Paths are as in
// io/fs: slash-separated, relative, "." is the root.
//
// # What it promises
//
// An open file is held exclusively, also when it is opened for reading: OPFS
// has nothing else that works in every browser. Another worker or tab that
// opens it gets an error. Within one worker, several opens of one file share
// its handle by count, whatever their flags; it is released when the last one
// is closed. The browser releases all handles of a worker that dies.
//
// Read, ReadAt, Write, WriteAt, Seek, Truncate, Sync, Size, Stat and Close of
// a file never park the goroutine and do not allocate, so that nothing can come
// between two of them (but see Over). New, and all that names a file (Open, OpenFile, Stat,
// ReadDir, Mkdir, Remove, Rename, Sub and Lock), await promises: do not call
// them inside a js.FuncOf callback or an exported function. They run one after
// another within a worker.
//
// A write is complete or it is an error. A full disk is syscall.ENOSPC, whether
// the browser throws (Chromium) or not (Firefox), whose word on how much it wrote
// is not taken for a file that grows.
//
// Sync makes a file's bytes durable. It does not make its name durable: see
// SyncDir.
//
// # Errors
//
// They are *fs.PathError, or *hackpadfs.LinkError from Rename; errors.Is knows
//
//	fs.ErrNotExist      there is no such file or directory
//	fs.ErrExist         there is one already
//	syscall.EBUSY       locked: open in another worker or tab, or, for Remove and Rename, in this one
//	syscall.ENOSPC      quota exhausted or disk full
//	fs.ErrClosed        the file was closed
//	fs.ErrInvalid       a path, an offset or a flag makes no sense (also syscall.EINVAL)
//	fs.ErrPermission    the browser does not allow it (private window, blocked storage)
//	syscall.EISDIR, ENOTDIR, ENOTEMPTY, EBADF (written though opened for reading, or the other way), EIO (anything else)
//	errors.ErrUnsupported  not in a dedicated worker, or the browser has no sync access handles
//
// The browser's own exception is in the chain, as text.
//
// # What OPFS does not have
//
// Permissions (a file's mode is always 0666, a directory's 0777; Chmod and
// Chtimes are not implemented), links, and renaming of directories. An
// exclusive create is atomic within a worker; between workers, the one that
// holds the handle has won.
package opfs
