//go:build !js

package jsbridge

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/hack-pad/hackpadfs"
	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/nativefs"
)

// nativeRoot is a directory of the operating system as opfs shows its own.
type nativeRoot struct {
	*nativefs.FS
	dir string
}

func (r nativeRoot) Sub(name string) (hackpadfs.FS, error) {
	return nativefs.New(filepath.Join(r.dir, filepath.FromSlash(name)))
}
func (r nativeRoot) MkdirAll(name string, mode hackpadfs.FileMode) error {
	return os.MkdirAll(filepath.Join(r.dir, filepath.FromSlash(name)), mode)
}
func (r nativeRoot) RemoveAll(name string) error {
	return os.RemoveAll(filepath.Join(r.dir, filepath.FromSlash(name)))
}
func (r nativeRoot) ReadDir(name string) ([]hackpadfs.DirEntry, error) {
	return os.ReadDir(filepath.Join(r.dir, filepath.FromSlash(name)))
}
func (r nativeRoot) Stat(name string) (hackpadfs.FileInfo, error) {
	return os.Stat(filepath.Join(r.dir, filepath.FromSlash(name)))
}

// realLoop is a fakeLoop in front of the real engine; root may be nil.
func realLoop(t *testing.T, root Root) *fakeLoop {
	l := &fakeLoop{t: t, came: make(chan struct{}, 1)}
	var d *Dispatcher
	h := NewHost(HostOptions{Storage: "opfs", Hooks: Hooks{Yield: func() { d.Yield() }}, Root: func() (Root, error) {
		if root == nil {
			return nil, errors.ErrUnsupported
		}
		return root, nil
	}})
	d = NewDispatcher(h, l)
	l.d = d
	l.send(Request{Op: OpHello, ID: 1, Version: ProtocolVersion})
	return l
}

// places is a loop whose host has files and IndexedDB, as the test says at the time.
type places struct {
	*fakeLoop
	files, blocks     Root
	noFiles, noBlocks error
	id                uint32
}

func newPlaces(t *testing.T) *places {
	l := &places{fakeLoop: &fakeLoop{t: t, came: make(chan struct{}, 1)}, files: newRoot(t), blocks: newRoot(t), id: 1}
	l.d = NewDispatcher(NewHost(HostOptions{Storage: "opfs", Hooks: Hooks{Yield: func() { l.d.Yield() }},
		Root:      func() (Root, error) { return l.files, l.noFiles },
		IndexedDB: func(bool, string) (Root, error) { return l.blocks, l.noBlocks },
	}), l.fakeLoop)
	l.send(Request{Op: OpHello, ID: 1, Version: ProtocolVersion})
	return l
}

func (l *places) ask(op Op, o OpenRequest) uint32 {
	l.id++
	l.send(Request{Op: op, ID: l.id, Open: o})
	return l.id
}

// open opens a database and closes it, and tells where it was, or the error.
func (l *places) open(o OpenRequest) string {
	asked := l.ask(OpOpen, o)
	if code := l.code(asked); code != "" {
		return code + ": " + l.message(asked)
	}
	info := l.done(asked)
	number, err := strconv.Atoi(info["database"].(object)["$int"].(string))
	require.NoError(l.t, err)
	l.id++
	l.send(Request{Op: OpClose, ID: l.id, Database: uint32(number)})
	l.done(l.id)
	return info["storage"].(string)
}

