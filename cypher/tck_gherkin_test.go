package cypher

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// This file reads the part of Gherkin that the conformance suite uses:
// Feature, Background, Scenario, Scenario Outline with one Examples block,
// tags, comments, doc strings and tables.

type tckStep struct {
	text  string
	doc   string
	table [][]string
}

type tckScenario struct {
	file    string // below features/
	name    string
	example string
	line    int
	ignored bool
	steps   []tckStep
}

func (s *tckScenario) id() string {
	id := s.file + " :: " + s.name
	if s.example != "" {
		id += " :: " + s.example
	}
	return id
}

func readTCK(t *testing.T, dir string) []*tckScenario {
	var files []string
	err := filepath.Walk(filepath.Join(dir, "features"), func(path string, info os.FileInfo, err error) error {
		if err == nil && strings.HasSuffix(path, ".feature") {
			files = append(files, path)
		}
		return err
	})
	require.NoError(t, err)
	sort.Strings(files)
	var all []*tckScenario
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		name, _ := filepath.Rel(filepath.Join(dir, "features"), f)
		all = append(all, parseFeature(filepath.ToSlash(name), string(text))...)
	}
	return all
}

type featureParser struct {
	lines      []string
	at         int
	file       string
	background []tckStep
	out        []*tckScenario
}

func parseFeature(file, text string) []*tckScenario {
	p := &featureParser{file: file, lines: strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")}
	var tags []string
	for p.at < len(p.lines) {
		line := strings.TrimSpace(p.lines[p.at])
		p.at++
		switch {
		case strings.HasPrefix(line, "@"):
			tags = append(tags, strings.Fields(line)...)
		case strings.HasPrefix(line, "Feature:"):
			tags = nil
		case strings.HasPrefix(line, "Background:"):
			p.background = p.steps()
		case strings.HasPrefix(line, "Scenario"):
			p.scenario(line, tags)
			tags = nil
		}
	}
	return p.out
}

func (p *featureParser) scenario(line string, tags []string) {
	_, name, _ := strings.Cut(line, ":")
	number := p.at
	steps := append(append([]tckStep(nil), p.background...), p.steps()...)
	ignored := false
	for _, tag := range tags {
		ignored = ignored || tag == "@ignore"
	}
	var examples [][]string
	if p.at < len(p.lines) && strings.HasPrefix(strings.TrimSpace(p.lines[p.at]), "Examples:") {
		p.at++
		examples = p.table()
	}
	name = strings.TrimSpace(name)
	if examples == nil {
		p.out = append(p.out, &tckScenario{file: p.file, name: name, line: number, steps: steps, ignored: ignored})
		return
	}
	for i, row := range examples[1:] {
		s := &tckScenario{file: p.file, name: name, example: itoa(i + 1), line: number, ignored: ignored}
		fill := func(text string) string {
			for k, column := range examples[0] {
				text = strings.ReplaceAll(text, "<"+column+">", row[k])
			}
			return text
		}
		for _, step := range steps {
			filled := tckStep{text: fill(step.text), doc: fill(step.doc)}
			for _, cells := range step.table {
				var r []string
				for _, c := range cells {
					r = append(r, fill(c))
				}
				filled.table = append(filled.table, r)
			}
			s.steps = append(s.steps, filled)
		}
		p.out = append(p.out, s)
	}
}

// steps reads steps up to what is none.
func (p *featureParser) steps() []tckStep {
	var out []tckStep
	for p.at < len(p.lines) {
		line := strings.TrimSpace(p.lines[p.at])
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			p.at++
		case word == "Given" || word == "When" || word == "Then" || word == "And" || word == "But":
			p.at++
			out = append(out, tckStep{text: strings.TrimSpace(rest)})
		case strings.HasPrefix(line, `"""`):
			out[len(out)-1].doc = p.docString()
		case strings.HasPrefix(line, "|"):
			out[len(out)-1].table = p.table()
		default:
			return out
		}
	}
	return out
}

// docString reads a """ block; its indentation is that of the opening quotes.
func (p *featureParser) docString() string {
	open := p.lines[p.at]
	indent := len(open) - len(strings.TrimLeft(open, " \t"))
	p.at++
	var text []string
	for ; strings.TrimSpace(p.lines[p.at]) != `"""`; p.at++ {
		line := p.lines[p.at]
		cut := 0
		for cut < len(line) && cut < indent && (line[cut] == ' ' || line[cut] == '\t') {
			cut++
		}
		text = append(text, line[cut:])
	}
	p.at++
	return strings.Join(text, "\n")
}

func (p *featureParser) table() [][]string {
	var rows [][]string
	for ; p.at < len(p.lines); p.at++ {
		line := strings.TrimSpace(p.lines[p.at])
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !strings.HasPrefix(line, "|") {
			break
		}
		rows = append(rows, tableCells(line))
	}
	return rows
}

func tableCells(line string) []string {
	var cells []string
	var cell strings.Builder
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && strings.IndexByte(`|\n`, line[i+1]) >= 0:
			i++
			if line[i] == 'n' {
				cell.WriteByte('\n')
			} else {
				cell.WriteByte(line[i])
			}
		case line[i] == '|':
			cells = append(cells, strings.TrimSpace(cell.String()))
			cell.Reset()
		default:
			cell.WriteByte(line[i])
		}
	}
	return cells
}
