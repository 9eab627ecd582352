package jsbridge

import "github.com/pocketgraph/pocketgraph/graph"

// export serves EXPORT: a backup in DATA frames, as credit allows.
func (d *Dispatcher) export(t *task) (*graph.Map, error) {
	return t.db.Export(&t.life, exportWriter{d, t})
}

// exportWriter sends what is written to it.
type exportWriter struct {
	d *Dispatcher
	t *task
}

func (w exportWriter) Write(p []byte) (int, error) {
	for from := 0; from < len(p); from += FrameTarget {
		enough, err := w.d.awaitCredit(w.t)
		if enough {
			err = &Failure{Code: codeCancelled, Message: "no more of the export was wanted"}
		}
		if err == nil {
			err = w.d.send(w.t, func(b []byte) ([]byte, error) {
				b, start := beginFrame(b, byte(AnswerData), w.t.header())
				piece := p[from:min(from+FrameTarget, len(p))]
				return endFrame(append(appendU32(b, uint32(len(piece))), piece...), start), nil
			})
		}
		if err != nil {
			return from, err
		}
	}
	w.d.Yield()
	return len(p), nil
}
