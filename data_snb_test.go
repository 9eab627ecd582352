//go:build !js

package pocketgraph_test

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// snb is the social network as its files have it: maps of strings, and nothing
// of PocketGraph.
type snb struct {
	nodes map[string]map[int64]map[string]string // by id space and id: properties
	rels  map[string][]snbRel                    // by file name without folder and ending
}

type snbRel struct {
	from, to   int64
	properties map[string]string
}

// snbManifest is the part of the dataset's manifest that counts.
type snbManifest struct {
	Nodes []struct{ File, IDSpace string }
	Rels  []struct{ File string }

	Counts struct {
		Nodes, Rels   int
		Labels, Types map[string]int
	}
}

func snbAnswers(t *testing.T, folder string) *dataset {
	text, err := os.ReadFile(filepath.Join(folder, "manifest.json"))
	require.NoError(t, err)
	var m snbManifest
	require.NoError(t, json.Unmarshal(text, &m))
	d := &dataset{Name: "ldbc-snb-tiny", IDType: "integer", Nodes: m.Counts.Nodes, Relationships: m.Counts.Rels, Labels: m.Counts.Labels, Types: m.Counts.Types}
	g := &snb{nodes: map[string]map[int64]map[string]string{}, rels: map[string][]snbRel{}}
	for _, n := range m.Nodes {
		d.Files = append(d.Files, n.File)
		g.nodes[n.IDSpace] = map[int64]map[string]string{}
		for _, row := range readTable(t, filepath.Join(folder, n.File)) {
			g.nodes[n.IDSpace][number(t, row["id:ID("+n.IDSpace+")"])] = row
		}
	}
	for _, r := range m.Rels {
		d.Files = append(d.Files, r.File)
		name := strings.TrimSuffix(filepath.Base(r.File), ".csv")
		for _, row := range readTable(t, filepath.Join(folder, r.File)) {
			rel := snbRel{properties: row}
			for column, text := range row {
				switch {
				case strings.HasPrefix(column, ":START_ID"):
					rel.from = number(t, text)
				case strings.HasPrefix(column, ":END_ID"):
					rel.to = number(t, text)
				}
			}
			g.rels[name] = append(g.rels[name], rel)
		}
	}
	d.Queries = g.questions(t)
	return d
}

