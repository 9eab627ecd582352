// Questions to the demo graph, from simple to what only a graph answers.

interface Example {
  title: string;
  query: string;
}

export const world = "world";

export const first = `// Every land border between two countries
MATCH (a:Country)-[border:BORDERS]->(b:Country)
RETURN a, border, b`;

export const examples: Example[] = [
  { title: "All land borders", query: first },
  {
    title: "From Portugal to Vietnam over land",
    query: `MATCH (a:Country {name: 'Portugal'}), (b:Country {name: 'Vietnam'}),
      way = shortestPath((a)-[:BORDERS*]-(b))
RETURN way, length(way) AS borders`,
  },
  {
    title: "Every shortest way from Portugal to South Africa",
    query: `MATCH (a:Country {name: 'Portugal'}), (b:Country {name: 'South Africa'}),
      way = allShortestPaths((a)-[:BORDERS*]-(b))
RETURN way`,
  },
  {
    title: "Who has the most neighbours?",
    query: `MATCH (c:Country)-[:BORDERS]-(neighbour)
RETURN c.name AS country, count(*) AS neighbours, collect(neighbour.code) AS codes
ORDER BY neighbours DESC, country
LIMIT 10`,
  },
  {
    title: "Landlocked among the landlocked",
    query: `// No coast, and neither has any neighbour: two countries
MATCH (c:Country {landlocked: true})
WHERE all(n IN [(c)-[:BORDERS]-(x) | x] WHERE n.landlocked)
MATCH (c)-[border:BORDERS]-(neighbour)
RETURN c, border, neighbour`,
  },
  {
    title: "Languages spoken on both sides of a border",
    query: `MATCH (a:Country)-[:BORDERS]->(b:Country),
      (a)-[:SPEAKS]->(l:Language)<-[:SPEAKS]-(b)
RETURN l.name AS language, count(*) AS borders
ORDER BY borders DESC, language
LIMIT 15`,
  },
  {
    title: "South America and its languages",
    query: `MATCH (k:Continent {name: 'South America'})<-[:IN]-(c)-[speaks:SPEAKS]->(l)
RETURN c, speaks, l`,
  },
  {
    title: "Countries without a land border",
    query: `MATCH (c:Country)
WHERE NOT EXISTS { (c)-[:BORDERS]-() }
RETURN c.continent AS continent, count(*) AS countries, collect(c.name) AS names
ORDER BY countries DESC`,
  },
  {
    title: "Two borders away from Switzerland",
    query: `MATCH way = (:Country {name: 'Switzerland'})-[:BORDERS*2]-(far:Country)
WHERE far.name <> 'Switzerland'
RETURN way`,
  },
  {
    title: "Where three countries meet pairwise",
    query: `MATCH (a:Country)-[:BORDERS]-(b)-[:BORDERS]-(c)-[:BORDERS]-(a)
WHERE a.code < b.code AND b.code < c.code
RETURN a.name AS one, b.name AS two, c.name AS three
ORDER BY one, two, three
LIMIT 50`,
  },
];