// TestPlaces: "auto" takes files, then IndexedDB, then memory; what is in
// IndexedDB already stays there, and a place that cannot be asked is never
// taken for one that has nothing.
func TestPlaces(t *testing.T) {
	l := newPlaces(t)
	require.Equal(t, "indexeddb", l.open(OpenRequest{Name: "old", Storage: StorageIndexedDB}))
	require.Equal(t, "indexeddb", l.open(OpenRequest{Name: "old", Storage: StorageAuto}), "it stays where it is")
	require.Equal(t, "opfs", l.open(OpenRequest{Name: "new", Storage: StorageAuto}))
	require.Len(t, l.done(l.ask(OpList, OpenRequest{}))["databases"].(object)["$list"], 2)
	l.noFiles = errors.ErrUnsupported
	require.Equal(t, "indexeddb", l.open(OpenRequest{Name: "later", Storage: StorageAuto}))
	require.Equal(t, codeUnavailable, l.code(l.ask(OpOpen, OpenRequest{Name: "x", Storage: StorageOPFS})))
	l.noBlocks = syscall.EIO
	require.Equal(t, "IO", l.code(l.ask(OpOpen, OpenRequest{Name: "x"})), "there may be a database")
	require.Equal(t, "IO", l.code(l.ask(OpDestroy, OpenRequest{Name: "old"})))
	l.noBlocks = errNoIndexedDB
	require.Equal(t, "memory", l.open(OpenRequest{Name: "x", Storage: StorageAuto}))
	l.noFiles, l.noBlocks = nil, syscall.EIO
	require.Equal(t, "IO", l.code(l.ask(OpOpen, OpenRequest{Name: "later"})), "it is in IndexedDB, and must not be hidden by an empty one")
	l.noBlocks = nil
	require.Equal(t, "indexeddb", l.open(OpenRequest{Name: "later", Storage: StorageAuto}))
	require.NoError(t, l.files.MkdirAll(Folder+"/later", 0o777))
	remains := filepath.Join(l.files.(nativeRoot).dir, Folder, "later", markFile)
	require.NoError(t, os.WriteFile(remains, nil, 0o666)) // of a time when files could be made and not opened
	require.Equal(t, "indexeddb", l.open(OpenRequest{Name: "later", Storage: StorageAuto}))
	kept := l.blocks
	l.blocks = refused{kept} // an indexedDB that opens nothing
	require.Equal(t, "opfs", l.open(OpenRequest{Name: "other", Storage: StorageAuto}))
	l.done(l.ask(OpDestroy, OpenRequest{Name: "other"}))
	require.Equal(t, codeUnavailable, l.code(l.ask(OpDestroy, OpenRequest{Name: "other", Storage: StorageIndexedDB})))
	l.blocks = kept
	for _, name := range []string{"old", "new", "later"} {
		l.done(l.ask(OpDestroy, OpenRequest{Name: name}))
	}
	require.Empty(t, l.done(l.ask(OpList, OpenRequest{}))["databases"].(object)["$list"])
}

// TestOneNameInOnePlace: who names a place does not get a second database of
// one name; two that are there, from another release, are both to be had.
func TestOneNameInOnePlace(t *testing.T) {
	l := newPlaces(t)
	for place, other := range map[Storage]Storage{StorageOPFS: StorageIndexedDB, StorageIndexedDB: StorageOPFS} {
		names := map[Storage]string{StorageOPFS: "opfs", StorageIndexedDB: "indexeddb"}
		name := "in " + names[place]
		require.Equal(t, names[place], l.open(OpenRequest{Name: name, Storage: place}))
		for create, code := range []string{codeInvalid, codeExists, codeNotFound} {
			require.Equal(t, code+": the database "+name+" is not in "+names[other]+" but in "+names[place], l.open(OpenRequest{Name: name, Storage: other, Create: uint8(create)}))
		}
		require.Equal(t, names[place], l.open(OpenRequest{Name: name}), "auto finds it")
		require.Equal(t, "memory", l.open(OpenRequest{Name: name, Storage: StorageMemory}), "memory is each one's own")
	}
	l.noBlocks = syscall.EIO
	require.Equal(t, "opfs", l.open(OpenRequest{Name: "both", Storage: StorageOPFS}), "what cannot be asked keeps nobody from the other")
	l.noFiles, l.noBlocks = syscall.EIO, nil
	require.Equal(t, "indexeddb", l.open(OpenRequest{Name: "both", Storage: StorageIndexedDB}))
	l.noFiles = nil
	kept := l.files
	l.files = unreadable{kept}
	require.Equal(t, "indexeddb", l.open(OpenRequest{Name: "new", Storage: StorageIndexedDB}), "nobody has seen one in files")
	l.files = kept
	l.done(l.ask(OpDestroy, OpenRequest{Name: "new"}))
	for s, where := range map[Storage]string{StorageAuto: "opfs", StorageOPFS: "opfs", StorageIndexedDB: "indexeddb"} {
		require.Equal(t, where, l.open(OpenRequest{Name: "both", Storage: s, Create: 2}))
	}
	l.done(l.ask(OpDestroy, OpenRequest{Name: "both", Storage: StorageOPFS}))
	require.Equal(t, "indexeddb", l.open(OpenRequest{Name: "both", Create: 2}), "the other is still there")
	l.noBlocks = syscall.EIO
	require.Equal(t, "opfs", l.open(OpenRequest{Name: "both", Storage: StorageOPFS}))
	l.noBlocks = nil
	l.done(l.ask(OpDestroy, OpenRequest{Name: "both"}))
	for _, s := range []Storage{StorageAuto, StorageOPFS, StorageIndexedDB} {
		require.Contains(t, l.open(OpenRequest{Name: "both", Storage: s, Create: 2}), codeNotFound, "neither is")
	}
}

