package graph

// Reader is one committed state of a graph, or the private state of the one
// writer. It never changes under a reading transaction.
//
// Methods that take a slice dst and return a count fill dst from its start.
// Methods named Append… append to dst and return it. Neither keeps it.
//
// A handle that was deleted in the same transaction stays askable until the
// transaction ends: HasNode and HasRel say false, NodeID, RelID, RelType and
// RelEnds still answer, everything else answers as if it were empty. Any
// other use of a handle that the Reader did not give is a programming error.
type Reader interface {
	Names

	// ElementPrefix begins every element id of this store; the textual
	// element id of a node is ElementPrefix + ":n:" + its ID in decimal, of a
	// relationship ElementPrefix + ":r:" + its ID.
	ElementPrefix() string

	// NodeCount and RelCount count all elements; NodeCountByLabel and
	// RelCountByType those with the name. All are constant-time.
	NodeCount() int
	RelCount() int
	NodeCountByLabel(LabelID) int
	RelCountByType(TypeID) int

	// NodeByID and RelByID find a live element by identity.
	NodeByID(ID) (Node, bool)
	RelByID(ID) (Rel, bool)
	NodeID(Node) ID
	RelID(Rel) ID
	HasNode(Node) bool
	HasRel(Rel) bool

	// Scans fill dst with live handles not below from, ascending, and return
	// how many; fewer than len(dst) means the end was reached. Continue with
	// the last handle plus one.
	ScanNodes(from Node, dst []Node) int
	ScanLabel(l LabelID, from Node, dst []Node) int
	ScanRels(from Rel, dst []Rel) int
	ScanType(t TypeID, from Rel, dst []Rel) int

	HasLabel(Node, LabelID) bool
	// PickLabel appends the indexes of the nodes that have a label; NoNode has
	// none.
	PickLabel(dst []int32, l LabelID, nodes []Node) []int32
	// AppendLabels appends the labels of a node in ascending LabelID order.
	AppendLabels(dst []LabelID, n Node) []LabelID

	RelType(Rel) TypeID
	RelEnds(Rel) (start, end Node)

	// NodeProperty and RelProperty return one property, Null when absent.
	NodeProperty(Node, KeyID) Value
	RelProperty(Rel, KeyID) Value
	// NodeProperties and RelProperties do the same for many elements at once:
	// out[i] becomes the property of elements[i]; len(out) >= len(elements).
	// NoNode and NoRel give Null.
	NodeProperties(key KeyID, elements []Node, out []Value)
	RelProperties(key KeyID, elements []Rel, out []Value)
	// NodeWords and RelWords do the same without making Values. They report
	// false, and w means nothing, when the elements have the property in more
	// than one kind or in one that Words does not know.
	NodeWords(key KeyID, elements []Node, w *Words) bool
	RelWords(key KeyID, elements []Rel, w *Words) bool
	// CountNodesBetween counts the nodes with a label whose property is an
	// Integer from low to high. ok is false, and n means nothing, when values
	// other than Integers may be among them.
	CountNodesBetween(l LabelID, key KeyID, low, high int64) (n int, ok bool)
	// Text returns the String that a word of KindString stands for.
	Text(word int64) string
	// AppendNodeProperties and AppendRelProperties append all properties in
	// ascending KeyID order.
	AppendNodeProperties(dst []Property, n Node) []Property
	AppendRelProperties(dst []Property, r Rel) []Property

	// AppendHops appends the relationships of a node in a direction with one
	// of the given types; no types at all (nil) means every type. For each
	// type, and for Both for each direction of it (outgoing first), hops come
	// ordered by (Node, Rel). With Both a self-loop comes once.
	AppendHops(dst []Hop, n Node, d Direction, types []TypeID) []Hop
	// Hops gives what AppendHops appends: in *buf, whose content is lost, or
	// where the store keeps it. It must not be changed, and lasts until the
	// graph is written or buf is used again.
	Hops(buf *[]Hop, n Node, d Direction, types []TypeID) []Hop
	// AppendHopsTo appends only the hops that lead to the node to.
	AppendHopsTo(dst []Hop, n, to Node, d Direction, types []TypeID) []Hop
	// Degree counts what AppendHops would append, without touching it.
	Degree(n Node, d Direction, types []TypeID) int
	// Degrees does the same for many nodes at once: out[i] becomes the degree
	// of nodes[i], 0 for NoNode; len(out) >= len(nodes).
	Degrees(nodes []Node, d Direction, types []TypeID, out []int64)

	// SchemaVersion is a number that no other set of indexes and constraints
	// has in this process: where it is the same, Indexes lists the same.
	SchemaVersion() uint64
	// Indexes and Constraints list the schema, ordered by name.
	Indexes() []Index
	Constraints() []Constraint
	// Seek appends the handles (Node or Rel, as the index says) whose indexed
	// values equal values, one for each key of the index, ascending. Equality
	// is Cypher's: a Null or NaN finds nothing, 1 finds 1.0.
	Seek(dst []uint32, ix IndexID, values []Value) []uint32
	// SeekRange walks an index in ascending order of its values (in the sense
	// of Compare, within one comparable family of kinds) between the bounds.
	// The cursor is valid until the transaction ends or the graph is written.
	SeekRange(ix IndexID, r Range) Cursor
}

