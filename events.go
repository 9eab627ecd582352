package pocketgraph

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketgraph/pocketgraph/storage"
)

// Event is something that happened in a database; Counters count since it was
// opened.
type (
	Event    = storage.Event
	Counters = storage.Counters
)

// The kinds of events.
const (
	EventStall         = storage.EventStall
	EventFlushError    = storage.EventFlushError
	EventSnapshot      = storage.EventSnapshot
	EventSnapshotError = storage.EventSnapshotError
	EventHistoryError  = storage.EventHistoryError
	EventSlowStatement = storage.EventSlowStatement
)

// DefaultSlowerThan is from when on a statement counts as slow.
const DefaultSlowerThan = 100 * time.Millisecond

// listeners are those who hear of events.
type listeners struct {
	mu   sync.Mutex
	all  []*listener
	slow atomic.Int64 // the shortest that anybody calls slow, in nanoseconds; 0: nobody listens
}

type listener struct {
	tell       func(Event)
	slowerThan time.Duration
}

// Listen makes tell hear of events, and of statements that took longer than
// slowerThan (0: DefaultSlowerThan): one that writes until it was durable, one
// that reads for as long as it computed. tell must neither wait nor call the
// database. Events hold the text of statements; who sends them elsewhere may
// want to hash it.
func (db *DB) Listen(tell func(Event), slowerThan time.Duration) (stop func()) {
	if slowerThan <= 0 {
		slowerThan = DefaultSlowerThan
	}
	l, on := &listener{tell, slowerThan}, db.listening
	on.mu.Lock()
	on.all = append(slices.Clip(on.all), l)
	on.mu.Unlock()
	db.listenersChanged()
	return func() {
		on.mu.Lock()
		on.all = slices.DeleteFunc(slices.Clone(on.all), func(other *listener) bool { return other == l })
		on.mu.Unlock()
		db.listenersChanged()
	}
}

func (db *DB) listenersChanged() {
	on := db.listening
	on.mu.Lock()
	defer on.mu.Unlock()
	shortest := time.Duration(0)
	for _, l := range on.all {
		if shortest == 0 || l.slowerThan < shortest {
			shortest = l.slowerThan
		}
	}
	on.slow.Store(int64(shortest))
	if shortest == 0 {
		db.store.OnEvent(nil)
	} else {
		db.store.OnEvent(db.tell)
	}
}

func (db *DB) tell(e Event) {
	db.listening.mu.Lock()
	all := db.listening.all
	db.listening.mu.Unlock()
	for _, l := range all {
		if e.Kind != EventSlowStatement || e.Duration >= l.slowerThan {
			l.tell(e)
		}
	}
}

// clock measures a statement, when somebody listens.
type clock struct {
	db    *DB
	text  string
	begun time.Time
	spent time.Duration
}

func (db *DB) clock(text string) *clock {
	if db.listening.slow.Load() == 0 {
		return nil
	}
	return &clock{db: db, text: text, begun: time.Now()}
}

// resume and pause leave out what is not the statement's.
func (c *clock) resume() {
	if c != nil {
		c.begun = time.Now()
	}
}

func (c *clock) pause() {
	if c != nil {
		c.spent += time.Since(c.begun)
	}
}

// stop tells of the statement if it was slow. Only the first call counts.
func (c *clock) stop() {
	if c == nil || c.text == "" {
		return
	}
	if slow := c.db.listening.slow.Load(); slow > 0 && int64(c.spent) >= slow {
		c.db.tell(Event{Kind: EventSlowStatement, Time: c.db.options.Now(), Duration: c.spent, Text: c.text})
	}
	c.text = ""
}