// refused is a place that is found, and of which nothing can be opened.
type refused struct{ Root }

func (refused) Stat(string) (hackpadfs.FileInfo, error)      { return nil, errors.ErrUnsupported }
func (refused) Sub(string) (hackpadfs.FS, error)             { return nil, errors.ErrUnsupported }
func (refused) MkdirAll(string, hackpadfs.FileMode) error    { return errors.ErrUnsupported }
func (refused) RemoveAll(string) error                       { return errors.ErrUnsupported }
func (refused) ReadDir(string) ([]hackpadfs.DirEntry, error) { return nil, errors.ErrUnsupported }

// unreadable is a place that is found, and whose files cannot be looked at.
type unreadable struct{ Root }

func (unreadable) Stat(string) (hackpadfs.FileInfo, error) { return nil, syscall.EIO }

func newRoot(t *testing.T) Root {
	dir := t.TempDir()
	fsys, err := nativefs.New(dir)
	require.NoError(t, err)
	return nativeRoot{fsys, dir}
}

func runCases(t *testing.T, l *fakeLoop, database uint32) {
	for i, c := range engineCases {
		id := uint32(1000 + i)
		l.send(Request{Op: OpQuery, ID: id, Database: database, Text: c.text, Entries: c.params})
		require.Equal(t, c.code, l.code(id), "%s: %v", c.text, l.last(id))
		if c.code == "" {
			require.Equal(t, c.rows, rowsJSON(t, l.last(id)), c.text)
		}
	}
}

func (l *fakeLoop) done(id uint32) object {
	require.Equal(l.t, "", l.code(id), l.last(id))
	all := l.last(id)
	return all[len(all)-1]["map"].(object)["$map"].(object)
}

func TestCasesInMemory(t *testing.T) {
	l := realLoop(t, nil)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
	info := l.done(2)
	require.Equal(t, "memory", info["storage"])
	require.Equal(t, errors.ErrUnsupported.Error()+"; "+errNoIndexedDB.Error(), info["fallback"])
	runCases(t, l, 1)
	l.send(Request{Op: OpOpen, ID: 3, Open: OpenRequest{Name: "b", Storage: StorageOPFS}})
	require.Equal(t, codeUnavailable, l.code(3))
	l.send(Request{Op: OpOpen, ID: 4, Open: OpenRequest{Name: "b", Storage: StorageIndexedDB}})
	require.Equal(t, codeUnavailable, l.code(4))
}

func TestCasesOnFilesAndRecovery(t *testing.T) {
	root := newRoot(t)
	l := realLoop(t, root)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a", Create: 2}})
	require.Equal(t, codeNotFound, l.code(2))
	l.send(Request{Op: OpList, ID: 3})
	require.Equal(t, object{"$list": []any{}}, l.done(3)["databases"])
	l.send(Request{Op: OpOpen, ID: 4, Open: OpenRequest{Name: "a", Create: 1}})
	info := l.done(4)
	require.Equal(t, "opfs", info["storage"])
	require.Equal(t, true, info["recovery"].(object)["$map"].(object)["created"])
	runCases(t, l, 2)
	for i, op := range []Op{OpSnapshot, OpCheck, OpStats, OpDiagnostics, OpInfo} {
		l.send(Request{Op: op, ID: uint32(20 + i), Database: 2})
		l.done(uint32(20 + i))
	}
	require.Equal(t, object{"$list": []any{}}, l.done(21)["problems"])
	require.Equal(t, object{"$int": "3000"}, l.done(22)["nodes"])

	l.send(Request{Op: OpOpen, ID: 30, Open: OpenRequest{Name: "a"}})
	require.Equal(t, codeLocked, l.code(30))
	l.send(Request{Op: OpDestroy, ID: 31, Open: OpenRequest{Name: "a"}})
	require.Equal(t, codeLocked, l.code(31), "an open database is not destroyed")
	l.send(Request{Op: OpClose, ID: 32, Database: 2})
	l.done(32)
	l.send(Request{Op: OpOpen, ID: 33, Open: OpenRequest{Name: "a", Create: 1}})
	require.Equal(t, "EXISTS", l.code(33))
	l.send(Request{Op: OpOpen, ID: 34, Open: OpenRequest{Name: "a", Create: 2}})
	require.Equal(t, false, l.done(34)["recovery"].(object)["$map"].(object)["created"])
	l.send(Request{Op: OpList, ID: 35})
	require.Equal(t, object{"$list": []any{object{"$map": object{"name": "a", "storage": "opfs"}}}}, l.done(35)["databases"])
	database := l.done(34)["database"].(object)["$int"].(string)
	require.Equal(t, "4", database)
	l.send(Request{Op: OpQuery, ID: 36, Database: 4, Text: "MATCH (n:N) RETURN count(n) AS n"})
	require.Equal(t, `[{"n":3000}]`, rowsJSON(t, l.last(36)))
	l.send(Request{Op: OpClose, ID: 37, Database: 4})
	l.done(37)
	l.send(Request{Op: OpDestroy, ID: 38, Open: OpenRequest{Name: "a"}})
	l.done(38)
	_, err := root.Stat(Folder + "/a")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestDamagedStoreIsNeverTakenForAMissingOne(t *testing.T) {
	root := newRoot(t)
	l := realLoop(t, root)
	require.NoError(t, root.MkdirAll(Folder+"/a", 0o777))
	dir := root.(nativeRoot).dir
	for _, name := range []string{"meta", "wal.0", "wal.1", "snap.0", "snap.1"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, Folder, "a", name), []byte("this is somebody else's file, and a long one"), 0o666))
	}
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a"}})
	require.Contains(t, []string{"NOT_A_STORE", "CORRUPT"}, l.code(2))
}

