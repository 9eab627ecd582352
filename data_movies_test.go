//go:build !js

package pocketgraph_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// movies is the graph of people and movies, read from the script with regular
// expressions: it writes every element as a literal.
type movies struct {
	people map[string]*person // by name
	films  map[string]*film   // by title
	rels   []movieRel
}

type person struct {
	name string
	born int // 0 when it is not known
}

type film struct {
	title    string
	released int
}

// movieRel goes from a person to a film, or (FOLLOWS) to a person.
type movieRel struct {
	kind     string
	from, to string // names and titles
	roles    []string
	rating   int
}

var (
	nodePattern  = regexp.MustCompile(`(?m)^\(?(?:CREATE |MERGE )?\((\w+):(Person|Movie) \{(?:name|title):\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)")(?:,\s*(?:born|released):\s*(\d+))?`)
	relPattern   = regexp.MustCompile(`\((\w+)\)-\[:(\w+)(?: \{(.*)\})?\]->\((\w+)\)`)
	rolePattern  = regexp.MustCompile(`'((?:[^'\\]|\\.)*)'|"([^"]*)"`)
	ratingNumber = regexp.MustCompile(`rating:\s*(\d+)`)
)

func moviesAnswers(t *testing.T, folder string) *dataset {
	text, err := os.ReadFile(filepath.Join(folder, "movies.cypher"))
	require.NoError(t, err)
	m, labels, types := parseMovies(t, string(text))
	return &dataset{
		Name: "movies", Files: []string{"movies.cypher"}, Nodes: len(m.people) + len(m.films), Relationships: len(m.rels),
		Labels: labels, Types: types, Queries: m.questions(),
	}
}

func parseMovies(t *testing.T, text string) (m *movies, labels, types map[string]int) {
	m = &movies{people: map[string]*person{}, films: map[string]*film{}}
	labels, types = map[string]int{}, map[string]int{}
	names := map[string]string{} // of the script's variables
	for _, match := range nodePattern.FindAllStringSubmatch(text, -1) {
		name := strings.ReplaceAll(match[3], `\'`, "'") + match[4]
		year, _ := strconv.Atoi(match[5]) // 0 when there is none
		names[match[1]] = name
		labels[match[2]]++
		if match[2] == "Person" {
			m.people[name] = &person{name, year}
		} else {
			m.films[name] = &film{name, year}
		}
	}
	for _, match := range relPattern.FindAllStringSubmatch(text, -1) {
		r := movieRel{kind: match[2], from: names[match[1]], to: names[match[4]]}
		require.NotEmpty(t, r.from, match[0])
		require.NotEmpty(t, r.to, match[0])
		types[r.kind]++
		if rating := ratingNumber.FindStringSubmatch(match[3]); rating != nil {
			r.rating, _ = strconv.Atoi(rating[1])
		}
		if roles, ok := strings.CutPrefix(match[3], "roles:"); ok {
			for _, role := range rolePattern.FindAllStringSubmatch(roles, -1) {
				r.roles = append(r.roles, strings.ReplaceAll(role[1], `\'`, "'")+role[2])
			}
		}
		m.rels = append(m.rels, r)
	}
	require.Equal(t, len(m.people)+len(m.films), labels["Person"]+labels["Movie"], "names are not unique")
	return m, labels, types
}

func (m *movies) questions() []question {
	const bacon, hanks = "Kevin Bacon", "Tom Hanks"
	return []question{
		{"cast", "MATCH (p:Person)-[a:ACTED_IN]->(:Movie {title: $title}) RETURN p.name AS name, p.born AS born, a.roles AS roles ORDER BY name", map[string]any{"title": "The Matrix"}, []string{"name", "born", "roles"}, m.cast("The Matrix")},
		{"people without a year of birth", "MATCH (p:Person) WHERE p.born IS NULL RETURN p.name AS name ORDER BY name", nil, []string{"name"}, m.withoutYear()},
		{"movies by decade", "MATCH (m:Movie) RETURN m.released / 10 * 10 AS decade, count(*) AS movies ORDER BY decade", nil, []string{"decade", "movies"}, m.decades()},
		{"busy actors", "MATCH (p:Person)-[:ACTED_IN]->(m) RETURN p.name AS name, count(m) AS movies ORDER BY movies DESC, name LIMIT 10", nil, []string{"name", "movies"}, top(10, count(m.actors()))},
		{"played with", "MATCH (:Person {name: $name})-[:ACTED_IN]->()<-[:ACTED_IN]-(p) RETURN p.name AS name, count(*) AS times ORDER BY times DESC, name LIMIT 10", map[string]any{"name": hanks}, []string{"name", "times"}, top(10, count(m.playedWith(hanks)))},
		{"directed themselves", "MATCH (p:Person)-[:ACTED_IN]->(m)<-[:DIRECTED]-(p) RETURN p.name AS name, m.title AS title ORDER BY name, title", nil, []string{"name", "title"}, m.directedThemselves()},
		{"distance from", "MATCH p = shortestPath((a:Person {name: $name})-[:ACTED_IN*]-(b:Person)) WHERE a <> b RETURN length(p) AS distance, count(*) AS people ORDER BY distance", map[string]any{"name": bacon}, []string{"distance", "people"}, m.distances(bacon)},
		{"ratings", "MATCH (:Person)-[r:REVIEWED]->(m:Movie) RETURN m.title AS title, count(*) AS reviews, min(r.rating) AS worst, max(r.rating) AS best, sum(r.rating) AS sum ORDER BY title", nil, []string{"title", "reviews", "worst", "best", "sum"}, m.ratings()},
		{"titles", "MATCH (m:Movie) WHERE m.title STARTS WITH 'The ' WITH m ORDER BY m.title RETURN collect(m.title) AS titles, count(*) AS movies", nil, []string{"titles", "movies"}, m.titles("The ")},
		{"what people do", "MATCH (p:Person)-[r]->(:Movie) RETURN type(r) AS what, count(DISTINCT p) AS people ORDER BY what", nil, []string{"what", "people"}, m.whatPeopleDo()},
	}
}

