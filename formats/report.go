package formats

import (
	"cmp"
	"slices"
)

// Report tells what was read or written.
type Report struct {
	Format        Format `json:"format"` // of the last file
	Nodes         int64  `json:"nodes"`
	Relationships int64  `json:"relationships"`
	Properties    int64  `json:"properties"`
	Statements    int64  `json:"statements,omitempty"` // of a script
	// Notes say what is not as it was there, a line for each kind of thing.
	Notes []Note `json:"notes"`
}

// Note is something that whoever imports or exports should know.
type Note struct {
	Kind   string `json:"kind"`   // stable: docs/formats.md lists them
	Count  int64  `json:"count"`  // how often
	Detail string `json:"detail"` // of the first time
}

// note counts something about a format. Of each kind the first is told.
func (r *Report) note(kind, detail string) {
	if r.again(kind) {
		return
	}
	r.Notes = append(r.Notes, Note{kind, 1, detail})
	slices.SortFunc(r.Notes, func(a, b Note) int { return cmp.Compare(a.Kind, b.Kind) })
}

// again counts one more of a kind that was told before. Where the text of a note
// is made for it, it saves making one for each element: false wants the note.
func (r *Report) again(kind string) bool {
	for i := range r.Notes {
		if r.Notes[i].Kind == kind {
			r.Notes[i].Count++
			return true
		}
	}
	return false
}

// Add adds what another report counts.
func (r *Report) Add(o Report) {
	r.Format = o.Format
	r.Nodes += o.Nodes
	r.Relationships += o.Relationships
	r.Properties += o.Properties
	r.Statements += o.Statements
	r.Notes = append(r.Notes, o.Notes...)
}

// Nothing says that nothing was made after all.
func (r *Report) Nothing() { r.Nodes, r.Relationships, r.Properties, r.Statements = 0, 0, 0, 0 }

// Kinds of notes.
const (
	NoteJSONText     = asText         // what no property can be is kept as JSON text
	NoteLargeInteger = asFloat        // an integer beyond 64 bits is a Float
	NoteDefaultType  = "default-type" // a relationship without a type got one
	NoteSkipped      = "skipped"      // something that is no node, relationship or property
	NoteUndirected   = "undirected"   // an edge without direction got one
	NoteDirectives   = "directives"   // lines for a shell in a script, left out
	NoteExtension    = "own-types"    // types that only PocketGraph reads
	NotePlain        = "types-lost"   // types that the plain form cannot hold
	NoteDelimiter    = "delimiter"    // a label that holds the delimiter
	NoteName         = "name"         // a property whose name the format cannot hold
	NoteSchema       = "schema"       // indexes and constraints, which the format cannot hold
	NoteText         = "text"         // text the format cannot hold
)
