package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

type queryCommand struct {
	store
	Text   string   `arg:"" help:"The query."`
	Create bool     `help:"Make the store where there is none."`
	Param  []string `short:"p" sep:"none" placeholder:"NAME=JSON" help:"A parameter; may be repeated. A number without point and exponent is an integer."`
	Format string   `enum:"table,json,csv" default:"table" help:"table, json (an object a line) or csv."`
}

// Run opens the store, which must exist unless it is to be made, and prints what
// the query returns.
func (c *queryCommand) Run(ctx context.Context, t terminal) error {
	params, err := parseParams(c.Param)
	if err != nil {
		return err
	}
	return c.with(ctx, c.Create, func(db *pocketgraph.DB) error {
		return runQuery(ctx, db, c.Text, params, c.Format, t)
	})
}

// runQuery runs one statement and prints its rows and what it changed.
func runQuery(ctx context.Context, db *pocketgraph.DB, text string, params map[string]graph.Value, format string, t terminal) error {
	begin := time.Now()
	result, err := db.Query(ctx, text, params)
	if err != nil {
		return err
	}
	defer result.Close()
	if format != "table" {
		return printData(result, format, t)
	}
	return printSummary(result, isExplain(text), begin, t)
}

// isExplain reports whether the rows of a statement are its plan.
func isExplain(text string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return strings.EqualFold(word, "EXPLAIN")
}

// printSummary prints rows as tables, then the plan of PROFILE and what was
// changed. EXPLAIN prints its plan alone.
func printSummary(result *pocketgraph.Result, explain bool, begin time.Time, t terminal) error {
	printRows := printTables
	if explain || len(result.Columns()) == 0 {
		printRows = drain
	}
	rows, err := printRows(result, t)
	if err != nil {
		return err
	}
	summary := result.Summary()
	if summary.Plan != "" {
		fmt.Fprintln(t.out, strings.TrimRight(summary.Plan, "\n"))
	}
	if explain {
		return nil
	}
	fmt.Fprintln(t.out, summaryLine(len(result.Columns()) > 0, rows, summary)+took(t, begin))
	return nil
}

// took says how long it was since begin, to a person; elsewhere nothing, so
// that the same command prints the same text.
func took(t terminal, begin time.Time) string {
	if !t.person {
		return ""
	}
	return ", " + durationText(time.Since(begin))
}

// durationText has three digits, and milliseconds below a second.
func durationText(d time.Duration) string {
	if d < time.Second {
		return strconv.FormatFloat(d.Seconds()*1e3, 'g', 3, 64) + " ms"
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
}

// parseParams reads name=value pairs whose values are JSON.
func parseParams(pairs []string) (map[string]graph.Value, error) {
	params := map[string]graph.Value{}
	for _, pair := range pairs {
		name, text, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("parameter %q is not NAME=JSON", pair)
		}
		value, err := plainJSON(text)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		params[name] = value
	}
	return params, nil
}

// plainJSON reads JSON as a person writes it: a number without point or
// exponent is an integer.
func plainJSON(text string) (graph.Value, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return graph.Null, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return graph.Null, errors.New("text after the value")
	}
	return jsonToValue(v)
}

func jsonToValue(v any) (graph.Value, error) {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return graph.Int(i), nil
		}
		f, err := v.Float64()
		return graph.Float(f), err
	case []any:
		items := make([]graph.Value, len(v))
		for i := range v {
			var err error
			if items[i], err = jsonToValue(v[i]); err != nil {
				return graph.Null, err
			}
		}
		return graph.List(items), nil
	case map[string]any:
		var entries []graph.Entry
		for key, item := range v {
			value, err := jsonToValue(item)
			if err != nil {
				return graph.Null, err
			}
			entries = append(entries, graph.Entry{Key: key, Value: value})
		}
		return graph.MapValue(graph.NewMap(entries)), nil
	}
	return pocketgraph.ToValue(v)
}
