package cypher

import (
	"errors"
	"strings"

	"github.com/pocketgraph/pocketgraph/cypher/exec"
	"github.com/pocketgraph/pocketgraph/cypher/plan"
	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// runCommand runs schema commands and SHOW.
func (e *Engine) runCommand(rt *Runtime, s *Statement) (*Rows, error) {
	text := s.bound.Syntax.Text
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
	case *syntax.Show:
		rows, err := c.show(body, s.library)
		return rows, wrap(err, text)
	default:
		err = plan.NotImplemented("this command", body.Span())
	}
	if err != nil {
		return nil, schemaError(err, s.bound.Syntax)
	}
	return &Rows{known: &outcome{counters: c.counters}}, nil
}

// schemaError gives a code to what the store says.
func schemaError(err error, s *syntax.Statement) error {
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
	return place(&Error{Code: code, Phase: RuntimePhase, Detail: detail, Message: err.Error(), cause: err}, s.Body.Span(), s.Text)
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

// show lists indexes, constraints, functions or procedures.
func (c *command) show(x *syntax.Show, library *exec.Library) (*Rows, error) {
	if x.Yield != nil || x.Where != nil || x.Return != nil || x.Filter != "" {
		return nil, plan.NotImplemented("SHOW with a filter or YIELD", x.Span())
	}
	t := &listing{}
	switch x.What {
	case syntax.ShowIndexes:
		t.columns = []string{"name", "entityType", "labelsOrTypes", "properties", "unique", "owningConstraint"}
		for _, ix := range c.reader.Indexes() {
			owner := graph.Null
			if ix.Owner != "" {
				owner = graph.String(ix.Owner)
			}
			t.add(graph.String(ix.Name), entityName(ix.Entity), c.about(ix.Entity, ix.Label, ix.Type), c.keys(ix.Keys), graph.Bool(ix.Unique), owner)
		}
	case syntax.ShowConstraints:
		t.columns = []string{"name", "type", "entityType", "labelsOrTypes", "properties", "propertyType"}
		names := map[graph.ConstraintKind]string{graph.UniqueConstraint: "UNIQUENESS", graph.ExistsConstraint: "PROPERTY_EXISTENCE",
			graph.KeyConstraint: "KEY", graph.TypeConstraint: "PROPERTY_TYPE"}
		for _, k := range c.reader.Constraints() {
			types := graph.Null
			if k.Types != 0 {
				types = graph.String(k.Types.String())
			}
			t.add(graph.String(k.Name), graph.String(names[k.Kind]), entityName(k.Entity), c.about(k.Entity, k.Label, k.Type), c.keys(k.Keys), types)
		}
	case syntax.ShowFunctions, syntax.ShowProcedures:
		t.columns = []string{"name"}
		for _, name := range library.Names(x.What == syntax.ShowProcedures) {
			t.add(graph.String(name))
		}
	default:
		return nil, plan.NotImplemented("this kind of SHOW", x.Span())
	}
	return t.rows(), nil
}

func entityName(e graph.Entity) graph.Value {
	if e == graph.RelEntity {
		return graph.String("RELATIONSHIP")
	}
	return graph.String("NODE")
}

func (c *command) about(e graph.Entity, l graph.LabelID, t graph.TypeID) graph.Value {
	if e == graph.RelEntity {
		return graph.List([]graph.Value{graph.String(c.reader.TypeName(t))})
	}
	return graph.List([]graph.Value{graph.String(c.reader.LabelName(l))})
}

func (c *command) keys(keys []graph.KeyID) graph.Value {
	out := make([]graph.Value, len(keys))
	for i, k := range keys {
		out[i] = graph.String(c.reader.KeyName(k))
	}
	return graph.List(out)
}

// listing is a small answer made at once.
type listing struct {
	columns []string
	batch   Batch
}

func (t *listing) add(values ...graph.Value) {
	if t.batch.Columns == nil {
		t.batch.Columns = make([][]graph.Value, len(values))
	}
	for i, v := range values {
		t.batch.Columns[i] = append(t.batch.Columns[i], v)
	}
	t.batch.Len++
}

func (t *listing) rows() *Rows {
	known := &outcome{columns: t.columns}
	if t.batch.Len > 0 {
		known.ready = []*Batch{&t.batch}
	}
	return &Rows{known: known}
}
