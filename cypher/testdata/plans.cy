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

-- case an index on a relationship's property finds one of many
-- setup
CREATE INDEX FOR ()-[k:KNOWS]-() ON (k.since);
UNWIND range(1, 2000) AS i CREATE (:A {i: i})-[:KNOWS {since: i}]->(:B {i: i});
UNWIND range(1, 2000) AS i CREATE (:A {i: -i})-[:LIKES {since: i}]->(:B {i: -i});
-- query
MATCH (a)-[k:KNOWS {since: 1234}]->(b) RETURN a.i AS a, b.i AS b
-- rows
a | b
1234 | 1234
-- visits 5

-- case an index on a relationship's property, whichever way it goes
-- setup
CREATE INDEX FOR ()-[k:KNOWS]-() ON (k.since);
UNWIND range(1, 2000) AS i CREATE (:A {i: i})-[:KNOWS {since: i}]->(:B {i: i});
CREATE (a:A {i: 0}) CREATE (a)-[:KNOWS {since: 77}]->(a);
-- query
MATCH (a)-[k:KNOWS]-(b) WHERE k.since = 77 RETURN labels(a) AS a, labels(b) AS b, a.i + b.i AS sum
-- rows
a | b | sum
['A'] | ['B'] | 154
['B'] | ['A'] | 154
['A'] | ['A'] | 0
-- visits 9

-- case a range of an index on a relationship's property, and a path on
-- setup
CREATE INDEX FOR ()-[k:KNOWS]-() ON (k.since);
UNWIND range(1, 1000) AS i CREATE (:A {i: i})-[:KNOWS {since: i}]->(:B {i: i})-[:NEXT]->(:C {i: i});
-- query
MATCH (a:A)-[k:KNOWS]->(b)-[:NEXT]->(c) WHERE k.since >= 999 RETURN a.i AS a, c.i AS c
-- rows
a | c
999 | 999
1000 | 1000
-- visits 14

-- case two relationships of one index differ from each other
-- setup
CREATE INDEX FOR ()-[k:KNOWS]-() ON (k.since);
UNWIND range(1, 1000) AS i CREATE (:A {i: i})-[:KNOWS {since: i}]->(:B {i: i});
MATCH (a:A {i: 5}) CREATE (a)-[:KNOWS {since: 5}]->(:B {i: -5});
-- query
MATCH (a)-[j:KNOWS {since: 5}]->(b), (a)-[k:KNOWS {since: 5}]->(c) RETURN b.i AS b, c.i AS c
-- rows
b | c
5 | -5
-5 | 5
-- visits 16

-- case an index on a relationship's property is not used where a node is found with less
-- setup
CREATE INDEX FOR ()-[k:KNOWS]-() ON (k.since);
CREATE INDEX FOR (a:A) ON (a.i);
UNWIND range(1, 1000) AS i CREATE (:A {i: i})-[:KNOWS {since: i % 2}]->(:B {i: i});
-- query
MATCH (a:A {i: 5})-[k:KNOWS {since: 1}]->(b) RETURN b.i AS b
-- rows
b
5
-- visits 6

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

-- case elementId() is looked up
-- setup
UNWIND range(1, 300) AS i CREATE (:C {i: i});
-- query
MATCH (a:C {i: 17}) WITH elementId(a) AS e MATCH (c) WHERE e = elementId(c) RETURN c.i AS i
-- rows
i
17
-- visits 610

-- case elementId() of another store, of a relationship, and what is none
-- setup
CREATE (:C)-[:R]->(:C);
-- query
MATCH (a)-[r]->() WITH elementId(a) AS e, elementId(r) AS f UNWIND [f, 'x' + e, e + 'x', '', null, 1, e] AS x MATCH (c) WHERE elementId(c) = x RETURN count(*) AS n
-- rows
n
1

-- case identities of a list are looked up, each once
-- setup
UNWIND range(1, 300) AS i CREATE (:C {i: i});
-- query
MATCH (c) WHERE id(c) IN [3, 5, 3, 5.0, null, 'x', 9999] RETURN c.i AS i
-- rows
i
3
5
-- visits 7

