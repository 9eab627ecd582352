package cypher

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/exec"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Signature says how a function or procedure is called; see syntax.Signature.
type Signature = syntax.Signature

// External is a registered function or procedure; see exec.External.
type External = exec.External

// ParseSignature reads a signature as people write it; syntax.Signature has the
// grammar. An empty or missing list of results, or VOID, is a procedure without
// any.
func ParseSignature(text string) (*Signature, error) {
	s, err := syntax.ParseSignature(text)
	if err != nil {
		return nil, wrap(err, text)
	}
	return s, nil
}

// Register adds a function or a procedure, as the signature says, or replaces
// one that was registered before. What the language has itself is refused.
// remove takes it away again, unless it was replaced.
func (e *Engine) Register(s *Signature, call External) (remove func(), err error) {
	if !s.Callable() {
		return nil, &Error{Code: "ProcedureError", Phase: CompilePhase, Detail: "InvalidSignature", Message: "nothing can be called " + s.Name,
			Hint: "a name is letters, digits and underscores, with a namespace: my.name"}
	}
	return e.add(s, func(l *exec.Library) (*exec.Library, func(*exec.Library) *exec.Library) {
		if s.Result != nil {
			return l.WithFunction(s, function(s), call)
		}
		return l.WithProcedure(exec.ExternalProcedure(s, procedure(s), call))
	})
}

// add changes the library unless the language has what is added itself.
func (e *Engine) add(s *Signature, with func(*exec.Library) (*exec.Library, func(*exec.Library) *exec.Library)) (remove func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.library.BuiltIn(s.Name, s.Result == nil) {
		return nil, &Error{Code: "FunctionExists", Phase: CompilePhase, Detail: "NameInUse", Message: "the language has " + s.Name + "() already",
			Hint: "a namespace of your own keeps names apart: my." + s.Name}
	}
	var without func(*exec.Library) *exec.Library
	e.library, without = with(e.library)
	e.forget()
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.library = without(e.library)
		e.forget()
	}, nil
}

// forget drops the prepared statements, since they may call what changed.
func (e *Engine) forget() {
	e.cache, e.order = map[string]*Statement{}, nil
	e.version.Add(1)
}

// Unregister takes a function or procedure away and says whether it was there.
func (e *Engine) Unregister(name string, isProcedure bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	library := e.library.Without(name, isProcedure)
	if library == e.library {
		return false
	}
	e.library = library
	e.forget()
	return true
}

// RegisterTable adds a procedure that answers from a table, or replaces one:
// each row has the arguments, then the results.
func (e *Engine) RegisterTable(signature string, rows [][]graph.Value) error {
	s, err := ParseSignature(signature)
	if err != nil {
		return err
	}
	_, err = e.add(s, func(l *exec.Library) (*exec.Library, func(*exec.Library) *exec.Library) {
		return l.WithProcedure(exec.TableProcedure(procedure(s), rows))
	})
	return err
}

// Fork is an engine that begins with what e has registered, and keeps what is
// registered there to itself.
func (e *Engine) Fork() *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	return &Engine{config: e.config, library: e.library, cache: map[string]*Statement{}}
}

// function is the description of a function that the binder needs.
func function(s *Signature) bind.Function {
	f := bind.Function{Name: s.Name, Required: len(s.Args)}
	for _, a := range s.Args {
		_, accepts := typeOf(a.Type)
		f.Args = append(f.Args, accepts)
	}
	f.Result, _ = typeOf(s.Result)
	return f
}

// procedure is that of a procedure.
func procedure(s *Signature) bind.Procedure {
	fields := func(list []*syntax.SignatureField) (out []bind.Field) {
		for _, f := range list {
			t, accepts := typeOf(f.Type)
			out = append(out, bind.Field{Name: f.Name, Type: t, Accepts: accepts})
		}
		return out
	}
	return bind.Procedure{Name: s.Name, Args: fields(s.Args), Results: fields(s.Results)}
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
