package jsbridge

// worker is a goroutine that runs one request after another. Its stack has
// grown to what requests need: a new goroutine's is copied several times on
// the way down, which in WebAssembly is a sixth of what a small query costs.
type worker struct {
	task  chan *task    // the next one
	begun chan struct{} // signalled when it runs
}

// maxIdleWorkers are kept waiting for work; what a burst needed beyond them ends.
const maxIdleWorkers = 64

// startTask lets a worker run the task and returns when it has begun. Nothing
// preempts in js/wasm: once begun, a task runs to its first wait, so requests
// meet the store in order.
func (d *Dispatcher) startTask(t *task) {
	d.mu.Lock()
	var w *worker
	if n := len(d.idle); n > 0 {
		w, d.idle = d.idle[n-1], d.idle[:n-1]
	}
	d.mu.Unlock()
	if w == nil {
		w = &worker{task: make(chan *task, 1), begun: make(chan struct{}, 1)}
		go d.work(w)
	}
	w.task <- t
	<-w.begun
}

func (d *Dispatcher) work(w *worker) {
	for t := range w.task {
		w.begun <- struct{}{}
		d.run(t)
		d.mu.Lock()
		keep := len(d.idle) < maxIdleWorkers
		if keep {
			d.idle = append(d.idle, w)
		}
		d.mu.Unlock()
		if !keep {
			return
		}
	}
}
