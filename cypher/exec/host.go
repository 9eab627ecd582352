package exec

import (
	"slices"
	"time"

	"github.com/pocketgraph/pocketgraph/cypher/syntax"
	"github.com/pocketgraph/pocketgraph/graph"
)

// Host tells SHOW and TERMINATE about the database that a statement runs in.
type Host interface {
	Name() string // of the database; "" when it has none
	Settings() []Setting
	// Transactions are what is under way, with the statement that asks.
	Transactions() []Transaction
	// Terminate ends a transaction soon; false when there is none of this name.
	Terminate(id string) bool
}

// Setting is an option that the database is open with.
type Setting struct {
	Name  string
	Value graph.Value
	About string
}

// Transaction is one that is under way, or a statement in one of its own.
type Transaction struct {
	ID, Query, Status string
	Began             time.Time
	Elapsed           time.Duration
	Writes            bool
}

// hostRows are the rows of what a Host knows; ids are the transactions that are
// meant, none: all.
var hostRows = map[syntax.ShowKind]func(r *Run, ids []string) [][]graph.Value{
	syntax.ShowDatabases: func(r *Run, _ []string) [][]graph.Value {
		return [][]graph.Value{{orNull(r.rt.Host.Name()), graph.String("standard"), graph.String("read-write"), graph.String("online"), graph.Bool(true)}}
	},
	syntax.ShowSettings: func(r *Run, _ []string) (rows [][]graph.Value) {
		for _, s := range r.rt.Host.Settings() {
			rows = append(rows, []graph.Value{graph.String(s.Name), s.Value, graph.String(s.About)})
		}
		return rows
	},
	syntax.ShowTransactions:      showTransactions,
	syntax.TerminateTransactions: terminate,
}

func showTransactions(r *Run, ids []string) (rows [][]graph.Value) {
	for _, t := range r.rt.Host.Transactions() {
		access := "read"
		if t.Writes {
			access = "write"
		}
		if len(ids) == 0 || slices.Contains(ids, t.ID) {
			began := graph.DateTime(graph.Zoned{Seconds: t.Began.Unix(), Nanos: int32(t.Began.Nanosecond())})
			elapsed := graph.Duration(graph.Span{Seconds: int64(t.Elapsed / time.Second), Nanos: int32(t.Elapsed % time.Second)})
			rows = append(rows, []graph.Value{graph.String(t.ID), graph.String(t.Query), graph.String(access), graph.String(t.Status), began, elapsed})
		}
	}
	return rows
}

func terminate(r *Run, ids []string) (rows [][]graph.Value) {
	for _, id := range ids {
		message := "Transaction not found."
		if r.rt.Host.Terminate(id) {
			message = "Transaction terminated."
		}
		rows = append(rows, []graph.Value{graph.String(id), graph.String(message)})
	}
	return rows
}

// ids reads the names of transactions: Strings, and lists of them.
func ids(r *Run, args []graph.Value, at syntax.Range) (out []string) {
	for _, v := range args {
		list := []graph.Value{v}
		if v.Kind() == graph.KindList {
			list = v.AsList()
		}
		for _, item := range list {
			if item.Kind() != graph.KindString {
				r.typeError("a transaction is named by a String, found "+article(item), at)
				return nil
			}
			out = append(out, item.AsString())
		}
	}
	return out
}
