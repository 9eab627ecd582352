package nornic

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pocketgraph "github.com/pocketgraph/pocketgraph"
)

// counted is a log of n nodes named 01, 02 and so on, in the forms given in turn.
func counted(n int, forms ...form) *writer {
	w := newWriter(legacy)
	for i := range n {
		w.form = forms[i%len(forms)]
		w.node(opCreateNode, fmt.Sprintf("%02d", i+1), `{}`, "")
	}
	return w
}

// names are the nodes of a graph.
func names(g *graphOf) (ids []string) {
	for _, n := range g.Nodes {
		ids = append(ids, n.ID)
	}
	return ids
}

func upTo(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("%02d", i+1))
	}
	return ids
}

// TestEveryTruncation cuts a log at every byte: what is before the cut is
// there, nothing else, and a cut record is reported as a torn tail.
func TestEveryTruncation(t *testing.T) {
	for name, forms := range map[string][]form{"legacy": {legacy}, "version 1": {version1}, "version 2": {version2}, "all": {legacy, version2, version1}} {
		t.Run(name, func(t *testing.T) {
			w := counted(6, forms...)
			for cut := range len(w.log) {
				db, report := imported(t, w.log[:cut], nil)
				whole := 0
				for i, from := range w.starts {
					if cut >= from+needed(forms[i%len(forms)], w, i) {
						whole = i + 1
					}
				}
				require.Equal(t, upTo(whole), names(read(t, db, "")), "cut at %d", cut)
				rest := strings.Trim(string(w.log[report.ValidBytes:cut]), "\n")
				if rest == "" {
					require.Empty(t, report.Findings, "cut at %d", cut)
					continue
				}
				require.Equal(t, fmt.Sprintf("torn-tail %d", whole), findings(report), "cut at %d", cut)
				require.LessOrEqual(t, int(report.ValidBytes), w.starts[whole])
				require.Equal(t, int64(w.starts[whole]), report.Findings[0].Offset)
			}
		})
	}
}

// needed is how many bytes of a record make it whole: without the line end and
// the padding.
func needed(f form, w *writer, i int) int {
	end := len(w.log)
	if i+1 < len(w.starts) {
		end = w.starts[i+1]
	}
	record := w.log[w.starts[i]:end]
	switch f {
	case legacy:
		return len(record) - 1
	case version2:
		return recordHeader + int(u32(record[5:])) + recordChecksum + len(trailer)
	}
	return len(record)
}

// TestEveryByteDamaged changes every byte of a log in turn: at most the record
// it is in is lost, never another, and never without a finding.
func TestEveryByteDamaged(t *testing.T) {
	for name, forms := range map[string][]form{"legacy": {legacy}, "version 1": {version1}, "version 2": {version2}, "all": {legacy, version2, version1}} {
		t.Run(name, func(t *testing.T) {
			w := counted(6, forms...)
			all := upTo(6)
			for _, mask := range []byte{0x01, 0x80, 0xff, '{' ^ 'a'} {
				for at := range w.log {
					log := bytes.Clone(w.log)
					log[at] ^= mask
					db, report := imported(t, log, nil)
					got := names(read(t, db, ""))
					i, _ := slices.BinarySearch(w.starts, at+1)
					without := slices.Delete(slices.Clone(all), i-1, i)
					if !slices.Equal(got, all) {
						require.Equal(t, without, got, "byte %d", at)
						require.NotEmpty(t, report.Findings, "byte %d", at)
					}
					if isSpace(w.log[at]) { // between lines: nothing is lost
						require.Equal(t, all, got, "byte %d", at)
					}
				}
			}
		})
	}
}

