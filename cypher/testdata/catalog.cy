-- case show indexes
-- setup
CREATE INDEX by_name FOR (p:Person) ON (p.name, p.born);
CREATE INDEX since FOR ()-[k:KNOWS]-() ON (k.since);
CREATE CONSTRAINT id FOR (p:Person) REQUIRE p.id IS UNIQUE;
-- query
SHOW INDEXES YIELD name, type, entityType, labelsOrTypes, properties, owningConstraint, state
-- rows
name | type | entityType | labelsOrTypes | properties | owningConstraint | state
'by_name' | 'RANGE' | 'NODE' | ['Person'] | ['name', 'born'] | null | 'ONLINE'
'id' | 'RANGE' | 'NODE' | ['Person'] | ['id'] | 'id' | 'ONLINE'
'since' | 'RANGE' | 'RELATIONSHIP' | ['KNOWS'] | ['since'] | null | 'ONLINE'

-- case show indexes with all that follows
-- setup
CREATE INDEX a FOR (p:A) ON (p.x);
CREATE INDEX b FOR (p:B) ON (p.x);
CREATE INDEX c FOR (p:C) ON (p.x);
-- query in order
SHOW RANGE INDEXES YIELD name AS n, createStatement ORDER BY n DESC LIMIT 2 WHERE n <> 'c' RETURN n, createStatement AS s
-- rows
n | s
'b' | 'CREATE RANGE INDEX `b` FOR (n:`B`) ON (n.`x`)'

-- case show with WHERE alone, and counting
-- setup
CREATE INDEX a FOR (p:A) ON (p.x);
-- query
SHOW INDEXES YIELD * WHERE name = 'a' RETURN count(*) AS n, collect(createStatement) AS c
-- rows
n | c
1 | ['CREATE RANGE INDEX `a` FOR (n:`A`) ON (n.`x`)']

-- case show constraints
-- setup
CREATE CONSTRAINT id FOR (p:Person) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT born FOR (p:Person) REQUIRE p.born IS :: INTEGER;
CREATE CONSTRAINT named FOR (p:Person) REQUIRE p.name IS NOT NULL;
-- query
SHOW CONSTRAINTS YIELD name, type, ownedIndex, propertyType, createStatement
-- rows
name | type | ownedIndex | propertyType | createStatement
'born' | 'NODE_PROPERTY_TYPE' | null | 'INTEGER' | 'CREATE CONSTRAINT `born` FOR (n:`Person`) REQUIRE (n.`born`) IS :: INTEGER'
'id' | 'UNIQUENESS' | 'id' | null | 'CREATE CONSTRAINT `id` FOR (n:`Person`) REQUIRE (n.`id`) IS UNIQUE'
'named' | 'NODE_PROPERTY_EXISTENCE' | null | null | 'CREATE CONSTRAINT `named` FOR (n:`Person`) REQUIRE (n.`name`) IS NOT NULL'

-- case show functions
-- query
SHOW BUILT IN FUNCTIONS YIELD name, category, signature, aggregating WHERE name IN ['count', 'point', 'substring'] RETURN *
-- rows
aggregating | category | name | signature
true | 'Aggregating' | 'count' | 'count(Any) :: Integer'
false | 'Spatial' | 'point' | 'point(Map, Node or Relationship) :: Point'
false | 'String' | 'substring' | 'substring(String, Integer, [Integer]) :: String'

-- case show procedures
-- query
SHOW PROCEDURES YIELD name, mode, signature WHERE name STARTS WITH 'db.' RETURN name, mode, signature
-- rows
name | mode | signature
'db.labels' | 'READ' | 'db.labels() :: (label :: String)'
'db.propertyKeys' | 'READ' | 'db.propertyKeys() :: (propertyKey :: String)'
'db.relationshipTypes' | 'READ' | 'db.relationshipTypes() :: (relationshipType :: String)'
'db.schema.visualization' | 'READ' | 'db.schema.visualization() :: (nodes :: List<Map>, relationships :: List<Map>)'

-- case names in use
-- setup
CREATE (:A {x: 1})-[:R]->(:B:A {y: 2});
-- query
CALL db.labels() YIELD label WITH collect(label) AS l CALL db.relationshipTypes() YIELD relationshipType AS t CALL db.propertyKeys() YIELD propertyKey AS k RETURN l, t, k
-- rows
l | t | k
['A', 'B'] | 'R' | 'x'
['A', 'B'] | 'R' | 'y'

-- case the schema as it is met
-- setup
CREATE (:A)-[:R]->(:B), (:A)-[:R]->(:A), (:B)-[:S]->();
-- query
CALL db.schema.visualization() YIELD nodes, relationships RETURN nodes, [r IN relationships | r.start + '-' + r.name + '->' + r.end] AS rels
-- rows
nodes | rels
[{count: 3, name: 'A'}, {count: 2, name: 'B'}] | ['A-R->B', 'A-R->A']
