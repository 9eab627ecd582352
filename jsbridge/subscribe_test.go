package jsbridge

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph/graph"
)

// fakeSubscriptions imitates what a database tells by itself: the changes are
// numbers, and each is an event too.
type fakeSubscriptions struct {
	subs    sync.Mutex
	count   int
	ready   chan struct{}
	watches map[*fakeWatch]struct{}
	events  []chan *graph.Map
}

type fakeFeed struct {
	s    *fakeSubscriptions
	next int
}

func (f *fakeFeed) Ready() <-chan struct{} {
	f.s.subs.Lock()
	defer f.s.subs.Unlock()
	if f.s.ready == nil {
		f.s.ready = make(chan struct{})
	}
	return f.s.ready
}

func (f *fakeFeed) Reader() graph.Reader { return nil }

func (f *fakeFeed) Next() (int, [][]graph.Value, error) {
	f.s.subs.Lock()
	defer f.s.subs.Unlock()
	if f.next >= f.s.count {
		return 0, nil, nil
	}
	f.next++
	return 1, [][]graph.Value{{graph.Int(int64(f.next))}, {graph.String("tx")}}, nil
}

type fakeWatch struct {
	s   *fakeSubscriptions
	hit chan struct{}
}

func (w *fakeWatch) Changed() <-chan struct{} { return w.hit }
func (w *fakeWatch) Refresh()                 {}
func (w *fakeWatch) Sequence() uint64 {
	w.s.subs.Lock()
	defer w.s.subs.Unlock()
	return uint64(w.s.count)
}
func (w *fakeWatch) Close() {
	w.s.subs.Lock()
	defer w.s.subs.Unlock()
	delete(w.s.watches, w)
}

func (s *fakeSubscriptions) Feed(_ context.Context, since string) (Feed, error) {
	n, err := strconv.Atoi(since)
	if err != nil {
		return nil, invalid("since")
	}
	return &fakeFeed{s, n}, nil
}

func (s *fakeSubscriptions) Watch(text string) (Watch, error) {
	if text == "fail" {
		return nil, invalid("it writes")
	}
	s.subs.Lock()
	defer s.subs.Unlock()
	w := &fakeWatch{s, make(chan struct{}, 1)}
	if s.watches == nil {
		s.watches = map[*fakeWatch]struct{}{}
	}
	s.watches[w] = struct{}{}
	return w, nil
}

func (s *fakeSubscriptions) Events(time.Duration) (<-chan *graph.Map, func()) {
	s.subs.Lock()
	defer s.subs.Unlock()
	c := make(chan *graph.Map, 100)
	s.events = append(s.events, c)
	return c, func() {}
}

func (s *fakeSubscriptions) WithMetadata(ctx context.Context, data map[string]string) context.Context {
	return context.WithValue(ctx, fakeMetadata{}, data)
}

type fakeMetadata struct{}

// change is a commit.
func (s *fakeSubscriptions) change() {
	s.subs.Lock()
	defer s.subs.Unlock()
	s.count++
	if s.ready != nil {
		close(s.ready)
		s.ready = nil
	}
	for w := range s.watches {
		select {
		case w.hit <- struct{}{}:
		default:
		}
	}
	for _, c := range s.events {
		c <- summary(graph.Entry{Key: "n", Value: graph.Int(int64(s.count))})
	}
}

func (s *fakeSubscriptions) watching() int {
	s.subs.Lock()
	defer s.subs.Unlock()
	return len(s.watches)
}

// kindsOf counts the answers to a request by kind.
func (l *fakeLoop) kindsOf(id uint32) map[AnswerKind]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[AnswerKind]int{}
	for _, a := range l.answers {
		if a["id"] == id {
			counts[a["kind"].(AnswerKind)]++
		}
	}
	return counts
}

func soon(t *testing.T, fn func() bool) {
	t.Helper()
	require.Eventually(t, fn, 5*time.Second, time.Millisecond)
}