// TestAppendedBehindATornTail is what NornicDB does after a crash: it appends
// behind the torn bytes, which its own reader then cannot pass.
func TestAppendedBehindATornTail(t *testing.T) {
	for _, before := range []form{legacy, version1, version2} {
		for _, behind := range []form{legacy, version1, version2} {
			w := counted(4, before)
			last := len(w.log) - w.starts[3]
			for cut := 1; cut < last-1; cut++ {
				torn := bytes.Clone(w.log[:w.starts[3]+cut])
				more := newWriter(behind)
				more.sequence = 3
				more.node(opCreateNode, "98", `{}`, "").node(opCreateNode, "99", `{}`, "")
				db, report := imported(t, append(torn, more.log...), nil)
				got := names(read(t, db, ""))
				require.Subset(t, got, append(upTo(3), "98", "99"), "cut %d", cut)
				if len(got) == 5 {
					require.Equal(t, DamagedRegion, report.Findings[0].Kind, "cut %d", cut)
				}
			}
		}
	}
}

func TestWrongTrailers(t *testing.T) {
	w := counted(3, version2)
	inTrailer := func(i int) int { return w.starts[i] + needed(version2, w, i) - 3 }
	t.Run("with a good record behind it", func(t *testing.T) {
		log := bytes.Clone(w.log)
		log[inTrailer(1)] ^= 1
		db, report := imported(t, log, nil)
		require.Equal(t, upTo(3), names(read(t, db, "")))
		require.Equal(t, "bad-trailer 2", findings(report))
		require.Equal(t, int64(w.starts[1]), report.Findings[0].Offset)
	})
	t.Run("at the end", func(t *testing.T) {
		log := bytes.Clone(w.log)
		log[inTrailer(2)] ^= 1
		db, report := imported(t, log, nil)
		require.Equal(t, upTo(3), names(read(t, db, "")))
		require.Equal(t, "bad-trailer 3", findings(report))
	})
	t.Run("before a torn record", func(t *testing.T) {
		for cut := w.starts[2] + 1; cut < w.starts[2]+20; cut++ {
			log := bytes.Clone(w.log[:cut])
			log[inTrailer(1)] ^= 1
			db, report := imported(t, log, nil)
			require.Equal(t, upTo(2), names(read(t, db, "")))
			require.Equal(t, "bad-trailer 2, torn-tail 2", findings(report))
		}
	})
	t.Run("every one", func(t *testing.T) {
		log := bytes.ReplaceAll(w.log, []byte(trailer), []byte("badbad!!"))
		db, report := imported(t, log, nil)
		require.Equal(t, upTo(3), names(read(t, db, "")))
		require.Equal(t, "bad-trailer 1, bad-trailer 2, bad-trailer 3", findings(report))
	})
}

// TestOneRecordInMemory: scanning a log takes a piece of it at a time.
func TestOneRecordInMemory(t *testing.T) {
	w := counted(20_000, version1, version2, legacy)
	require.Greater(t, len(w.log), 8*windowStep)
	s := newScanner(bytes.NewReader(w.log), int64(len(w.log)), &Report{})
	for {
		if _, err := s.next(); err == io.EOF {
			break
		} else {
			require.NoError(t, err)
		}
		require.LessOrEqual(t, cap(s.win.buf), windowStep)
	}
}

func TestEmbeddingsWithAWrongChecksum(t *testing.T) {
	for name, f := range forms {
		t.Run(name, func(t *testing.T) {
			w := counted(1, f)
			w.node(opUpdateEmbedding, "01", `{"v":1}`, "").node(opCreateNode, "02", `{}`, "")
			log := bytes.Clone(w.log)
			// A digit of the time: the JSON stays what it is.
			at := w.starts[1] + bytes.Index(log[w.starts[1]:], []byte(`"ts":"2025`)) + 9
			log[at] ^= 1
			db, report := imported(t, log, nil)
			if f == legacy { // the line has no checksum but that of the data
				require.Equal(t, "01(v=1) 02()", shown(read(t, db, "")))
				return
			}
			require.Equal(t, "01() 02()", shown(read(t, db, "")))
			require.Equal(t, "skipped-embedding 2", findings(report))
		})
	}
}

func TestNothingAtAll(t *testing.T) {
	for name, log := range map[string][]byte{"empty": nil, "line ends": []byte("\n\n"), "zeros": make([]byte, 100), "text": []byte("hello"), "json": []byte(`{"a":{"b":1}}`)} {
		t.Run(name, func(t *testing.T) {
			db, report := imported(t, log, nil)
			require.Zero(t, db.Reader().NodeCount())
			require.Zero(t, report.LastSequence)
			if len(bytes.TrimSpace(log)) > 0 {
				require.Equal(t, "torn-tail 0", findings(report))
			}
		})
	}
}

