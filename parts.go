package pocketgraph

import "sync"

// parts are the transactions that one statement committed before its last: the
// statement is answered when all of them are decided.
type parts struct {
	mu       sync.Mutex
	open     int
	sequence uint64 // the highest
	err      error  // the first
	then     func()
}

func (p *parts) begin() {
	p.mu.Lock()
	p.open++
	p.mu.Unlock()
}

func (p *parts) done(sequence uint64, err error) {
	p.mu.Lock()
	p.open--
	p.sequence = max(p.sequence, sequence)
	if p.err == nil {
		p.err = err
	}
	then := p.then
	if p.open > 0 {
		then = nil
	}
	p.mu.Unlock()
	if then != nil {
		then()
	}
}

// any says whether something was committed, or is about to be.
func (p *parts) any() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open > 0 || p.sequence > 0
}

func (p *parts) failed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// wait calls then once, when nothing is open any more. Nothing begins after it.
func (p *parts) wait(then func()) {
	p.mu.Lock()
	if p.open > 0 {
		p.then = then
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	then()
}
