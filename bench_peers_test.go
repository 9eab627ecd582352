//go:build !js

package pocketgraph_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// benchBolt commits the bytes of one of our records as one key and its value,
// each in a transaction of its own.
func benchBolt(b *testing.B, noFlush bool) {
	db, err := bolt.Open(filepath.Join(b.TempDir(), "bolt"), 0o600, &bolt.Options{NoSync: noFlush})
	require.NoError(b, err)
	defer db.Close()
	require.NoError(b, db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucket([]byte("events"))
		return err
	}))
	value := bytes.Repeat([]byte{7}, 120)
	var key [8]byte
	b.ResetTimer()
	for n := range b.N {
		binary.BigEndian.PutUint64(key[:], uint64(n))
		err := db.Update(func(tx *bolt.Tx) error { return tx.Bucket([]byte("events")).Put(key[:], value) })
		if err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, b.N, "commits")
}

const recovered = 100_000

// BenchmarkRecover opens a store whose log has 100,000 commits of one node, and
// reads the same commits as NornicDB writes them. Its module cannot be had, so
// its work is done here in its way: read all records, check both checksums,
// decode the entry and its operation with encoding/json, apply to maps. The two
// take turns, so that what else the machine does meets both; the ratio of the
// processors' time is the one that it hardly moves.
func BenchmarkRecover(b *testing.B) {
	dir := b.TempDir()
	db := openBench(b, dir, pocketgraph.Options{Durability: pocketgraph.Relaxed, SnapshotInterval: -1})
	for n := range recovered {
		_, err := db.Run(context.Background(), commitText, pocketgraph.Params{"n": n})
		require.NoError(b, err)
	}
	require.NoError(b, db.Close())
	name := filepath.Join(b.TempDir(), "wal.log")
	require.NoError(b, os.WriteFile(name, nornicLog(b, recovered), 0o600))
	var ours, theirs stopwatch
	for b.Loop() {
		ours.measure(func() {
			db := openBench(b, dir, pocketgraph.Options{Create: pocketgraph.MustExist, SnapshotInterval: -1})
			require.Equal(b, recovered, db.Stats().Nodes)
			require.NoError(b, db.Close())
		})
		theirs.measure(func() {
			nodes, err := nornicRecover(name)
			require.NoError(b, err)
			require.Len(b, nodes, recovered)
		})
	}
	ours.report(b, &theirs)
}

// stopwatch sums what turns of one of two take.
type stopwatch struct{ wall, cpu time.Duration }

// measure begins without anybody's garbage, and ends without collecting its own.
func (s *stopwatch) measure(turn func()) {
	runtime.GC()
	wall, cpu := time.Now(), cpuTime()
	turn()
	s.wall += time.Since(wall)
	s.cpu += cpuTime() - cpu
}

// report gives both in milliseconds for a turn, and how many times ours theirs is.
func (s *stopwatch) report(b *testing.B, theirs *stopwatch) {
	turn := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(b.N) }
	b.ReportMetric(turn(s.wall), "ours-ms")
	b.ReportMetric(turn(theirs.wall), "theirs-ms")
	timesOurs(b, float64(theirs.wall), float64(s.wall), "times-ours")
	timesOurs(b, float64(theirs.cpu), float64(s.cpu), "times-ours-cpu")
}

// The records and entries of NornicDB's log: magic "WALE", version 1, length,
// payload, CRC-32C of the payload; all little-endian.
type nornicEntry struct {
	Sequence  uint64    `json:"seq"`
	Timestamp time.Time `json:"ts"`
	Operation string    `json:"op"`
	Data      []byte    `json:"data"`
	Checksum  uint32    `json:"checksum"`
}

type nornicNode struct {
	ID         string         `json:"id"`
	Labels     []string       `json:"labels"`
	Properties map[string]any `json:"properties"`
}

type nornicEdge struct {
	ID         string         `json:"id"`
	Start      string         `json:"startNode"`
	End        string         `json:"endNode"`
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
}

