package cypher

import (
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/bind"
	"github.com/pocketgraph/pocketgraph/cypher/exec"
	"github.com/pocketgraph/pocketgraph/graph"
)

// ParseSignature reads the signature of a procedure as people write it:
//
//	ns.name(in :: INTEGER?, more :: STRING?) :: (out :: FLOAT?)
//
// An empty or missing list of results, or VOID, is a procedure without any.
func ParseSignature(text string) (bind.Procedure, error) {
	var p bind.Procedure
	open, shut := strings.IndexByte(text, '('), strings.IndexByte(text, ')')
	if open < 1 || shut < open {
		return p, signatureError(text)
	}
	p.Name = strings.TrimSpace(text[:open])
	var err error
	if p.Args, err = signatureFields(text[open+1:shut], text); err != nil {
		return p, err
	}
	rest := strings.TrimSpace(text[shut+1:])
	rest = strings.TrimSpace(strings.TrimPrefix(rest, "::"))
	if rest == "" || strings.EqualFold(rest, "VOID") {
		return p, nil
	}
	if !strings.HasPrefix(rest, "(") || !strings.HasSuffix(rest, ")") {
		return p, signatureError(text)
	}
	p.Results, err = signatureFields(rest[1:len(rest)-1], text)
	return p, err
}

func signatureError(text string) error {
	return &Error{Code: "ProcedureError", Phase: CompilePhase, Detail: "InvalidSignature", Message: "cannot read the signature " + text}
}

func signatureFields(list, text string) ([]bind.Field, error) {
	var out []bind.Field
	for _, part := range strings.Split(list, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, typ, ok := strings.Cut(part, "::")
		if !ok {
			return nil, signatureError(text)
		}
		t, accepts := signatureType(strings.TrimSpace(typ))
		out = append(out, bind.Field{Name: strings.TrimSpace(name), Type: t, Accepts: accepts})
	}
	return out, nil
}

// signatureType reads a type name; one it does not know is any type.
func signatureType(name string) (bind.Type, bind.Accepts) {
	name = strings.ToUpper(strings.TrimSuffix(name, "?"))
	if strings.HasPrefix(name, "LIST") {
		return bind.ListOf(bind.Of(bind.Any)), bind.Lists
	}
	base, known := signatureTypes[name]
	if !known {
		return bind.Type{}, bind.Anything
	}
	accepts := bind.Takes(base)
	if base == bind.Float {
		accepts = bind.Takes(bind.Number)
	}
	return bind.Of(base), accepts
}

var signatureTypes = map[string]bind.Base{
	"BOOLEAN": bind.Boolean, "INTEGER": bind.Integer, "FLOAT": bind.Float, "NUMBER": bind.Number,
	"STRING": bind.String, "MAP": bind.MapBase, "NODE": bind.NodeBase, "RELATIONSHIP": bind.RelBase, "PATH": bind.PathBase,
}

// RegisterTable adds a procedure that answers from a table: each row has the
// arguments, then the results.
func (e *Engine) RegisterTable(signature string, rows [][]graph.Value) error {
	p, err := ParseSignature(signature)
	if err == nil {
		e.RegisterProcedure(exec.TableProcedure(p, rows))
	}
	return err
}
