package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// nornicLog is a NornicDB log of version 1 with these operations.
func nornicLog(operations ...[2]string) (log []byte) {
	table := crc32.MakeTable(crc32.Castagnoli)
	for i, o := range operations {
		entry, err := json.Marshal(map[string]any{"seq": i + 1, "ts": fmt.Sprintf("2025-12-04T07:29:%02dZ", i), "op": o[0],
			"data": []byte(o[1]), "checksum": crc32.Checksum([]byte(o[1]), table)})
		if err != nil {
			panic(err)
		}
		log = binary.LittleEndian.AppendUint32(append(log, "WALE\x01"...), uint32(len(entry)))
		log = binary.LittleEndian.AppendUint32(append(log, entry...), crc32.Checksum(entry, table))
	}
	return log
}

var nornicOperations = [][2]string{
	{"create_node", `{"node":{"id":"a","labels":["Person"],"properties":{"name":"Ada","big":9007199254740993}}}`},
	{"create_node", `{"node":{"id":"b","labels":["person"],"properties":{"mixed":[1,"two",null]}}}`},
	{"create_edge", `{"edge":{"id":"ab","startNode":"a","endNode":"b","type":"KNOWS","properties":{"since":1833}}}`},
}

func TestNornic(t *testing.T) {
	for _, place := range []string{"wal/wal.log", "wal.log"} {
		src, dir := t.TempDir(), filepath.Join(t.TempDir(), "new.db")
		log := filepath.Join(src, filepath.FromSlash(place))
		require.NoError(t, os.MkdirAll(filepath.Dir(log), 0o755))
		require.NoError(t, os.WriteFile(log, append(nornicLog(nornicOperations...), "WALE"...), 0o644))
		report := filepath.Join(src, "report.json")
		out := good(t, "nornic", src, dir, "--report", report)
		require.Contains(t, out, "torn-tail: torn tail after sequence 3: the last 4 bytes cannot be read")
		require.Contains(t, out, "labels-differ-by-case: labels that differ only by case: Person, person\n")
		require.Contains(t, out, "applied=3 skipped=0 refused=0\n2 nodes and 1 relationship imported, to sequence 3\n")

		text, err := os.ReadFile(report)
		require.NoError(t, err)
		var got struct {
			Nodes, Edges, LastSequence int
			Reports                    []struct {
				Kind, Detail     string
				Sequence, Offset int64
			}
		}
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, []int{2, 1, 3}, []int{got.Nodes, got.Edges, got.LastSequence})
		require.Len(t, got.Reports, 2)
		require.Equal(t, "torn-tail", got.Reports[0].Kind)
		require.EqualValues(t, 3, got.Reports[0].Sequence)
		require.EqualValues(t, len(nornicLog(nornicOperations...)), got.Reports[0].Offset)

		require.Equal(t, `{"a":{"id":1,"labels":["Person"],"properties":{"_nornicId":"a","big":9007199254740993,"name":"Ada"}},"k":"KNOWS","id":"ab","mixed":"[1,\"two\",null]","json":["mixed"]}`+"\n",
			good(t, "query", dir, "MATCH (a:Person)-[k]->(b) RETURN a, type(k) AS k, k._nornicId AS id, b.mixed AS mixed, b._nornicJson AS json", "--format", "json"))
		require.Contains(t, good(t, "check", dir), "no invariant is broken")

		r := call("", "nornic", src, dir)
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.err, "EXISTS: "+dir+" holds 2 nodes already\nhint: import into a new directory")
		require.Contains(t, good(t, "nornic", src, dir, "--add"), "2 nodes and 1 relationship imported")
	}
}

func TestNornicFindsTheNewestSnapshot(t *testing.T) {
	src := t.TempDir()
	snapshot := func(name, id string) {
		text := fmt.Sprintf(`{"sequence":7,"timestamp":"2025-12-04T07:00:00Z","nodes":[{"id":%q}],"edges":null,"version":"1.0"}`, id)
		require.NoError(t, os.WriteFile(filepath.Join(src, name), []byte(text), 0o644))
	}
	ids := func(args ...string) string {
		dir := filepath.Join(t.TempDir(), "new.db")
		good(t, append([]string{"nornic", src, dir}, args...)...)
		return good(t, "query", dir, "MATCH (n) RETURN n._nornicId AS id", "--format", "csv")
	}
	snapshot("snapshot-20251204-072911.json", "old")
	snapshot("snapshot-20251205-000000.json", "new")
	require.Equal(t, "id\nnew\n", ids())
	require.Equal(t, "id\nold\n", ids("--snapshot", filepath.Join(src, "snapshot-20251204-072911.json")))
	snapshot("snapshot.json", "named")
	require.Equal(t, "id\nnamed\n", ids())
}

func TestNornicWithoutFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new.db")
	r := call("", "nornic", t.TempDir(), dir)
	require.Equal(t, exitFailed, r.code)
	require.Regexp(t, `NOT_FOUND: .* holds neither wal/wal\.log nor wal\.log nor a snapshot`, r.err)
	require.NoDirExists(t, dir, "nothing is made when there is nothing to import")
}