// TestChangesFollow: what is there, as far as there is credit, then what comes;
// while nothing does the request counts as none in flight.
func TestChangesFollow(t *testing.T) {
	l, h := opened(t)
	db := h.opened[0]
	db.change()
	db.change()
	l.send(Request{Op: OpChanges, ID: 50, Database: 1, Credit: 1, Follow: true, Text: "0"})
	soon(t, func() bool { return l.kindsOf(50)[AnswerRows] == 1 && l.d.InFlight() == 0 })
	l.send(Request{Op: OpMore, ID: 50, Database: 1, Credit: 5})
	soon(t, func() bool { return l.kindsOf(50)[AnswerRows] == 2 && l.d.InFlight() == 0 })
	require.Zero(t, l.kindsOf(50)[AnswerDone])
	db.change()
	soon(t, func() bool { return l.kindsOf(50)[AnswerRows] == 3 })
	l.send(Request{Op: OpMore, ID: 50, Database: 1, Credit: 0})
	soon(t, func() bool { return l.kindsOf(50)[AnswerDone] == 1 })
	// Not following it ends at the end; one that begins nowhere is refused.
	l.send(Request{Op: OpChanges, ID: 51, Database: 1, Text: "1", Credit: 100})
	soon(t, func() bool { return l.kindsOf(51)[AnswerDone] == 1 && l.kindsOf(51)[AnswerRows] == 2 })
	l.send(Request{Op: OpChanges, ID: 52, Database: 1, Text: "x", Credit: 100})
	require.Equal(t, codeInvalid, l.code(52))
	// Closing the database ends who waits.
	l.send(Request{Op: OpChanges, ID: 53, Database: 1, Text: "3", Credit: 1, Follow: true})
	l.send(Request{Op: OpEvents, ID: 54, Database: 1})
	l.send(Request{Op: OpLive, ID: 55, Database: 1, Text: "rows 1", Credit: 1})
	soon(t, func() bool { return l.kindsOf(55)[AnswerProgress] == 1 && l.d.InFlight() == 0 })
	db.change()
	soon(t, func() bool { return l.kindsOf(54)[AnswerProgress] == 1 })
	l.send(Request{Op: OpClose, ID: 56, Database: 1})
	for id := uint32(53); id < 56; id++ {
		require.Equal(t, codeClosed, l.code(id), id)
	}
	soon(t, func() bool { return db.watching() == 0 && l.d.InFlight() == 0 }) // they are answered a moment before they are gone
}

// TestLiveSendsWhatChanged: the answer at once, and again when a commit has made
// it another one; a burst makes one update; without credit there is none.
func TestLiveSendsWhatChanged(t *testing.T) {
	l, h := opened(t)
	db := h.opened[0]
	updates := func() int { return l.kindsOf(60)[AnswerProgress] }
	l.send(Request{Op: OpLive, ID: 60, Database: 1, Text: "log", Credit: 2})
	soon(t, func() bool { return updates() == 1 && l.d.InFlight() == 0 })
	db.change() // the answer is the same
	time.Sleep(3 * LiveDelay)
	require.Equal(t, 1, updates())
	for i := range 20 {
		db.mu.Lock()
		db.written = append(db.written, strconv.Itoa(i))
		db.mu.Unlock()
		db.change()
	}
	soon(t, func() bool { return updates() == 2 })
	db.mu.Lock()
	db.written = append(db.written, "more")
	db.mu.Unlock()
	db.change()
	time.Sleep(3 * LiveDelay)
	require.Equal(t, 2, updates(), "there was no credit")
	l.send(Request{Op: OpMore, ID: 60, Database: 1, Credit: 1})
	soon(t, func() bool { return updates() == 3 })
	require.Equal(t, 1, l.kindsOf(60)[AnswerHead])
	l.send(Request{Op: OpCancel, ID: 60, Database: 1})
	require.Equal(t, codeCancelled, l.code(60))
	soon(t, func() bool { return db.watching() == 0 })
	l.send(Request{Op: OpLive, ID: 61, Database: 1, Text: "fail", Credit: 1})
	require.Equal(t, codeInvalid, l.code(61))
	l.send(Request{Op: OpMetadata, ID: 62, Database: 1, Metadata: []graph.Entry{{Key: "n", Value: graph.Int(1)}}})
	require.Equal(t, codeClosed, l.code(62))
}
