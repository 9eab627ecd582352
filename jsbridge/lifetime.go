package jsbridge

import (
	"context"
	"sync"
	"time"
)

// lifetime is the context of a task, a part of it. Most tasks end before
// anybody waits for their end or asks to be called at it, so the channel and
// the list are made when somebody does. The zero value is alive.
type lifetime struct {
	mu    sync.Mutex
	err   error // why it ended
	done  chan struct{}
	after map[*func()]struct{}
	timer *time.Timer
}

var _ context.Context = (*lifetime)(nil)

// Deadline implements context.Context. It does not tell: nothing here plans by it.
func (l *lifetime) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value implements context.Context; there are none.
func (l *lifetime) Value(any) any { return nil }

// Err implements context.Context.
func (l *lifetime) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Done implements context.Context.
func (l *lifetime) Done() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done == nil {
		l.done = make(chan struct{})
		if l.err != nil {
			close(l.done)
		}
	}
	return l.done
}

// AfterFunc is what package context looks for in a context that is not its
// own, so that deriving from this one costs no goroutine.
func (l *lifetime) AfterFunc(f func()) (stop func() bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		go f()
		return func() bool { return false }
	}
	if l.after == nil {
		l.after = map[*func()]struct{}{}
	}
	key := &f
	l.after[key] = struct{}{}
	return func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		_, waiting := l.after[key]
		delete(l.after, key)
		return waiting
	}
}

// endAfter ends it with context.DeadlineExceeded when the time is over.
func (l *lifetime) endAfter(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(d, func() { l.end(context.DeadlineExceeded) })
}

// end ends it; only the first reason counts.
func (l *lifetime) end(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	l.err = err
	if l.timer != nil {
		l.timer.Stop()
	}
	if l.done != nil {
		close(l.done)
	}
	for f := range l.after {
		go (*f)()
	}
	l.after = nil
}
