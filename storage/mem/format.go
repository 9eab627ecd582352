package mem

// The sections of a snapshot. Their order is that of their kinds, which are
// frozen; 0 is invalid. A section is a sequence of messages, each a length
// (LEB128) and so many bytes, and is handed on in pieces of at most MaxSection
// bytes. A piece is whole messages, unless its kind has the bit sectionMore:
// then its last message goes on in the next piece. "Number" is LEB128 without
// sign; "packed" is column.AppendInts.
//
//	1 header       numbers: format version, next node identity, next relationship
//	               identity, nodes, relationships
//	2 labels       a message is a name; they are numbered from 0
//	3 types        likewise
//	4 keys         likewise
//	5 label sets   a message is a set: numbers, the first label and then the
//	               distances from label to label. Sets are numbered from 1; 0 is
//	               the empty one.
//	6 strings      a message is up to stringBatch strings: for each the number of
//	               bytes that it shares with the one before in the message, the
//	               number of bytes that follow, these. They are numbered from 0.
//	7 nodes        a message is 1,024 nodes (the last one what is left), packed:
//	               identities, label sets. Nodes are numbered from 0.
//	8 rels         likewise, packed: identities, types, starts, ends
//	9 node props   a message: key, number of the 1,024 nodes, column.Group; by key
//	               and number ascending, absent where no node has the property
//	10 rel props   likewise
//	11 schema      a message: 0 for an index or the kind of the constraint, 1 for
//	               nodes or 2 for relationships, label or type, how many keys, the
//	               keys, then the name. Indexes that constraints own are left out.
//	12 end         number of the messages before: nothing is missing
//
// Adjacency, postings and indexes follow from these and are built on loading,
// which also closes the gaps that deleted elements left.
const (
	sectionHeader = iota + 1
	sectionLabels
	sectionTypes
	sectionKeys
	sectionSets
	sectionStrings
	sectionNodes
	sectionRels
	sectionNodeProps
	sectionRelProps
	sectionSchema
	sectionEnd

	sectionMore = 1 << 31
)

const (
	formatVersion = 1
	// MaxSection is the largest piece that Sections emits.
	MaxSection = 1 << 20
	// stringBatch is how many strings share a message, so that loading can
	// give others a turn.
	stringBatch = 1024
	// batchBytes ends a batch of long strings earlier.
	batchBytes = 64 << 10
)