func (m *movies) of(kind string) (rels []movieRel) {
	for _, r := range m.rels {
		if r.kind == kind {
			rels = append(rels, r)
		}
	}
	return rels
}

// known is a year, or nil when there is none.
func known(year int) any {
	if year == 0 {
		return nil
	}
	return year
}

func (m *movies) cast(title string) (rows [][]any) {
	for _, r := range m.of("ACTED_IN") {
		if r.to == title {
			rows = append(rows, []any{r.from, known(m.people[r.from].born), r.roles})
		}
	}
	return byFirst(rows)
}

// byFirst orders rows by their first value, a text.
func byFirst(rows [][]any) [][]any {
	slices.SortStableFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	return rows
}

func (m *movies) withoutYear() (rows [][]any) {
	for _, p := range m.people {
		if p.born == 0 {
			rows = append(rows, []any{p.name})
		}
	}
	return byFirst(rows)
}

func (m *movies) decades() (rows [][]any) {
	decades := map[int]int{}
	for _, f := range m.films {
		decades[f.released/10*10]++
	}
	for _, decade := range sortedKeys(decades) {
		rows = append(rows, []any{decade, decades[decade]})
	}
	return rows
}

func (m *movies) actors() (names []string) {
	for _, r := range m.of("ACTED_IN") {
		names = append(names, r.from)
	}
	return names
}

func (m *movies) playedWith(name string) (names []string) {
	acted := m.of("ACTED_IN")
	for _, own := range acted {
		for _, other := range acted {
			if own.from == name && other.to == own.to && other.from != name {
				names = append(names, other.from)
			}
		}
	}
	return names
}

func (m *movies) directedThemselves() (rows [][]any) {
	for _, a := range m.of("ACTED_IN") {
		for _, d := range m.of("DIRECTED") {
			if a.from == d.from && a.to == d.to {
				rows = append(rows, []any{a.from, a.to})
			}
		}
	}
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[1].(string), b[1].(string)) })
	return byFirst(rows)
}

func (m *movies) distances(name string) (rows [][]any) {
	distance, people := map[string]int{name: 0}, map[int]int{}
	for queue := []string{name}; len(queue) > 0; queue = queue[1:] {
		for _, r := range m.of("ACTED_IN") {
			for here, next := range map[string]string{r.from: r.to, r.to: r.from} {
				if _, seen := distance[next]; here == queue[0] && !seen {
					distance[next] = distance[here] + 1
					queue = append(queue, next)
				}
			}
		}
	}
	for found, d := range distance {
		if m.people[found] != nil && found != name {
			people[d]++
		}
	}
	for _, d := range sortedKeys(people) {
		rows = append(rows, []any{d, people[d]})
	}
	return rows
}

func (m *movies) ratings() (rows [][]any) {
	byTitle := map[string][]int{}
	for _, r := range m.of("REVIEWED") {
		byTitle[r.to] = append(byTitle[r.to], r.rating)
	}
	for _, title := range sortedKeys(byTitle) {
		sum := 0
		for _, rating := range byTitle[title] {
			sum += rating
		}
		rows = append(rows, []any{title, len(byTitle[title]), slices.Min(byTitle[title]), slices.Max(byTitle[title]), sum})
	}
	return rows
}

func (m *movies) titles(prefix string) [][]any {
	var titles []string
	for _, title := range sortedKeys(m.films) {
		if strings.HasPrefix(title, prefix) {
			titles = append(titles, title)
		}
	}
	return [][]any{{titles, len(titles)}}
}

func (m *movies) whatPeopleDo() (rows [][]any) {
	people := map[string]map[string]bool{}
	for _, r := range m.rels {
		if m.films[r.to] == nil {
			continue
		}
		if people[r.kind] == nil {
			people[r.kind] = map[string]bool{}
		}
		people[r.kind][r.from] = true
	}
	for _, kind := range sortedKeys(people) {
		rows = append(rows, []any{kind, len(people[kind])})
	}
	return rows
}
