package exec

import "github.com/pocketgraph/pocketgraph/cypher/plan"

// rowOp is what operators share that make any number of rows of one: begin
// prepares the row, more gives the next result into row at of out and says
// whether there was one.
type rowOp struct {
	run   *Run
	in    operator
	keep  []plan.Slot
	makes []plan.Slot // slots that more fills
	begin func(f *frame)
	more  func(out *batch, at int) bool
	start func() // called for each batch of the input: what writes below has its turn before it

	f    frame
	open bool
	out  *batch
	rows []int32
	size int
}

func newRowOp(r *Run, in factory, keep, makes []plan.Slot) *rowOp {
	return &rowOp{run: r, in: in(r), keep: keep, makes: makes, out: newBatch(len(r.program.Plan.Kinds)), size: firstBatch}
}

func (o *rowOp) reset(arg *batch) {
	o.in.reset(arg)
	o.f, o.open = frame{run: o.run}, false
}

func (o *rowOp) next() *batch {
	kinds := o.run.program.Plan.Kinds
	o.out.grow(kinds, o.keep, o.size)
	o.out.grow(kinds, o.makes, o.size)
	o.rows = o.rows[:0]
	n, base := 0, 0
	for n < o.size && o.run.err == nil {
		if !o.open {
			if o.f.b == nil || o.f.i >= o.f.b.n {
				if o.f.b = o.in.next(); o.f.b == nil {
					break
				}
				o.f.i = 0
				if o.f.b.n == 0 {
					continue
				}
				if o.start != nil {
					o.start()
				}
			}
			o.run.tick(1)
			o.begin(&o.f)
			o.open = true
		}
		for n < o.size {
			if o.run.err != nil || !o.more(o.out, n) {
				o.open = false
				break
			}
			o.rows = append(o.rows, int32(o.f.i))
			n++
		}
		if !o.open {
			o.f.i++
			if o.f.i >= o.f.b.n {
				o.out.gather(base, o.f.b, o.keep, o.rows[base:])
				base = n
			}
		}
	}
	if o.run.err != nil || n == 0 {
		return nil
	}
	if n > base {
		o.out.gather(base, o.f.b, o.keep, o.rows[base:])
	}
	o.out.n = n
	o.run.tick(n)
	if o.size < BatchSize {
		o.size *= 4
	}
	return o.out
}
