package jsbridge

import (
	"bytes"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/mapgraph"
)

var update = flag.Bool("update", false, "write testdata/golden.json anew")

// golden is one example of the protocol: its bytes and what they mean. Value
// is in the notation of treeBuilder; a frame's is an object of its fields.
type golden struct {
	Name  string `json:"name"`
	Hex   string `json:"hex"`
	Value any    `json:"value"`
}

type goldenFile struct {
	About    string   `json:"about"`
	Version  int      `json:"version"`
	Values   []golden `json:"values"`
	Requests []golden `json:"requests"`
	Answers  []golden `json:"answers"`
}

const goldenName = "testdata/golden.json"

// Embedded, because in a page there are no files to read.
//
//go:embed testdata/golden.json
var goldenBytes []byte

// TestGolden holds the protocol still: a change of bytes shows in review as a
// change of testdata/golden.json, which the page's tests read too.
func TestGolden(t *testing.T) {
	have := goldenFile{
		About:   "Written by go test ./jsbridge -run TestGolden -update. See PROTOCOL.md.",
		Version: ProtocolVersion, Values: goldenValues(t), Requests: goldenRequests(t), Answers: goldenAnswers(t),
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	require.NoError(t, enc.Encode(have))
	if *update {
		require.NoError(t, os.WriteFile(filepath.FromSlash(goldenName), out.Bytes(), 0o644))
		return
	}
	want := goldenBytes
	if !bytes.Equal(want, out.Bytes()) {
		old, now := bytes.Split(want, []byte("\n")), bytes.Split(out.Bytes(), []byte("\n"))
		for i := range min(len(old), len(now)) {
			require.Equal(t, string(old[i]), string(now[i]), "line %d of %s", i+1, goldenName)
		}
		require.Len(t, now, len(old))
	}
}

var valueCases = []struct {
	name  string
	value graph.Value
}{
	{"null", graph.Null},
	{"false", graph.Bool(false)},
	{"true", graph.Bool(true)},
	{"int 0", graph.Int(0)},
	{"int -1", graph.Int(-1)},
	{"int 127", graph.Int(127)},
	{"int 128", graph.Int(128)},
	{"int -129", graph.Int(-129)},
	{"int 2^31-1", graph.Int(math.MaxInt32)},
	{"int 2^31", graph.Int(1 << 31)},
	{"int 2^53-1", graph.Int(maxSafe)},
	{"int 2^53", graph.Int(maxSafe + 1)},
	{"int least", graph.Int(math.MinInt64)},
	{"int greatest", graph.Int(math.MaxInt64)},
	{"float 1.5", graph.Float(1.5)},
	{"float 1", graph.Float(1)},
	{"float -0", graph.Float(math.Copysign(0, -1))},
	{"float NaN", graph.Float(math.NaN())},
	{"float infinity", graph.Float(math.Inf(1))},
	{"float -infinity", graph.Float(math.Inf(-1))},
	{"string empty", graph.String("")},
	{"string", graph.String("Grüße, 世界 🌍")},
	{"string zero byte", graph.String("a\x00b")},
	{"bytes", graph.Bytes([]byte{0, 1, 0xFF})},
	{"list empty", graph.List(nil)},
	{"list", graph.List([]graph.Value{graph.Int(1), graph.Null, graph.List([]graph.Value{graph.String("x")})})},
	{"map empty", graph.MapValue(nil)},
	{"map", graph.MapValue(graph.NewMap([]graph.Entry{
		{Key: "b", Value: graph.Int(2)}, {Key: "a", Value: graph.List([]graph.Value{graph.Bool(true)})}}))},
	{"map of hostile names", graph.MapValue(graph.NewMap([]graph.Entry{
		{Key: "__proto__", Value: graph.Int(1)}, {Key: "constructor", Value: graph.Int(2)},
		{Key: "then", Value: graph.Int(3)}, {Key: "", Value: graph.Int(4)}}))},
	{"date", graph.Date(20_000)},
	{"date before 1970", graph.Date(-1)},
	{"local time", graph.LocalTime(45_296_000_000_001)},
	{"time", graph.Time(45_296_000_000_000, 3600)},
	{"time UTC", graph.Time(0, 0)},
	{"local datetime", graph.LocalDateTime(1_700_000_000, 5_000_000)},
	{"datetime with offset", graph.DateTime(graph.Zoned{Seconds: 1_700_000_000, Nanos: 1, Offset: -5 * 3600})},
	{"datetime with zone", graph.DateTime(graph.Zoned{Seconds: 1_700_000_000, Offset: 3600, Zone: "Europe/Stockholm"})},
	{"local datetime, first", graph.LocalDateTime(-31557014135596800, 1)},
	{"datetime, last", graph.DateTime(graph.Zoned{Seconds: 31556889832845599, Nanos: 999_999_999, Offset: -64800})},
	{"datetime before there were zones", graph.DateTime(graph.Zoned{Seconds: -4779141564, Nanos: 142_000_000, Offset: 3208, Zone: "Europe/Stockholm"})},
	{"duration below zero", graph.Duration(graph.Span{Days: 1, Seconds: -1, Nanos: 500_000_000})},
	{"duration", graph.Duration(graph.Span{Months: 14, Days: 3, Seconds: 3723, Nanos: 500_000_000})},
	{"duration empty", graph.Duration(graph.Span{})},
	{"point 2D", graph.Point(graph.Coordinates{SRID: 7203, X: 1.5, Y: -2})},
	{"point 3D", graph.Point(graph.Coordinates{SRID: 4979, X: 18.0625, Y: 59.25, Z: 28})},
	{"vector", graph.Vector([]float32{0.5, -1, 3})},
}

func goldenValues(t *testing.T) []golden {
	var out []golden
	for _, c := range valueCases {
		b, err := appendValue(nil, c.value, nil)
		require.NoError(t, err, c.name)
		in := &cursor{b: b}
		tree := readValue[any](in, treeBuilder{}, nil, MaxDepth)
		require.NoError(t, in.err, c.name)
		require.Equal(t, len(b), in.at, c.name)

		in = &cursor{b: b}
		again, err := appendValue(nil, readValue(in, valueBuilder{}, nil, MaxDepth), nil)
		require.NoError(t, err, c.name)
		require.Equal(t, b, again, c.name)
		out = append(out, golden{c.name, hex.EncodeToString(b), tree})
	}
	return out
}

var parameters = []graph.Entry{{Key: "age", Value: graph.Int(30)}, {Key: "names", Value: graph.List([]graph.Value{graph.String("Åsa")})}}

var (
	goldenOrigin   = pocketgraph.Origin{Client: [16]byte{0xC0, 1: 0xFF, 15: 1}, Request: 1 << 40, Acknowledged: 41, Since: 7}
	repeatedOrigin = pocketgraph.Origin{Client: goldenOrigin.Client, Request: 2, Since: 7, Repeated: true}
)

var requestCases = []struct {
	name    string
	request Request
}{
	{"HELLO", Request{Op: OpHello, ID: 1, Version: ProtocolVersion, Who: "pocketgraph 0.1.0"}},
	{"OPEN", Request{Op: OpOpen, ID: 2, Open: OpenRequest{Name: "movies"}}},
	{"OPEN create", Request{Op: OpOpen, ID: 3, Timeout: 5000, Open: OpenRequest{Name: "filme", Create: 1, Storage: StorageOPFS, Relaxed: true, FlushInterval: 250}}},
	{"OPEN recover", Request{Op: OpOpen, ID: 4, Open: OpenRequest{Name: "movies", Create: 2, Storage: StorageMemory, Salvage: true}}},
	{"OPEN with a memory limit", Request{Op: OpOpen, ID: 4, Open: OpenRequest{Name: "movies", MemoryLimit: 128 << 20}}},
	{"OPEN with history", Request{Op: OpOpen, ID: 4, Open: OpenRequest{Name: "movies", HistoryBytes: 1 << 40, HistoryAge: 86_400_000}}},
	{"DESTROY", Request{Op: OpDestroy, ID: 5, Open: OpenRequest{Name: "movies", Storage: StorageOPFS}}},
	{"LIST", Request{Op: OpList, ID: 6}},
	{"CLOSE", Request{Op: OpClose, ID: 7, Database: 1}},
	{"QUERY", Request{Op: OpQuery, ID: 8, Database: 1, Timeout: 1000, Text: "MATCH (p:Person) WHERE p.age > $age RETURN p", Entries: parameters}},
	{"QUERY stream in a transaction of a tab", Request{Op: OpQuery, Client: 3, ID: 9, Database: 1, Tx: 7, Credit: 4, Text: "RETURN 1"}},
	{"MORE", Request{Op: OpMore, Client: 3, ID: 9, Database: 1, Credit: 2}},
	{"CANCEL", Request{Op: OpCancel, ID: 8, Database: 1}},
	{"BEGIN", Request{Op: OpBegin, ID: 10, Database: 1, Write: true}},
	{"COMMIT", Request{Op: OpCommit, ID: 11, Database: 1, Tx: 7}},
	{"ROLLBACK", Request{Op: OpRollback, ID: 12, Database: 1, Tx: 7}},
	{"CREATE_NODE", Request{Op: OpCreateNode, ID: 13, Database: 1, Labels: []string{"Person", "Ärzt in"},
		Entries: []graph.Entry{{Key: "name", Value: graph.String("Ada")}}}},
	{"CREATE_RELATIONSHIP", Request{Op: OpCreateRelationship, ID: 14, Database: 1, Start: 1, End: 1 << 60, Type: "KNOWS",
		Entries: []graph.Entry{{Key: "since", Value: graph.Date(0)}}}},
	{"SNAPSHOT", Request{Op: OpSnapshot, ID: 15, Database: 1}},
	{"CHECK", Request{Op: OpCheck, ID: 16, Database: 1}},
	{"STATS", Request{Op: OpStats, ID: 17, Database: 1}},
	{"DIAGNOSTICS", Request{Op: OpDiagnostics, ID: 18, Database: 1}},
	{"INFO", Request{Op: OpInfo, ID: 19, Database: 1}},
	{"PING", Request{Op: OpPing, ID: 20}},
	{"BYE", Request{Op: OpBye, Client: 3, ID: 21}},
	{"QUERY with a name", Request{Op: OpQuery, ID: 23, Database: 1, Text: "CREATE (:N)", Origin: goldenOrigin}},
	{"COMMIT repeated", Request{Op: OpCommit, Client: 3, ID: 24, Database: 1, Origin: repeatedOrigin}},
	{"REGISTER_TABLE", Request{Op: OpRegisterTable, ID: 22, Database: 1, Text: "my.names(id :: INTEGER?) :: (name :: STRING?)",
		Rows: []graph.Value{graph.List([]graph.Value{graph.Int(1), graph.String("Ada")}), graph.List([]graph.Value{graph.Int(2), graph.Null})}}},
	{"CHANGES", Request{Op: OpChanges, ID: 23, Database: 1, Credit: 2, Follow: true, Text: "0102030405060708090a0b0c0d0e0f10:1:42"}},
	{"LIVE", Request{Op: OpLive, ID: 24, Database: 1, Credit: 1, Text: "MATCH (p:Person) WHERE p.age > $age RETURN p", Entries: parameters}},
	{"METADATA", Request{Op: OpMetadata, ID: 25, Database: 1, Tx: 7, Metadata: []graph.Entry{{Key: "who", Value: graph.String("Ada")}}}},
	{"QUERY_WITH", Request{Op: OpQuery, ID: 26, Database: 1, Text: "CREATE (n)", Entries: parameters,
		Metadata: []graph.Entry{{Key: "who", Value: graph.String("Ada")}, {Key: "why", Value: graph.String("")}}}},
	{"EVENTS", Request{Op: OpEvents, ID: 27, Database: 1, Slower: 250}},
	{"QUERY with files", Request{Op: OpQuery, ID: 23, Database: 1, Text: "LOAD CSV FROM 'a.csv' AS row RETURN row", Files: true}},
	{"REGISTER", Request{Op: OpRegister, ID: 24, Database: 1, Text: "my.slug(title :: STRING) :: STRING"}},
	{"REGISTER a procedure of a module", Request{Op: OpRegister, ID: 25, Database: 1, Text: "my.p() :: (a :: ANY?)",
		Entries: []graph.Entry{nested("module", word("url", "https://example.org/p.js")), truth("procedure", true)}}},
	{"UNREGISTER", Request{Op: OpUnregister, ID: 26, Database: 1, Text: "my.slug"}},
	{"REPLY", Request{Op: OpReply, ID: 24, Database: 1, Credit: 7, Entries: []graph.Entry{{Key: "value", Value: graph.List([]graph.Value{graph.String("a-b")})}}}},
	{"REPLY with an error", Request{Op: OpReply, ID: 24, Database: 1, Credit: 8, Text: "no such file", Entries: []graph.Entry{word("detail", "NotFound")}}},
	{"BULK", Request{Op: OpBulk, ID: 50, Database: 1, Tx: 3, Bulk: []byte{0, 0, 1, 1, 2, 1, 'T', 1, 'k', 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 0, 7, 0, 0, 0}}},
	{"EXPORT", Request{Op: OpExport, ID: 51, Database: 1, Credit: 8}},
}

func goldenRequests(t *testing.T) []golden {
	var out []golden
	for _, c := range requestCases {
		b, err := AppendRequest(nil, &c.request)
		require.NoError(t, err, c.name)
		frame, rest, err := nextFrame(b, requestHeader)
		require.NoError(t, err, c.name)
		require.Empty(t, rest)
		parsed, err := ParseRequest(frame)
		require.NoError(t, err, c.name)
		again, err := AppendRequest(nil, parsed)
		require.NoError(t, err, c.name)
		require.Equal(t, b, again, c.name)
		out = append(out, golden{c.name, hex.EncodeToString(b), requestTree(parsed)})
	}
	return out
}

// requestTree shows the fields that count for the operation.
func requestTree(r *Request) object {
	o := object{"kind": r.Op, "client": r.Client, "id": r.ID, "database": r.Database, "transaction": r.Tx, "timeout": r.Timeout}
	list := func(name string, entries []graph.Entry) {
		m := object{}
		for _, e := range entries {
			b, _ := appendValue(nil, e.Value, nil)
			m[e.Key] = readValue[any](&cursor{b: b}, treeBuilder{}, nil, MaxDepth)
		}
		o[name] = m
	}
	entries := func(name string) { list(name, r.Entries) }
	if r.Origin.Named() {
		n := &r.Origin
		o["name of request"] = object{"client": hex.EncodeToString(n.Client[:]), "request": decimal(n.Request),
			"acknowledged": decimal(n.Acknowledged), "since": decimal(n.Since), "repeated": n.Repeated}
	}
	switch r.Op {
	case OpHello:
		o["version"], o["who"] = r.Version, r.Who
	case OpOpen:
		o["name"], o["create"], o["storage"] = r.Open.Name, r.Open.Create, r.Open.Storage
		o["relaxed"], o["salvage"], o["flushInterval"] = r.Open.Relaxed, r.Open.Salvage, r.Open.FlushInterval
		if r.Open.HistoryBytes|r.Open.HistoryAge != 0 {
			o["historyBytes"], o["historyAge"] = r.Open.HistoryBytes, r.Open.HistoryAge
		}
		if r.Open.MemoryLimit != 0 {
			o["historyBytes"], o["historyAge"], o["memoryLimit"] = r.Open.HistoryBytes, r.Open.HistoryAge, r.Open.MemoryLimit
		}
	case OpDestroy:
		o["name"], o["storage"] = r.Open.Name, r.Open.Storage
	case OpList:
		o["storage"] = r.Open.Storage
	case OpQuery, OpLive:
		o["credit"], o["text"], o["files"] = r.Credit, r.Text, r.Files
		entries("parameters")
		if r.Metadata != nil {
			o["kind"] = OpQueryWith
			list("metadata", r.Metadata)
		}
	case OpEvents:
		o["slowerThan"] = r.Slower
	case OpMetadata:
		list("metadata", r.Metadata)
	case OpChanges:
		o["credit"], o["follow"], o["since"] = r.Credit, r.Follow, r.Text
	case OpMore, OpExport:
		o["credit"] = r.Credit
	case OpBulk:
		o["body"] = hex.EncodeToString(r.Bulk)
	case OpBegin:
		o["write"] = r.Write
	case OpCreateNode:
		o["labels"] = r.Labels
		entries("properties")
	case OpCreateRelationship:
		o["start"], o["end"], o["type"] = decimal(r.Start), decimal(r.End), r.Type
		entries("properties")
	case OpRegisterTable:
		b, _ := appendValue(nil, graph.List(r.Rows), nil)
		o["signature"], o["rows"] = r.Text, readValue[any](&cursor{b: b}, treeBuilder{}, nil, MaxDepth)
	case OpRegister, OpReply, OpUnregister:
		o["number"], o["text"] = r.Credit, r.Text
		entries("more")
	}
	return o
}

// goldenGraph holds two people who know each other.
func goldenGraph(t *testing.T) *mapgraph.Graph {
	g := mapgraph.New()
	label := func(name string) graph.LabelID { id, err := g.Label(name); require.NoError(t, err); return id }
	key := func(name string) graph.KeyID { id, err := g.Key(name); require.NoError(t, err); return id }
	knows, err := g.Type("KNOWS")
	require.NoError(t, err)
	person, hostile := label("Person"), label("__proto__")
	ada, err := g.CreateNode([]graph.LabelID{person}, []graph.Property{
		{Key: key("name"), Value: graph.String("Ada")}, {Key: key("born"), Value: graph.Date(-56_269)}})
	require.NoError(t, err)
	bo, err := g.CreateNode([]graph.LabelID{person, hostile}, []graph.Property{
		{Key: key("name"), Value: graph.String("Bö")}, {Key: key("__proto__"), Value: graph.Int(7)},
		{Key: key("scores"), Value: graph.List([]graph.Value{graph.Int(1), graph.Int(2)})}})
	require.NoError(t, err)
	_, err = g.CreateRel(ada, bo, knows, []graph.Property{{Key: key("since"), Value: graph.Int(1843)}})
	require.NoError(t, err)
	return g
}

func column(v ...graph.Value) []graph.Value { return v }

var rowsCases = []struct {
	name    string
	columns [][]graph.Value
}{
	{"one integer", [][]graph.Value{column(graph.Int(1))}},
	{"every encoding", [][]graph.Value{
		column(graph.Null, graph.Null, graph.Null),
		column(graph.Int(1), graph.String("two"), graph.Null),
		column(graph.Int(1), graph.Int(math.MinInt32), graph.Int(3)),
		column(graph.Int(1), graph.Int(maxSafe), graph.Int(-maxSafe)),
		column(graph.Int(1), graph.Int(maxSafe+1), graph.Int(math.MinInt64)),
		column(graph.Float(0.5), graph.Float(math.NaN()), graph.Float(math.Inf(-1))),
		column(graph.Bool(true), graph.Bool(false), graph.Bool(true)),
		column(graph.String("a"), graph.String(""), graph.String("日本 🌍")),
		column(graph.NodeValue(1), graph.NodeValue(0), graph.NodeValue(1)),
		column(graph.RelValue(0), graph.RelValue(0), graph.RelValue(0)),
		column(graph.PathValue(&graph.Path{Nodes: []graph.Node{0, 1}, Rels: []graph.Rel{0}}),
			graph.PathValue(&graph.Path{Nodes: []graph.Node{1}}), graph.List([]graph.Value{graph.NodeValue(0)})),
	}},
	{"every encoding with nulls", [][]graph.Value{
		column(graph.Null, graph.Int(5), graph.Null),
		column(graph.Null, graph.Int(1<<40), graph.Null),
		column(graph.Null, graph.Int(1<<60), graph.Null),
		column(graph.Null, graph.Float(2), graph.Null),
		column(graph.Null, graph.Bool(true), graph.Null),
		column(graph.Null, graph.String("x"), graph.Null),
		column(graph.Null, graph.NodeValue(0), graph.Null),
		column(graph.Null, graph.RelValue(0), graph.Null),
	}},
}

func goldenAnswers(t *testing.T) []golden {
	var out []golden
	add := func(name string, frame []byte) {
		got, rest, err := nextFrame(frame, frameHeader)
		require.NoError(t, err, name)
		require.Empty(t, rest)
		tree, err := answerTree(got)
		require.NoError(t, err, name)
		out = append(out, golden{name, hex.EncodeToString(frame), tree})
	}
	h := header{client: 3, id: 9, database: 1}
	add("HELLO", appendHello(nil, header{id: 1}))
	done, err := appendMapAnswer(nil, AnswerDone, h, graph.NewMap([]graph.Entry{
		{Key: "counters", Value: graph.MapValue(graph.NewMap([]graph.Entry{{Key: "nodesCreated", Value: graph.Int(2)}}))},
		{Key: "sequence", Value: graph.Int(12)}}))
	require.NoError(t, err)
	add("DONE", done)
	empty, err := appendMapAnswer(nil, AnswerDone, h, nil)
	require.NoError(t, err)
	add("DONE empty", empty)
	progress, err := appendMapAnswer(nil, AnswerProgress, h, graph.NewMap([]graph.Entry{
		{Key: "stage", Value: graph.String("recovery")}, {Key: "done", Value: graph.Int(10)}, {Key: "total", Value: graph.Int(0)}}))
	require.NoError(t, err)
	add("PROGRESS", progress)
	add("ERROR", appendError(nil, h, &Failure{Code: "LOCKED", Message: "movies is open in another tab", Hint: "close it there"}))
	add("ERROR of a query", appendError(nil, h, &Failure{Code: "SyntaxError", Message: "variable `q` is not defined", Phase: "compile",
		Detail: "UndefinedVariable", Offset: 21, Line: 1, Column: 22, Excerpt: "MATCH (p:Person) RETURN q\n                        ^"}))
	add("HEAD", appendHead(nil, h, []string{"name", "__proto__", "naïve"}))
	add("HEAD without columns", appendHead(nil, h, nil))
	g := goldenGraph(t)
	for _, c := range rowsCases {
		rows := len(c.columns[0])
		frame, n, err := newBatchEncoder().appendSome(nil, h, g, c.columns, 0, rows, new(room))
		require.NoError(t, err, c.name)
		require.Equal(t, rows, n, c.name)
		add("ROWS "+c.name, frame)
	}
	call, _, err := newBatchEncoder().appendSome(nil, h, g, [][]graph.Value{column(graph.NodeValue(0), graph.Null), column(graph.Int(1), graph.Int(2))}, 0, 2, new(room))
	require.NoError(t, err)
	makeCall(call, 7)
	add("CALL", call)
	none, _, err := newBatchEncoder().appendSome(nil, h, g, nil, 0, 3, new(room))
	require.NoError(t, err)
	makeCall(none, 8)
	add("CALL without arguments", none)
	read, err := appendMapAnswer(nil, AnswerRead, h, summary(word("address", "people.csv"), count("call", 9), count("file", 7)))
	require.NoError(t, err)
	add("READ", read)
	module, err := appendMapAnswer(nil, AnswerModule, h, summary(count("call", 10), nested("module", word("url", "https://example.org/p.js"))))
	require.NoError(t, err)
	add("MODULE", module)
	there, start := beginFrame(nil, byte(AnswerThere), header{client: 3})
	add("THERE", endFrame(there, start))
	return out
}

var answerNames = map[AnswerKind]string{AnswerHello: "HELLO", AnswerDone: "DONE", AnswerError: "ERROR",
	AnswerHead: "HEAD", AnswerRows: "ROWS", AnswerProgress: "PROGRESS"}

// answerTree decodes an answer frame.
func answerTree(frame []byte) (object, error) {
	h := frameHeaderOf(frame)
	kind := AnswerKind(frame[4])
	o := object{"kind": kind, "client": h.client, "id": h.id, "database": h.database}
	c := &cursor{b: frame, at: frameHeader}
	switch kind {
	case AnswerHello:
		o["version"], o["engine"] = c.u32(), c.text()
	case AnswerDone, AnswerError, AnswerProgress, AnswerRead, AnswerModule:
		m := readContainer[any](c, tagMap, treeBuilder{}, nil, MaxDepth)
		o["map"] = m
	case AnswerData:
		o["bytes"] = append([]byte(nil), c.take(int(c.u32()))...)
	case AnswerHead:
		o["columns"] = texts(c)
	case AnswerRows:
		rows, err := rowsTree(frame)
		if err != nil {
			return nil, err
		}
		o["rows"] = rows
	case AnswerCall:
		rows, err := rowsTree(frame)
		if err != nil {
			return nil, err
		}
		o["call"], o["rows"] = getU32(frame[batchNumber:]), rows
	}
	return o, c.err
}

func texts(c *cursor) []string {
	list := []string{}
	for n := c.count(); n > 0 && c.err == nil; n-- {
		list = append(list, c.text())
	}
	return list
}

// rowsTree decodes a batch into rows.
func rowsTree(frame []byte) ([][]any, error) {
	b, err := readBatch[any](frame, treeBuilder{})
	if err != nil {
		return nil, err
	}
	rows := make([][]any, b.Rows)
	for i := range b.Columns {
		column, err := b.column(i)
		if err != nil {
			return nil, err
		}
		for r := range rows {
			rows[r] = append(rows[r], column[r])
		}
	}
	return rows, nil
}
