//go:build !js

package pocketgraph

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// killDir tells the test binary that it is the child that is to be killed.
const killDir = "POCKETGRAPH_KILL_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killDir); dir != "" {
		fmt.Println(writeUntilKilled(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled commits pairs of joined nodes and prints the number of each
// pair once it was acknowledged. Now and then it writes a snapshot.
func writeUntilKilled(dir string) error {
	ctx := context.Background()
	db, err := OpenDir(ctx, dir, Options{})
	if err != nil {
		return err
	}
	fmt.Println("open")
	for pair := db.Reader().NodeCount() / 2; ; pair++ {
		if err := db.Update(ctx, func(tx *Tx) error { return writePair(tx.Writer(), int64(pair)) }); err != nil {
			return err
		}
		fmt.Println(pair)
		if pair%97 == 96 {
			if _, err := db.Snapshot(ctx); err != nil {
				return err
			}
		}
	}
}

func writePair(w graph.Writer, pair int64) error {
	key, err := w.Key("pair")
	if err != nil {
		return err
	}
	joined, err := w.Type("JOINED")
	if err != nil {
		return err
	}
	label, err := w.Label("Half")
	if err != nil {
		return err
	}
	var ends [2]graph.Node
	for i := range ends {
		if ends[i], err = w.CreateNode([]graph.LabelID{label}, []graph.Property{{Key: key, Value: graph.Int(pair)}}); err != nil {
			return err
		}
	}
	_, err = w.CreateRel(ends[0], ends[1], joined, []graph.Property{{Key: key, Value: graph.Int(pair)}})
	return err
}

// TestKilledProcess kills a writing process with SIGKILL at random times and
// looks at what is there afterwards: every acknowledged pair, whole; at most
// one more, whole; and nothing that Check complains about.
func TestKilledProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	rounds := 20
	if os.Getenv("POCKETGRAPH_LONG") != "" {
		rounds = 200
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, %d rounds", seed, rounds)
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	acknowledged := int64(-1)
	for round := range rounds {
		acknowledged = max(acknowledged, killOnce(t, dir, time.Duration(random.IntN(120))*time.Millisecond))
		checkPairs(t, dir, round, acknowledged)
	}
	require.Greater(t, acknowledged, int64(rounds), "hardly anything was written: the test shows nothing")
}

// killOnce starts the child, kills it some time after it opened the store, and
// returns the last pair that it acknowledged, -1 if none.
func killOnce(t *testing.T, dir string, after time.Duration) int64 {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), killDir+"="+dir)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	last := int64(-1)
	lines := bufio.NewReader(out)
	for opened := false; ; {
		line, err := lines.ReadString('\n')
		if err != nil { // a line without its end was never acknowledged
			require.True(t, errors.Is(err, io.EOF) || errors.Is(err, os.ErrClosed), "%v", err)
			break
		}
		line = strings.TrimSpace(line)
		if line == "open" {
			opened = true
			time.AfterFunc(after, func() { _ = child.Process.Kill() })
			continue
		}
		require.True(t, opened, "the child said: %s", line)
		pair, err := strconv.ParseInt(line, 10, 64)
		require.NoError(t, err, "the child said: %s", line)
		last = pair
	}
	require.Error(t, child.Wait(), "the child ended by itself")
	return last
}

func checkPairs(t *testing.T, dir string, round int, acknowledged int64) {
	ctx := context.Background()
	db, err := OpenDir(ctx, dir, Options{Create: MustExist})
	require.NoError(t, err, "round %d", round)
	defer func() { require.NoError(t, db.Close()) }()
	problems, err := db.Check(ctx)
	require.NoError(t, err)
	require.Empty(t, problems, "round %d", round)
	r := db.Reader()
	pairs := int64(r.RelCount())
	require.Equal(t, int64(r.NodeCount()), 2*pairs, "round %d: half a transaction is there", round)
	require.GreaterOrEqual(t, pairs, acknowledged+1, "round %d: acknowledged pairs are missing", round)
	seen := map[int64]int{}
	key, _ := r.LookKey("pair")
	nodes := make([]graph.Node, r.NodeCount()+1)
	for _, n := range nodes[:r.ScanNodes(0, nodes)] {
		seen[r.NodeProperty(n, key).AsInt()]++
	}
	for pair := range pairs {
		require.Equal(t, 2, seen[pair], "round %d: pair %d", round, pair)
	}
}
