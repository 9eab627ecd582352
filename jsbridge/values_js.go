//go:build js && wasm

package jsbridge

import (
	"math"
	"strconv"
	"syscall/js"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/graph/temporal"
)

var (
	jsObject  = js.Global().Get("Object")
	jsArray   = js.Global().Get("Array")
	toString  = jsObject.Get("prototype").Get("toString")
	jsString  = js.Global().Get("String")
	jsBigInt  = js.Global().Get("BigInt")
	byteArray = js.Global().Get("Uint8Array")
)

// tagOf names the type of a value as Object.prototype.toString does. It comes
// first because package syscall/js panics when it is asked about a BigInt.
func tagOf(v js.Value) string {
	s := toString.Call("call", v).String()
	return s[len("[object ") : len(s)-1]
}

// fromJS makes a parameter of a JavaScript value. A number without fraction
// is an Integer while it is exact; undefined is null; a Date is a DateTime, and
// so is { $datetime: text }; likewise for the other dates, times and durations.
func fromJS(v js.Value, depth int) (graph.Value, error) {
	if depth < 0 {
		return graph.Null, ErrTooDeep
	}
	switch tag := tagOf(v); tag {
	case "Undefined", "Null":
		return graph.Null, nil
	case "Boolean":
		return graph.Bool(v.Bool()), nil
	case "Number":
		return fromNumber(v.Float()), nil
	case "BigInt":
		i, err := strconv.ParseInt(jsString.Invoke(v).String(), 10, 64)
		if err != nil {
			return graph.Null, invalid("an integer needs more than 64 bits")
		}
		return graph.Int(i), nil
	case "String":
		return graph.String(jsString.Invoke(v).String()), nil
	case "Uint8Array":
		b := make([]byte, v.Get("length").Int())
		js.CopyBytesToGo(b, v)
		return graph.Bytes(b), nil
	case "Float32Array":
		f := make([]float32, v.Get("length").Int())
		for i := range f {
			f[i] = float32(v.Index(i).Float())
		}
		return graph.Vector(f), nil
	case "Date":
		ms := v.Call("getTime").Float()
		if math.IsNaN(ms) {
			return graph.Null, invalid("an invalid Date")
		}
		seconds := math.Floor(ms / 1000)
		return graph.DateTime(graph.Zoned{Seconds: int64(seconds), Nanos: int32(ms-seconds*1000) * 1e6}), nil
	case "Array":
		items := make([]graph.Value, v.Length())
		for i := range items {
			var err error
			if items[i], err = fromJS(v.Index(i), depth-1); err != nil {
				return graph.Null, err
			}
		}
		return graph.List(items), nil
	case "Object":
		return fromObject(v, depth)
	default:
		return graph.Null, invalid("a " + tag + " cannot be a parameter")
	}
}

func fromNumber(f float64) graph.Value {
	if f == math.Trunc(f) && math.Abs(f) <= maxSafe && !(f == 0 && math.Signbit(f)) {
		return graph.Int(int64(f))
	}
	return graph.Float(f)
}

func fromObject(v js.Value, depth int) (graph.Value, error) {
	pairs := jsObject.Call("entries", v)
	entries := make([]graph.Entry, pairs.Length())
	for i := range entries {
		pair := pairs.Index(i)
		item, err := fromJS(pair.Index(1), depth-1)
		if err != nil {
			return graph.Null, err
		}
		entries[i] = graph.Entry{Key: pair.Index(0).String(), Value: item}
	}
	if len(entries) == 1 && entries[0].Value.Kind() == graph.KindString {
		v, known, err := temporal.FromTagged(entries[0].Key, entries[0].Value.AsString())
		if err != nil {
			return graph.Null, invalid(err.Error())
		}
		if known {
			return v, nil
		}
	}
	return graph.MapValue(graph.NewMap(entries)), nil
}

// jsBuilder makes plain JavaScript values, the same as the npm package: see
// the package documentation.
type jsBuilder struct {
	prefix string // of element ids
}

// id makes an element id; letter is n or r.
func (b jsBuilder) id(letter string, id uint64) js.Value {
	return js.ValueOf(b.prefix + ":" + letter + ":" + decimalText(id))
}

func (jsBuilder) Null() js.Value           { return js.Null() }
func (jsBuilder) Bool(v bool) js.Value     { return js.ValueOf(v) }
func (jsBuilder) Float(v float64) js.Value { return js.ValueOf(v) }
func (jsBuilder) String(v string) js.Value { return js.ValueOf(v) }

func (jsBuilder) Int(v int64) js.Value {
	if v >= -maxSafe && v <= maxSafe {
		return js.ValueOf(float64(v))
	}
	return jsBigInt.Invoke(strconv.FormatInt(v, 10))
}

func (jsBuilder) Bytes(v []byte) js.Value {
	out := byteArray.New(len(v))
	js.CopyBytesToJS(out, v)
	return out
}

func (jsBuilder) List(v []js.Value) js.Value {
	out := jsArray.New(len(v))
	for i, item := range v {
		out.SetIndex(i, item)
	}
	return out
}

