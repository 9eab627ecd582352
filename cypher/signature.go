package cypher

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/exec"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// External is a registered function or procedure; see exec.External.
type External = exec.External

// Registration is what is to be registered: a function or a procedure, computed
// by Call, or a procedure that answers from Rows, a table whose rows have the
// arguments, then the results.
type Registration struct {
	Signature string // the name and more; syntax.Signature has the grammar
	Procedure bool
	Call      External
	Rows      [][]graph.Value
}

// Register adds a function or a procedure, or replaces one that was registered
// before. What the language has itself is refused. Prepared statements are
// forgotten, since they may call it; those that run go on with what they have.
func (e *Engine) Register(r Registration) error {
	s, err := syntax.ParseSignature(r.Signature, r.Procedure)
	if err != nil {
		return wrap(err, r.Signature)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.library.BuiltIn(s.Name, r.Procedure) {
		return &Error{Code: "FunctionExists", Phase: CompilePhase, Detail: "NameInUse", Message: "the language has " + s.Name + "() already",
			Hint: "a namespace of your own keeps names apart: my." + s.Name}
	}
	x := &exec.Registered{Signature: s, Call: r.Call, Rows: r.Rows, Columns: procedure(s)}
	if !r.Procedure {
		x.Function = function(s, x.Columns.Args)
	}
	e.use(e.library.With(x))
	return nil
}

// use changes the library and drops the prepared statements, since they may call
// what changed. mu is held.
func (e *Engine) use(l *exec.Library) {
	e.library = l
	e.cache, e.order = map[string]*Statement{}, nil
	e.version.Add(1)
}

// Unregister takes a function or procedure away, and says whether there was one.
func (e *Engine) Unregister(name string, procedure bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	there := e.library.Registered(name, procedure)
	e.use(e.library.Without(name, procedure))
	return there
}

// Fork is an engine that begins with what e has registered, and keeps what is
// registered there to itself.
func (e *Engine) Fork() *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	return &Engine{config: e.config, library: e.library, cache: map[string]*Statement{}}
}

// function is the description of a function that the binder needs.
func function(s *syntax.Signature, args []bind.Field) bind.Function {
	f := bind.Function{Name: s.Name, Required: len(args)}
	for _, a := range args {
		f.Args = append(f.Args, a.Accepts)
	}
	f.Result, _ = typeOf(s.Result)
	return f
}

// procedure is that of a procedure.
func procedure(s *syntax.Signature) bind.Procedure {
	return bind.Procedure{Name: s.Name, Args: fields(s.Args), Results: fields(s.Results)}
}

func fields(list []*syntax.SignatureField) (out []bind.Field) {
	for _, f := range list {
		t, accepts := typeOf(f.Type)
		out = append(out, bind.Field{Name: f.Name, Type: t, Accepts: accepts})
	}
	return out
}

// typeOf is what the binder knows of a type, as a result and as an argument:
// of most unions nothing.
func typeOf(t *syntax.Type) (bind.Type, bind.Accepts) {
	if t.Name == "LIST" {
		item := bind.Type{}
		if t.Element != nil {
			item, _ = typeOf(t.Element)
		}
		return bind.ListOf(item), bind.Lists
	}
	base := types[t.Name]
	if len(t.Union) == 2 && t.Union[0].Name == "INTEGER" && t.Union[1].Name == "FLOAT" {
		base = bind.Number
	} else if strings.Contains(t.Name, "TIME") || t.Name == "DATE" || t.Name == "DURATION" {
		base = bind.Temporal
	}
	switch base {
	case bind.Any:
		return bind.Type{}, bind.Anything
	case bind.Float:
		return bind.Of(base), bind.Takes(bind.Number)
	}
	return bind.Of(base), bind.Takes(base)
}

var types = map[string]bind.Base{
	"BOOLEAN": bind.Boolean, "INTEGER": bind.Integer, "FLOAT": bind.Float, "STRING": bind.String, "MAP": bind.MapBase,
	"NODE": bind.NodeBase, "RELATIONSHIP": bind.RelBase, "PATH": bind.PathBase, "POINT": bind.Point, "VECTOR": bind.Vector,
}
