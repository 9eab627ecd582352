package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

type stdioCommand struct {
	Dir string `arg:"" optional:"" help:"Directory of the store; without it the store is in memory."`
}

// maxLine bounds a request line, so that a stream without line ends cannot
// fill the memory.
const maxLine = 64 << 20

// request is one line of input; see docs/stdio.md.
type request struct {
	ID        json.RawMessage            `json:"id"`
	Op        string                     `json:"op"`
	Text      string                     `json:"text"`
	Params    map[string]json.RawMessage `json:"params"`
	Signature string                     `json:"signature"`
	Rows      [][]json.RawMessage        `json:"rows"`
}

// answer is one line of output. Columns and rows are there, perhaps empty, in
// every answer to a query; OK in every other that went well.
type answer struct {
	ID      json.RawMessage `json:"id"`
	OK      bool            `json:"ok,omitempty"`
	Columns *[]string       `json:"columns,omitempty"`
	Rows    *[][]any        `json:"rows,omitempty"`
	Nodes   *[]any          `json:"nodes,omitempty"`
	Rels    *[]any          `json:"rels,omitempty"`
	Error   *answerError    `json:"error,omitempty"`
}

type answerError struct {
	Code    string `json:"code"`
	Phase   string `json:"phase,omitempty"`
	Detail  string `json:"detail,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// session is one conversation over stdio.
type session struct {
	ctx context.Context
	db  *pocketgraph.DB
	dir string
}

// Run answers request after request until the input ends.
func (c *stdioCommand) Run(ctx context.Context, t terminal) (err error) {
	s := &session{ctx: ctx, dir: c.Dir}
	if err := s.open(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	in := bufio.NewReaderSize(t.in, 64<<10)
	out := bufio.NewWriter(t.out)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, readErr := readLine(in)
		var a answer
		switch {
		case readErr == errLongLine:
			a = failed(nil, readErr)
		case readErr != nil && readErr != io.EOF:
			return readErr
		case len(line) > 0:
			a = s.answer(line)
		case readErr == io.EOF:
			return context.Cause(ctx)
		default:
			continue
		}
		if err := errors.Join(encoder.Encode(a), out.Flush()); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
}

// errLongLine: the line was read over, and the next one can be answered.
var errLongLine error = &pocketgraph.Error{Code: pocketgraph.CodeLimit, Message: "the line is longer than 64 MiB", Offset: -1}

// readLine returns the next line without the space around it. io.EOF comes with
// the last one.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for long := false; ; {
		piece, err := in.ReadSlice('\n')
		if long = long || len(line)+len(piece) > maxLine; long {
			line = nil
		} else {
			line = append(line, piece...)
		}
		switch {
		case err == bufio.ErrBufferFull:
		case long && (err == nil || err == io.EOF):
			return nil, errLongLine
		default:
			return bytes.TrimSpace(line), err
		}
	}
}

func (s *session) open() (err error) {
	if s.dir == "" {
		s.db, err = pocketgraph.OpenMemory(pocketgraph.Options{})
	} else {
		s.db, err = pocketgraph.OpenDir(s.ctx, s.dir, pocketgraph.Options{})
	}
	return err
}

// answer answers one line. A panic is a fault of ours that must not end the
// conversation: it becomes an answer of its own.
func (s *session) answer(line []byte) (a answer) {
	var r request
	defer func() {
		if fault := recover(); fault != nil {
			a = answer{ID: r.ID, Error: &answerError{Code: "InternalError", Message: fmt.Sprint(fault)}}
		}
	}()
	if err := json.Unmarshal(line, &r); err != nil {
		return failed(r.ID, fmt.Errorf("the request is not understood: %w", err))
	}
	var err error
	switch r.Op {
	case "query":
		if a, err = s.query(&r); err == nil {
			a.ID = r.ID
			return a
		}
	case "reset":
		err = s.reset()
	case "procedure":
		err = s.procedure(&r)
	case "dump":
		a = s.dump()
		a.ID = r.ID
		return a
	default:
		err = fmt.Errorf("unknown op %q; known are query, reset, procedure and dump", r.Op)
	}
	if err != nil {
		return failed(r.ID, err)
	}
	return answer{ID: r.ID, OK: true}
}

func failed(id json.RawMessage, err error) answer {
	e := &answerError{Code: "INVALID_ARGUMENT", Message: err.Error()}
	var own *pocketgraph.Error
	if errors.As(err, &own) {
		e = &answerError{Code: string(own.Code), Phase: own.Phase, Detail: own.Detail, Message: own.Error(), Hint: own.Hint}
		switch own.Code {
		case pocketgraph.CodeNotImplemented:
			e.Code = "Unsupported"
		case pocketgraph.CodeInternal:
			e.Code = "InternalError"
		}
	}
	return answer{ID: id, Error: e}
}

func (s *session) query(r *request) (answer, error) {
	params := map[string]graph.Value{}
	for name, raw := range r.Params {
		v, err := decodeValue(raw)
		if err != nil {
			return answer{}, fmt.Errorf("parameter %s: %w", name, err)
		}
		params[name] = v
	}
	result, err := s.db.Query(s.ctx, r.Text, params)
	if err != nil {
		return answer{}, err
	}
	defer result.Close()
	columns, rows := result.Columns(), [][]any{}
	if columns == nil {
		columns = []string{}
	}
	_, err = eachRow(result, func(row []graph.Value) error {
		out := make([]any, len(row))
		for i, v := range row {
			out[i] = encodeValue(result.Reader(), v)
		}
		rows = append(rows, out)
		return nil
	})
	return answer{Columns: &columns, Rows: &rows}, err
}

// reset empties an in-memory store by taking a new one.
func (s *session) reset() error {
	if s.dir != "" {
		return errors.New("reset empties in-memory stores only; this one is in " + s.dir)
	}
	if err := s.db.Close(); err != nil {
		return err
	}
	return s.open()
}

func (s *session) procedure(r *request) error {
	rows := make([][]graph.Value, len(r.Rows))
	for i, raw := range r.Rows {
		for _, cell := range raw {
			v, err := decodeValue(cell)
			if err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
			rows[i] = append(rows[i], v)
		}
	}
	return s.db.RegisterTable(r.Signature, rows)
}

// dump returns the whole graph.
func (s *session) dump() answer {
	r := s.db.Reader()
	nodes, rels := []any{}, []any{}
	for n := range graph.Handles(r.ScanNodes) {
		nodes = append(nodes, encodeValue(r, graph.NodeValue(n)))
	}
	for rel := range graph.Handles(r.ScanRels) {
		rels = append(rels, encodeValue(r, graph.RelValue(rel)))
	}
	return answer{Nodes: &nodes, Rels: &rels}
}
