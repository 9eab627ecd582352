-- case an index finds one row of many
-- setup
CREATE INDEX FOR (p:Person) ON (p.id);
UNWIND range(1, 5000) AS i CREATE (:Person {id: i, name: 'n' + i});
-- query
MATCH (p:Person {id: 4711}) RETURN p.name AS name
-- rows
name
'n4711'
-- visits 4

-- case an index is used for a value of the row
-- setup
CREATE INDEX FOR (p:Person) ON (p.id);
UNWIND range(1, 2000) AS i CREATE (:Person {id: i});
-- query
UNWIND [3, 5] AS i MATCH (p:Person) WHERE p.id = i RETURN p.id AS id
-- rows
id
3
5
-- visits 9

-- case an index range
-- setup
CREATE INDEX FOR (p:Person) ON (p.age);
UNWIND range(1, 1000) AS i CREATE (:Person {age: i});
-- query
MATCH (p:Person) WHERE p.age > 998 RETURN p.age AS age
-- rows
age
999
1000
-- visits 7

-- case the smaller label is where a pattern begins
-- setup
UNWIND range(1, 1000) AS i CREATE (:Many)-[:K]->(:Middle);
MATCH (m:Middle) WITH m LIMIT 1 CREATE (m)-[:K]->(:Few);
-- query
MATCH (a:Many)-[:K]->(m)-[:K]->(f:Few) RETURN count(*) AS n
-- rows
n
1
-- visits 10

-- case a count comes from the store
-- setup
UNWIND range(1, 1000) AS i CREATE (:C)-[:K]->(:C);
-- query
MATCH (c:C) RETURN count(c) AS n
-- rows
n
2000
-- visits 3

-- case a count of relationships comes from the store
-- setup
UNWIND range(1, 1000) AS i CREATE (:C)-[:K]->(:C);
-- query
MATCH ()-[r:K]->() RETURN count(r) AS n
-- rows
n
1000
-- visits 3

-- case a limit stops the scan
-- setup
UNWIND range(1, 5000) AS i CREATE (:C {i: i});
-- query
MATCH (c:C) RETURN c.i IS NULL AS x LIMIT 1
-- rows
x
false
-- visits 70

-- case id() is looked up
-- setup
UNWIND range(1, 500) AS i CREATE (:C {i: i});
-- query
MATCH (c:C) WHERE id(c) = 17 RETURN c.i AS i
-- rows
i
17
-- visits 4

-- case counts come from degrees
-- setup
UNWIND range(1, 100) AS i CREATE (:Hub {i: i});
MATCH (h:Hub {i: 1}) UNWIND range(1, 500) AS j CREATE (h)-[:K]->(:Leaf);
MATCH (h:Hub {i: 2}) UNWIND range(1, 400) AS j CREATE (h)-[:K]->(:Leaf);
-- query in order
MATCH (h:Hub)-[r:K]->() RETURN h.i AS i, count(r) AS n ORDER BY n DESC LIMIT 3
-- rows
i | n
1 | 500
2 | 400
-- visits 115

-- case counts from degrees over nothing
-- setup
CREATE (:Hub);
-- query
MATCH (h:Hub)-[r:K]->() RETURN count(*) AS n
-- rows
n
0
