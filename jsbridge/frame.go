package jsbridge

import "github.com/pocketgraph/pocketgraph/graph"

// header names the request that a frame belongs to.
type header struct {
	client   uint16
	id       uint32
	database uint32
}

// beginFrame appends a frame's header and returns where the frame starts.
// endFrame pads it and writes its length.
func beginFrame(b []byte, kind byte, h header) ([]byte, int) {
	start := len(b)
	b = appendU32(b, 0)
	b = appendU16(append(b, kind, 0), h.client)
	return appendU32(appendU32(b, h.id), h.database), start
}

func endFrame(b []byte, start int) []byte {
	b = pad(b, start)
	putU32(b[start:], uint32(len(b)-start))
	return b
}

// nextFrame splits the first frame off b. min is the least length that its
// direction allows.
func nextFrame(b []byte, min int) (frame, rest []byte, err error) {
	if len(b) < min {
		return nil, nil, ErrTruncated
	}
	n := int(getU32(b))
	switch {
	case n&7 != 0 || n < min:
		return nil, nil, ErrMalformed
	case n > len(b):
		return nil, nil, ErrTruncated
	}
	return b[:n:n], b[n:], nil
}

func frameHeaderOf(frame []byte) header {
	return header{client: uint16(frame[6]) | uint16(frame[7])<<8, id: getU32(frame[8:]), database: getU32(frame[12:])}
}

func appendHello(b []byte, h header) []byte {
	b, start := beginFrame(b, byte(AnswerHello), h)
	b = appendString(appendU32(b, ProtocolVersion), EngineVersion)
	return endFrame(b, start)
}

func appendHead(b []byte, h header, columns []string) []byte {
	b, start := beginFrame(b, byte(AnswerHead), h)
	b = appendVaruint(b, uint32(len(columns)))
	for _, c := range columns {
		b = appendString(b, c)
	}
	return endFrame(b, start)
}

// appendMapAnswer appends DONE, PROGRESS, READ or MODULE. On error b is as it was.
func appendMapAnswer(b []byte, kind AnswerKind, h header, m *graph.Map) ([]byte, error) {
	out, start := beginFrame(b, byte(kind), h)
	if m == nil {
		m = &graph.Map{}
	}
	var err error
	out = appendVaruint(out, uint32(m.Len()))
	for i := range m.Len() {
		key, v := m.At(i)
		out = appendString(out, key)
		if out, err = appendNested(out, v, nil, MaxFrame, MaxDepth); err != nil {
			return b, err
		}
	}
	return endFrame(out, start), nil
}

// makeCall makes a ROWS frame, of arguments, a CALL.
func makeCall(frame []byte, number uint32) {
	frame[4] = byte(AnswerCall)
	putU32(frame[batchNumber:], number)
}

func appendError(b []byte, h header, f *Failure) []byte {
	entries := make([]graph.Entry, 0, 12)
	text := func(key, s string) {
		if s != "" {
			entries = append(entries, graph.Entry{Key: key, Value: graph.String(s)})
		}
	}
	entries = append(entries, graph.Entry{Key: "code", Value: graph.String(f.Code)})
	if f.Line > 0 {
		entries = append(entries, graph.Entry{Key: "column", Value: graph.Int(int64(f.Column))})
	}
	if !f.Counters.IsNull() {
		entries = append(entries, graph.Entry{Key: "counters", Value: f.Counters})
	}
	text("detail", f.Detail)
	text("excerpt", f.Excerpt)
	text("file", f.File)
	text("hint", f.Hint)
	if f.Line > 0 {
		entries = append(entries, graph.Entry{Key: "line", Value: graph.Int(int64(f.Line))})
	}
	entries = append(entries, graph.Entry{Key: "message", Value: graph.String(f.Message)})
	if f.Line > 0 {
		entries = append(entries, graph.Entry{Key: "offset", Value: graph.Int(int64(f.Offset))})
	}
	if f.Needed > 0 {
		entries = append(entries, graph.Entry{Key: "needed", Value: graph.Int(int64(f.Needed))})
	}
	if f.Oldest > 0 {
		entries = append(entries, graph.Entry{Key: "oldest", Value: graph.Int(int64(f.Oldest))})
	}
	text("phase", f.Phase)
	if f.Sequence > 0 {
		entries = append(entries, graph.Entry{Key: "sequence", Value: graph.Int(int64(f.Sequence))})
	}
	b, start := beginFrame(b, byte(AnswerError), h)
	b, _ = appendEntries(b, entries) // scalars always encode
	return endFrame(b, start)
}
