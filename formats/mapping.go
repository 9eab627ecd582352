package formats

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// Mapping says what the columns of a plain CSV file are.
type Mapping struct {
	// Columns gives a column the header field that neo4j-admin would have it
	// have: "id" could be "id:ID(Person)", "born" "born:INT", "note" ":IGNORE".
	// A column that is not named is what its own text says: a property of
	// strings, mostly.
	Columns map[string]string `json:"columns"`
	// Labels are of every node of the file, beside those of its :LABEL column.
	// With them a file needs no :ID.
	Labels []string `json:"labels"`
	// Type is of every relationship of a file without a :TYPE column.
	Type string `json:"type"`
}

// header is what a column is; the mapping may be nil.
func (m *Mapping) header(column string) string {
	if m == nil {
		return column
	}
	if field, ok := m.Columns[column]; ok {
		return field
	}
	return column
}

// missing is a column that the mapping names and the file does not have.
func (m *Mapping) missing(fields []csv.Field) string {
	var absent []string
	for name := range m.Columns {
		if !slices.ContainsFunc(fields, func(f csv.Field) bool { return f.Text == name }) {
			absent = append(absent, name)
		}
	}
	if len(absent) == 0 {
		return ""
	}
	return slices.Min(absent)
}

// ParseMappings reads mappings from JSON: one mapping, for all files, or an
// object with a mapping for each file by its name.
func ParseMappings(text []byte) (map[string]*Mapping, error) {
	decode := func(into any) error {
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		return d.Decode(into)
	}
	one := &Mapping{}
	oneErr := decode(one)
	if oneErr == nil {
		return map[string]*Mapping{"": one}, nil
	}
	var each map[string]*Mapping
	if err := decode(&each); err != nil {
		return nil, errors.New(`expected a mapping, {"columns": {…}, "labels": […], "type": "…"}, or one for each file by its name: ` + oneErr.Error())
	}
	for name, m := range each {
		if m == nil {
			delete(each, name)
		}
	}
	return each, nil
}
