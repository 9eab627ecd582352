//go:build js && wasm

package jsbridge

import (
	"syscall/js"

	"github.com/pocketgraph/pocketgraph/graph"
	"github.com/pocketgraph/pocketgraph/internal/jsutil"
)

// objectClient is the client number under which globalThis.pocketgraph
// speaks. Brokers number from 1, so they never meet.
const objectClient = 0xFFFF

// objectSide is what belongs to globalThis.pocketgraph: promises by request,
// and the databases it has openDatabase by name.
type objectSide struct {
	p        *page
	lastID   uint32
	pending  map[uint32]*pending
	database map[string]openDatabase
}

// openDatabase is a database that the object has opened.
type openDatabase struct {
	id     uint32
	prefix string // of its element ids
}

// pending is a promise of the object's.
type pending struct {
	frames []byte // its answers so far, copied
	settle func(frames []byte, end AnswerKind)
}

// setObject sets globalThis.pocketgraph. The package documentation says what
// it promises.
func (p *page) setObject() {
	o := &p.object
	o.p, o.pending, o.database = p, map[uint32]*pending{}, map[string]openDatabase{}
	object := js.Global().Get("Object").New()
	for name, method := range map[string]func([]js.Value) (*Request, settler, error){
		"create":   o.create,
		"open":     o.open,
		"recover":  o.recover,
		"query":    o.query,
		"snapshot": o.snapshot,
		"close":    o.close,
	} {
		object.Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any { return o.promise(method, args) }))
	}
	object.Set("protocol", ProtocolVersion)
	object.Set("version", EngineVersion)
	js.Global().Set("pocketgraph", js.Global().Get("Object").Call("freeze", object))
}

// settler makes a method's result from its answers.
type settler func(frames []byte) (js.Value, error)

// promise begins a method's request and returns a promise of its result.
func (o *objectSide) promise(method func([]js.Value) (*Request, settler, error), args []js.Value) js.Value {
	var resolve, reject js.Value
	executor := js.FuncOf(func(_ js.Value, f []js.Value) any {
		resolve, reject = f[0], f[1]
		return nil
	})
	defer executor.Release()
	promise := js.Global().Get("Promise").New(executor)
	r, result, err := o.prepare(method, args)
	if err != nil {
		if isThrown(err) {
			err = invalid(err.Error())
		}
		reject.Invoke(jsError(o.p.d.failure(err)))
		return promise
	}
	o.begin(r, func(frames []byte, end AnswerKind) {
		if end == AnswerError {
			reject.Invoke(errorOfFrames(frames))
			return
		}
		v, err := result(frames)
		if err != nil {
			reject.Invoke(jsError(o.p.d.failure(err)))
			return
		}
		resolve.Invoke(v)
	})
	return promise
}

// prepare turns whatever the page gave into a request; getters that throw and
// values of odd types end in an error.
func (o *objectSide) prepare(method func([]js.Value) (*Request, settler, error), args []js.Value) (r *Request, s settler, err error) {
	defer jsutil.Recover(&err)
	return method(append(args, js.Undefined(), js.Undefined(), js.Undefined(), js.Undefined()))
}

// begin sends a request, after HELLO if it is the first.
func (o *objectSide) begin(r *Request, settle func([]byte, AnswerKind)) {
	var frames []byte
	if o.lastID == 0 {
		o.lastID++
		frames, _ = AppendRequest(nil, &Request{Op: OpHello, Client: objectClient, ID: o.lastID, Version: ProtocolVersion})
	}
	o.lastID++
	r.Client, r.ID = objectClient, o.lastID
	frames, err := AppendRequest(frames, r)
	if err != nil {
		b := appendError(nil, r.header(), o.p.d.failure(err))
		settle(b, AnswerError)
		return
	}
	o.pending[r.ID] = &pending{settle: settle}
	o.p.d.Begin(frames)
}

// takeOwn takes the object's answers out of b and returns the rest. It may
// run inside an export: promises are settled, which runs nothing at once.
func (o *objectSide) takeOwn(b []byte) []byte {
	if o.lastID == 0 { // never used
		return b
	}
	others := b[:0]
	for len(b) > 0 {
		frame, rest, err := nextFrame(b, frameHeader)
		if err != nil {
			break // the dispatcher wrote it, so this cannot be
		}
		b = rest
		h := frameHeaderOf(frame)
		if h.client != objectClient {
			others = append(others, frame...)
			continue
		}
		if p := o.pending[h.id]; p != nil {
			p.frames = append(p.frames, frame...)
			if kind := AnswerKind(frame[4]); kind == AnswerDone || kind == AnswerError {
				delete(o.pending, h.id)
				go p.settle(p.frames, kind) // takes long, and the dispatcher waits
				o.p.Wake()                  // after an export nothing else would run it
			}
		}
	}
	return others
}

