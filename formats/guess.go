package formats

import (
	"bytes"
	"strings"
)

// Format is a form in which a graph is written.
type Format string

// The formats.
const (
	CSV         Format = "csv"         // with neo4j-admin's headers, or plain with a mapping
	JSONLines   Format = "jsonl"       // as apoc.export.json writes
	Neo4jJSON   Format = "neo4j-json"  // one object with nodes and relationships
	Graphology  Format = "graphology"  // graphology's serialized form
	Cypher      Format = "cypher"      // a script of statements
	GraphML     Format = "graphml"     // http://graphml.graphdrawing.org
	GEXF        Format = "gexf"        // https://gexf.net
	NornicDB    Format = "nornicdb"    // its log and its snapshot; package internal/nornic
	PocketGraph Format = "pocketgraph" // one checksummed file of one state; package wal
)

// endings of names that say what a file is.
var endings = []struct {
	ending string
	format Format
}{
	{".csv", CSV}, {".tsv", CSV}, {".jsonl", JSONLines}, {".ndjson", JSONLines}, {".graphology.json", Graphology},
	{".cypher", Cypher}, {".cql", Cypher}, {".graphml", GraphML}, {".gexf", GEXF},
	{"wal.log", NornicDB}, {".pocketgraph", PocketGraph},
}

// GuessBytes is how much of a file's beginning Guess looks at.
const GuessBytes = 64 << 10

// ByName is the format that a file's name says, or empty.
func ByName(name string) Format {
	name = strings.ToLower(name)
	for _, e := range endings {
		if strings.HasSuffix(name, e.ending) {
			return e.format
		}
	}
	return ""
}

// pocketGraphMagic begins a PocketGraph file; wal.BeginsBackup knows it, too.
var pocketGraphMagic = []byte("PGsnap\r\n")

// Guess says what a file is, by its first bytes and its name; empty when
// nothing is known about it. What the bytes say for certain counts more.
func Guess(name string, start []byte) Format {
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(start, pocketGraphMagic):
		return PocketGraph
	case bytes.HasPrefix(start, []byte("WALE")):
		return NornicDB
	}
	if f := ByName(name); f != "" {
		return f
	}
	switch {
	case bytes.HasPrefix(text, []byte("<")):
		return guessXML(text)
	case bytes.HasPrefix(text, []byte("{")) || bytes.HasPrefix(text, []byte("[")):
		return guessJSON(text)
	}
	return guessText(text)
}

func guessXML(text []byte) Format {
	switch {
	case bytes.Contains(text, []byte("<gexf")):
		return GEXF
	case bytes.Contains(text, []byte("<graphml")):
		return GraphML
	}
	return ""
}

func guessJSON(text []byte) Format {
	squeezed := bytes.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			return -1
		}
		return r
	}, text)
	has := func(part string) bool { return bytes.Contains(squeezed, []byte(part)) }
	switch {
	case bytes.HasPrefix(squeezed, []byte(`{"seq":`)), bytes.HasPrefix(squeezed, []byte(`{"sequence":`)):
		return NornicDB
	case has(`"edges":[`) && (has(`"source":`) || has(`"key":`)), has(`"nodes":[{"key":`):
		return Graphology
	case bytes.HasPrefix(squeezed, []byte(`{"nodes":`)), bytes.HasPrefix(squeezed, []byte(`{"relationships":`)):
		return Neo4jJSON
	}
	return JSONLines
}

// clauses begin a statement, at the beginning of a script.
var clauses = []string{"CREATE", "MERGE", "MATCH", "UNWIND", "CALL", "WITH", "RETURN", "OPTIONAL", "LOAD", "DROP", "//", "/*", ":BEGIN"}

func guessText(text []byte) Format {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	upper := strings.ToUpper(string(first))
	for _, c := range clauses {
		if rest, ok := strings.CutPrefix(upper, c); ok && (rest == "" || c[0] == '/' || strings.ContainsAny(rest[:1], " \t\r(;")) {
			return Cypher
		}
	}
	if bytes.ContainsAny(first, ",;\t|") || bytes.Contains(first, []byte(":ID")) {
		return CSV
	}
	return ""
}
