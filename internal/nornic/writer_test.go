package nornic

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// writer makes logs and snapshots as NornicDB does.
type writer struct {
	log      []byte
	form     form
	sequence uint64
	now      time.Time
	database string
	starts   []int // of the records
}

func newWriter(f form) *writer {
	return &writer{form: f, now: time.Date(2025, 12, 4, 7, 29, 11, 0, time.FixedZone("", -7*3600))}
}

// op appends an entry; data is the JSON of the operation.
func (w *writer) op(op, data string, args ...any) *writer {
	w.sequence++
	w.now = w.now.Add(time.Millisecond)
	return w.record(w.payload(op, fmt.Sprintf(data, args...)))
}

func (w *writer) payload(op, data string) []byte {
	e := struct {
		Sequence  uint64    `json:"seq"`
		Timestamp time.Time `json:"ts"`
		Operation string    `json:"op"`
		Data      []byte    `json:"data"`
		Checksum  uint32    `json:"checksum"`
		Database  string    `json:"database,omitempty"`
	}{w.sequence, w.now, op, []byte(data), checksum([]byte(data)), w.database}
	b, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return b
}

func (w *writer) record(payload []byte) *writer {
	w.starts = append(w.starts, len(w.log))
	w.log = append(w.log, framedAs(w.form, payload)...)
	return w
}

func framedAs(f form, payload []byte) []byte {
	if f == legacy {
		return append(payload, '\n')
	}
	b := append([]byte(magic), byte(f))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload)))
	b = append(b, payload...)
	b = binary.LittleEndian.AppendUint32(b, checksum(payload))
	if f == version2 {
		b = append(b, trailer...)
		b = append(b, make([]byte, int(padded(int64(len(payload))))-len(b))...)
	}
	return b
}

// Operations that the tests need often. Properties are JSON.

func nodeJSON(id, labels, properties string) string {
	return fmt.Sprintf(`{"id":%q,"labels":%s,"properties":%s}`, id, labels, properties)
}

func edgeJSON(id, start, end, properties string) string {
	return fmt.Sprintf(`{"id":%q,"startNode":%q,"endNode":%q,"type":"R","properties":%s}`, id, start, end, properties)
}

func (w *writer) node(op, id, properties, tx string) *writer {
	return w.op(op, `{"node":%s%s}`, nodeJSON(id, `["N"]`, properties), txField(tx))
}

func (w *writer) edge(op, id, start, end, tx string) *writer {
	return w.op(op, `{"edge":%s%s}`, edgeJSON(id, start, end, `{}`), txField(tx))
}

func (w *writer) delete(op, id string) *writer { return w.op(op, `{"id":%q}`, id) }

func (w *writer) tx(op, id string) *writer { return w.op(op, `{"tx_id":%q}`, id) }

func txField(tx string) string {
	if tx == "" {
		return ""
	}
	return fmt.Sprintf(`,"tx_id":%q`, tx)
}

// snapshot is one of now.
func (w *writer) snapshot(nodes, edges []string) []byte {
	stamp, _ := w.now.MarshalText()
	return fmt.Appendf(nil, "{\n  \"sequence\": %d,\n  \"timestamp\": %q,\n  \"nodes\": [%s],\n  \"edges\": [%s],\n  \"version\": \"1.0\"\n}\n",
		w.sequence, stamp, strings.Join(nodes, ",\n"), strings.Join(edges, ",\n"))
}
