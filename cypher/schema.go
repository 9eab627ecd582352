package cypher

import (
	"errors"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// runCommand runs schema commands.
func (e *Engine) runCommand(rt *Runtime, s *Statement) (*Rows, error) {
	if s.Explain() {
		return planRows("Command()\n"), nil
	}
	c := &command{w: rt.Writer, reader: rt.Graph()}
	var err error
	switch body := s.bound.Syntax.Body.(type) {
	case *syntax.CreateIndex:
		err = c.createIndex(body)
	case *syntax.DropIndex:
		err = c.dropIndex(body)
	case *syntax.CreateConstraint:
		err = c.createConstraint(body)
	case *syntax.DropConstraint:
		err = c.dropConstraint(body)
	default:
		err = plan.NotImplemented("this command", body.Span())
	}
	if err != nil {
		return nil, c.schemaError(err, s.bound.Syntax)
	}
	return &Rows{known: &outcome{counters: c.counters}}, nil
}

// schemaError gives a code to what the store says.
func (c *command) schemaError(err error, s *syntax.Statement) error {
	var u *plan.Unsupported
	if errors.As(err, &u) {
		return wrap(err, s.Text)
	}
	code, detail := "SchemaError", "SchemaError"
	switch {
	case errors.Is(err, graph.ErrExists):
		detail = "AlreadyExists"
	case errors.Is(err, graph.ErrNotFound):
		detail = "NotFound"
	case errors.Is(err, graph.ErrConstraint):
		code, detail = "ConstraintValidationFailed", "ConstraintViolated"
	}
	e := &Error{Code: code, Phase: RuntimePhase, Detail: detail, Message: err.Error(), cause: err}
	if detail == "NotFound" {
		e.Hint = c.nearest(s.Body)
	}
	return place(e, s.Body.Span(), s.Text)
}

// nearest hints at the index or constraint that a DROP may have meant.
func (c *command) nearest(body syntax.Body) string {
	var names []string
	word := ""
	switch x := body.(type) {
	case *syntax.DropIndex:
		if x.Name != nil {
			word = x.Name.Name
		}
		for _, ix := range c.reader.Indexes() {
			names = append(names, ix.Name)
		}
	case *syntax.DropConstraint:
		if x.Name != nil {
			word = x.Name.Name
		}
		for _, k := range c.reader.Constraints() {
			names = append(names, k.Name)
		}
	}
	if near := syntax.Nearest(word, names); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

type command struct {
	w        graph.Writer
	reader   graph.Reader
	counters Counters
}

// target resolves a label or type and keys, interning them.
func (c *command) target(t *syntax.SchemaTarget) (entity graph.Entity, label graph.LabelID, typ graph.TypeID, keys []graph.KeyID, err error) {
	if len(t.Labels) != 1 || len(t.Keys) == 0 {
		return 0, 0, 0, nil, plan.NotImplemented("an index without exactly one label and a key", t.Span())
	}
	entity = graph.NodeEntity
	if t.Relationship {
		entity = graph.RelEntity
		typ, err = c.w.Type(t.Labels[0].Name)
	} else {
		label, err = c.w.Label(t.Labels[0].Name)
	}
	for _, k := range t.Keys {
		if err == nil {
			var id graph.KeyID
			id, err = c.w.Key(k.Name)
			keys = append(keys, id)
		}
	}
	return entity, label, typ, keys, err
}

// autoName makes the name of an index or constraint that was given none: it
// says what it is about, and is the same wherever the same is made.
func autoName(kind string, t *syntax.SchemaTarget) string {
	parts := []string{kind}
	for _, l := range t.Labels {
		parts = append(parts, l.Name)
	}
	for _, k := range t.Keys {
		parts = append(parts, k.Name)
	}
	return strings.Join(parts, "_")
}

func (c *command) createIndex(x *syntax.CreateIndex) error {
	if x.Kind != syntax.AnyIndex && x.Kind != syntax.RangeIndex {
		return plan.NotImplemented("this kind of index", x.Span())
	}
	d := graph.IndexDefinition{Name: autoName("index", &x.Target)}
	if x.Name != nil {
		d.Name = x.Name.Name
	}
	var err error
	if d.Entity, d.Label, d.Type, d.Keys, err = c.target(&x.Target); err != nil {
		return err
	}
	if x.OrReplace {
		if err := c.w.DropIndex(d.Name); err == nil {
			c.counters.IndexesRemoved++
		}
	}
	err = c.w.CreateIndex(d)
	if errors.Is(err, graph.ErrExists) && x.IfNotExists {
		return nil
	}
	if err == nil {
		c.counters.IndexesAdded++
	}
	return about("index "+d.Name, err)
}

// about says what an error of the store is about.
func about(what string, err error) error {
	if err == nil {
		return nil
	}
	return &storeError{what + ": " + err.Error(), err}
}

type storeError struct {
	text  string
	cause error
}

func (e *storeError) Error() string { return e.text }
func (e *storeError) Unwrap() error { return e.cause }

func (c *command) dropIndex(x *syntax.DropIndex) error {
	name := ""
	if x.Name != nil {
		name = x.Name.Name
	} else {
		for _, ix := range c.reader.Indexes() {
			if ix.Owner == "" && c.isAbout(x.Target, ix.Entity, ix.Label, ix.Type, ix.Keys) {
				name = ix.Name
			}
		}
	}
	err := c.w.DropIndex(name)
	if errors.Is(err, graph.ErrNotFound) && x.IfExists {
		return nil
	}
	if err == nil {
		c.counters.IndexesRemoved++
	}
	return about("index "+name, err)
}

// isAbout compares a target as written with a definition.
func (c *command) isAbout(t *syntax.SchemaTarget, entity graph.Entity, label graph.LabelID, typ graph.TypeID, keys []graph.KeyID) bool {
	if (entity == graph.RelEntity) != t.Relationship || len(keys) != len(t.Keys) || len(t.Labels) != 1 {
		return false
	}
	name := ""
	if t.Relationship {
		name = c.reader.TypeName(typ)
	} else {
		name = c.reader.LabelName(label)
	}
	for i, k := range keys {
		if c.reader.KeyName(k) != t.Keys[i].Name {
			return false
		}
	}
	return name == t.Labels[0].Name
}

var constraintKinds = map[syntax.ConstraintKind]graph.ConstraintKind{
	syntax.UniqueConstraint: graph.UniqueConstraint, syntax.NotNullConstraint: graph.ExistsConstraint, syntax.KeyConstraint: graph.KeyConstraint,
	syntax.TypeConstraint: graph.TypeConstraint,
}

// propertyTypes are the types that a constraint asks for. Absent properties
// break no such constraint, so a type cannot ask for a value.
func propertyTypes(t *syntax.Type) (types graph.PropertyTypes, ok bool) {
	switch {
	case len(t.Union) > 0:
		for _, of := range t.Union {
			one, ok := propertyTypes(of)
			if !ok {
				return 0, false
			}
			types |= one
		}
		return types, true
	case t.NotNull:
		return 0, false
	case t.Element == nil:
		return graph.TypeNamed(t.Name)
	}
	element := *t.Element
	element.NotNull = false // lists in properties hold no nulls
	items, ok := propertyTypes(&element)
	lists := items.Lists()
	return lists, ok && lists != 0 && items.Lists()>>32 == items
}

func (c *command) createConstraint(x *syntax.CreateConstraint) error {
	what := "constraint"
	if x.Type != nil {
		what = "type" // so that it may stand beside another over the same property
	}
	d := graph.ConstraintDefinition{Kind: constraintKinds[x.Kind], Name: autoName(what, &x.Target)}
	if x.Name != nil {
		d.Name = x.Name.Name
	}
	if x.Type != nil {
		known := false
		if d.Types, known = propertyTypes(x.Type); !known || len(x.Target.Keys) != 1 {
			return plan.NotImplemented("a constraint on this type", x.Type.Span())
		}
	}
	var err error
	if d.Entity, d.Label, d.Type, d.Keys, err = c.target(&x.Target); err != nil {
		return err
	}
	if x.OrReplace {
		if err := c.w.DropConstraint(d.Name); err == nil {
			c.counters.ConstraintsRemoved++
		}
	}
	err = c.w.CreateConstraint(d)
	if errors.Is(err, graph.ErrExists) && x.IfNotExists {
		return nil
	}
	if err == nil {
		c.counters.ConstraintsAdded++
	}
	return about("constraint "+d.Name, err)
}

func (c *command) dropConstraint(x *syntax.DropConstraint) error {
	name := ""
	if x.Name != nil {
		name = x.Name.Name
	} else {
		for _, k := range c.reader.Constraints() {
			if k.Kind == constraintKinds[x.Kind] && c.isAbout(x.Target, k.Entity, k.Label, k.Type, k.Keys) {
				name = k.Name
			}
		}
	}
	err := c.w.DropConstraint(name)
	if errors.Is(err, graph.ErrNotFound) && x.IfExists {
		return nil
	}
	if err == nil {
		c.counters.ConstraintsRemoved++
	}
	return about("constraint "+name, err)
}
