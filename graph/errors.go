package graph

import "errors"

// Errors of a Writer, and of whoever implements one. They are wrapped with
// what was being done; test with errors.Is.
var (
	// ErrHasRelationships: a node that still has relationships was to be deleted.
	ErrHasRelationships = errors.New("node still has relationships")
	// ErrPropertyType: the value cannot be stored as a property.
	ErrPropertyType = errors.New("not a property value")
	// ErrNotFound: an element, an index or a constraint is not there.
	ErrNotFound = errors.New("not found")
	// ErrExists: an index or a constraint with that name or definition is there already.
	ErrExists = errors.New("already exists")
	// ErrLimit: a documented limit was exceeded; nothing was changed.
	ErrLimit = errors.New("limit exceeded")
	// ErrAmbiguous: what was to name one node names several.
	ErrAmbiguous = errors.New("there is more than one such node")
	// ErrConstraint: data would break a constraint; see ConstraintError.
	ErrConstraint = errors.New("constraint violated")
)

// ConstraintError says which constraint would be broken and by what.
type ConstraintError struct {
	Constraint string // its name
	Message    string // names the label or type, the keys and the values
}

func (e *ConstraintError) Error() string { return e.Message }

// Unwrap makes errors.Is(err, ErrConstraint) true.
func (e *ConstraintError) Unwrap() error { return ErrConstraint }