func (o *objectSide) create(args []js.Value) (*Request, settler, error) { return o.opening(args, 1) }
func (o *objectSide) open(args []js.Value) (*Request, settler, error)   { return o.opening(args, 0) }
func (o *objectSide) recover(args []js.Value) (*Request, settler, error) {
	return o.opening(args, 2)
}

func (o *objectSide) opening(args []js.Value, create uint8) (*Request, settler, error) {
	name, err := textOf(args[0], "the name")
	if err != nil {
		return nil, nil, err
	}
	r := &Request{Op: OpOpen, Open: OpenRequest{Name: name, Create: create}}
	options := map[string][]string{
		"storage": {"auto", "opfs", "indexeddb", "memory"}, "durability": {"strict", "relaxed"}, "mode": {"strict", "salvage"}}
	chosen := map[string]int{}
	for option, choices := range options {
		if chosen[option], err = choice(args[1], option, choices); err != nil {
			return nil, nil, err
		}
	}
	r.Open.Storage = Storage(chosen["storage"])
	r.Open.Relaxed, r.Open.Salvage = chosen["durability"] == 1, chosen["mode"] == 1
	return r, func(frames []byte) (js.Value, error) {
		info, err := doneMap(frames)
		if err == nil {
			o.database[name] = openDatabase{uint32(info.Get("database").Int()), jsString.Invoke(info.Get("elementPrefix")).String()}
		}
		return info, err
	}, nil
}

// choice reads an option that is one of a few words; the first is the default.
func choice(options js.Value, name string, choices []string) (int, error) {
	v, err := jsutil.Get(options, name)
	if err != nil || v.IsUndefined() {
		return 0, err
	}
	if v.Type() == js.TypeString {
		for i, c := range choices {
			if v.String() == c {
				return i, nil
			}
		}
	}
	return 0, invalid("the option " + name + " is none of its words")
}

func textOf(v js.Value, what string) (string, error) {
	if tagOf(v) != "String" || v.Type() != js.TypeString {
		return "", invalid(what + " must be a string")
	}
	return v.String(), nil
}

// named makes a request about a database that is open.
func (o *objectSide) named(op Op, args []js.Value) (*Request, error) {
	name, err := textOf(args[0], "the name")
	if err != nil {
		return nil, err
	}
	db, ok := o.database[name]
	if !ok {
		return nil, &Failure{Code: codeClosed, Message: name + " is not open", Hint: "Call create, open or recover first."}
	}
	return &Request{Op: op, Database: db.id}, nil
}

func (o *objectSide) snapshot(args []js.Value) (*Request, settler, error) {
	r, err := o.named(OpSnapshot, args)
	return r, doneMap, err
}

func (o *objectSide) close(args []js.Value) (*Request, settler, error) {
	r, err := o.named(OpClose, args)
	return r, func([]byte) (js.Value, error) {
		delete(o.database, args[0].String())
		return js.Undefined(), nil
	}, err
}

func (o *objectSide) query(args []js.Value) (*Request, settler, error) {
	r, err := o.named(OpQuery, args)
	if err != nil {
		return nil, nil, err
	}
	if r.Text, err = textOf(args[1], "the query"); err != nil {
		return nil, nil, err
	}
	if t := tagOf(args[2]); t != "Undefined" && t != "Null" {
		params, err := fromJS(args[2], MaxDepth)
		if err != nil {
			return nil, nil, err
		}
		if params.Kind() != graph.KindMap {
			return nil, nil, invalid("the parameters must be an object")
		}
		for i := range params.AsMap().Len() {
			key, v := params.AsMap().At(i)
			r.Entries = append(r.Entries, graph.Entry{Key: key, Value: v})
		}
	}
	if v, err := jsutil.Get(args[3], "timeout"); err == nil && v.Type() == js.TypeNumber && v.Float() > 0 {
		r.Timeout = uint32(min(v.Float(), 1<<31))
	}
	return r, jsBuilder{o.database[args[0].String()].prefix}.resultOf, nil
}

// isThrown tells whether the page's own code threw while it was looked at.
func isThrown(err error) bool {
	_, ok := err.(*jsutil.Error)
	return ok
}