type nornicNodeData struct {
	Node *nornicNode `json:"node"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func nornicLog(b *testing.B, entries int) []byte {
	var out bytes.Buffer
	at := time.Date(2026, 1, 2, 3, 4, 5, 678_901_234, time.UTC)
	for n := range entries {
		node := &nornicNode{ID: "node-" + strconv.Itoa(n), Labels: []string{"Event"}, Properties: map[string]any{"n": n, "kind": "click", "at": 1700000000}}
		data, err := json.Marshal(nornicNodeData{node})
		require.NoError(b, err)
		payload, err := json.Marshal(nornicEntry{uint64(n + 1), at.Add(time.Duration(n) * time.Millisecond), "create_node", data, crc32.Checksum(data, castagnoli)})
		require.NoError(b, err)
		out.WriteString("WALE\x01")
		require.NoError(b, binary.Write(&out, binary.LittleEndian, uint32(len(payload))))
		out.Write(payload)
		require.NoError(b, binary.Write(&out, binary.LittleEndian, crc32.Checksum(payload, castagnoli)))
	}
	return out.Bytes()
}

var errNornic = errors.New("not what was written")

func nornicRecover(name string) (map[string]*nornicNode, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	entries, err := nornicEntries(bufio.NewReaderSize(file, 64<<10))
	if err != nil {
		return nil, err
	}
	nodes := map[string]*nornicNode{}
	byLabel := map[string]map[string]struct{}{}
	for _, e := range entries {
		var data nornicNodeData
		if err := json.Unmarshal(e.Data, &data); err != nil {
			return nil, err
		}
		nodes[data.Node.ID] = data.Node
		for _, label := range data.Node.Labels {
			if byLabel[label] == nil {
				byLabel[label] = map[string]struct{}{}
			}
			byLabel[label][data.Node.ID] = struct{}{}
		}
	}
	return nodes, nil
}

func nornicEntries(in io.Reader) (entries []nornicEntry, err error) {
	var header [9]byte
	var sum [4]byte
	for {
		if _, err := io.ReadFull(in, header[:]); err == io.EOF {
			return entries, nil
		} else if err != nil {
			return nil, err
		}
		payload := make([]byte, binary.LittleEndian.Uint32(header[5:]))
		if _, err := io.ReadFull(in, payload); err != nil {
			return nil, err
		}
		if _, err := io.ReadFull(in, sum[:]); err != nil {
			return nil, err
		}
		var e nornicEntry
		if err := json.Unmarshal(payload, &e); err != nil {
			return nil, err
		}
		whole := binary.LittleEndian.Uint32(sum[:]) == crc32.Checksum(payload, castagnoli)
		if string(header[:4]) != "WALE" || !whole || e.Checksum != crc32.Checksum(e.Data, castagnoli) {
			return nil, errNornic
		}
		entries = append(entries, e)
	}
}

const (
	snapshotPeople = 100_000
	snapshotRels   = 300_000
)

// nornicSnapshot is its snapshot file: JSON, indented by two.
type nornicSnapshot struct {
	Sequence  uint64        `json:"sequence"`
	Timestamp time.Time     `json:"timestamp"`
	Nodes     []*nornicNode `json:"nodes"`
	Edges     []*nornicEdge `json:"edges"`
	Version   string        `json:"version"`
}

// BenchmarkSnapshot writes a graph of 100,000 nodes with four properties and
// 300,000 relationships with one as a snapshot and opens it again, ours and
// the same graph in the JSON form of NornicDB, which goes into maps.
func BenchmarkSnapshot(b *testing.B) {
	var saved, opened, size float64
	dir := b.TempDir()
	db := openBench(b, dir, pocketgraph.Options{SnapshotInterval: -1})
	require.NoError(b, fill(db, snapshotPeople, snapshotRels))
	b.Run("PocketGraph, save", func(b *testing.B) {
		for b.Loop() {
			info, err := db.Snapshot(context.Background())
			require.NoError(b, err)
			size = float64(info.Bytes)
		}
		b.ReportMetric(size/1e6, "MB")
		saved = perOp(b)
	})
	require.NoError(b, db.Close())
	b.Run("PocketGraph, open", func(b *testing.B) {
		benchReopen(b, dir, snapshotPeople)
		opened = perOp(b)
	})

	name := filepath.Join(b.TempDir(), "snapshot.json")
	snapshot := nornicGraph()
	b.Run("NornicDB's JSON, save", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, nornicSave(name, snapshot))
		}
		info, err := os.Stat(name)
		require.NoError(b, err)
		b.ReportMetric(float64(info.Size())/1e6, "MB")
		timesOurs(b, perOp(b), saved, "times-ours")
		timesOurs(b, float64(info.Size()), size, "times-our-bytes")
	})
	require.NoError(b, nornicSave(name, snapshot))
	snapshot = nil
	b.Run("NornicDB's JSON, open", func(b *testing.B) {
		for b.Loop() {
			nodes, edges, err := nornicLoad(name)
			require.NoError(b, err)
			require.Equal(b, []int{snapshotPeople, snapshotRels}, []int{nodes, edges})
		}
		timesOurs(b, perOp(b), opened, "times-ours")
	})
}

// perOp is how many nanoseconds a turn of a benchmark's loop took.
func perOp(b *testing.B) float64 { return float64(b.Elapsed().Nanoseconds()) / float64(b.N) }

// timesOurs reports how many times ours a figure is, where ours was measured in
// the same run.
func timesOurs(b *testing.B, figure, ours float64, unit string) {
	if ours > 0 {
		b.ReportMetric(figure/ours, unit)
	}
}

// nornicGraph is a graph like that of fill.
func nornicGraph() *nornicSnapshot {
	s := &nornicSnapshot{Timestamp: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Version: "1.0"}
	random := rand.New(rand.NewPCG(5, 6))
	id := func(i int) string { return "node-" + strconv.Itoa(i) }
	for i := range snapshotPeople {
		s.Nodes = append(s.Nodes, &nornicNode{ID: id(i), Labels: []string{"Person"},
			Properties: map[string]any{"id": i, "name": "Person " + strconv.Itoa(i), "born": 1900 + i%100, "score": float64(i) / 7}})
	}
	for i := range snapshotRels {
		s.Edges = append(s.Edges, &nornicEdge{ID: "edge-" + strconv.Itoa(i), Start: id(random.IntN(snapshotPeople)), End: id(random.IntN(snapshotPeople)),
			Type: "KNOWS", Properties: map[string]any{"since": 1990 + random.IntN(30)}})
	}
	return s
}

func nornicSave(name string, s *nornicSnapshot) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	out := json.NewEncoder(file)
	out.SetIndent("", "  ")
	if err := out.Encode(s); err != nil {
		return err
	}
	return file.Sync()
}

// nornicLoad returns how many nodes and edges were put into maps: by id, by
// label, and edges by their ends.
func nornicLoad(name string) (int, int, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return 0, 0, err
	}
	var s nornicSnapshot
	if err := json.Unmarshal(text, &s); err != nil {
		return 0, 0, err
	}
	nodes := map[string]*nornicNode{}
	edges := map[string]*nornicEdge{}
	outgoing, incoming := map[string]map[string]struct{}{}, map[string]map[string]struct{}{}
	add := func(index map[string]map[string]struct{}, key, id string) {
		if index[key] == nil {
			index[key] = map[string]struct{}{}
		}
		index[key][id] = struct{}{}
	}
	byLabel := map[string]map[string]struct{}{}
	for _, n := range s.Nodes {
		nodes[n.ID] = n
		for _, label := range n.Labels {
			add(byLabel, label, n.ID)
		}
	}
	for _, e := range s.Edges {
		edges[e.ID] = e
		add(outgoing, e.Start, e.ID)
		add(incoming, e.End, e.ID)
	}
	return len(nodes), len(edges), nil
}
