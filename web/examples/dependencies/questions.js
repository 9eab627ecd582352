// What one asks of a dependency graph, in Cypher. The project itself is the
// package with the path "".

/** Puts what readLock found in the place of what was there, in one transaction. */
export async function replace(db, { packages, requirements }) {
  await db.query("CREATE CONSTRAINT package_path IF NOT EXISTS FOR (p:Package) REQUIRE p.path IS UNIQUE");
  await db.transaction(async (tx) => {
    await tx.query("MATCH (p:Package) DETACH DELETE p");
    await tx.query("UNWIND $packages AS p CREATE (n:Package) SET n = p", { packages });
    await tx.query("UNWIND $requirements AS r MATCH (a:Package {path: r.from}), (b:Package {path: r.to}) CREATE (a)-[:REQUIRES {range: r.range, kind: r.kind}]->(b)", { requirements });
  });
}

export const size = "MATCH (p:Package) OPTIONAL MATCH (p)-[r:REQUIRES]->() RETURN count(DISTINCT p) AS packages, count(r) AS requirements, count(DISTINCT p.name) AS names";

export const names = "MATCH (p:Package) WHERE p.path <> '' RETURN DISTINCT p.name AS name ORDER BY name";

/** The shortest chains of requirements from the project to each installed version of a package. */
export const why = `
  MATCH (project:Package {path: ''}), (p:Package {name: $name})
  WHERE p <> project
  OPTIONAL MATCH way = allShortestPaths((project)-[:REQUIRES*]->(p))
  WITH p, way ORDER BY [n IN nodes(way) | n.name]
  RETURN p.version AS version, p.path AS path, collect(way)[..5] AS ways, count(way) AS n
  ORDER BY p.version`;

/** Packages of which there is more than one version or folder, and who asks for each. */
export const duplicates = `
  MATCH (p:Package) WHERE p.path <> ''
  WITH p.name AS name, collect(p) AS copies WHERE size(copies) > 1
  UNWIND copies AS p
  MATCH (by)-[r:REQUIRES]->(p)
  WITH name, p, by, r ORDER BY by.name
  WITH name, p, collect({name: by.name, range: r.range}) AS by
  WITH name, p, by ORDER BY p.version
  RETURN name, collect({version: p.version, path: p.path, by: by}) AS copies
  ORDER BY name`;

/** How many packages are so many requirements away from the project. */
export const depth = `
  MATCH (project:Package {path: ''}), (p:Package) WHERE p <> project
  MATCH way = shortestPath((project)-[:REQUIRES*]->(p))
  WITH length(way) AS depth, p.name AS name ORDER BY name
  RETURN depth, count(*) AS packages, collect(name)[..5] AS some
  ORDER BY depth`;

/** Requirements that lead back: for each package in a cycle the shortest way round, each cycle once. */
export const cycles = `
  MATCH (a:Package)-[:REQUIRES]->(b:Package) WHERE a <> b
  MATCH back = shortestPath((b)-[:REQUIRES*]->(a))
  WITH [n IN nodes(back) | n.name + '@' + n.version] AS round
  WITH round, reduce(first = round[0], name IN round | CASE WHEN name < first THEN name ELSE first END) AS first
  WITH round WHERE round[0] = first
  RETURN DISTINCT round ORDER BY size(round), round`;

/** For each direct dependency of the project, how many packages come with it, and how many only because of it. */
export const heavy = `
  MATCH (project:Package {path: ''})-[r:REQUIRES]->(own)
  MATCH (own)-[:REQUIRES*0..]->(p)
  WITH own, r, collect(DISTINCT p) AS brought
  WITH collect({own: own, kind: r.kind, brought: brought}) AS all
  UNWIND all AS one
  WITH one, reduce(others = [], other IN [x IN all WHERE x.own <> one.own] | others + other.brought) AS others
  RETURN one.own.name AS name, one.kind AS kind, size(one.brought) AS brings, size([p IN one.brought WHERE NOT p IN others]) AS alone
  ORDER BY alone DESC, brings DESC, name LIMIT 12`;