// Cursor delivers handles in batches.
type Cursor interface {
	// Next fills dst and returns how many; 0 is the end.
	Next(dst []uint32) int
}

// Range bounds the last key of an index; all keys before it must equal
// Prefix. A Null bound is open. Prefix strings ("starts with") are given as
// StartsWith, which excludes Low and High.
type Range struct {
	Prefix        []Value
	Low, High     Value
	IncludeLow    bool
	IncludeHigh   bool
	StartsWith    string
	HasStartsWith bool
	Descending    bool
}

// Names interns names of labels, relationship types and property keys.
// The Look functions say whether the name was ever used in this store.
type Names interface {
	LookLabel(name string) (LabelID, bool)
	LookType(name string) (TypeID, bool)
	LookKey(name string) (KeyID, bool)
	LabelName(LabelID) string
	TypeName(TypeID) string
	KeyName(KeyID) string
	// LabelsLen, TypesLen and KeysLen tell how many names there are: ids run
	// from 0 to that less one.
	LabelsLen() int
	TypesLen() int
	KeysLen() int
}

// Writer is the one writing transaction. It reads its own writes. An error
// leaves the graph as it was before the failed call.
type Writer interface {
	Reader

	// Label, Type and Key intern a name. They fail when a limit on the
	// number of names or on the length of a name is exceeded (ErrLimit).
	Label(name string) (LabelID, error)
	Type(name string) (TypeID, error)
	Key(name string) (KeyID, error)

	// CreateNode and CreateRel create elements with the next identity.
	// Labels may repeat; Null properties are skipped; of properties with the
	// same key the last counts.
	CreateNode(labels []LabelID, properties []Property) (Node, error)
	CreateRel(start, end Node, t TypeID, properties []Property) (Rel, error)
	// DeleteNode fails with ErrHasRelationships while relationships remain.
	// Deleting what was deleted already is no error.
	DeleteNode(Node) error
	DeleteRel(Rel) error

	// SetNodeProperty and SetRelProperty set one property, or remove it when
	// the value is Null. Nodes, relationships, paths and maps, and lists that
	// hold lists or mixed kinds, are no property values (ErrPropertyType).
	SetNodeProperty(Node, KeyID, Value) error
	SetRelProperty(Rel, KeyID, Value) error
	AddLabel(Node, LabelID) error
	RemoveLabel(Node, LabelID) error

	CreateIndex(IndexDefinition) error
	DropIndex(name string) error
	CreateConstraint(ConstraintDefinition) error
	DropConstraint(name string) error
}