func TestInteractiveTransactionOfTheEngine(t *testing.T) {
	l := realLoop(t, nil)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a", Storage: StorageMemory}})
	l.done(2)
	tx := begin(t, l, 3, true)
	l.send(inside(query(4, "CREATE (:A {x: 1})"), tx), inside(query(5, "MATCH (a:A) RETURN a.x AS x"), tx),
		query(6, "MATCH (a:A) RETURN count(a) AS n"))
	require.Equal(t, `[{"x":1}]`, rowsJSON(t, l.last(5)))
	require.Equal(t, `[{"n":0}]`, rowsJSON(t, l.last(6)), "nobody else sees it yet")
	l.send(Request{Op: OpCommit, ID: 7, Database: 1, Tx: tx}, query(8, "MATCH (a:A) RETURN count(a) AS n"))
	l.done(7)
	require.Equal(t, `[{"n":1}]`, rowsJSON(t, l.last(8)))
	l.send(Request{Op: OpCreateNode, ID: 9, Database: 1, Labels: []string{"B"}, Entries: []graph.Entry{{Key: "y", Value: graph.Int(2)}}},
		Request{Op: OpCreateRelationship, ID: 10, Database: 1, Start: 1, End: 2, Type: "R"},
		query(11, "MATCH (:A)-[r:R]->(b:B) RETURN b.y AS y"))
	require.Equal(t, `[{"y":2}]`, rowsJSON(t, l.last(11)), l.last(10))
}

func TestLongQueryIsCancelledAndTimesOut(t *testing.T) {
	l := realLoop(t, nil)
	l.send(Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "a", Storage: StorageMemory}})
	l.done(2)
	long := query(3, "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE (a + b) % 7 = 8 RETURN count(a) AS n")
	timed := long
	timed.ID, timed.Timeout = 4, 50
	l.send(long, timed)
	require.Equal(t, codeTimeout, l.code(4))
	l.send(Request{Op: OpCancel, ID: 3})
	start := time.Now()
	require.Equal(t, codeCancelled, l.code(3))
	require.Less(t, time.Since(start), 5*time.Second)
}

// TestCursorOfInfoIsBehindWhatReadersSee: a commit that is in the log and not
// flushed is seen by nobody, so it comes in a feed that begins "now".
func TestCursorOfInfoIsBehindWhatReadersSee(t *testing.T) {
	l := openedReal(t, newRoot(t), false)
	db := l.d.databases[1].Database.(*engineDB)
	l.send(query(10, "CREATE (:Seen)"))
	l.done(10)
	release := db.db.HoldFlush()
	told := make(chan error, 1)
	_, err := db.db.QueryAsync(t.Context(), "CREATE (:Unseen)", nil, func(_ *pocketgraph.Result, err error) { told <- err })
	require.NoError(t, err)
	l.send(Request{Op: OpInfo, ID: 11, Database: 1})
	info := l.done(11)
	release()
	require.NoError(t, <-told)
	require.Equal(t, object{"$int": "2"}, info["sequence"])
	l.send(Request{Op: OpChanges, ID: 12, Database: 1, Credit: 100, Text: info["cursor"].(string)})
	l.done(12)
	require.Len(t, l.rows(12), 1)
}