// Map makes own properties whatever their names are: Object.fromEntries
// defines, it does not assign.
func (b jsBuilder) Map(keys []string, values []js.Value) js.Value {
	pairs := jsArray.New(len(keys))
	for i, key := range keys {
		pairs.SetIndex(i, b.List([]js.Value{js.ValueOf(key), values[i]}))
	}
	return jsObject.Call("fromEntries", pairs)
}

func (b jsBuilder) object(key string, v any) js.Value {
	return b.Map([]string{key}, []js.Value{js.ValueOf(v)})
}

func (b jsBuilder) Temporal(v graph.Value) js.Value {
	if v.IsNull() {
		return js.Null()
	}
	key, text := temporal.Tagged(v)
	return b.object(key, text)
}

func (b jsBuilder) Point(c graph.Coordinates) js.Value {
	keys, values := []string{"srid", "x", "y"}, []js.Value{js.ValueOf(int(c.SRID)), js.ValueOf(c.X), js.ValueOf(c.Y)}
	if c.SRID == 9157 || c.SRID == 4979 {
		keys, values = append(keys, "z"), append(values, js.ValueOf(c.Z))
	}
	return b.object("$point", b.Map(keys, values))
}

func (jsBuilder) Vector(v []float32) js.Value {
	out := js.Global().Get("Float32Array").New(len(v))
	for i, f := range v {
		out.SetIndex(i, f)
	}
	return out
}

func (b jsBuilder) texts(v []string) js.Value {
	items := make([]js.Value, len(v))
	for i, s := range v {
		items[i] = js.ValueOf(s)
	}
	return b.List(items)
}

func (b jsBuilder) Node(id uint64, labels, keys []string, values []js.Value) js.Value {
	return b.Map([]string{"id", "labels", "properties"}, []js.Value{b.id("n", id), b.texts(labels), b.Map(keys, values)})
}

func (b jsBuilder) Relationship(id, start, end uint64, typ string, keys []string, values []js.Value) js.Value {
	return b.Map([]string{"id", "type", "start", "end", "properties"},
		[]js.Value{b.id("r", id), js.ValueOf(typ), b.id("n", start), b.id("n", end), b.Map(keys, values)})
}

func (b jsBuilder) Path(nodes, rels []js.Value) js.Value {
	return b.Map([]string{"nodes", "relationships"}, []js.Value{b.List(nodes), b.List(rels)})
}

// jsError makes an Error with the fields of a failure.
func jsError(f *Failure) js.Value {
	return errorOfFrames(appendError(nil, header{}, f))
}

// errorOfFrames makes an Error of the last frame, an ERROR.
func errorOfFrames(frames []byte) js.Value {
	fields, err := doneMap(frames)
	if err != nil {
		return js.Global().Get("Error").New(err.Error())
	}
	e := js.Global().Get("Error").New(fields.Get("message"))
	fields.Set("name", "PocketGraphError")
	return jsObject.Call("assign", e, fields)
}

// doneMap reads the map of the last frame, a DONE or an ERROR.
func doneMap(frames []byte) (js.Value, error) {
	v := js.Null()
	for len(frames) > 0 {
		frame, rest, err := nextFrame(frames, frameHeader)
		if err != nil {
			return v, err
		}
		if frames = rest; len(rest) == 0 {
			c := &cursor{b: frame, at: frameHeader}
			v = readContainer[js.Value](c, tagMap, jsBuilder{}, nil, MaxDepth)
			return v, c.err
		}
	}
	return v, ErrTruncated
}

// resultOf makes { columns, rows, summary } of a query's answers.
func (b jsBuilder) resultOf(frames []byte) (js.Value, error) {
	var columns []string
	rows := jsArray.New()
	summary, err := doneMap(frames)
	if err != nil {
		return summary, err
	}
	for len(frames) > 0 {
		frame, rest, err := nextFrame(frames, frameHeader)
		if err != nil {
			return summary, err
		}
		frames = rest
		switch AnswerKind(frame[4]) {
		case AnswerHead:
			c := &cursor{b: frame, at: frameHeader}
			for n := c.count(); n > 0; n-- {
				columns = append(columns, c.text())
			}
		case AnswerRows:
			if err := b.pushRows(rows, columns, frame); err != nil {
				return summary, err
			}
		}
	}
	return b.Map([]string{"columns", "rows", "summary"}, []js.Value{b.texts(columns), rows, summary}), nil
}

func (b jsBuilder) pushRows(rows js.Value, names []string, frame []byte) error {
	t, err := readBatch[js.Value](frame, b)
	if err != nil {
		return err
	}
	columns := make([][]js.Value, t.Columns)
	for i := range columns {
		if columns[i], err = t.column(i); err != nil {
			return err
		}
	}
	row := make([]js.Value, t.Columns)
	for r := range t.Rows {
		for i := range columns {
			row[i] = columns[i][r]
		}
		rows.Call("push", b.Map(names, row))
	}
	return nil
}