// readTable reads a CSV file as maps from its header.
func readTable(t *testing.T, path string) (rows []map[string]string) {
	in, err := os.Open(path)
	require.NoError(t, err)
	defer in.Close()
	lines, err := csv.NewReader(in).ReadAll()
	require.NoError(t, err)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func number(t *testing.T, text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n
}

// somebody is the person that questions about one person are asked about.
const somebody = int64(8796093022220)

func (g *snb) questions(t *testing.T) []question {
	return []question{
		{"tags by use", "MATCH (m:Message)-[:HAS_TAG]->(t:Tag) RETURN t.name AS tag, count(m) AS uses ORDER BY uses DESC, tag LIMIT 10", nil, []string{"tag", "uses"},
			top(10, count(g.tagNames("HAS_TAG_Post_Tag", "HAS_TAG_Comment_Tag")))},
		{"posts in forums", "MATCH (f:Forum)-[:CONTAINER_OF]->(p:Post) RETURN f.id AS forum, count(p) AS posts ORDER BY posts DESC, forum LIMIT 10", nil, []string{"forum", "posts"},
			top(10, count(starts(g.rels["CONTAINER_OF_Forum_Post"])))},
		{"one forum", "MATCH (f:Forum {id: $id}) RETURN f.title AS title, size([(f)-[:CONTAINER_OF]->(p) | p]) AS posts", map[string]any{"id": int64(343597383682)}, []string{"title", "posts"},
			[][]any{{g.nodes["Forum"][343597383682]["title:STRING"], count(starts(g.rels["CONTAINER_OF_Forum_Post"]))[343597383682]}}},
		{"friends", "MATCH (:Person {id: $id})-[:KNOWS]-(f) RETURN f.firstName AS first, f.lastName AS last, f.id AS id ORDER BY id", map[string]any{"id": somebody}, []string{"first", "last", "id"}, g.friendRows()},
		{"friends of friends", "MATCH (p:Person)-[:KNOWS]-()-[:KNOWS]-(f:Person) WHERE f <> p AND NOT (p)-[:KNOWS]-(f) RETURN p.id AS person, count(DISTINCT f) AS friends ORDER BY friends DESC, person LIMIT 10", nil, []string{"person", "friends"},
			top(10, g.friendsOfFriends())},
		{"three hops", "MATCH (:Person {id: $id})-[:KNOWS*1..3]-(f) RETURN count(DISTINCT f) AS people", map[string]any{"id": somebody}, []string{"people"}, [][]any{{g.reached(somebody, 3)}}},
		{"distances", "MATCH p = shortestPath((a:Person {id: $id})-[:KNOWS*]-(b:Person)) WHERE a <> b RETURN length(p) AS distance, count(*) AS people ORDER BY distance", map[string]any{"id": somebody}, []string{"distance", "people"}, g.distances(somebody)},
		{"triangles", "MATCH (a:Person)-[:KNOWS]-(b)-[:KNOWS]-(c)-[:KNOWS]-(a) WHERE a.id < b.id AND b.id < c.id RETURN count(*) AS triangles", nil, []string{"triangles"}, [][]any{{g.triangles()}}},
		{"people by country", "MATCH (p:Person)-[:IS_LOCATED_IN]->(:City)-[:IS_PART_OF]->(c:Country) RETURN c.name AS country, count(p) AS people ORDER BY people DESC, country LIMIT 10", nil, []string{"country", "people"}, top(10, count(g.countries()))},
		{"messages by browser", "MATCH (m:Message) RETURN m.browserUsed AS browser, count(*) AS messages, sum(m.length) AS length, max(m.length) AS longest ORDER BY browser", nil, []string{"browser", "messages", "length", "longest"}, g.browsers(t)},
		{"languages", "MATCH (p:Person) UNWIND p.speaks AS language RETURN language, count(*) AS speakers ORDER BY speakers DESC, language", nil, []string{"language", "speakers"}, top(1000, count(g.languages()))},
		{"depth of replies", "MATCH r = (:Comment)-[:REPLY_OF*]->(:Post) RETURN length(r) AS depth, count(*) AS comments ORDER BY depth", nil, []string{"depth", "comments"}, g.replyDepths()},
		{"silent people", "MATCH (p:Person) OPTIONAL MATCH (p)<-[:HAS_CREATOR]-(m:Message) WITH p, count(m) AS messages RETURN messages = 0 AS silent, count(*) AS people, sum(messages) AS messages ORDER BY silent", nil, []string{"silent", "people", "messages"}, g.silent()},
		{"likes received", "MATCH (a:Person)<-[:HAS_CREATOR]-(m)<-[:LIKES]-(b:Person) RETURN a.id AS person, count(*) AS likes, count(DISTINCT b) AS people ORDER BY likes DESC, person LIMIT 10", nil, []string{"person", "likes", "people"}, g.likes()},
		{"classes of interests", "MATCH (p:Person {id: $id})-[:HAS_INTEREST]->(:Tag)-[:HAS_TYPE]->()-[:IS_SUBCLASS_OF*0..]->(c:TagClass) RETURN c.name AS class, count(*) AS tags ORDER BY tags DESC, class", map[string]any{"id": somebody}, []string{"class", "tags"}, top(1000, count(g.interests()))},
		{"studied since", "MATCH (p:Person)-[s:STUDY_AT]->(u:University) WHERE s.classYear >= $year RETURN s.classYear AS year, count(*) AS students, count(DISTINCT u) AS universities ORDER BY year", map[string]any{"year": int64(2005)}, []string{"year", "students", "universities"}, g.students(t, 2005)},
		{"words in posts", "MATCH (p:Post) WHERE p.content STARTS WITH 'About ' AND p.content CONTAINS $word RETURN count(*) AS posts", map[string]any{"word": "born"}, []string{"posts"}, [][]any{{g.posts("About ", "born")}}},
	}
}

// count counts how often each key occurs.
func count[K comparable](keys []K) map[K]int {
	out := map[K]int{}
	for _, k := range keys {
		out[k]++
	}
	return out
}

// top gives the keys with the highest counts; equal counts by key.
func top[K cmp.Ordered](n int, counts map[K]int) (rows [][]any) {
	keys := sortedKeys(counts)
	slices.SortStableFunc(keys, func(a, b K) int { return counts[b] - counts[a] })
	for _, k := range keys[:min(n, len(keys))] {
		rows = append(rows, []any{k, counts[k]})
	}
	return rows
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) (keys []K) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func starts(rels []snbRel) (ids []int64) {
	for _, r := range rels {
		ids = append(ids, r.from)
	}
	return ids
}

// ends maps starts of relationships to their ends.
func ends(rels []snbRel) map[int64][]int64 {
	out := map[int64][]int64{}
	for _, r := range rels {
		out[r.from] = append(out[r.from], r.to)
	}
	return out
}

func (g *snb) tagNames(files ...string) (names []string) {
	for _, file := range files {
		for _, r := range g.rels[file] {
			names = append(names, g.nodes["Tag"][r.to]["name:STRING"])
		}
	}
	return names
}

// friends are the neighbours of each person, whoever knows whom.
func (g *snb) friends() map[int64]map[int64]bool {
	out := map[int64]map[int64]bool{}
	for id := range g.nodes["Person"] {
		out[id] = map[int64]bool{}
	}
	for _, r := range g.rels["KNOWS_Person_Person"] {
		out[r.from][r.to], out[r.to][r.from] = true, true
	}
	return out
}

func (g *snb) friendRows() (rows [][]any) {
	for _, id := range sortedKeys(g.friends()[somebody]) {
		p := g.nodes["Person"][id]
		rows = append(rows, []any{p["firstName:STRING"], p["lastName:STRING"], id})
	}
	return rows
}

func (g *snb) friendsOfFriends() map[int64]int {
	friends, out := g.friends(), map[int64]int{}
	for p := range friends {
		found := map[int64]bool{}
		for f := range friends[p] {
			for ff := range friends[f] {
				if ff != p && !friends[p][ff] {
					found[ff] = true
				}
			}
		}
		if len(found) > 0 { // a person without has no row
			out[p] = len(found)
		}
	}
	return out
}

// distancesFrom is a breadth-first search.
func (g *snb) distancesFrom(from int64) map[int64]int {
	friends, out := g.friends(), map[int64]int{from: 0}
	for queue := []int64{from}; len(queue) > 0; queue = queue[1:] {
		for next := range friends[queue[0]] {
			if _, seen := out[next]; !seen {
				out[next] = out[queue[0]] + 1
				queue = append(queue, next)
			}
		}
	}
	return out
}

func (g *snb) distances(from int64) (rows [][]any) {
	byDistance := map[int]int{}
	for id, distance := range g.distancesFrom(from) {
		if id != from {
			byDistance[distance]++
		}
	}
	for _, distance := range sortedKeys(byDistance) {
		rows = append(rows, []any{distance, byDistance[distance]})
	}
	return rows
}

// reached counts whom a trail of at most hops relationships reaches: everybody
// that near, and the person itself if a triangle leads back.
func (g *snb) reached(from int64, hops int) (people int) {
	for id, distance := range g.distancesFrom(from) {
		if id != from && distance <= hops {
			people++
		}
	}
	friends := g.friends()
	for a := range friends[from] {
		for b := range friends[a] {
			if hops >= 3 && b != from && friends[b][from] {
				return people + 1
			}
		}
	}
	return people
}

func (g *snb) triangles() (n int) {
	friends := g.friends()
	for a := range friends {
		for b := range friends[a] {
			for c := range friends[b] {
				if a < b && b < c && friends[c][a] {
					n++
				}
			}
		}
	}
	return n
}

func (g *snb) countries() (names []string) {
	part := ends(g.rels["IS_PART_OF_Place_Place"])
	for _, r := range g.rels["IS_LOCATED_IN_Person_Place"] {
		for _, country := range part[r.to] {
			if strings.Contains(g.nodes["Place"][country][":LABEL"], "Country") && strings.Contains(g.nodes["Place"][r.to][":LABEL"], "City") {
				names = append(names, g.nodes["Place"][country]["name:STRING"])
			}
		}
	}
	return names
}

// messages are posts and comments, whose ids do not overlap.
func (g *snb) messages() map[int64]map[string]string {
	out := map[int64]map[string]string{}
	for _, space := range []string{"Post", "Comment"} {
		for id, m := range g.nodes[space] {
			out[id] = m
		}
	}
	return out
}

func (g *snb) browsers(t *testing.T) (rows [][]any) {
	messages, lengths, longest := map[string]int{}, map[string]int64{}, map[string]int64{}
	for _, m := range g.messages() {
		browser, length := m["browserUsed:STRING"], number(t, m["length:INT"])
		messages[browser]++
		lengths[browser] += length
		longest[browser] = max(longest[browser], length)
	}
	for _, browser := range sortedKeys(messages) {
		rows = append(rows, []any{browser, messages[browser], lengths[browser], longest[browser]})
	}
	return rows
}

func (g *snb) languages() (names []string) {
	for _, p := range g.nodes["Person"] {
		if p["speaks:STRING[]"] != "" {
			names = append(names, strings.Split(p["speaks:STRING[]"], ";")...)
		}
	}
	return names
}

func (g *snb) replyDepths() (rows [][]any) {
	parents := ends(g.rels["REPLY_OF_Comment_Comment"])
	depths := map[int]int{}
	for _, r := range g.rels["REPLY_OF_Comment_Post"] {
		depths[1]++
		g.below(r.from, 1, children(parents), depths)
	}
	for _, depth := range sortedKeys(depths) {
		rows = append(rows, []any{depth, depths[depth]})
	}
	return rows
}

// below counts the replies to a comment, and those to them.
func (g *snb) below(id int64, depth int, replies map[int64][]int64, depths map[int]int) {
	for _, reply := range replies[id] {
		depths[depth+1]++
		g.below(reply, depth+1, replies, depths)
	}
}

// children turns a map from children to parents around.
func children(parents map[int64][]int64) map[int64][]int64 {
	out := map[int64][]int64{}
	for child, of := range parents {
		for _, parent := range of {
			out[parent] = append(out[parent], child)
		}
	}
	return out
}

// creators maps messages to who wrote them.
func (g *snb) creators() map[int64]int64 {
	out := map[int64]int64{}
	for _, file := range []string{"HAS_CREATOR_Post_Person", "HAS_CREATOR_Comment_Person"} {
		for _, r := range g.rels[file] {
			out[r.from] = r.to
		}
	}
	return out
}

func (g *snb) silent() [][]any {
	messages := map[int64]int{}
	for _, creator := range g.creators() {
		messages[creator]++
	}
	silent := len(g.nodes["Person"]) - len(messages)
	rows := [][]any{{false, len(messages), len(g.messages())}}
	if silent > 0 {
		rows = append(rows, []any{true, silent, 0})
	}
	return rows
}

func (g *snb) likes() (rows [][]any) {
	creators, likes, people := g.creators(), map[int64]int{}, map[int64]map[int64]bool{}
	for _, file := range []string{"LIKES_Person_Post", "LIKES_Person_Comment"} {
		for _, r := range g.rels[file] {
			creator := creators[r.to]
			likes[creator]++
			if people[creator] == nil {
				people[creator] = map[int64]bool{}
			}
			people[creator][r.from] = true
		}
	}
	for _, row := range top(10, likes) {
		rows = append(rows, append(row, len(people[row[0].(int64)])))
	}
	return rows
}

// interests are the classes of somebody's interests, and the classes above.
func (g *snb) interests() (classes []string) {
	class, above := ends(g.rels["HAS_TYPE_Tag_TagClass"]), ends(g.rels["IS_SUBCLASS_OF_TagClass_TagClass"])
	for _, tag := range ends(g.rels["HAS_INTEREST_Person_Tag"])[somebody] {
		for todo := slices.Clone(class[tag]); len(todo) > 0; todo = todo[1:] {
			classes = append(classes, g.nodes["TagClass"][todo[0]]["name:STRING"])
			todo = append(todo, above[todo[0]]...)
		}
	}
	return classes
}

func (g *snb) students(t *testing.T, since int64) (rows [][]any) {
	students, universities := map[int64]int{}, map[int64]map[int64]bool{}
	for _, r := range g.rels["STUDY_AT_Person_Organisation"] {
		year := number(t, r.properties["classYear:INT"])
		if year < since || !strings.Contains(g.nodes["Organisation"][r.to][":LABEL"], "University") {
			continue
		}
		students[year]++
		if universities[year] == nil {
			universities[year] = map[int64]bool{}
		}
		universities[year][r.to] = true
	}
	for _, year := range sortedKeys(students) {
		rows = append(rows, []any{year, students[year], len(universities[year])})
	}
	return rows
}

func (g *snb) posts(prefix, word string) (n int) {
	for _, p := range g.nodes["Post"] {
		if strings.HasPrefix(p["content:STRING"], prefix) && strings.Contains(p["content:STRING"], word) {
			n++
		}
	}
	return n
}
