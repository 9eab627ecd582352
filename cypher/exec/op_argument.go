package exec

// argument is the leaf of every chain of operators: the rows given to reset,
// or one row without columns.
type argument struct {
	run  *Run
	arg  *batch
	out  batch
	done bool
}

func (a *argument) reset(arg *batch) { a.arg, a.done = arg, false }

func (a *argument) next() *batch {
	if a.done || a.run.err != nil {
		return nil
	}
	a.done = true
	if len(a.out.cols) == 0 {
		a.out.cols = make([]column, len(a.run.program.Plan.Kinds))
	}
	if a.arg == nil {
		a.out.n = 1
		return &a.out
	}
	a.out.share(a.arg)
	a.out.shared = true
	return &a.out
}
