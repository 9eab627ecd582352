package nornic

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"
)

// A snapshot is one JSON object,
//
//	{"sequence": n, "timestamp": ts, "nodes": [N], "edges": [E], "version": "1.0"}
//
// with nodes N and edges E as in operation.go; nodes and edges may be null. It
// has no checksum, so all that can be checked is that it is whole.

// snapshotHead is what is known of a snapshot before it is loaded. A nil head
// is no snapshot.
type snapshotHead struct {
	Sequence uint64
	Time     time.Time
	damage   error // what ended reading it, or nil
	prefixed bool  // it has nodes, and every identity in it holds a colon
}

func (h *snapshotHead) sequence() uint64 {
	if h == nil {
		return 0
	}
	return h.Sequence
}

// covers says whether the snapshot is from the time of this record or later.
func (h *snapshotHead) covers(sequence uint64) bool { return h != nil && sequence <= h.Sequence }

// snapshotVisitor gets the elements of a snapshot, one by one.
type snapshotVisitor struct {
	node func(*node) error
	edge func(*edge) error
}

var (
	errNotObject = errors.New("a snapshot is one JSON object")
	errNoHead    = errors.New("the snapshot has no sequence and timestamp")
	errBehind    = errors.New("something follows the snapshot")
)

// visitError is an error of the visitor, not of the file.
type visitError struct{ error }

// readHead reads a whole snapshot and keeps what replaying the log depends on.
// The error is one of reading the file; what is wrong with its content is noted
// in the head.
func readHead(in io.Reader) (*snapshotHead, error) {
	watch := &watched{Reader: in}
	h := &snapshotHead{}
	nodes, bare := 0, 0
	err := readSnapshot(watch, h, snapshotVisitor{
		node: func(n *node) error {
			nodes++
			if !strings.Contains(n.ID, ":") {
				bare++
			}
			return nil
		},
		edge: func(*edge) error { return nil },
	})
	if watch.err != nil {
		return nil, watch.err
	}
	h.damage, h.prefixed = err, nodes > 0 && bare == 0
	return h, nil
}

// watched remembers what kept a file from being read.
type watched struct {
	io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// readSnapshot streams a snapshot to a visitor. After an error what was visited
// is the readable beginning.
func readSnapshot(in io.Reader, h *snapshotHead, v snapshotVisitor) error {
	d := json.NewDecoder(in)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return either(err, errNotObject)
	}
	stamp := ""
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		switch key {
		case "sequence":
			err = d.Decode(&h.Sequence)
		case "timestamp":
			if err = d.Decode(&stamp); err == nil {
				h.Time, err = time.Parse(time.RFC3339Nano, stamp)
			}
		case "nodes":
			err = eachItem(d, v.node)
		case "edges":
			err = eachItem(d, v.edge)
		default:
			var other json.RawMessage
			err = d.Decode(&other)
		}
		if err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if stamp == "" {
		return errNoHead
	}
	if _, err := d.Token(); err != io.EOF {
		return either(err, errBehind)
	}
	return nil
}

func either(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// eachItem visits the items of a list, one in memory at a time. Null is an
// empty list.
func eachItem[T any](d *json.Decoder, visit func(*T) error) error {
	t, err := d.Token()
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('[') {
		return errors.New("a list was expected")
	}
	for d.More() {
		item := new(T)
		if err := d.Decode(item); err != nil {
			return err
		}
		if err := visit(item); err != nil {
			return visitError{err}
		}
	}
	_, err = d.Token()
	return err
}
