package jsbridge

import (
	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Storage says where a database is to live.
type Storage uint8

// The storages, as OPEN names them.
const (
	StorageAuto Storage = iota
	StorageOPFS
	StorageIndexedDB
	StorageMemory
)

// OpenRequest is the body of OPEN.
type OpenRequest struct {
	Name          string
	Create        uint8 // 0 if missing, 1 must not exist, 2 must exist
	Storage       Storage
	Relaxed       bool
	Salvage       bool
	FlushInterval uint32 // milliseconds; 0 is the default
	HistoryBytes  uint64 // 0: no bound; below 2^53
	HistoryAge    uint64 // milliseconds; 0: no bound
	MemoryLimit   uint64 // bytes of memory that statements stop at; 0: no bound
}

// Request is a request frame, decoded. Which fields count depends on Op.
type Request struct {
	Op       Op
	Client   uint16
	ID       uint32
	Database uint32
	Tx       uint32
	Timeout  uint32             // milliseconds; 0 is none
	Origin   pocketgraph.Origin // zero: it has no name

	Version uint32 // HELLO
	Who     string // HELLO

	Open    OpenRequest   // OPEN; DESTROY and LIST use parts of it
	Credit  uint32        // QUERY, MORE, EXPORT; REPLY: the question's number
	Text    string        // QUERY, LIVE; the signature or name of what is registered; REPLY: an error; CHANGES: since when
	Write   bool          // BEGIN
	Follow  bool          // CHANGES
	Entries []graph.Entry // parameters or properties, as sent; of REGISTER, REPLY and UNREGISTER more about it

	Labels     []string // CREATE_NODE
	Start, End uint64   // CREATE_RELATIONSHIP
	Type       string   // CREATE_RELATIONSHIP

	Rows []graph.Value // REGISTER_TABLE: a list each

	Metadata []graph.Entry // QUERY with metadata, METADATA
	Slower   uint32        // EVENTS: milliseconds
	Files    bool          // QUERY: the client answers READ
	Bulk     []byte        // BULK: its body, see bulk.go
}

func (r *Request) header() header {
	return header{client: r.Client, id: r.ID, database: r.Database}
}

// params are the entries by name; of two with one name the last.
func (r *Request) params() map[string]graph.Value {
	params := make(map[string]graph.Value, len(r.Entries))
	for _, e := range r.Entries {
		params[e.Key] = e.Value
	}
	return params
}

// AppendRequest appends a request as a frame. It fails when a value cannot
// be sent (an element, or nesting deeper than MaxDepth); b is then unchanged.
func AppendRequest(b []byte, r *Request) ([]byte, error) {
	op := r.Op
	if op == OpQuery && r.Metadata != nil {
		op = OpQueryWith
	}
	out, start := beginFrame(b, byte(op), r.header())
	out = appendU32(appendU32(out, r.Tx), r.Timeout)
	if r.Origin.Named() {
		out = appendOrigin(out, start, &r.Origin)
	}
	if r.Files {
		out[start+5] |= flagFiles
	}
	var err error
	switch op {
	case OpHello:
		out = appendString(appendU32(out, r.Version), r.Who)
	case OpOpen:
		o := &r.Open
		out = appendString(out, o.Name)
		out = append(out, o.Create, byte(o.Storage), boolByte(o.Relaxed), boolByte(o.Salvage))
		out = appendU32(out, o.FlushInterval)
		if o.HistoryBytes|o.HistoryAge|o.MemoryLimit != 0 {
			out = appendU64(appendU64(out, o.HistoryBytes), o.HistoryAge)
		}
		if o.MemoryLimit != 0 {
			out = appendU64(out, o.MemoryLimit)
		}
	case OpDestroy:
		out = append(appendString(out, r.Open.Name), byte(r.Open.Storage))
	case OpList:
		out = append(out, byte(r.Open.Storage))
	case OpQuery, OpLive, OpRegister, OpReply, OpUnregister:
		out = appendString(appendU32(out, r.Credit), r.Text)
		out, err = appendEntries(out, r.Entries)
	case OpQueryWith:
		out = appendString(appendU32(out, r.Credit), r.Text)
		if out, err = appendEntries(out, r.Entries); err == nil {
			out, err = appendEntries(out, r.Metadata)
		}
	case OpEvents:
		out = appendU32(out, r.Slower)
	case OpMetadata:
		out, err = appendEntries(out, r.Metadata)
	case OpChanges:
		out = appendString(append(appendU32(out, r.Credit), boolByte(r.Follow)), r.Text)
	case OpMore, OpExport:
		out = appendU32(out, r.Credit)
	case OpBulk:
		out = append(appendVaruint(out, uint32(len(r.Bulk))), r.Bulk...)
	case OpBegin:
		out = append(out, boolByte(r.Write))
	case OpCreateNode:
		out = appendVaruint(out, uint32(len(r.Labels)))
		for _, l := range r.Labels {
			out = appendString(out, l)
		}
		out, err = appendEntries(out, r.Entries)
	case OpCreateRelationship:
		out = appendU64(appendU64(out, r.Start), r.End)
		out, err = appendEntries(appendString(out, r.Type), r.Entries)
	case OpRegisterTable:
		out = appendVaruint(appendString(out, r.Text), uint32(len(r.Rows)))
		for i := 0; i < len(r.Rows) && err == nil; i++ {
			out, err = appendValue(out, r.Rows[i], nil)
		}
	}
	if err != nil {
		return b, err
	}
	return endFrame(out, start), nil
}

func boolByte(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// ParseRequest decodes one whole frame, as nextFrame gave it. Strings and
// bytes are copied, so the frame may be reused. On error the header fields of
// the request are still right, so that the error can be answered.
func ParseRequest(frame []byte) (*Request, error) {
	r := &Request{}
	if len(frame) < requestHeader {
		return r, ErrTruncated
	}
	h := frameHeaderOf(frame)
	r.Op, r.Client, r.ID, r.Database = Op(frame[4]), h.client, h.id, h.database
	r.Tx, r.Timeout = getU32(frame[16:]), getU32(frame[20:])
	c := &cursor{b: frame, at: requestHeader}
	if frame[5]&flagNamed != 0 {
		if len(frame) < requestHeader+originLength {
			return r, ErrTruncated
		}
		c.origin(&r.Origin)
		r.Origin.Repeated = frame[5]&flagRepeated != 0
	}
	r.Files = frame[5]&flagFiles != 0
	r.parseBody(c)
	if c.err == nil && len(frame)-c.at > 7 && r.Op.known() {
		c.fail(ErrMalformed) // more than padding is left
	}
	return r, c.err
}

func (r *Request) parseBody(c *cursor) {
	switch r.Op {
	case OpHello:
		r.Version, r.Who = c.u32(), c.text()
	case OpOpen:
		o := &r.Open
		o.Name = c.text()
		o.Create, o.Storage = c.choice(2), Storage(c.choice(3))
		o.Relaxed, o.Salvage = c.choice(1) == 1, c.choice(1) == 1
		o.FlushInterval = c.u32()
		if len(c.b)-c.at >= 16 { // more than padding: they may be left out
			o.HistoryBytes, o.HistoryAge = min(c.u64(), maxSafe), min(c.u64(), maxAge)
		}
		if len(c.b)-c.at >= 8 {
			o.MemoryLimit = min(c.u64(), maxSafe)
		}
	case OpDestroy:
		r.Open.Name, r.Open.Storage = c.text(), Storage(c.choice(3))
	case OpList:
		r.Open.Storage = Storage(c.choice(3))
	case OpQuery, OpLive, OpRegister, OpReply, OpUnregister:
		r.Credit, r.Text = c.u32(), c.text()
		r.Entries = c.entries()
	case OpQueryWith:
		r.Op = OpQuery // it is one in everything else
		r.Credit, r.Text = c.u32(), c.text()
		r.Entries, r.Metadata = c.entries(), c.entries()
	case OpEvents:
		r.Slower = c.u32()
	case OpMetadata:
		r.Metadata = c.entries()
	case OpChanges:
		r.Credit, r.Follow, r.Text = c.u32(), c.choice(1) == 1, c.text()
	case OpMore, OpExport:
		r.Credit = c.u32()
	case OpBulk:
		r.Bulk = append(r.Bulk, c.take(c.count())...)
	case OpBegin:
		r.Write = c.choice(1) == 1
	case OpCreateNode:
		n := c.count()
		for i := 0; i < n && c.err == nil; i++ {
			r.Labels = append(r.Labels, c.text())
		}
		r.Entries = c.entries()
	case OpCreateRelationship:
		r.Start, r.End, r.Type = c.u64(), c.u64(), c.text()
		r.Entries = c.entries()
	case OpRegisterTable:
		r.Text = c.text()
		for n := c.count(); len(r.Rows) < n && c.err == nil; {
			r.Rows = append(r.Rows, readValue(c, valueBuilder{}, nil, MaxDepth))
		}
	}
}

// maxAge keeps a time in milliseconds within a time.Duration: 200 years.
const maxAge = 200 * 365 * 24 * 3600 * 1000

// entries reads a map without its tag.
func (c *cursor) entries() []graph.Entry {
	n := c.count()
	out := make([]graph.Entry, 0, min(n, 64))
	for i := 0; i < n && c.err == nil; i++ {
		key := c.text()
		out = append(out, graph.Entry{Key: key, Value: readValue(c, valueBuilder{}, nil, MaxDepth)})
	}
	return out
}

// origin reads what appendOrigin wrote, without the flags.
func (c *cursor) origin(o *pocketgraph.Origin) {
	c.at += copy(o.Client[:], c.b[c.at:])
	o.Request, o.Acknowledged, o.Since = c.u64(), c.u64(), c.u64()
}

//go:noinline
func appendOrigin(out []byte, start int, o *pocketgraph.Origin) []byte {
	out[start+5] = flagNamed | boolByte(o.Repeated)*flagRepeated
	out = append(out, o.Client[:]...)
	for _, n := range [...]uint64{o.Request, o.Acknowledged, o.Since} {
		out = appendU64(out, n)
	}
	return out
}
