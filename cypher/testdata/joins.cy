-- case a pattern begins where all that follows is least, not where fewest are
-- setup
UNWIND range(1, 5) AS i CREATE (:City {i: i});
MATCH (c:City) UNWIND range(1, 400) AS i CREATE (:Person {i: i})-[:LIVES_IN]->(c);
MATCH (p:Person {i: 7}) UNWIND range(1, 4) AS i CREATE (p)-[:OWNS]->(:Car {i: i});
-- query
MATCH (c:City)<-[:LIVES_IN]-(p:Person)-[:OWNS]->(car:Car) RETURN c.i AS city, count(car) AS cars
-- rows
city | cars
1 | 4
2 | 4
3 | 4
4 | 4
5 | 4
-- visits 120

-- case what hangs on one node is followed where rows are fewest first
-- setup
CREATE INDEX FOR (p:Person) ON (p.id);
UNWIND range(1, 40) AS i CREATE (:Person {id: i})-[:LIVES_IN]->(:City {name: 'c' + (i % 20)});
UNWIND range(1, 40) AS i MATCH (p:Person {id: i}) UNWIND range(1, 50) AS j CREATE (p)-[:LIKED]->(:Message {j: j});
-- query
MATCH (a:Person {id: 7})-[:LIKED]->(m), (a)-[:LIVES_IN]->(c) WHERE c.name = 'c8' RETURN m.j AS j
-- rows
j
-- visits 3

-- case two ends that are known are both looked up
-- setup
CREATE CONSTRAINT FOR (p:Person) REQUIRE p.id IS UNIQUE;
UNWIND range(1, 500) AS i CREATE (:Person {id: i});
MATCH (a:Person), (b:Person) WHERE b.id > a.id AND b.id % 25 = 0 CREATE (a)-[:KNOWS {w: b.id}]->(b);
-- query
MATCH (a:Person {id: 3})-[k:KNOWS]->(b:Person {id: 400}) RETURN k.w AS w
-- rows
w
400
-- visits 5

-- case two known ends with somebody between
-- setup
CREATE CONSTRAINT FOR (p:Person) REQUIRE p.id IS UNIQUE;
UNWIND range(1, 500) AS i CREATE (:Person {id: i});
MATCH (a:Person), (b:Person) WHERE b.id > a.id AND b.id % 25 = 0 CREATE (a)-[:KNOWS]->(b);
-- query
MATCH (a:Person {id: 3})-[:KNOWS]->(x)-[:KNOWS]->(b:Person {id: 400}) RETURN count(x) AS n, min(x.id) AS first
-- rows
n | first
15 | 25
-- visits 40

-- case an end that cannot be reached is not looked up
-- setup
CREATE CONSTRAINT FOR (p:Person) REQUIRE p.id IS UNIQUE;
UNWIND range(1, 50) AS i CREATE (:Person {id: i});
MATCH (a:Person {id: 1}), (b:Person) WHERE b.id > 1 CREATE (a)-[:KNOWS]->(b);
-- query
MATCH (a:Person {id: 1})-[:KNOWS]->(b:Person {id: a.id + 1}) RETURN b.id AS id
-- rows
id
2

-- case a far end that is null finds nothing
-- setup
CREATE CONSTRAINT FOR (p:Person) REQUIRE p.id IS UNIQUE;
UNWIND range(1, 50) AS i CREATE (:Person {id: i});
MATCH (a:Person {id: 1}), (b:Person) CREATE (a)-[:KNOWS]->(b);
-- query
UNWIND [2, null, 3] AS id MATCH (a:Person {id: 1})-[:KNOWS]->(b:Person {id: id}) RETURN b.id AS id
-- rows
id
2
3