-- case element ids of a list are looked up
-- setup
UNWIND range(1, 300) AS i CREATE (:C {i: i});
-- query
MATCH (a:C) WHERE a.i < 4 WITH collect(elementId(a)) AS list MATCH (c:C) WHERE elementId(c) IN list RETURN c.i AS i
-- rows
i
1
2
3
-- visits 320

-- case a list of identities that is null or no list finds nothing
-- setup
CREATE (:C);
-- query
UNWIND [null, []] AS list MATCH (c) WHERE id(c) IN list RETURN count(*) AS n
-- rows
n
0

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

-- case each value of a list is looked up once
-- setup
CREATE INDEX FOR (c:C) ON (c.i);
UNWIND range(1, 300) AS i CREATE (:C {i: i});
-- query in order
UNWIND [[3, 5, 3, 5.0, null, 'x', 9999], [], null] AS list MATCH (c:C) WHERE c.i IN list RETURN c.i AS i ORDER BY i
-- rows
i
3
5
-- visits 20

-- case alternatives for one property are looked up
-- setup
CREATE INDEX FOR (c:C) ON (c.i);
UNWIND range(1, 300) AS i CREATE (:C {i: i});
-- query in order
WITH 7 AS x MATCH (c:C) WHERE (c.i = 3 OR 5 = c.i OR c.i = x) AND c.i <> 5 RETURN c.i AS i ORDER BY i
-- rows
i
3
7
-- visits 20

-- case lists for the properties of one index
-- setup
CREATE INDEX FOR (c:C) ON (c.i, c.s);
UNWIND range(1, 300) AS i CREATE (:C {i: i % 10, s: toString(i)});
-- query in order
MATCH (c:C) WHERE c.i IN [1, 1, 2] AND c.s IN ['1', '12', '13', '2'] RETURN c.i AS i, c.s AS s ORDER BY i, s
-- rows
i | s
1 | '1'
2 | '12'
2 | '2'
-- visits 20

-- case a list for one property of an index and a value for the other
-- setup
CREATE INDEX FOR (c:C) ON (c.i, c.s);
UNWIND range(1, 300) AS i CREATE (:C {i: i % 10, s: toString(i)});
-- query in order
MATCH (c:C {s: '12'}) WHERE c.i IN range(0, 3) RETURN c.i AS i, c.s AS s
-- rows
i | s
2 | '12'
-- visits 20

-- case relationships of a list
-- setup
CREATE INDEX FOR ()-[r:R]-() ON (r.i);
UNWIND range(1, 300) AS i CREATE (:C {i: i})-[:R {i: i}]->(:D);
-- query in order
MATCH (c)-[r:R]->(:D) WHERE r.i IN [2, 4, 2] RETURN c.i AS i ORDER BY i
-- rows
i
2
4
-- visits 20

-- case what is no list is an error
-- setup
CREATE INDEX FOR (c:C) ON (c.i);
CREATE (:C {i: 1});
-- query
UNWIND [1] AS x WITH CASE WHEN x = 1 THEN 1 ELSE [1] END AS list MATCH (c:C) WHERE c.i IN list RETURN c
-- error TypeError InvalidArgumentValue

-- case bounds that no node is compared with are not computed
-- setup
CREATE (c:C {i: 1})-[r:R {i: 1}]->(d:D) DETACH DELETE c;
-- query
CALL () { MATCH (c:C) WHERE c.i > 1 / 0 RETURN count(c) AS range } CALL () { MATCH (c:C {i: 1 / 0}) RETURN count(c) AS seek } CALL () { MATCH (c:C) WHERE c.i IN [1 / 0] RETURN count(*) AS list } CALL () { MATCH ()-[r:R {i: 1 / 0}]->() RETURN count(*) AS rel } RETURN *
-- rows
list | range | rel | seek
0 | 0 | 0 | 0

-- case bounds that no node reaches are not computed
-- setup
CREATE (:C {i: 1});
-- query
MATCH (c:C) WHERE c.i > 1 AND c.i < 1 / 0 RETURN count(c) AS c
-- rows
c
0

-- case bounds that a node is compared with are computed
-- setup
CREATE (c:C {i: 1});
-- query
MATCH (c:C) WHERE c.none > 1 / 0 RETURN count(c) AS c
-- error ArithmeticError DivisionByZero