// TestRecordAbove16MiB: NornicDB writes such records and cannot read them.
func TestRecordAbove16MiB(t *testing.T) {
	const nodes = 70_000
	for name, f := range forms {
		t.Run(name, func(t *testing.T) {
			var list []string
			text := strings.Repeat("x", 150)
			for i := range nodes {
				list = append(list, nodeJSON(fmt.Sprint("n", i), `["N"]`, `{"text":"`+text+`"}`))
			}
			w := counted(1, f)
			w.op(opBulkNodes, `{"nodes":[%s]}`, strings.Join(list, ",")).node(opCreateNode, "last", `{}`, "")
			require.Greater(t, len(w.log), 16<<20)
			db, report := imported(t, w.log, nil)
			require.Equal(t, nodes+2, db.Reader().NodeCount())
			require.Empty(t, report.Findings)
		})
	}
}

// large is a record with a payload of n zeros and the checksum that it needs.
type large struct {
	n   int64
	end []byte
}

func (l *large) ReadAt(p []byte, off int64) (int, error) {
	head := binary.LittleEndian.AppendUint32([]byte(magic+"\x01"), uint32(l.n))
	for i := range p {
		switch at := off + int64(i); {
		case at < recordHeader:
			p[i] = head[at]
		case at < recordHeader+l.n:
			p[i] = 0
		case at < recordHeader+l.n+recordChecksum:
			p[i] = l.end[at-recordHeader-l.n]
		default:
			return i, io.EOF
		}
	}
	return len(p), nil
}

func TestRecordAboveTheLimit(t *testing.T) {
	const n = MaxRecord + 1
	sum := uint32(0)
	for left, zeros := int64(n), make([]byte, 1<<20); left > 0; left -= int64(len(zeros)) {
		zeros = zeros[:min(left, int64(len(zeros)))]
		sum = update(sum, zeros)
	}
	src := Source{Log: &large{n, binary.LittleEndian.AppendUint32(nil, sum)}, LogBytes: recordHeader + n + recordChecksum}
	db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
	require.NoError(t, err)
	defer db.Close()
	_, err = Import(context.Background(), db, src, Options{})
	require.ErrorIs(t, err, ErrTooLarge)
	require.ErrorContains(t, err, "has 268435457 bytes, the most is 268435456")
}

// TestHopelessLogsEnd: a file made of beginnings of records is searched only so
// far.
func TestHopelessLogsEnd(t *testing.T) {
	const beginnings = 40_000
	b := bytes.Repeat(append([]byte(magic+"\x01"), 0, 0, 4, 0), beginnings)
	db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
	require.NoError(t, err)
	defer db.Close()
	s := newScanner(bytes.NewReader(b), int64(len(b)), &Report{})
	_, err = s.next()
	require.ErrorIs(t, err, ErrHopeless)
	require.LessOrEqual(t, s.work, 65*int64(len(b))+64<<20+1<<20)
}

func TestReadingFails(t *testing.T) {
	w := counted(3, version1)
	db, err := pocketgraph.OpenMemory(pocketgraph.Options{})
	require.NoError(t, err)
	defer db.Close()
	short := Source{Log: bytes.NewReader(w.log[:len(w.log)-5]), LogBytes: int64(len(w.log))}
	_, err = Import(context.Background(), db, short, Options{})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "the file is shorter than it said")
	broken := sourceOf(w.log, nil)
	broken.Snapshot = func() (io.ReadCloser, error) { return nil, io.ErrClosedPipe }
	_, err = Import(context.Background(), db, broken, Options{})
	require.ErrorIs(t, err, io.ErrClosedPipe)
	require.Zero(t, db.Reader().NodeCount(), "nothing is written before everything was read")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = Import(ctx, db, sourceOf(w.log, nil), Options{})
	require.ErrorIs(t, err, context.Canceled)
}
