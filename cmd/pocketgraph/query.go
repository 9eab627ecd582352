package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	pocketgraph "github.com/pocketgraph/pocketgraph"
	"github.com/pocketgraph/pocketgraph/graph"
)

type queryCommand struct {
	store
	Text   string   `arg:"" help:"The query."`
	Param  []string `short:"p" placeholder:"NAME=JSON" help:"A parameter; may be repeated. Integers without a point are integers."`
	Format string   `enum:"table,json,csv" default:"table" help:"table, json (an object a line) or csv."`
}

// Run opens the store, which must exist, and prints what the query returns.
func (c *queryCommand) Run(ctx context.Context, t terminal) error {
	params, err := parseParams(c.Param)
	if err != nil {
		return err
	}
	return c.with(ctx, false, func(db *pocketgraph.DB) error {
		return runQuery(ctx, db, c.Text, params, c.Format, t)
	})
}

// runQuery runs one statement and prints its rows and what it changed.
func runQuery(ctx context.Context, db *pocketgraph.DB, text string, params map[string]graph.Value, format string, t terminal) error {
	result, err := db.Query(ctx, text, params)
	if err != nil {
		return err
	}
	defer result.Close()
	rows, err := printRows(result, format, t.out)
	if err != nil {
		return err
	}
	if format == "table" {
		fmt.Fprintln(t.out, summaryLine(rows, result.Summary()))
	}
	return nil
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
	if decoder.More() {
		return graph.Null, fmt.Errorf("text after the value")
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
