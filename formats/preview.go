package formats

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/pocketgraph/pocketgraph/internal/csv"
)

// PreviewOf shows what files hold, from their beginnings: nothing is written.
type PreviewOf struct {
	Files []FilePreview `json:"files"`
}

// FilePreview is one file's.
type FilePreview struct {
	Name      string          `json:"name"`
	Format    Format          `json:"format"`              // guessed, or what the options say; empty when unknown
	Delimiter string          `json:"delimiter,omitempty"` // of CSV
	Columns   []ColumnPreview `json:"columns,omitempty"`   // of CSV
	Rows      [][]*string     `json:"rows,omitempty"`      // of CSV: fields; null where a field is empty
	Elements  []ElementOf     `json:"elements,omitempty"`  // of the other formats, and of CSV with roles
	Text      string          `json:"text,omitempty"`      // of scripts: the first statements
	Problem   string          `json:"problem,omitempty"`   // why there is no more
}

// ColumnPreview is a column of CSV.
type ColumnPreview struct {
	Name  string `json:"name"`            // as the file has it
	Role  string `json:"role"`            // "property", "id", "label", "start", "end", "type" or "ignore"
	Key   string `json:"key,omitempty"`   // of the property
	Type  string `json:"type,omitempty"`  // of the property
	Space string `json:"space,omitempty"` // of identifiers
}

// ElementOf is an element as it would become one; values are as in JSON lines.
type ElementOf struct {
	Kind       string            `json:"kind"` // "node" or "relationship"
	ID         string            `json:"id,omitempty"`
	Labels     []string          `json:"labels,omitempty"`
	Start      string            `json:"start,omitempty"`
	End        string            `json:"end,omitempty"`
	Type       string            `json:"type,omitempty"`
	Properties map[string]string `json:"properties"` // JSON of the values
}

var errEnough = errors.New("that is enough")

// Preview reads the first rows of each file.
func Preview(ctx context.Context, sources []Source, o Options, rows int) (*PreviewOf, error) {
	if err := o.defaults(); err != nil {
		return nil, err
	}
	out := &PreviewOf{Files: []FilePreview{}}
	for _, s := range sources {
		f, err := previewFile(ctx, s, o, max(rows, 1))
		if err != nil {
			return nil, err
		}
		out.Files = append(out.Files, f)
	}
	return out, nil
}

func previewFile(ctx context.Context, s Source, o Options, rows int) (FilePreview, error) {
	f := FilePreview{Name: s.Name}
	k, drop, err := known(s, &o)
	if errors.Is(err, ErrUnknownFormat) {
		f.Problem = ErrUnknownFormat.Error()
		return f, nil
	}
	if err != nil {
		return f, err
	}
	defer drop()
	f.Format = k.Format
	report := Report{}
	p := &sampler{limit: rows}
	m := &meter{ctx: ctx, tell: func(Progress) {}, elements: func() int64 { return 0 }}
	switch {
	case f.Format == CSV:
		err = f.previewCSV(k, &o, m, rows)
	case f.Format == Cypher:
		err = f.previewScript(ctx, k, o, rows)
	case readers[f.Format] != nil:
		err = readOne(k, &o, m, &report, p)
		f.Elements = p.elements
	}
	if err != nil && !errors.Is(err, errEnough) {
		f.Problem = err.Error()
	}
	return f, nil
}

// sampler keeps the first elements.
type sampler struct {
	limit    int
	elements []ElementOf
}

func (p *sampler) element(e *element) error {
	p.elements = append(p.elements, elementOf(e))
	if len(p.elements) >= p.limit {
		return errEnough
	}
	return nil
}

func elementOf(e *element) ElementOf {
	out := ElementOf{Kind: "node", ID: e.self.id, Labels: append([]string(nil), e.labels...), Properties: map[string]string{}}
	if e.rel {
		out.Kind, out.Start, out.End, out.Type = "relationship", e.start.id, e.end.id, e.typ
	}
	for _, p := range e.properties {
		out.Properties[p.name] = string(appendJSON(nil, p.value, false))
	}
	return out
}

func (f *FilePreview) previewCSV(s Source, o *Options, m *meter, rows int) error {
	in, err := s.Open()
	if err != nil {
		return err
	}
	defer in.Close() // read only: nothing can be lost
	buffered := bufio.NewReaderSize(m.reader(in, s.Name), 64<<10)
	delimiter := o.delimiter(s.Name, buffered)
	f.Delimiter = string(delimiter)
	r := csv.NewReader(buffered, s.Name, delimiter)
	fields, line, err := r.Next()
	if err != nil {
		return err
	}
	mapping := o.mapping(s.Name)
	for _, field := range fields {
		f.Columns = append(f.Columns, columnOf(field.Text, mapping))
	}
	h, headerErr := parseHeader(fields, mapping)
	e := &element{}
	for len(f.Rows) < rows {
		fields, line, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		f.Rows = append(f.Rows, texts(fields))
		if headerErr == nil && len(fields) == len(h.columns) {
			if err := h.fill(e, fields, o); err != nil {
				return locate(err, s.Name, line)
			}
			f.Elements = append(f.Elements, elementOf(e))
		}
	}
	return locate(headerErr, s.Name, line)
}

func texts(fields []csv.Field) []*string {
	row := make([]*string, len(fields))
	for i, field := range fields {
		if field.Text != "" || field.Quoted {
			text := field.Text
			row[i] = &text
		}
	}
	return row
}

var roleNames = map[role]string{roleProperty: "property", roleID: "id", roleLabel: "label", roleStart: "start", roleEnd: "end", roleType: "type", roleIgnore: "ignore"}

func columnOf(text string, m *Mapping) ColumnPreview {
	c, err := parseColumn(m.header(text))
	if err != nil {
		return ColumnPreview{Name: text, Role: "property", Key: text, Type: typeString}
	}
	p := ColumnPreview{Name: text, Role: roleNames[c.role], Key: c.name, Type: c.kind, Space: c.space}
	if c.array {
		p.Type += "[]"
	}
	return p
}

func (f *FilePreview) previewScript(ctx context.Context, s Source, o Options, rows int) error {
	var parts []string
	o.Progress = nil
	_, err := Statements(ctx, []Source{s}, o, func(st Statement) error {
		parts = append(parts, st.Text+";")
		f.Text = strings.Join(parts, "\n")
		if len(parts) >= rows {
			return errEnough
		}
		return nil
	})
	return err
}
