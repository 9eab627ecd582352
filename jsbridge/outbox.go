package jsbridge

import "runtime"

// outbox gathers answer frames until they are handed over: at the end of the
// call that began the requests, when there are many, or, outside of such a
// call, as soon as nothing else wants to run. Two buffers take turns, so that
// what was handed over stays while new answers come.
type outbox struct {
	buf       []byte
	spare     []byte
	gathering bool // a call is under way that will take what there is
	scheduled bool // a goroutine is about to deliver
	charged   int  // bytes since the collector had its turn
}

// outboxKeep is the largest buffer that is kept for reuse; one large row must
// not hold its memory for ever.
const outboxKeep = 2 * AnswerBuffer

// Gather says that Take will be called, so answers need no delivery of their
// own until then.
func (d *Dispatcher) Gather() {
	d.mu.Lock()
	d.out.gathering = true
	d.mu.Unlock()
}

// Take returns the answers so far. They stay as they are until the second
// Take or delivery after this one.
func (d *Dispatcher) Take() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out.gathering = false
	return d.out.swap()
}

func (o *outbox) swap() []byte {
	taken := o.buf
	o.buf = o.spare[:0]
	o.spare = nil
	if cap(taken) <= outboxKeep {
		o.spare = taken
	}
	return taken
}

// scheduleDelivery sees to it that what was just put into the outbox gets
// out. mu is held.
func (d *Dispatcher) scheduleDelivery() {
	switch {
	case len(d.out.buf) >= AnswerBuffer:
		d.loop.Deliver(d.out.swap())
	case !d.out.gathering && !d.out.scheduled:
		d.out.scheduled = true
		go d.deliver()
	}
}

// deliver lets the others that can run add their answers, then hands all over.
func (d *Dispatcher) deliver() {
	runtime.Gosched()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out.scheduled = false
	if !d.out.gathering && len(d.out.buf) > 0 {
		d.loop.Deliver(d.out.swap())
	}
}
