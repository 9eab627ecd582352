package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

const names = "MATCH (p:Person) RETURN p.name AS name ORDER BY name"

func TestExportAndImport(t *testing.T) {
	dir := people(t)
	file := filepath.Join(t.TempDir(), "people.backup")
	require.Regexp(t, `^2 nodes and 1 relationship to sequence 1 in \d+ (bytes|KiB)\n$`, good(t, "export", dir, file))
	require.NoFileExists(t, file+".part")

	fresh := filepath.Join(t.TempDir(), "fresh.db")
	require.Regexp(t, `^restored to sequence 1, as of 20\S+Z\n$`, good(t, "import", fresh, file))
	require.Equal(t, "name\nAda\nBob\n", good(t, "query", fresh, names, "--format", "csv"))
	require.Contains(t, good(t, "check", fresh), "no invariant is broken")

	good(t, "query", fresh, "MATCH (p:Person {name: 'Bob'}) DETACH DELETE p")
	r := call("", "import", fresh, file)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.err, "EXISTS: ")
	require.Contains(t, r.err, "hint: --replace puts the backup in its place")
	out := good(t, "import", fresh, file, "--replace")
	_, kept, found := strings.Cut(out, "the store that was there is kept in ")
	require.True(t, found, out)
	require.Equal(t, "name\nAda\nBob\n", good(t, "query", fresh, names, "--format", "csv"))
	require.Equal(t, "name\nAda\n", good(t, "query", strings.TrimSpace(kept), names, "--format", "csv"))
	entries, err := os.ReadDir(filepath.Dir(fresh))
	require.NoError(t, err)
	require.Len(t, entries, 2, "nothing else is left behind")
}

func TestImportOfADamagedBackup(t *testing.T) {
	dir := people(t)
	file := filepath.Join(t.TempDir(), "people.backup")
	good(t, "export", dir, file)
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, at := range []int{100, len(whole) / 2, len(whole) - 30} {
		damaged := append([]byte(nil), whole...)
		damaged[at] ^= 1
		bad := filepath.Join(t.TempDir(), "bad.backup")
		require.NoError(t, os.WriteFile(bad, damaged, 0o600))
		for _, target := range []string{dir, filepath.Join(t.TempDir(), "none.db")} {
			r := call("", "import", target, bad, "--replace")
			require.Equal(t, exitFailed, r.code)
			require.Contains(t, r.err, "CORRUPT: ")
		}
	}
	require.Equal(t, "name\nAda\nBob\n", good(t, "query", dir, names, "--format", "csv"), "the store is as it was")
	entries, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left behind")
}

func TestImportDoesNotReplaceOtherThings(t *testing.T) {
	dir := people(t)
	file := filepath.Join(t.TempDir(), "people.backup")
	good(t, "export", dir, file)
	other := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(other, "letter.txt"), []byte("dear"), 0o600))
	r := call("", "import", other, file, "--replace")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.err, "NOT_A_STORE")
	require.FileExists(t, filepath.Join(other, "letter.txt"))

	require.Contains(t, call("", "import", dir, file, file).err, "is a backup, which is imported by itself")
	require.Contains(t, call("", "import", dir, path(t, "a.cypher", "RETURN 1;"), "--replace").err, "--replace is for backups")
	require.Contains(t, call("", "export", filepath.Join(other, "none"), file).err, "NOT_FOUND")
	empty := t.TempDir()
	good(t, "import", empty, file)
}

func TestASnapshotFileIsABackup(t *testing.T) {
	dir := people(t)
	snapshotted(t, dir)
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	good(t, "import", fresh, filepath.Join(dir, "snap.0"))
	require.Equal(t, "name\nAda\nBob\n", good(t, "query", fresh, names, "--format", "csv"))
}

func TestImportBesideAnOwner(t *testing.T) {
	dir := people(t)
	file := filepath.Join(t.TempDir(), "people.backup")
	db, err := pocketgraph.OpenDir(context.Background(), dir, pocketgraph.Options{})
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExportFile(context.Background(), file)
	require.NoError(t, err, "an owner exports while it is open")
	r := call("", "import", dir, file, "--replace")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.err, "LOCKED: ")
	entries, err := os.ReadDir(filepath.Dir(dir))
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing is left behind")
}
