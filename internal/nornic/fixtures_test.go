package nornic

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fixtures is where the files lie that NornicDB's own code wrote.
// POCKETGRAPH_NORNIC names another folder than ../../../shared/nornicdb/fixtures;
// without either the test is skipped.
func fixtures(t *testing.T) []string {
	dir := os.Getenv("POCKETGRAPH_NORNIC")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "nornicdb", "fixtures")
	}
	cases, err := filepath.Glob(filepath.Join(dir, "*", "expected.json"))
	require.NoError(t, err)
	if len(cases) == 0 {
		t.Skipf("no fixtures in %s; POCKETGRAPH_NORNIC names another folder", dir)
	}
	return cases
}

// expected is what a fixture says.
type expected struct {
	Correct      *graphOf            `json:"correct"`
	ByDatabase   map[string]*graphOf `json:"correct_by_database"`
	Database     string              `json:"database"`
	MustReport   []string            `json:"must_report"`
	LastSequence uint64              `json:"last_sequence"`
	ValidPrefix  int64               `json:"valid_prefix_bytes"`
	Transactions *struct{ Aborted, Committed, Incomplete int }
}

func TestFixtures(t *testing.T) {
	for _, file := range fixtures(t) {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var want expected
			decode(t, text, &want)
			log, err := os.ReadFile(filepath.Join(dir, "wal", "wal.log"))
			require.NoError(t, err)
			snapshot, err := os.ReadFile(filepath.Join(dir, "snapshot.json"))
			if err != nil {
				require.ErrorIs(t, err, os.ErrNotExist)
			}
			db, report := imported(t, log, snapshot)
			if want.Correct != nil {
				want.ByDatabase = map[string]*graphOf{want.Database: want.Correct}
			}
			nodes, edges := 0, 0
			for name, g := range want.ByDatabase {
				require.Equal(t, g.plain(), read(t, db, name), "database %q", name)
				nodes, edges = nodes+len(g.Nodes), edges+len(g.Edges)
			}
			require.Equal(t, []int{nodes, edges}, []int{report.Nodes, report.Edges})
			require.Equal(t, nodes, db.Reader().NodeCount())
			require.Equal(t, edges, db.Reader().RelCount())
			require.Equal(t, want.LastSequence, report.LastSequence)
			if want.ValidPrefix > 0 {
				require.Equal(t, want.ValidPrefix, report.ValidBytes)
			}
			if want.Transactions != nil {
				require.Equal(t, *want.Transactions, struct{ Aborted, Committed, Incomplete int }{report.Aborted, report.Committed, report.Unfinished})
			}
			reported(t, want.MustReport, report)
			t.Log(report.Findings)
		})
	}
}

// must translates what fixtures say in words into kinds, with the sequence and
// the offset where the words name them.
var must = []struct {
	words *regexp.Regexp
	kind  string
}{
	{regexp.MustCompile(`^1 skipped update_embedding (?:entry|record) \(sequence (?P<sequence>\d+)\)`), SkippedEmbedding},
	{regexp.MustCompile(`^torn tail after sequence (?P<sequence>\d+)$`), TornTail},
	{regexp.MustCompile(`^record at offset (?P<offset>\d+) \(sequence (?P<sequence>\d+) missing .*fails its CRC$`), DamagedRegion},
}

// losses are the kinds that mean that the files do not hold what was written.
var losses = []string{TornTail, DamagedRegion, SkippedEmbedding, BadTrailer, DamagedSnapshot, DuplicateSequence,
	RestartedNumbering, MissingSequence, DanglingEdge}

func reported(t *testing.T, words []string, report *Report) {
	want, got := []Finding{}, []Finding{}
	for _, w := range words {
		want = append(want, inKinds(t, w))
	}
	for _, f := range report.Findings {
		for _, kind := range losses {
			if f.Kind == kind {
				f.Detail = ""
				if len(want) > len(got) && want[len(got)].Offset < 0 {
					f.Offset = -1
				}
				got = append(got, f)
			}
		}
	}
	require.Equal(t, want, got, "what has to be reported, and nothing else is wrong")
}

func inKinds(t *testing.T, words string) Finding {
	for _, m := range must {
		if found := m.words.FindStringSubmatch(words); found != nil {
			f := Finding{Kind: m.kind, Offset: -1}
			if i := m.words.SubexpIndex("sequence"); i > 0 {
				f.Sequence, _ = strconv.ParseUint(found[i], 10, 64)
			}
			if i := m.words.SubexpIndex("offset"); i > 0 {
				f.Offset, _ = strconv.ParseInt(found[i], 10, 64)
			}
			return f
		}
	}
	t.Fatalf("a fixture says what this test does not understand: %s", words)
	return Finding{}
}

func sourceOf(log, snapshot []byte) Source {
	src := Source{Log: bytes.NewReader(log), LogBytes: int64(len(log))}
	if snapshot != nil {
		src.Snapshot = func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(string(snapshot))), nil
		}
	}
	return src
}
